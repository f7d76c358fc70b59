//! Why the tail sampler kept a trace: failed, slow, threw; else it is one of the 5 % of the rest.

use std::fmt;

use super::tree::Tree;

/// A trace that takes longer is always kept.
const SLOW_NANOS: i64 = 2_000_000_000;
/// One of so many of the rest is kept.
const OF_THE_REST: f64 = 20.0;

/// The rules that the trace fulfils; none for one that was drawn by lot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// A span failed, or an answer was 4xx or 5xx.
    pub error: bool,
    /// Longer than 2 s.
    pub slow: bool,
    /// A span recorded an exception.
    pub exception: bool,
}

impl Kept {
    #[must_use]
    pub const fn why(tree: &Tree) -> Self {
        Self { error: tree.glance.failed, slow: tree.duration_nanos() > SLOW_NANOS, exception: tree.glance.threw }
    }

    /// Kept for nothing but chance: it stands for twenty of its like.
    #[must_use]
    pub const fn by_lot(self) -> bool {
        !(self.error || self.slow || self.exception)
    }

    /// How many traces it stands for.
    #[must_use]
    pub const fn weight(self) -> f64 {
        if self.by_lot() { OF_THE_REST } else { 1.0 }
    }
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.by_lot() {
            return f.write_str("5 % of the rest");
        }
        let words = [(self.error, "error"), (self.slow, "slow > 2 s"), (self.exception, "exception")];
        let words: Vec<&str> = words.into_iter().filter(|(holds, _)| *holds).map(|(_, word)| word).collect();
        f.write_str(&words.join(", "))
    }
}
