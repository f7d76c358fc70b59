//! How bad an incident is, by the share of users it touches.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The worst sorts first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Severity {
    Sev1,
    Sev2,
    Sev3,
}

impl Severity {
    /// More than half of the users is SEV1, more than a tenth SEV2, both strictly; one customer alone is SEV3. A person
    /// confirms it.
    #[must_use]
    pub const fn suggest(affected: u64, users: u64) -> Self {
        let (affected, users) = (affected as u128, users as u128);
        if affected <= 1 {
            Self::Sev3
        } else if affected * 2 > users {
            Self::Sev1
        } else if affected * 10 > users {
            Self::Sev2
        } else {
            Self::Sev3
        }
    }

    /// Its definition, as the picker shows it.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Sev1 => "total loss of service, more than 50 % of users",
            Self::Sev2 => "major degradation, more than 10 % of users",
            Self::Sev3 => "minor degradation, or one customer",
        }
    }

    /// Whether it needs a commander, a channel and a postmortem within 48 h of the end.
    #[must_use]
    pub const fn is_major(self) -> bool {
        matches!(self, Self::Sev1 | Self::Sev2)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sev1 => "SEV1",
            Self::Sev2 => "SEV2",
            Self::Sev3 => "SEV3",
        })
    }
}

impl FromStr for Severity {
    type Err = ();

    /// `sev1`, `SEV-1`, `1`; anything else is `Err`.
    fn from_str(text: &str) -> Result<Self, ()> {
        match text.trim().to_ascii_lowercase().trim_start_matches("sev").trim_start_matches('-') {
            "1" => Ok(Self::Sev1),
            "2" => Ok(Self::Sev2),
            "3" => Ok(Self::Sev3),
            _ => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_half_is_not_more_than_half() {
        for (affected, users, severity) in [
            (5_001, 10_000, Severity::Sev1),
            (5_000, 10_000, Severity::Sev2),
            (1_001, 10_000, Severity::Sev2),
            (1_000, 10_000, Severity::Sev3),
            (12_000, 50_000, Severity::Sev2),
            (1, 1, Severity::Sev3),
            (u64::MAX, u64::MAX, Severity::Sev1),
        ] {
            assert_eq!(Severity::suggest(affected, users), severity, "{affected} of {users}");
        }
    }
}
