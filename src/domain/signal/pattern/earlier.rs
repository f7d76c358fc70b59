//! How often lines of one kind were written before an incident. Not the kinds that are here: the module above.

use std::time::Duration;

use crate::domain::{Failure, Timestamp};

/// How far back it is looked, each time only when nothing was found in the time before: what is written all the time is
/// known after the first question, and only what is new costs the last.
pub const REACHES: [Duration; 3] = [days(1), days(7), days(30)];

const fn days(days: u64) -> Duration {
    Duration::from_secs(days * 86_400)
}

/// What is known of the time before a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Earlier {
    pub until: Timestamp,
    /// So far back lines were counted; zero when they could not be counted at all.
    pub over: Duration,
    /// At most so many were written in it.
    pub lines: u64,
    /// Why it was not looked further back.
    pub refused: Option<Failure>,
}
