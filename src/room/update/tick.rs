//! Time goes on: what vanishes, what is judged anew, what is asked again.

use super::super::effect::Effects;
use super::super::mode::Mode;
use super::super::pane::{Loading, Pane};
use super::super::room::{LEADER_WAIT, Room};
use super::{app, ask, budget, facts, ledger, ties};
use crate::domain::Timestamp;

/// Time never goes back: a clock that was set back stands still.
pub(super) fn tick(room: &mut Room, now: Timestamp, out: &mut Effects) {
    room.now = now.max(room.now);
    let now = room.now;
    room.lens.tick(now);
    if room.toast.as_ref().is_some_and(|toast| toast.until <= now) {
        room.toast = None;
    }
    room.gauges.judge(now);
    room.logs.measure(now);
    facts::measure(room);
    if !room.lens.is_frozen() {
        room.timeline.lay_out(now);
    }
    let waits = !room.pending_keys.is_empty() && now.elapsed_since(room.pending_since) >= LEADER_WAIT;
    if waits && matches!(room.mode, Mode::Normal) {
        app::show_leader(room);
    }
    ask::look_again(room, out);
    ledger::retry_if_due(room, now, out);
    ties::ask_when_settled(room, out);
    search_again(room, now, out);
    budget::keep_fresh(room, out);
}

/// While live the list follows; while frozen it goes where a cursor of another pane takes the moment. A question that still
/// waits is not asked again.
fn search_again(room: &mut Room, now: Timestamp, out: &mut Effects) {
    let last = match &room.waterfall.list_state {
        Loading::Ready { at } | Loading::Failed { at, .. } => Some(*at),
        Loading::Idle | Loading::Asked { .. } => None,
    };
    if room.lens.is_frozen() {
        if last.is_some() && room.focus != Pane::Waterfall {
            ask::search_moment(room, out);
        }
    } else if room.waterfall.narrowed.is_none() && last.is_some_and(|at| now.elapsed_since(at) >= ask::SEARCH_EVERY) {
        ask::search(room, out);
    }
}
