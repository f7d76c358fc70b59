//! One time cursor: a selection that moves takes it along while frozen, and where it goes the other panes go.

use super::super::pane::{Pane, TimelineRow, WaterfallView};
use super::super::room::Room;
use super::selection;
use crate::domain::Timestamp;

/// After the selection of the focused pane moved: the lens knows the span, and while frozen the moment.
pub(super) fn selection_moved(room: &mut Room) {
    note_span(room);
    if room.lens.is_frozen()
        && let Some(at) = selection::time(room)
    {
        room.lens.freeze(at, room.now);
        align(room, at);
    }
}

/// The lens looks through the selected span; the lines of the open trace mark it.
pub(super) fn note_span(room: &mut Room) {
    if !matches!(room.waterfall.view, WaterfallView::Trace) {
        return;
    }
    let span =
        room.waterfall.selected_row().and_then(|row| room.waterfall.tree.as_ref()?.row(row)?.span).map(|span| span.id);
    if let Some(tree) = &room.waterfall.tree
        && room.lens.trace == Some(tree.trace())
    {
        room.lens.span = span;
    }
}

/// Puts the cursors of all panes but the focused one, which leads, at this moment: the last thing that was then.
pub(super) fn align(room: &mut Room, at: Timestamp) {
    if room.focus != Pane::Logs || !room.logs.shows_tail() {
        align_logs(room, at);
    }
    if room.focus != Pane::Timeline {
        align_timeline(room, at);
    }
}

/// The focused pane too.
pub(super) fn align_all(room: &mut Room, at: Timestamp) {
    align_logs(room, at);
    align_timeline(room, at);
}

pub(super) fn align_logs(room: &mut Room, at: Timestamp) {
    let row = room.logs.row_at(at);
    room.logs.cursor.follow = false;
    room.logs.cursor.select(row);
}

fn align_timeline(room: &mut Room, at: Timestamp) {
    let timeline = &room.timeline.timeline;
    let before = |row: &TimelineRow| match row {
        TimelineRow::Entry(id) => timeline.get(*id).is_some_and(|entry| entry.happened <= at),
        TimelineRow::Gap(_) | TimelineRow::Now => false,
    };
    if let Some(row) = room.timeline.rows.iter().rposition(before) {
        room.timeline.cursor.follow = false;
        room.timeline.cursor.select(row);
    }
}
