//! When a burn is worth waking somebody: pairs of windows with a factor. Not the judging: that is `burn.rs`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Objective;

const fn minutes(count: u64) -> Duration {
    Duration::from_secs(60 * count)
}

const fn hours(count: u64) -> Duration {
    minutes(60 * count)
}

/// What a firing rule does to people; the loudest sorts first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RuleSeverity {
    Page,
    Notify,
    Ticket,
}

impl RuleSeverity {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Notify => "notify",
            Self::Ticket => "ticket",
        }
    }
}

/// Fires while the burn is above the factor over the long **and** the short window, both strictly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BurnRule {
    pub long: Duration,
    pub short: Duration,
    /// Thousandths: 14,400 for 14.4.
    pub factor_milli: u64,
    pub severity: RuleSeverity,
}

impl BurnRule {
    #[must_use]
    pub fn factor(&self) -> f64 {
        self.factor_milli as f64 / 1_000.0
    }

    /// Whether a total outage is enough to fire it: 14.4 cannot be reached at 90 %.
    #[must_use]
    pub fn can_fire(&self, objective: Objective) -> bool {
        self.factor_milli.saturating_mul(objective.budget_ppb()) < 1_000_000_000_000
    }
}

static SEED: [BurnRule; 2] = [
    BurnRule { long: hours(1), short: minutes(5), factor_milli: 14_400, severity: RuleSeverity::Page },
    BurnRule { long: hours(6), short: minutes(30), factor_milli: 3_000, severity: RuleSeverity::Notify },
];

static WORKBOOK: [BurnRule; 4] = [
    BurnRule { long: hours(1), short: minutes(5), factor_milli: 14_400, severity: RuleSeverity::Page },
    BurnRule { long: hours(6), short: minutes(30), factor_milli: 6_000, severity: RuleSeverity::Page },
    BurnRule { long: hours(24), short: hours(2), factor_milli: 3_000, severity: RuleSeverity::Ticket },
    BurnRule { long: hours(72), short: hours(6), factor_milli: 1_000, severity: RuleSeverity::Ticket },
];

/// Which pairs an SLO is watched by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Policy {
    /// 14.4× over 1 h pages, 3× over 6 h notifies.
    #[default]
    Seed,
    /// The SRE Workbook's: 14.4× over 1 h and 6× over 6 h page, 3× over 24 h and 1× over 3 d make a ticket.
    Workbook,
}

impl Policy {
    /// The fastest first.
    #[must_use]
    pub fn rules(self) -> &'static [BurnRule] {
        match self {
            Self::Seed => &SEED,
            Self::Workbook => &WORKBOOK,
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Seed => "seed",
            Self::Workbook => "workbook",
        })
    }
}

impl FromStr for Policy {
    type Err = ();

    /// `seed` or `workbook`, of any case; anything else is `Err`.
    fn from_str(text: &str) -> Result<Self, ()> {
        match text.trim().to_ascii_lowercase().as_str() {
            "seed" => Ok(Self::Seed),
            "workbook" => Ok(Self::Workbook),
            _ => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fourteen_needs_an_objective_above_93_06() {
        let fast = Policy::Seed.rules()[0];
        assert!(fast.can_fire("93.06".parse().expect("an objective")));
        assert!(!fast.can_fire("93.05".parse().expect("an objective")));
        assert!(!fast.can_fire("90".parse().expect("an objective")));
    }

    #[test]
    fn policies_are_read_as_they_are_written() {
        for policy in [Policy::Seed, Policy::Workbook] {
            assert_eq!(policy.to_string().parse(), Ok(policy));
        }
        assert_eq!("sloth".parse::<Policy>(), Err(()));
    }
}
