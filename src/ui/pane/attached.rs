//! Rows that hang on a trace: links with their lag, and proposals of where it goes on, dashed so that nobody takes them for
//! spans that were received.

use crate::domain::Timestamp;
use crate::domain::trace::{Attached, Tie, Tree};
use crate::ui::clock::took;
use crate::ui::pen::Pen;
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::{clean, width};

/// Where things stand in the row.
pub(super) struct Places {
    pub text: usize,
    pub text_end: usize,
    pub took_end: usize,
    pub bars: usize,
}

pub(super) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, tree: &Tree, attached: &Attached, places: &Places) {
    let depth = tree.row(attached.row).map_or(0, |node| usize::from(node.depth));
    let x = places.text + (depth + 1).min(places.text_end / 3);
    let (sign, role) = match &attached.tie {
        Tie::To => ("⇢ from", Role::Ack),
        Tie::From => ("⇢ to", Role::Ack),
        Tie::Proposed(_) => ("╌", Role::Warn),
    };
    let x = pen.put(x, y, sign, scene.style(role));
    let after = match &attached.tie {
        Tie::Proposed(stitch) if stitch.linked => format!(" inferred {:.2}", stitch.score),
        Tie::Proposed(stitch) => format!(" perhaps {:.2}", stitch.score),
        _ => attached.lag_nanos.map(|lag| format!(" lag {}", took(lag))).unwrap_or_default(),
    };
    let cells = places.text_end.saturating_sub(x + 1 + width(&after));
    let x = match &attached.other {
        Some(other) => {
            let x = pen.put_cut(x + 1, y, cells, &clean(&other.service), scene.theme.service(&other.service));
            let left = places.text_end.saturating_sub(x + 1 + width(&after));
            pen.put_cut(x + 1, y, left, &clean(&other.name), scene.style(Role::Text))
        }
        None => pen.put_cut(x + 1, y, cells, &format!("trace {}", attached.trace.short()), scene.style(Role::Text)),
    };
    pen.put(x, y, &after, scene.style(Role::Warn));
    let Some(other) = &attached.other else { return };
    pen.put_right(places.took_end, y, &took(other.end.since(other.start)), scene.style(Role::Dim));
    if let Tie::Proposed(stitch) = &attached.tie
        && !stitch.is_message
    {
        dashed(pen, y, places.bars, tree, (other.start, other.end), scene.style(Role::Warn));
    } else if pen.width() > places.bars + 12 {
        let said = match (&attached.tie, attached.lag_nanos) {
            (Tie::Proposed(_), Some(lag)) => format!("trace {}, lag {}", other.trace.short(), took(lag)),
            _ => format!("trace {}", other.trace.short()),
        };
        pen.put_cut(places.bars, y, usize::MAX, &said, scene.style(Role::Dim));
    }
}

/// As far as it lies within the trace.
fn dashed(
    pen: &mut Pen<'_>,
    y: usize,
    from: usize,
    tree: &Tree,
    times: (Timestamp, Timestamp),
    style: ratatui::style::Style,
) {
    let cells = pen.width().saturating_sub(from);
    let whole = i128::from(tree.duration_nanos().max(1));
    let at = |moment: Timestamp| {
        let nanos = i128::from(moment.since(tree.start()).max(0));
        usize::try_from(nanos * i128::try_from(cells).unwrap_or(0) / whole).unwrap_or(cells).min(cells)
    };
    let (start, end) = (at(times.0), at(times.1));
    let start = start.min(cells.saturating_sub(1));
    pen.repeat(from + start, from + end.max(start + 1), y, "╌", style);
}
