//! The one way in which something records itself: with a key, so that a restart, or a second program on the same journal,
//! records it once.

use super::super::effect::Effects;
use super::super::room::Room;
use super::ledger;
use crate::domain::incident::{Entry, Kind, Origin};
use crate::domain::{Symbol, Timestamp};

/// What records itself.
pub(super) struct Event {
    pub(super) happened: Timestamp,
    pub(super) author: &'static str,
    pub(super) origin: Origin,
    pub(super) kind: Kind,
    pub(super) text: String,
    pub(super) key: String,
}

/// Nothing is recorded before the record was read: it might be there already.
pub(super) fn record(room: &mut Room, event: Event, out: &mut Effects) -> bool {
    let key = Symbol::from(event.key);
    if !room.is_record_read || room.recorded.contains(&key) {
        return false;
    }
    let entry = Entry {
        id: room.new_id(),
        happened: event.happened,
        recorded: room.now,
        author: event.author.into(),
        origin: event.origin,
        kind: event.kind,
        text: event.text,
        evidence: Vec::new(),
        supersedes: None,
        key: Some(key),
    };
    ledger::add(room, entry, out)
}
