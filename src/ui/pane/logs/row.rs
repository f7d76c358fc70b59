//! One line as a row of the log pane, wherever it comes from. Not the rows that are no lines: `logs.rs`.

use crate::domain::signal::LineView;
use crate::room::{LogsPane, Pane};
use crate::ui::clock::millis;
use crate::ui::pane::level;
use crate::ui::pen::Pen;
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::{clean, skip};

const TIME: usize = 1;
const LEVEL: usize = 14;
const SERVICE: usize = 20;
pub(super) const TEXT: usize = 30;
pub(super) fn select(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, selected: bool) {
    if selected && scene.has_focus(Pane::Logs) {
        pen.put(0, y, "▸", scene.style(Role::Focus));
        pen.tint(0, usize::MAX, y, scene.style(Role::Sel));
    }
}

pub(super) fn draw_line(
    pen: &mut Pen<'_>,
    scene: &Scene<'_>,
    y: usize,
    line: &LineView<'_>,
    gutter: &str,
    pane: &LogsPane,
) {
    pen.put(0, y, gutter, scene.style(Role::Warn));
    pen.put(TIME, y, &millis(scene.room, line.time), scene.style(Role::Dim));
    pen.put(LEVEL, y, line.level.word(), level::style(scene, line.level));
    pen.put_cut(SERVICE, y, TEXT - SERVICE - 1, &clean(line.service), scene.theme.service(line.service));
    if line.is_pending() {
        pen.put(TEXT, y, "…", scene.style(Role::Dim));
        return;
    }
    let text = clean(beginning(line.text, usize::from(pane.sideways) + pen.width()));
    let text = skip(&text, usize::from(pane.sideways));
    pen.put_cut(TEXT, y, usize::MAX, text, scene.style(Role::Text));
}

/// As much of a text as can show: the rest of a megabyte is not cleaned for nothing.
pub(super) fn beginning(text: &str, cells: usize) -> &str {
    const BYTES_A_CELL: usize = 16;
    text.get(..text.floor_char_boundary(cells.saturating_mul(BYTES_A_CELL))).unwrap_or(text)
}
