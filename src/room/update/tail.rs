//! Log lines as they come: history, tail, its gaps, older lines on request, the lines of a trace.

use std::time::Duration;

use super::super::command::Command;
use super::super::effect::{Effect, Effects};
use super::super::fact::RefillNote;
use super::super::pane::{Loading, Pane, TailState, TraceLines};
use super::super::room::Room;
use super::super::ticket::Slot;
use super::{ask, follow};
use crate::domain::signal::{GapKind, GapNote, Line, Seq, Sheaf, Unknown};
use crate::domain::{Failure, Timestamp};

/// How far back a tail begins when no line is known.
const BEFORE_TAIL: Duration = Duration::from_secs(5);

pub(super) fn is_tailing(room: &Room) -> bool {
    room.tickets.turn(Slot::Tail) > 0
}

pub(super) fn start_tail(room: &mut Room, from: Option<Timestamp>, out: &mut Effects) {
    let ticket = room.tickets.draw(Slot::Tail);
    let query = room.logs.query.clone();
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

pub(super) fn take_lines(room: &mut Room, lines: Vec<Line>, dropped: u64, overrun: u64) {
    room.logs.dropped = room.logs.dropped.saturating_add(dropped);
    room.logs.overrun = room.logs.overrun.saturating_add(overrun);
    room.logs.tail = TailState::Live;
    room.logs.take(lines, room.lens.is_frozen(), room.now);
}

pub(super) fn take_sheaves(room: &mut Room, sheaves: Vec<Sheaf>) {
    room.logs.tail = TailState::Live;
    room.logs.take_sheaves(sheaves, room.lens.is_frozen(), room.now);
}

pub(super) fn take_older(room: &mut Room, sheaves: Vec<Sheaf>, left: u64, total: u64) {
    room.logs.unread = (left > 0).then_some((left, total));
    room.logs.take_older(sheaves, room.lens.is_frozen());
}

pub(super) fn connected(room: &mut Room, refill: Option<RefillNote>, lines: Vec<Line>) {
    if let Some(note) = refill {
        let (kind, reason) = match (&room.logs.tail, note.why.as_deref()) {
            // What broke was told while it was broken; why nobody knows what is missing is another matter.
            (TailState::Broken { failure, .. }, why) => {
                let reason = match why {
                    Some(Unknown::Unread(cause)) => format!("its lines could not be read: {cause}"),
                    Some(Unknown::Uncounted(cause)) => format!("the count failed: {cause}"),
                    None => failure.cause.to_string(),
                };
                (GapKind::Lost, reason)
            }
            (_, Some(Unknown::Unread(cause))) => (GapKind::Refused, cause.to_string()),
            (_, Some(Unknown::Uncounted(cause))) => (GapKind::Behind, cause.to_string()),
            _ => (GapKind::Behind, String::new()),
        };
        room.logs.book.push_gap(GapNote {
            kind,
            from: note.gap.start,
            to: note.gap.end,
            filled: note.filled,
            missing: note.missing,
            twice: note.twice,
            open: false,
            reason,
        });
    } else if matches!(room.logs.tail, TailState::Broken { .. }) {
        room.logs.close_gap(room.now);
    }
    room.logs.tail = TailState::Live;
    room.logs.take_refilled(lines, room.lens.is_frozen(), room.now);
}

pub(super) fn broken(room: &mut Room, failure: Failure, attempt: u32, retry_at: Timestamp) {
    let since = match &room.logs.tail {
        TailState::Broken { since, .. } => *since,
        _ => room.now,
    };
    room.logs.book.push_gap(GapNote {
        kind: GapKind::Lost,
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

/// The lines of a trace that has just been asked for, on this one as soon as they are there.
pub(super) fn show_lines_of(room: &mut Room, line: &Line) {
    let height = room.heights.get(&Pane::Logs).copied().unwrap_or(0);
    let trace = line.trace.or(room.lens.trace);
    room.logs.of_trace = trace.map(|trace| TraceLines::asked(trace, line.span, room.now, height));
    if room.logs.lines_of_open.as_ref().is_some_and(|of| Some(of.trace) == trace) {
        room.logs.of_trace.clone_from(&room.logs.lines_of_open);
    }
    room.logs.wanted_line = Some(line.clone());
    select_line_of_span(room);
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
    let wanted = room.logs.wanted_line.clone();
    if let Some(of) = &mut room.logs.of_trace {
        let exact = wanted.and_then(|wanted| of.lines.iter().position(|line| *line == wanted));
        let of_span = || of.lines.iter().position(|line| line.span.is_some() && line.span == of.span);
        if exact.is_some() {
            room.logs.wanted_line = None;
        }
        if let Some(row) = exact.or_else(of_span) {
            of.cursor.select(row);
        }
    }
    follow::selection_moved(room);
}
