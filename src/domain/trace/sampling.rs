//! Why the tail sampler kept a trace: failed, slow, threw; else drawn by lot. No server tells what the sampler does: the
//! configuration says it, and where it does not nothing is claimed.

use std::fmt;
use std::time::Duration;

use super::tree::Tree;

/// The rules of the sampler between the services and the traces' server: what failed is always kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sampler {
    /// A trace that takes longer is always kept; `None` where slowness is no reason.
    pub slow: Option<Duration>,
    /// One of so many of the rest is kept, at least 1.
    pub one_of: u32,
}

/// The rules that the trace fulfils; none for one that was drawn by lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// A span failed, or an answer was 4xx or 5xx.
    pub error: bool,
    /// It took longer than what the sampler calls slow.
    pub slow: bool,
    /// A span recorded an exception.
    pub exception: bool,
    sampler: Sampler,
}

impl Kept {
    #[must_use]
    pub fn why(tree: &Tree, sampler: Sampler) -> Self {
        let slow = sampler.slow.map(|slow| i64::try_from(slow.as_nanos()).unwrap_or(i64::MAX));
        let slow = slow.is_some_and(|slow| tree.duration_nanos() > slow);
        Self { error: tree.glance.failed, slow, exception: tree.glance.threw, sampler }
    }

    /// Kept for nothing but chance: it stands for others of its like.
    #[must_use]
    pub const fn by_lot(self) -> bool {
        !(self.error || self.slow || self.exception)
    }

    /// How many traces it stands for.
    #[must_use]
    pub fn weight(self) -> f64 {
        if self.by_lot() { f64::from(self.sampler.one_of.max(1)) } else { 1.0 }
    }
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.by_lot() {
            let percent = 100.0 / self.weight();
            let decimals = usize::from(percent < 1.0);
            return write!(f, "{percent:.decimals$} % of the rest");
        }
        let slow = self.sampler.slow.unwrap_or_default();
        let slow = if slow.subsec_millis() == 0 {
            format!("slow > {} s", slow.as_secs())
        } else {
            format!("slow > {} ms", slow.as_millis())
        };
        let words = [(self.error, "error"), (self.slow, &slow), (self.exception, "exception")];
        let words: Vec<&str> = words.into_iter().filter(|(holds, _)| *holds).map(|(_, word)| word).collect();
        f.write_str(&words.join(", "))
    }
}
