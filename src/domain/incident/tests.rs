//! The reference vectors and laws of notes, timelines and incidents.

mod alerts;
mod course;
mod marks;
mod notes;
mod timelines;

use uuid::Uuid;

use super::{Entry, Kind, Origin};
use crate::domain::{Symbol, Timestamp};

/// An entry that was written when it happened.
fn entry(id: u128, seconds: i64, kind: Kind, text: &str) -> Entry {
    Entry {
        id: Uuid::from_u128(id),
        happened: Timestamp::from_seconds(seconds),
        recorded: Timestamp::from_seconds(seconds),
        author: Symbol::from("ana"),
        origin: Origin::Person,
        kind,
        text: text.to_owned(),
        evidence: Vec::new(),
        supersedes: None,
        key: None,
    }
}
