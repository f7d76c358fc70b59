//! What a number of the gap report was counted of: so many were read, and there are so many. Not the counting.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::Symbol;
use crate::domain::signal::Line;
use crate::domain::slo::thousands;

/// A part that was read, and the whole that it is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Of {
    pub read: u64,
    /// `None` when there are more and nobody counted them.
    pub all: Option<u64>,
    /// There may be more than `all`: what counted them stopped at a limit.
    pub at_least: bool,
}

impl Of {
    #[must_use]
    pub const fn whole(read: u64) -> Self {
        Self { read, all: Some(read), at_least: false }
    }

    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.all == Some(self.read) && !self.at_least
    }

    /// `2,000 lines read (41,200 in the window)`, or `32 lines` where all of them were read. `noun` is plural, `whole` says
    /// of what.
    #[must_use]
    pub fn in_words(&self, noun: &str, whole: &str) -> String {
        let read = counted(self.read);
        match self.all {
            _ if self.is_whole() => format!("{read} {noun}"),
            Some(all) if self.at_least => format!("{read} {noun} read ({} or more {whole})", counted(all)),
            Some(all) => format!("{read} {noun} read ({} {whole})", counted(all)),
            None => format!("{read} {noun} read (more {whole}, not counted)"),
        }
    }
}

/// `41,200`.
#[must_use]
pub fn counted(number: u64) -> String {
    thousands(number as f64)
}

/// A service with logs and no spans (G7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silent {
    pub service: Symbol,
    pub lines: u64,
    /// Counted by the log server over the window; else these are lines that were read, and there may be more.
    pub counted: bool,
}

/// Lines of each service: what the log server counted, and for a service that it did not count, the lines read.
pub(super) fn speaking(lines: &[Line], counts: Option<&[(Symbol, u64)]>) -> BTreeMap<Symbol, (u64, bool)> {
    let mut speaking: BTreeMap<Symbol, (u64, bool)> = BTreeMap::new();
    for (service, lines) in counts.into_iter().flatten() {
        speaking.insert(service.clone(), (*lines, true));
    }
    for line in lines {
        let (count, counted) = speaking.entry(line.service.clone()).or_default();
        *count += u64::from(!*counted);
    }
    speaking.retain(|service, (lines, _)| !service.is_empty() && *service != "?" && *lines > 0);
    speaking
}
