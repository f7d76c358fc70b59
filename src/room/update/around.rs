//! The lines around one line in its own stream, every level of them: what its process said before and after.

use super::super::command::Command;
use super::super::pane::{Around, Pane};
use super::super::room::Room;
use crate::domain::filter::Filter;
use crate::domain::signal::{Level, Row};

pub(super) fn toggle(room: &mut Room) {
    if room.logs.around.is_some() {
        return leave(room);
    }
    let at = match room.logs.view.row(&room.logs.book, room.logs.cursor.selected) {
        Some(Row::Line(seq)) if room.focus == Pane::Logs && room.logs.shows_tail() => Some(seq),
        _ => None,
    };
    let Some((seq, line)) = at.and_then(|seq| Some((seq, room.logs.book.get(seq)?))) else {
        return room.explain("only a line of the tail has lines around it");
    };
    let (time, stream) = (line.time, std::sync::Arc::clone(line.stream));
    let before = (room.lens.filter.clone(), room.logs.level);
    room.logs.around = Some(Around { seq, at: time, stream, before });
    room.logs.cursor.follow = false;
    room.lens.filter = Filter::default();
    room.logs.look(Filter::default(), Level::Unknown);
    room.logs.cursor.centre();
    let key = room.key_of(Command::Close);
    room.explain(format!("every line of its stream; {key} goes back"));
}

/// Back to what showed before, on the line that one came from.
pub(super) fn leave(room: &mut Room) {
    let Some(around) = room.logs.around.take() else { return };
    let (filter, level) = around.before;
    room.lens.filter = filter.clone();
    room.logs.look(filter, level);
    let row = room.logs.view.position(around.seq);
    room.logs.cursor.select(row);
}
