//! What the spans and the lanes of one timeline stand on: the columns, the trace's lines, the row of what is selected.

use crate::room::{Pane, TraceLines};
use crate::ui::pen::Pen;
use crate::ui::role::Role;
use crate::ui::scene::Scene;

/// The column at which names begin.
pub(super) const NAMES: usize = 3;
/// Where the names, the numbers behind them and the axis stand.
pub(super) struct Places {
    pub names_end: usize,
    pub numbers_end: usize,
    pub axis: usize,
}

impl Places {
    pub(super) fn new(cells: usize, divider: i16) -> Self {
        let usual = if cells >= 110 { cells * 34 / 100 } else { cells * 40 / 100 };
        let names = usual
            .saturating_add_signed(isize::from(divider))
            .clamp(18.min(cells), cells.saturating_sub(16).max(18.min(cells)));
        Self { names_end: names, numbers_end: names + 8, axis: names + 10 }
    }
}

/// The lines of the open trace, as far as they are known.
pub(super) fn lines<'a>(scene: &Scene<'a>) -> Option<&'a TraceLines> {
    let open = scene.room.waterfall.tree.as_ref().map(|tree| tree.trace());
    scene.room.logs.lines_of_open.as_ref().filter(|of| Some(of.trace) == open)
}

/// The row of what is selected.
pub(super) fn mark(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize) {
    pen.put(0, y, "▸", scene.style(Role::Focus));
    if scene.has_focus(Pane::Waterfall) {
        pen.tint(0, usize::MAX, y, scene.style(Role::Sel));
    }
}
