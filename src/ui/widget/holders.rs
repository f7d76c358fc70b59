//! "Who holds the time": the critical path folded into its few large parts, on the axis of the trace.

use ratatui::style::Modifier;

use crate::domain::slo::percent_text;
use crate::domain::trace::{Holder, Tree};
use crate::ui::pen::Pen;
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::{clean, width};

/// Over the whole width of the pen, which stands for the whole trace.
pub(in crate::ui) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>, tree: &Tree) {
    let cells = pen.width();
    pen.repeat(0, cells, 0, "╌", scene.style(Role::Faint));
    let mut before = None;
    for holder in tree.holders().iter().filter(|holder| holder.labelled) {
        let at = |nanos: i64| {
            let whole = i128::from(tree.duration_nanos().max(1));
            let scaled = i128::from(nanos.max(0)) * i128::try_from(cells).unwrap_or(0);
            usize::try_from((scaled + whole / 2) / whole).unwrap_or(cells).min(cells)
        };
        let from = at(holder.start.since(tree.start()));
        let to = at(holder.end.since(tree.start())).max(from + 1);
        let (name, words) = words(tree, holder, (to - from).saturating_sub(2));
        let style = scene.theme.service(&name).add_modifier(Modifier::REVERSED);
        pen.repeat(from, to, 0, " ", style);
        // Without colour two parts side by side would be one.
        let text = if before == Some(from) { "│" } else { " " };
        let x = pen.put(from, 0, text, style);
        pen.put(x, 0, &words, style);
        before = Some(to);
    }
}

/// Whose colour it has, and the longest words that fit.
fn words(tree: &Tree, holder: &Holder, cells: usize) -> (String, String) {
    let Some(node) = tree.row(holder.span) else { return (String::new(), String::new()) };
    let keys = ["db.system", "db.system.name", "messaging.system", "peer.service"];
    let dependency =
        node.span.and_then(|span| keys.iter().find_map(|key| span.attribute(key))).map(ToString::to_string);
    let name = dependency.unwrap_or_else(|| node.service.to_string());
    let shown = clean(&name).into_owned();
    let operation = clean(node.name).into_owned();
    let many = if holder.sections > 1 { format!(" {} times", holder.sections) } else { String::new() };
    let share = percent_text(holder.share, 0);
    let first = operation.split([' ', ':', '/']).next().unwrap_or_default();
    let wordings = [
        format!("{shown} {operation}{many} · {share}"),
        format!("{shown} {first}{many} · {share}"),
        format!("{shown} · {share}"),
        shown.clone(),
        share,
        String::new(),
    ];
    let fitting = wordings.into_iter().find(|words| width(words) <= cells).unwrap_or_default();
    (name, fitting)
}
