//! The lines around one line in its own stream, every level of them: what its process said before and after.

use std::collections::HashSet;

use super::super::command::Command;
use super::super::effect::{Ask, Effect, Effects};
use super::super::pane::{Around, Beside, Cursor, Loading, Pane};
use super::super::room::Room;
use super::super::ticket::Slot;
use crate::domain::filter::Filter;
use crate::domain::signal::{Level, Line, Row};
use crate::domain::{Failure, Timestamp};

/// Lines that are asked for before the one, and as many from it on.
const EACH_WAY: usize = 200;

pub(super) fn toggle(room: &mut Room, out: &mut Effects) {
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
    // A file has all its lines here; a server has more than the query of the pane let through.
    let state = if room.settings.logs_alone {
        Loading::Idle
    } else {
        let ticket = room.tickets.draw(Slot::Around);
        let ask = Ask::Around { stream: std::sync::Arc::clone(&stream), at: time, limit: EACH_WAY };
        out.push(Effect::Fetch { ticket, ask });
        Loading::Asked { since: room.now }
    };
    room.logs.around = Some(Around { seq, at: time, stream, state, beside: None, before });
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
    // What is still on its way is for nobody.
    room.tickets.draw(Slot::Around);
    let (filter, level) = around.before;
    room.lens.filter = filter.clone();
    room.logs.look(filter, level);
    let row = room.logs.view.position(around.seq);
    room.logs.cursor.select(row);
}

/// All lines of the stream around the one. They show in place of those that are here if the query of the pane left some out.
pub(super) fn take(room: &mut Room, lines: Vec<Line>) {
    let logs = &mut room.logs;
    let Some(around) = &mut logs.around else { return };
    around.state = Loading::Ready { at: room.now };
    let key = |time: Timestamp, raw: &str| (time, raw.to_owned());
    let rows = (0..logs.view.len()).filter_map(|row| match logs.view.row(&logs.book, row) {
        Some(Row::Line(seq)) => logs.book.get(seq),
        _ => None,
    });
    let known: HashSet<(Timestamp, String)> = rows.map(|line| key(line.time, line.raw)).collect();
    let new = lines.iter().filter(|line| !known.contains(&key(line.time, &line.raw))).count();
    let middle = logs.book.get(around.seq).map(|line| key(line.time, line.raw));
    // A filter that was set meanwhile is one for the lines that are here.
    if new == 0 || !logs.view.look().filter.is_empty() {
        return;
    }
    let is_middle = |line: &Line| middle.as_ref().is_some_and(|(time, raw)| line.time == *time && *raw == *line.raw);
    let row = lines.iter().position(is_middle);
    let row = row.unwrap_or_else(|| lines.partition_point(|line| line.time < around.at));
    let mut cursor = Cursor { height: logs.cursor.height, ..Cursor::default() };
    cursor.set_total(lines.len());
    cursor.select(row);
    cursor.centre();
    around.beside = Some(Beside { lines, row, new, cursor });
}

pub(super) fn failed(room: &mut Room, failure: Failure) {
    if let Some(around) = &mut room.logs.around {
        around.state = around.state.failed(failure, room.now);
    }
}
