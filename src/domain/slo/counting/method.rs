//! How a budget is counted: by events, by slices of time that were bad, or by the mean of the slices' ratios. The method
//! stands beside every number, for two of them never agree. Not what is asked for it: that is `slices.rs`.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::super::Objective;

/// What a slice without any event is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EmptySlice {
    #[default]
    Good,
    /// It counts neither as good nor as bad.
    Skip,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Every event counts alike; the default.
    #[default]
    Occurrences,
    /// A slice is good when at least `target` of its events are: "95 % under 800 ms in every 5 min" is the p95 under
    /// 800 ms. Slices are those of the clock.
    TimeSlices { slice: Duration, target: Objective, empty: EmptySlice },
    /// The mean of the slices' shares of bad events, as Sloth's rules for the whole period make it. A slice without
    /// events does not count.
    RatioOfSlices { slice: Duration },
}

impl Method {
    /// As the configuration has it.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Occurrences => "occurrences",
            Self::TimeSlices { .. } => "time-slices",
            Self::RatioOfSlices { .. } => "ratio-of-slices",
        }
    }

    /// `None` where events are counted.
    #[must_use]
    pub const fn slice(&self) -> Option<Duration> {
        match self {
            Self::Occurrences => None,
            Self::TimeSlices { slice, .. } | Self::RatioOfSlices { slice } => Some(*slice),
        }
    }

    /// Where a column holds one word: nothing for events.
    #[must_use]
    pub const fn tag(&self) -> &'static str {
        match self {
            Self::Occurrences => "",
            Self::TimeSlices { .. } => "slices",
            Self::RatioOfSlices { .. } => "mean",
        }
    }

    /// What the window's count is of, in the plural: the SLO's own unit, or `slices`.
    #[must_use]
    pub const fn is_of_events(&self) -> bool {
        matches!(self, Self::Occurrences)
    }
}
