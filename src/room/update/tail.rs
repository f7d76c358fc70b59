//! Log lines as they come: history, tail, its gaps, older lines on request, the lines of a trace.

use std::time::Duration;

use super::super::command::Command;
use super::super::effect::{Effect, Effects};
use super::super::fact::RefillNote;
use super::super::pane::{Loading, TailState};
use super::super::room::Room;
use super::super::ticket::Slot;
use super::{ask, follow};
use crate::domain::signal::{GapNote, Line, Seq};
use crate::domain::{Failure, Timestamp, Window};

/// How far back one question for older lines goes.
const OLDER: Duration = Duration::from_secs(30 * 60);
/// How far back a tail begins when no line is known.
const BEFORE_TAIL: Duration = Duration::from_secs(5);

/// The first history is joined by the tail; later ones are older lines, put in front.
pub(super) fn take_history(room: &mut Room, lines: Vec<Line>, more: bool, out: &mut Effects) {
    if is_tailing(room) {
        if let Some(at) = room.sought.take() {
            return take_sought(room, at, lines);
        }
        if lines.is_empty() && !more {
            room.explain("no older line in that half hour");
        }
        room.logs.book.prepend(lines);
        room.logs.grow();
        return;
    }
    let last = lines.iter().map(|line| line.time).max();
    room.logs.book.append(lines);
    if !room.lens.is_frozen() {
        room.logs.grow();
    }
    start_tail(room, last.map(|time| time.shifted(1)), out);
}

fn is_tailing(room: &Room) -> bool {
    room.tickets.turn(Slot::Tail) > 0
}

pub(super) fn start_tail(room: &mut Room, from: Option<Timestamp>, out: &mut Effects) {
    let ticket = room.tickets.draw(Slot::Tail);
    let query = room.settings.log_query.clone();
    room.logs.tail = TailState::Connecting;
    room.logs.is_tail_over = false;
    out.push(Effect::Tail { ticket, query, from: from.unwrap_or_else(|| room.now.minus(BEFORE_TAIL)) });
}

/// A tail that the server refused for good, once more, from where it ended.
pub(super) fn restart(room: &mut Room, out: &mut Effects) {
    if room.logs.is_tail_over {
        let last = room.logs.book.end_seq().0.checked_sub(1).and_then(|seq| room.logs.book.time(Seq(seq)));
        start_tail(room, last.map(|time| time.shifted(1)), out);
    }
}

/// Without a history the tail is still worth having.
pub(super) fn history_failed(room: &mut Room, failure: Failure, out: &mut Effects) {
    room.explain(format!("no older lines: {failure}"));
    room.sought = None;
    if !is_tailing(room) {
        start_tail(room, None, out);
    }
}

pub(super) fn ask_older(room: &mut Room, out: &mut Effects) {
    if room.logs.of_trace.is_some() || room.logs.is_searching() || !is_tailing(room) {
        return;
    }
    let first = room.logs.book.time(room.logs.book.first_seq()).unwrap_or(room.now);
    room.sought = None;
    room.explain("older lines are asked for");
    ask::ask_history(room, Window::ending(first, OLDER), out);
}

/// A moment that is looked at and lies before every known line: the lines of the lens's window are asked for.
pub(super) fn reach(room: &mut Room, at: Timestamp, out: &mut Effects) {
    let first = room.logs.book.time(room.logs.book.first_seq()).unwrap_or(room.now);
    if !is_tailing(room) || at >= first {
        return;
    }
    room.sought = Some(at);
    room.explain("the lines of that time are asked for");
    let window = Window { start: room.lens.window.start.min(at), end: room.lens.window.end.min(first) };
    ask::ask_history(room, window, out);
}

fn take_sought(room: &mut Room, at: Timestamp, lines: Vec<Line>) {
    if lines.is_empty() {
        return room.explain("no line at that time");
    }
    let is_apart = room.logs.book.time(room.logs.book.first_seq()).is_some_and(|first| room.lens.window.end < first);
    room.logs.book.prepend(lines);
    room.logs.grow();
    follow::align_logs(room, at);
    if is_apart {
        room.explain("the lines of that window alone: what lies between them and the later lines was not read");
    }
}

pub(super) fn take_lines(room: &mut Room, lines: Vec<Line>, dropped: u64) {
    room.logs.dropped = room.logs.dropped.saturating_add(dropped);
    room.logs.tail = TailState::Live;
    room.logs.take(lines, room.lens.is_frozen(), room.now);
}

pub(super) fn connected(room: &mut Room, refill: Option<RefillNote>, lines: Vec<Line>) {
    if let Some(note) = refill {
        let reason = match &room.logs.tail {
            TailState::Broken { failure, .. } => failure.cause.to_string(),
            _ => "the tail was broken".to_owned(),
        };
        room.logs.book.push_gap(GapNote {
            from: note.gap.start,
            to: note.gap.end,
            filled: note.filled,
            missing: note.complete.then_some(0),
            twice: note.twice,
            open: false,
            reason,
        });
    } else if matches!(room.logs.tail, TailState::Broken { .. }) {
        room.logs.close_gap(room.now);
    }
    room.logs.tail = TailState::Live;
    room.logs.take(lines, room.lens.is_frozen(), room.now);
}

pub(super) fn broken(room: &mut Room, failure: Failure, attempt: u32, retry_at: Timestamp) {
    let since = match &room.logs.tail {
        TailState::Broken { since, .. } => *since,
        _ => room.now,
    };
    room.logs.book.push_gap(GapNote {
        from: since,
        to: room.now,
        filled: 0,
        missing: None,
        twice: 0,
        open: true,
        reason: failure.cause.to_string(),
    });
    room.logs.tail = TailState::Broken { failure, since, attempt, retry_at };
    if !room.lens.is_frozen() {
        room.logs.grow();
    }
}

pub(super) fn take_trace_lines(room: &mut Room, mut lines: Vec<Line>, more: bool) {
    lines.sort_by_key(|line| line.time);
    let now = room.now;
    let Some(of) = &mut room.logs.lines_of_open else { return };
    of.lines = lines;
    of.more = more;
    of.state = Loading::Ready { at: now };
    of.cursor.set_total(of.lines.len());
    room.logs.trace_line_count = Some(of.lines.len());
    let of = of.clone();
    if let Some(shown) = &mut room.logs.of_trace
        && shown.trace == of.trace
    {
        *shown = of;
        select_line_of_span(room);
    }
}

/// Shows the lines of the open trace in place of the tail.
pub(super) fn show_trace_lines(room: &mut Room, out: &mut Effects) {
    if room.logs.lines_of_open.as_ref().is_none_or(|of| Some(of.trace) != room.lens.trace) {
        ask::ask_lines(room, out);
    }
    room.logs.of_trace = room.logs.lines_of_open.clone().map(|mut of| {
        of.span = room.lens.span;
        of
    });
    if let Some(of) = &room.logs.lines_of_open
        && let Loading::Failed { .. } = of.state
    {
        let key = room.key_of(Command::Refresh);
        room.explain(format!("the lines could not be read: {key} tries again"));
    }
    select_line_of_span(room);
}

/// The first line of the selected span, so that a pivot lands on it.
fn select_line_of_span(room: &mut Room) {
    if let Some(of) = &mut room.logs.of_trace
        && let Some(row) = of.lines.iter().position(|line| line.span.is_some() && line.span == of.span)
    {
        of.cursor.select(row);
    }
    follow::selection_moved(room);
}
