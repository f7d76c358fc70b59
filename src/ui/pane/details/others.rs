//! What other spans say of the selected one: from whom it got its context, what stands in its place in the healthy twin, and
//! how the spans of its name went in the failing traces. Not what it says of itself, which is `details.rs`.

use super::super::twin;
use crate::domain::slo::percent_text;
use crate::domain::trace::{Node, Spread, Tree};
use crate::ui::clock::took;
use crate::ui::pen::Piece;
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::clean;
use crate::ui::widget::height;

/// A parent further up is not looked for: so deep a tree has a cycle that was cut, or no services at all.
const DEEPEST: usize = 1_000;

/// Each with its heading; what is not known is not there.
pub(super) fn parts(scene: &Scene<'_>, tree: &Tree, node: &Node<'_>) -> Vec<(String, Vec<Vec<Piece>>)> {
    let mut parts = Vec::new();
    let in_twin = twin::of_span(scene, node.row);
    if !in_twin.is_empty() {
        parts.push(("In the healthy twin".to_owned(), in_twin));
    }
    if let Some(found) = &scene.room.attribution
        && let Some(spread) = found.findings.spread_of(node.service, node.name)
    {
        let failing = if found.findings.by_slowness { "slow" } else { "failing" };
        let title = format!("The same span in {} of {} {failing} traces", spread.traces, found.findings.read);
        parts.push((title, same(scene, node, spread)));
    }
    parts.push(("Context received".to_owned(), vec![received(scene, tree, node)]));
    parts
}

/// How long they took, this one in its place, and how often they failed.
fn same(scene: &Scene<'_>, node: &Node<'_>, spread: &Spread) -> Vec<Vec<Piece>> {
    let dim = scene.style(Role::Dim);
    let most = spread.shape.iter().copied().max().unwrap_or(0).max(1);
    let last = spread.shape.len().saturating_sub(1);
    let wide = spread.longest_nanos.saturating_sub(spread.shortest_nanos).max(1);
    let away = node.duration_nanos.saturating_sub(spread.shortest_nanos);
    let within = (0..=wide).contains(&away) && last > 0;
    let own = usize::try_from(i128::from(away.max(0)) * spread.shape.len() as i128 / i128::from(wide)).unwrap_or(last);
    let mut line: Vec<Piece> = Vec::new();
    for (at, count) in spread.shape.iter().enumerate().filter(|_| last > 0) {
        let is_own = within && at == own.min(last);
        let role = match (*count, is_own) {
            (_, true) => Role::Strong,
            (0, false) => Role::Faint,
            _ => Role::Dim,
        };
        let sign = if *count == 0 { "▁" } else { height(f64::from(*count) / f64::from(most)) };
        line.push((sign.to_owned(), scene.style(role)));
    }
    if last > 0 {
        line.push(("  ".to_owned(), dim));
    }
    let times = match (took(spread.shortest_nanos), took(spread.longest_nanos)) {
        (one, other) if one == other => one,
        (one, other) => format!("{one} – {other}"),
    };
    line.push((times, scene.style(Role::Text)));
    let (words, role) = match spread.errors {
        0 => ("never an error".to_owned(), Role::Dim),
        errors if errors == spread.spans => ("always an error".to_owned(), Role::Crit),
        errors => {
            let share = f64::from(errors) / f64::from(spread.spans.max(1));
            (format!("{errors} of {} an error, {}", spread.spans, percent_text(share, 0)), Role::Crit)
        }
    };
    vec![line, vec![(words, scene.style(role))]]
}

/// The service before this one on the way of the request, or why it is not known.
fn received(scene: &Scene<'_>, tree: &Tree, node: &Node<'_>) -> Vec<Piece> {
    let (text, dim, warn) = (scene.style(Role::Text), scene.style(Role::Dim), scene.style(Role::Warn));
    let mut entry = tree.row(node.row);
    for _ in 0..DEEPEST {
        let Some(at) = &entry else { break };
        let gap = scene.room.waterfall.propagation.gaps.iter().find(|gap| gap.row == at.row);
        if let Some(gap) = gap {
            let code = (format!("{}  ", gap.reason.code()), warn);
            return vec![code, (clean(&gap.reason.to_string()).into_owned(), text)];
        }
        let Some(parent) = at.parent.and_then(|parent| tree.row(parent)) else { break };
        if parent.missing.is_some() {
            return vec![("yes, from a span that was never received".to_owned(), warn)];
        }
        if parent.service != node.service {
            let name = (clean(parent.service).into_owned(), scene.theme.service(parent.service));
            return vec![("yes, from ".to_owned(), text), name, (format!("  {}", clean(parent.name)), dim)];
        }
        entry = Some(parent);
    }
    match entry.and_then(|entry| entry.span).and_then(|span| span.parent) {
        Some(parent) => vec![(format!("yes, from {}, which is not in this trace", parent.short()), warn)],
        None => vec![("none: the trace begins here".to_owned(), dim)],
    }
}
