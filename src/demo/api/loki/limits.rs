//! How much the simulated Loki gives to one tail. Not the limits of queries: those are where they are checked.

use std::time::Duration;

/// What a tail may take. The defaults are Loki's own where it has them.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// After this a tail is closed with 1011 (`tail_max_duration`).
    pub longest_tail: Duration,
    /// `max_concurrent_tail_requests`.
    pub most_tails: usize,
    /// How often lines are sent.
    pub tick: Duration,
    /// Of more lines than this in a tick the oldest are dropped, and told as `dropped_entries`.
    pub lines_a_tick: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            longest_tail: Duration::from_secs(3_600),
            most_tails: 10,
            tick: Duration::from_millis(500),
            lines_a_tick: 15_000,
        }
    }
}
