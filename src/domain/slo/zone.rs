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

    /// After "was": `cautious`, `frozen`, `exhausted`.
    #[must_use]
    pub const fn state(self) -> &'static str {
        match self {
            Self::Freeze => "frozen",
            zone => zone.word(),
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

    /// What a team may do, in words.
    #[must_use]
    pub const fn may(self) -> &'static str {
        match self {
            Self::Ship => "every change, risky ones too",
            Self::Cautious => "features, with an extra review",
            Self::Freeze | Self::Exhausted => "reliability work, fixes and rollbacks",
        }
    }

    /// What it may not do, and what it must; `None` while nothing is forbidden.
    #[must_use]
    pub const fn must_not(self) -> Option<&'static str> {
        match self {
            Self::Ship => None,
            Self::Cautious => Some("database migrations, changes of the infrastructure"),
            Self::Freeze | Self::Exhausted => Some("features, migrations, changes of the infrastructure"),
        }
    }

    /// What it must do besides; `None` while nothing is asked.
    #[must_use]
    pub const fn must(self) -> Option<&'static str> {
        match self {
            Self::Ship | Self::Cautious => None,
            Self::Freeze | Self::Exhausted => Some("a postmortem for every incident, SEV3 too; an architecture review"),
        }
    }

    /// Whether such a change may not go out in this zone.
    #[must_use]
    pub const fn forbids(self, change: Change) -> bool {
        match self {
            Self::Ship => false,
            Self::Cautious => matches!(change, Change::Migration | Change::Infrastructure),
            Self::Freeze | Self::Exhausted => true,
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

    /// The share of the budget at and below which this zone begins; `None` for the best one.
    #[must_use]
    pub const fn ceiling(self) -> Option<f64> {
        match self {
            Self::Ship => None,
            Self::Cautious => Some(0.5),
            Self::Freeze => Some(0.25),
            Self::Exhausted => Some(0.0),
        }
    }
}

/// What sort of change goes out, as far as its names tell: zones forbid some sorts and not others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Migration,
    Infrastructure,
    /// Anything else that ships.
    Feature,
}

const MIGRATION: [&str; 8] = ["migrat", "flyway", "liquibase", "alembic", "schema", "ddl", "dbmate", "db-change"];
const INFRASTRUCTURE: [&str; 7] = ["terraform", "infra", "cluster", "kernel", "network", "nodepool", "node-pool"];

impl Change {
    /// By the names of what was deployed: a service, a version.
    #[must_use]
    pub fn of(service: &str, version: &str) -> Self {
        let names = format!("{service} {version}").to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| names.contains(word));
        match () {
            () if says(&MIGRATION) => Self::Migration,
            () if says(&INFRASTRUCTURE) => Self::Infrastructure,
            () => Self::Feature,
        }
    }

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Migration => "migration",
            Self::Infrastructure => "change of the infrastructure",
            Self::Feature => "deploy",
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

    #[test]
    fn names_tell_a_migration_from_a_feature() {
        assert_eq!(Change::of("catalog-migrations", "V42"), Change::Migration);
        assert_eq!(Change::of("catalog", "v42-flyway"), Change::Migration);
        assert_eq!(Change::of("Terraform", "1"), Change::Infrastructure);
        assert_eq!(Change::of("pricing", "2.14.0"), Change::Feature);
    }

    #[test]
    fn what_is_forbidden_in_a_zone_is_forbidden_in_every_worse_one() {
        let changes = [Change::Migration, Change::Infrastructure, Change::Feature];
        for change in changes {
            let mut zone = Zone::Ship;
            while let Some(worse) = zone.worse() {
                assert!(!zone.forbids(change) || worse.forbids(change), "{worse} {change:?}");
                zone = worse;
            }
            assert_eq!(Zone::Cautious.forbids(change), change != Change::Feature);
        }
        assert!(changes.into_iter().all(|change| !Zone::Ship.forbids(change) && Zone::Freeze.forbids(change)));
        assert!(Zone::Ship.must_not().is_none() && Zone::Cautious.must().is_none());
        assert!(Zone::Freeze.must().is_some_and(|words| words.contains("SEV3")));
    }
}
