//! What of a tail is too large to be read: how far the next connection begins behind it, and that a hole is left which nobody
//! counted. Not the connection itself.

use std::time::Duration;

use tokio::time::Instant;

/// The furthest that is passed over at once is two to this power, in seconds.
const MOST_DOUBLED: u32 = 12;

#[derive(Debug)]
pub(super) struct Passed {
    /// Messages beyond the bound since the last that could be read.
    in_a_row: u32,
    /// Since the last refill: its lines are not all that came.
    is_hole: bool,
    /// When the newest line came, or the tail began.
    heard: Instant,
}

impl Passed {
    pub(super) fn new() -> Self {
        Self { in_a_row: 0, is_hole: false, heard: Instant::now() }
    }

    /// How far to go on behind the last line: further each time, and never into the time to come, whose lines are not
    /// there yet.
    pub(super) fn over(&mut self) -> Duration {
        self.is_hole = true;
        self.in_a_row = self.in_a_row.saturating_add(1).min(MOST_DOUBLED);
        Duration::from_secs(1 << self.in_a_row).min(self.heard.elapsed())
    }

    /// Something could be read.
    pub(super) fn hear(&mut self) {
        self.heard = Instant::now();
    }

    pub(super) const fn is_none(&self) -> bool {
        self.in_a_row == 0
    }

    pub(super) const fn forget(&mut self) {
        self.in_a_row = 0;
    }

    /// How many lines a refill lacks, where some may have been passed over before it: then nobody knows.
    pub(super) const fn missing(&mut self, counted: Option<u64>) -> Option<u64> {
        if std::mem::replace(&mut self.is_hole, false) { None } else { counted }
    }
}
