//! Lines of the past: the history at the start, older ones on request, those of a moment that is looked at, and the holes
//! that are left between them and the rest.

use std::time::Duration;

use super::super::effect::Effects;
use super::super::room::{Room, Sought};
use super::{ask, follow, tail};
use crate::domain::signal::{GapKind, GapNote, Line, Row};
use crate::domain::{Cause, Failure, Timestamp, Window};

/// How far back one question for older lines goes.
const OLDER: Duration = Duration::from_secs(30 * 60);
/// How far behind a moment its lines are asked for when a whole window of them is too many.
const BEHIND: Duration = Duration::from_secs(30);

/// How far before an impact lines are wanted when kinds are looked at.
const BEFORE_IMPACT: Duration = Duration::from_secs(15 * 60);
/// And how many times a page of them is asked for: where more lines come, what is new stays unknown, and is said to.
const PAGES: u8 = 12;

/// The first history is joined by the tail; later ones are older lines, put in front.
pub(super) fn take_history(room: &mut Room, lines: Vec<Line>, more: bool, out: &mut Effects) {
    if tail::is_tailing(room) {
        if let Some(sought) = room.sought.take() {
            return take_sought(room, sought, lines, more, out);
        }
        let was_tracing = std::mem::take(&mut room.logs.patterns.is_tracing_back);
        if lines.is_empty() && !more && !was_tracing {
            room.explain("no older line in that half hour");
        }
        let has_more = more && !lines.is_empty();
        room.logs.book.prepend(lines);
        room.logs.grow();
        // Kinds were counted without them.
        room.logs.patterns.look = None;
        if was_tracing && has_more {
            trace_back(room, out);
        }
        return;
    }
    let last = lines.iter().map(|line| line.time).max();
    room.logs.book.append(lines);
    if !room.lens.is_frozen() {
        room.logs.grow();
    }
    tail::start_tail(room, last.map(|time| time.shifted(1)), out);
}

/// Without a history the tail is still worth having.
pub(super) fn history_failed(room: &mut Room, failure: Failure, out: &mut Effects) {
    if failure.cause != Cause::NotConfigured {
        room.explain(format!("no older lines: {failure}"));
    }
    room.sought = None;
    room.logs.patterns.is_tracing_back = false;
    if !tail::is_tailing(room) {
        tail::start_tail(room, None, out);
    }
}

/// While kinds show and an impact is older than every line that is here, the lines before them are asked for, page by page:
/// else nobody can say which kind is new.
pub(super) fn trace_back(room: &mut Room, out: &mut Effects) {
    let first = first(room);
    let Some(start) = room.impact_start().map(|start| start.minus(BEFORE_IMPACT)).filter(|start| *start < first) else {
        return;
    };
    let part = &mut room.logs.patterns;
    let is_asked = room.sought.is_some() || part.is_tracing_back;
    if !part.has_cursor() || is_asked || part.pages == PAGES || room.settings.logs_alone || room.logs.book.is_empty() {
        return;
    }
    part.pages += 1;
    part.is_tracing_back = true;
    ask::ask_history(room, Window { start, end: first }, out);
}

pub(super) fn ask_older(room: &mut Room, out: &mut Effects) {
    if room.logs.of_trace.is_some() || room.logs.beside().is_some() || room.logs.is_searching || !tail::is_tailing(room)
    {
        return;
    }
    if room.settings.logs_alone {
        return room.explain("this is the first line that is here");
    }
    let first = first(room);
    room.sought = None;
    room.logs.patterns.is_tracing_back = false;
    room.explain("older lines are asked for");
    ask::ask_history(room, Window::ending(first, OLDER), out);
}

/// When the oldest known line was written; now when there is none.
fn first(room: &Room) -> Timestamp {
    room.logs.book.time(room.logs.book.first_seq()).unwrap_or(room.now)
}

/// A moment that is looked at and whose lines nobody has read: those of the lens's window are asked for.
pub(super) fn reach(room: &mut Room, at: Timestamp, out: &mut Effects) {
    let before_all = first(room);
    let hole = room.logs.book.gaps().find_map(|(seq, gap)| {
        (gap.kind == GapKind::Unread && gap.from <= at && at < gap.to).then_some((Some(seq), gap.to))
    });
    let Some((hole, end)) = hole.or((at < before_all).then_some((None, before_all))) else { return };
    if !tail::is_tailing(room) {
        return;
    }
    let window = Window { start: room.lens.window.start.min(at), end: room.lens.window.end.min(end) };
    ask_for(room, Sought { at, window, hole }, out);
}

/// The hole under the cursor: its latest lines are asked for. False when the cursor stands on none.
pub(super) fn read_hole(room: &mut Room, out: &mut Effects) -> bool {
    let gap = match room.logs.view.row(&room.logs.book, room.logs.cursor.selected) {
        Some(Row::Gap(gap)) if gap.kind == GapKind::Unread && room.logs.shows_tail() => gap.clone(),
        _ => return false,
    };
    let hole = room.logs.book.gaps().find(|(_, other)| **other == gap).map(|(seq, _)| seq);
    let window = Window { start: gap.from.max(Window::ending(gap.to, OLDER).start), end: gap.to };
    ask_for(room, Sought { at: gap.to.shifted(-1), window, hole }, out);
    true
}

fn ask_for(room: &mut Room, sought: Sought, out: &mut Effects) {
    room.logs.patterns.is_tracing_back = false;
    room.sought = Some(sought);
    room.explain("the lines of that time are asked for");
    ask::ask_history(room, sought.window, out);
}

fn take_sought(room: &mut Room, sought: Sought, lines: Vec<Line>, more: bool, out: &mut Effects) {
    let oldest = lines.iter().map(|line| line.time).min();
    let end = sought.at.plus(BEHIND);
    if more && oldest.is_some_and(|oldest| oldest > sought.at) && end < sought.window.end {
        // More lines than one answer holds lie between the moment and the window's end: those around the moment, then.
        let window = Window { start: sought.window.start, end };
        return ask_for(room, Sought { window, ..sought }, out);
    }
    if lines.is_empty() {
        return room.explain("no line at that time");
    }
    // What was said of the question is answered.
    room.toast = None;
    make_place(room, sought);
    room.logs.book.prepend(lines);
    room.logs.grow();
    follow::align_logs(room, sought.at);
}

/// What lies before the hole is given up for the hole's own lines, since lines stand in the order of time; what stays
/// unread behind them is a row of its own.
fn make_place(room: &mut Room, sought: Sought) {
    if let Some(seq) = sought.hole {
        room.logs.book.forget_before(seq);
        room.logs.book.pop_gap_front();
        room.left_line = None;
        room.explain("the lines before that hole made place for its own");
        room.logs.grow();
    }
    let first = first(room);
    if sought.window.end < first && !room.logs.book.is_empty() {
        room.logs.book.push_gap_front(GapNote {
            kind: GapKind::Unread,
            from: sought.window.end,
            to: first,
            filled: 0,
            missing: None,
            twice: 0,
            open: false,
            reason: String::new(),
        });
    }
}
