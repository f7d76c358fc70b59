//! A row that nobody received, in full: why the context was lost, at which hop, what would mend it, and where a proposal
//! stands for what is missing, of what its score is made. Not what received spans say.

use crate::domain::Symbol;
use crate::domain::trace::{Attached, Gap, LINKED_FROM, MARGIN, Node, Reason, Stitch, Tie, Tree, hop, mend};
use crate::ui::clock::took;
use crate::ui::pen::{Pen, Piece};
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::clean;
use crate::ui::widget::flow;

/// The width of a key and its blank.
const KEY: usize = 9;

/// The proposal that is selected, and the trace that it hangs on.
pub(super) fn selected<'a>(scene: &Scene<'a>) -> Option<(&'a Tree, &'a Attached, &'a Stitch)> {
    let waterfall = &scene.room.waterfall;
    let attached = waterfall.selected_attached()?;
    let Tie::Proposed(stitch) = &attached.tie else { return None };
    Some((waterfall.tree.as_deref()?, attached, stitch))
}

/// What does not fit is counted in the last row.
pub(super) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>, tree: &Tree, attached: &Attached, stitch: &Stitch) {
    let (cells, height) = (pen.width(), pen.height());
    pen.repeat(0, cells, 0, "─", scene.style(Role::Faint));
    let title = if stitch.linked { " Inferred, not received: " } else { " Perhaps, not received: " };
    let x = pen.put(1, 0, title, scene.style(Role::Strong));
    let (from, to) = (clean(&stitch.from.service), clean(&stitch.to.service));
    let sign = if stitch.is_message { "⇢" } else { "→" };
    let said = format!("{from} {sign} {to} {} ", clean(&stitch.to.name));
    pen.put_cut(x, 0, cells.saturating_sub(x + 2), &said, scene.style(Role::Warn));
    let mut lines = of_proposal(scene, tree, attached, stitch, cells.saturating_sub(2));
    let body = height.saturating_sub(1);
    if lines.len() > body {
        let hidden = lines.len() + 1 - body;
        lines.truncate(body.saturating_sub(1));
        lines.push(vec![(format!("… {hidden} more rows"), scene.style(Role::Dim))]);
    }
    for (y, line) in lines.iter().enumerate() {
        pen.put_all(1, y + 1, line);
    }
}

/// The rows about a proposal.
pub(super) fn of_proposal(
    scene: &Scene<'_>,
    tree: &Tree,
    attached: &Attached,
    stitch: &Stitch,
    cells: usize,
) -> Vec<Vec<Piece>> {
    let (text, dim) = (scene.style(Role::Text), scene.style(Role::Dim));
    let gap = scene.room.waterfall.propagation.at(attached.row).map(|gap| gap.reason.clone());
    let reason = gap.unwrap_or_else(|| match stitch.is_message {
        true => Reason::NoLink(stitch.from.service.clone()),
        false => Reason::NoServer(stitch.to.service.clone()),
    });
    let mut rows = Rows { lines: Vec::new(), cells, scene };
    rows.gap(&reason, &stitch.from.service, &stitch.to.service);
    let verdict = match stitch.linked {
        true => format!("taken for it: {LINKED_FROM:.2} or more, {MARGIN:.2} above others"),
        false if stitch.score < LINKED_FROM => format!("not taken for it: below {LINKED_FROM:.2}"),
        false => format!("not taken for it: another comes within {MARGIN:.2}"),
    };
    let score = (format!("{:.2} of 1.00  ", stitch.score), scene.style(Role::Strong));
    rows.row("score", &[score, (verdict, text)]);
    for part in &stitch.parts {
        let points = match part.most > 0.0 {
            true => format!("{:.2} of {:.2}  ", part.points, part.most),
            false => "needed        ".to_owned(),
        };
        rows.row("", &[(points, dim), (clean(&part.measured).into_owned(), text)]);
    }
    let other = if stitch.from.trace == tree.trace() { &stitch.to } else { &stitch.from };
    rows.row("ids", &[(format!("trace {}  span {}", other.trace, other.span.short()), text)]);
    rows.lines
}

/// The rows about a span that others name and nobody received.
pub(super) fn of_missing(scene: &Scene<'_>, tree: &Tree, node: &Node<'_>, cells: usize) -> Vec<Vec<Piece>> {
    let text = scene.style(Role::Text);
    let Some(Gap { reason, .. }) = scene.room.waterfall.propagation.at(node.row) else { return Vec::new() };
    let unknown = Symbol::from("?");
    let above = node.parent.and_then(|row| tree.row(row)).filter(|_| tree.has_root());
    let from = above.map_or_else(|| unknown.clone(), |above| above.service.clone());
    let children = || tree.children(node.row).filter_map(|row| tree.row(row));
    let to = children().next().map_or(unknown, |below| below.service.clone());
    let mut rows = Rows { lines: Vec::new(), cells, scene };
    rows.gap(reason, &from, &to);
    let nothing = "none: its id is named, no other trace is looked for";
    rows.row("score", &[(nothing.to_owned(), text)]);
    let named = match children().count() {
        1 => "1 span names it as its parent".to_owned(),
        several => format!("{several} spans name it as their parent"),
    };
    let named = format!("{named}, for {}", took(node.duration_nanos));
    rows.row("", &[(named, text)]);
    rows.lines
}

/// Rows with a key before them.
struct Rows<'a, 'b> {
    lines: Vec<Vec<Piece>>,
    cells: usize,
    scene: &'a Scene<'b>,
}

impl Rows<'_, '_> {
    /// The kind, the hop and the cure.
    fn gap(&mut self, reason: &Reason, from: &Symbol, to: &Symbol) {
        let text = self.scene.style(Role::Text);
        let code = (format!("{}  ", reason.code()), self.scene.style(Role::Warn));
        self.row("gap", &[code, (clean(&reason.to_string()).into_owned(), text)]);
        self.row("probably", &[(clean(&hop(reason, from, to, None)).into_owned(), text)]);
        self.row("mend", &[(clean(&mend(reason, from, to)).into_owned(), text)]);
    }

    fn row(&mut self, key: &str, said: &[Piece]) {
        let dim = self.scene.style(Role::Dim);
        for (at, line) in flow(said, self.cells.saturating_sub(KEY), 4).into_iter().enumerate() {
            let lead = if at == 0 { format!("{key:<KEY$}") } else { " ".repeat(KEY) };
            self.lines.push(std::iter::once((lead, dim)).chain(line).collect());
        }
    }
}
