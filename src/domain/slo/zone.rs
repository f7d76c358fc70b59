//! What the budget that is left allows a team to do.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::Timestamp;

/// The best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Zone {
    /// More than half is left.
    Ship,
    /// From a quarter to a half, both ends included.
    Cautious,
    /// Less than a quarter.
    Freeze,
    /// Nothing: what a freeze forbids is forbidden.
    Exhausted,
}

impl Zone {
    /// The zone of this share of the budget; negative when more was spent than there was. NaN is no budget at all.
    #[must_use]
    pub fn of(remaining: f64) -> Self {
        match remaining {
            left if left > 0.5 => Self::Ship,
            left if left >= 0.25 => Self::Cautious,
            left if left > 0.0 => Self::Freeze,
            _ => Self::Exhausted,
        }
    }

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ship => "ship",
            Self::Cautious => "cautious",
            Self::Freeze => "freeze",
            Self::Exhausted => "exhausted",
        }
    }

    /// `above 50 %`, `25 to 50 %`, ..
    #[must_use]
    pub const fn range(self) -> &'static str {
        match self {
            Self::Ship => "above 50 %",
            Self::Cautious => "25 to 50 %",
            Self::Freeze => "below 25 %",
            Self::Exhausted => "0 % and below",
        }
    }

    /// What is allowed and forbidden, in one line.
    #[must_use]
    pub const fn allowed(self) -> &'static str {
        match self {
            Self::Ship => "risky changes allowed",
            Self::Cautious => "extra review; no migration, no infrastructure change",
            Self::Freeze | Self::Exhausted => {
                "no feature ships, every engineer on reliability, postmortem for every incident, architecture review"
            }
        }
    }

    /// Whether every incident, SEV3 included, needs a postmortem.
    #[must_use]
    pub const fn is_frozen(self) -> bool {
        matches!(self, Self::Freeze | Self::Exhausted)
    }

    #[must_use]
    pub const fn worse(self) -> Option<Self> {
        match self {
            Self::Ship => Some(Self::Cautious),
            Self::Cautious => Some(Self::Freeze),
            Self::Freeze => Some(Self::Exhausted),
            Self::Exhausted => None,
        }
    }

    /// The share of the budget below which the next worse zone begins; `None` when there is none.
    #[must_use]
    pub const fn floor(self) -> Option<f64> {
        match self {
            Self::Ship => Some(0.5),
            Self::Cautious => Some(0.25),
            Self::Freeze => Some(0.0),
            Self::Exhausted => None,
        }
    }
}

/// The budget entered another zone and stayed there for two readings; `at` is the first of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZoneChange {
    pub from: Zone,
    pub to: Zone,
    pub at: Timestamp,
}

impl ZoneChange {
    /// As the timeline tells it: `budget below 50 %: cautious`.
    #[must_use]
    pub fn text(&self) -> String {
        match self.to {
            Zone::Exhausted => "error budget exhausted".to_owned(),
            to if to > self.from => {
                let above = if to == Zone::Cautious { Zone::Ship } else { Zone::Cautious };
                format!("budget below {:.0} %: {to}", above.floor().unwrap_or(0.0) * 100.0)
            }
            to => format!("budget above {:.0} % again: {to}", to.floor().unwrap_or(0.0) * 100.0),
        }
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Zone {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Ship, Self::Cautious, Self::Freeze, Self::Exhausted]
            .into_iter()
            .find(|zone| zone.word() == text)
            .ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_half_and_exactly_a_quarter_are_cautious() {
        for (remaining, zone) in [
            (0.5001, Zone::Ship),
            (0.50, Zone::Cautious),
            (0.25, Zone::Cautious),
            (0.2499, Zone::Freeze),
            (0.0, Zone::Exhausted),
            (-0.9133, Zone::Exhausted),
            (f64::NAN, Zone::Exhausted),
        ] {
            assert_eq!(Zone::of(remaining), zone, "{remaining}");
        }
        let change = |from, to| ZoneChange { from, to, at: Timestamp::EPOCH }.text();
        assert_eq!(change(Zone::Ship, Zone::Cautious), "budget below 50 %: cautious");
        assert_eq!(change(Zone::Ship, Zone::Freeze), "budget below 25 %: freeze");
        assert_eq!(change(Zone::Freeze, Zone::Exhausted), "error budget exhausted");
        assert_eq!(change(Zone::Exhausted, Zone::Cautious), "budget above 25 % again: cautious");
        assert!(Zone::Exhausted.is_frozen());
        assert_eq!("freeze".parse(), Ok(Zone::Freeze));
    }
}
