//! What a frozen screen tells: two of these are equal when nothing happened that a responder must be told of. Not how the
//! room is read for it: that is `update/still.rs`.

use std::collections::BTreeSet;
use std::mem::Discriminant;
use std::time::Duration;

use super::health::{JournalState, SourceState};
use super::mode::Mode;
use super::pane::TailState;
use crate::domain::Symbol;
use crate::domain::incident::Severity;
use crate::domain::slo::Zone;

/// A question that waits this long is told as one that waits.
pub(super) const WAITS: Duration = Duration::from_secs(2);

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Told {
    pub mode: Discriminant<Mode>,
    pub toast: Option<String>,
    pub problems: usize,
    pub is_incident: bool,
    pub severity: Option<Severity>,
    pub commander: Option<Symbol>,
    pub is_mitigated: bool,
    pub is_resolved: bool,
    pub is_update_due: bool,
    pub slos: BTreeSet<(Symbol, u8, Option<Zone>, bool)>,
    pub responsible: Option<Symbol>,
    pub firing: BTreeSet<Symbol>,
    pub sources: Vec<(Discriminant<SourceState>, bool)>,
    pub journal: Discriminant<JournalState>,
    pub entries: usize,
    pub pending: usize,
    pub tail: Discriminant<TailState>,
    pub is_dropped: bool,
    pub waits: usize,
    pub is_thrifty: bool,
}
