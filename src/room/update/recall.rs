//! Lines that stand in a file: those that show and the page on either side of them are read back by another thread, one
//! question at a time, so that a disk that hangs holds up no key. Not the searches: `search.rs`.

use super::super::effect::{Effect, Effects};
use super::super::room::Room;
use super::super::ticket::Slot;
use crate::domain::signal::{Recall, Row, Seq};

/// Blocks that are kept when they no longer show: some megabytes.
const KEPT: usize = 256;

/// After every message.
pub(super) fn go_on(room: &mut Room, out: &mut Effects) {
    if room.logs.recalling.is_some() {
        return;
    }
    let recall = room.logs.book.recall(wanted(room));
    if recall.is_empty() {
        return;
    }
    room.logs.recalling = Some(room.now);
    let ticket = room.tickets.draw(Slot::Recall);
    out.push(Effect::Recall { ticket, recall });
}

pub(super) fn take(room: &mut Room, recall: Recall) {
    room.logs.recalling = None;
    room.logs.book.keep_warm(recall);
    // Less would be asked for again at once.
    let most = KEPT.max(wanted(room).count() + 1);
    room.logs.book.cool(most);
}

/// What shows first, then what a key would show; the newest line shows beside the kinds and where the pane is folded.
fn wanted(room: &Room) -> impl Iterator<Item = Seq> {
    let (logs, cursor) = (&room.logs, room.logs.cursor);
    let (from, height) = (cursor.offset, cursor.height.max(1));
    let end = logs.view.len();
    let below = from.saturating_add(height);
    let last = end.saturating_sub(if logs.patterns.has_cursor() { height } else { 1 })..end;
    let rows =
        (from..below).chain(last).chain(below..below.saturating_add(height)).chain(from.saturating_sub(height)..from);
    let around = logs.around.as_ref().map(|around| around.seq);
    rows.filter(move |row| *row < end)
        .filter_map(|row| match logs.view.row(&logs.book, row) {
            Some(Row::Line(seq)) => Some(seq),
            _ => None,
        })
        .chain(around)
}
