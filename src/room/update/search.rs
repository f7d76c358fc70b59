//! Searches among the lines that are here, done by another thread: when they begin, what becomes of what they find.

use super::super::effect::{Effect, Effects};
use super::super::room::Room;
use super::super::ticket::Slot;
use crate::domain::signal::{Found, Look, Patterns, Scan};

/// Lines that are counted at once when kinds are looked at again; more are another thread's work.
const CAUGHT_UP: u64 = 8_192;

/// After every message: a search that has become another one begins anew, one that is left begins.
pub(super) fn go_on(room: &mut Room, out: &mut Effects) {
    let is_other = std::mem::take(&mut room.logs.is_other);
    if (is_other || !room.logs.is_searching) && room.logs.view.is_behind(&room.logs.book) {
        if let Some(scan) = room.logs.view.rest(&room.logs.book) {
            room.logs.is_searching = true;
            let ticket = room.tickets.draw(Slot::Scan);
            out.push(Effect::Scan { ticket, scan });
        }
    } else if is_other && room.logs.is_searching {
        room.logs.is_searching = false;
        room.tickets.draw(Slot::Scan);
        out.push(Effect::Drop(Slot::Scan));
    }
    count(room, out);
}

pub(super) fn take_found(room: &mut Room, found: Vec<Found>, done: bool) {
    room.logs.take_found(found);
    if done {
        room.logs.is_searching = false;
    }
}

/// While kinds show they are those of what is looked at, lines that come included.
fn count(room: &mut Room, out: &mut Effects) {
    let logs = &mut room.logs;
    if !logs.patterns.has_cursor() {
        return;
    }
    // Kinds are counted in the order of the lines.
    if logs.unread.is_some() {
        logs.patterns.is_counting = true;
        logs.patterns.look = None;
        return;
    }
    let look = Look { filter: room.lens.filter.clone(), least: logs.level, stream: None };
    let end = logs.book.end_seq();
    let behind = end.0.saturating_sub(logs.patterns.patterns.next().0);
    let is_other = logs.patterns.look.as_ref() != Some(&look);
    if is_other || (behind > CAUGHT_UP && !logs.patterns.is_counting && !room.lens.is_frozen()) {
        logs.patterns.look = Some(look.clone());
        logs.patterns.is_counting = true;
        let slices = logs.book.slices();
        let ticket = room.tickets.draw(Slot::Patterns);
        out.push(Effect::CountPatterns { ticket, scan: Scan { look, slices } });
        return;
    }
    if behind == 0 || logs.patterns.is_counting || room.lens.is_frozen() {
        return;
    }
    catch_up(room, &look);
}

fn catch_up(room: &mut Room, look: &Look) {
    let logs = &mut room.logs;
    let (from, end) = (logs.patterns.patterns.next(), logs.book.end_seq());
    for line in (from.0..end.0).filter_map(|seq| logs.book.get(crate::domain::signal::Seq(seq))) {
        if line.is_pending() {
            // Whoever may wait for the file counts them.
            logs.patterns.look = None;
            return;
        }
        if look.matches(&line) {
            logs.patterns.patterns.take(&line);
        }
    }
    logs.patterns.patterns.pass(end);
    rank(room);
}

pub(super) fn take_patterns(room: &mut Room, patterns: Patterns, done: bool) {
    room.logs.patterns.patterns = patterns;
    room.logs.patterns.is_counting = !done;
    rank(room);
}

fn rank(room: &mut Room) {
    let since = room.impact_start();
    room.logs.patterns.rank(since);
}
