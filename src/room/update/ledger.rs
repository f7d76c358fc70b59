//! The one way into the record: an entry shows at once as pending, goes to the journal, and everything that is derived
//! from the record is derived anew.

use std::time::Duration;

use uuid::Uuid;

use super::super::effect::{Effect, Effects};
use super::super::health::JournalState;
use super::super::pane::{Pending, StepState};
use super::super::room::Room;
use super::super::toast::ToastKind;
use crate::domain::Timestamp;
use crate::domain::incident::{Entry, Incident, Kind, Origin};

/// When an entry that the journal refused is tried again.
const RETRY: Duration = Duration::from_secs(10);
/// Without an incident, steps that were done longer ago are not done any more.
const STEPS_LAST: Duration = Duration::from_secs(12 * 3_600);

/// An entry of this responder, of now.
pub(super) fn own(room: &mut Room, origin: Origin, kind: Kind, text: String) -> Entry {
    Entry {
        id: room.new_id(),
        happened: room.now,
        recorded: room.now,
        author: room.settings.responder.clone(),
        origin,
        kind,
        text,
        evidence: Vec::new(),
        supersedes: None,
        key: None,
    }
}

/// Adds an entry; false when it is there already, by its id or key.
pub(super) fn add(room: &mut Room, entry: Entry, out: &mut Effects) -> bool {
    if !room.timeline.timeline.insert(entry.clone()) {
        return false;
    }
    room.recorded.extend(entry.key.clone());
    // A board shows what it sees and leaves the writing to the responders' own rooms.
    if !room.settings.board {
        room.timeline.pending.insert(entry.id, Pending::Writing);
        out.push(Effect::Append(entry));
    }
    derive(room);
    true
}

/// The journal as it was left.
pub(super) fn take(room: &mut Room, entries: Vec<Entry>) {
    room.recorded.extend(entries.iter().filter_map(|entry| entry.key.clone()));
    for entry in entries {
        room.timeline.timeline.insert(entry);
    }
    room.is_record_read = true;
    derive(room);
}

/// Rows, incident, ticked steps, and since when the gauges count.
pub(super) fn derive(room: &mut Room) {
    room.timeline.lay_out(room.now);
    room.incident = Incident::from_timeline(&room.timeline.timeline);
    let since = room.incident.as_ref().and_then(Incident::zero).unwrap_or_else(|| room.now.minus(STEPS_LAST));
    room.runbook.ticked.clear();
    for entry in room.timeline.timeline.effective().filter(|entry| entry.happened >= since) {
        if let Kind::RunbookStep { runbook, step, passed } = &entry.kind {
            let state = if *passed { StepState::Passed(entry.text.clone()) } else { StepState::Ticked };
            room.runbook.ticked.insert((runbook.clone(), *step), state);
        }
    }
    let start = room.impact_start();
    for gauge in &mut room.gauges.gauges {
        gauge.set_impact(start);
    }
}

pub(super) fn appended(room: &mut Room, id: Uuid) {
    room.timeline.pending.remove(&id);
    room.health.journal = JournalState::Well;
    if !room.timeline.pending.values().any(|pending| matches!(pending, Pending::Failed(_))) {
        room.retry_append_at = None;
    }
}

pub(super) fn not_appended(room: &mut Room, id: Uuid, reason: String) {
    if room.timeline.timeline.get(id).is_none() {
        return;
    }
    room.say(ToastKind::Warning, format!("not on the disk yet: {reason}; kept here and tried again"));
    room.health.journal = JournalState::Failing(reason.clone());
    room.timeline.pending.insert(id, Pending::Failed(reason));
    room.retry_append_at = Some(room.now.plus(RETRY));
}

/// Offers every refused entry to the journal again, in the order of the record.
pub(super) fn retry(room: &mut Room, out: &mut Effects) {
    room.retry_append_at = None;
    for entry in room.timeline.timeline.iter() {
        if let Some(pending @ Pending::Failed(_)) = room.timeline.pending.get_mut(&entry.id) {
            *pending = Pending::Writing;
            out.push(Effect::Append(entry.clone()));
        }
    }
}

pub(super) fn retry_if_due(room: &mut Room, now: Timestamp, out: &mut Effects) {
    if room.retry_append_at.is_some_and(|at| at <= now) {
        retry(room, out);
    }
}
