//! What an incident obliges to when it is over: a postmortem, by when, and why. Not the postmortem itself.

use std::time::Duration;

use super::{Incident, Severity};
use crate::domain::{Symbol, Timestamp};

/// Calendar hours after the end; weekends count.
pub const POSTMORTEM_WITHIN: Duration = Duration::from_secs(48 * 3_600);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The highest severity that the incident reached.
    Severity(Severity),
    /// The budget of this SLO was frozen: then every incident needs one, a SEV3 too.
    Frozen(Symbol),
}

impl Reason {
    /// `SEV1`, `the budget of orders is frozen, so SEV3 too`
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Severity(severity) => severity.to_string(),
            Self::Frozen(slo) => format!("the budget of {slo} is frozen, so every incident needs one"),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obligation {
    pub reason: Reason,
}

impl Obligation {
    /// Of an incident, and an SLO whose budget was frozen while it lasted or is now. `None` when no postmortem is owed.
    #[must_use]
    pub fn of(incident: &Incident, frozen: Option<&Symbol>) -> Option<Self> {
        let major = incident.severity_of_record.filter(|severity| severity.is_major());
        let reason = major.map(Reason::Severity).or_else(|| frozen.cloned().map(Reason::Frozen))?;
        Some(Self { reason })
    }

    /// By when, for an incident that was resolved then.
    #[must_use]
    pub fn due(resolved: Timestamp) -> Timestamp {
        resolved.plus(POSTMORTEM_WITHIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn incident(severity: Option<Severity>) -> Incident {
        Incident { severity_of_record: severity, ..Incident::default() }
    }

    #[test]
    fn a_freeze_makes_it_mandatory_for_a_sev3_too() {
        let frozen = Symbol::from("orders");
        for (severity, frozen, owed) in [
            (Some(Severity::Sev1), None, true),
            (Some(Severity::Sev2), None, true),
            (Some(Severity::Sev3), None, false),
            (Some(Severity::Sev3), Some(&frozen), true),
            (None, None, false),
            (None, Some(&frozen), true),
        ] {
            assert_eq!(Obligation::of(&incident(severity), frozen).is_some(), owed, "{severity:?} {frozen:?}");
        }
        let major = Obligation::of(&incident(Some(Severity::Sev1)), Some(&frozen)).expect("owed");
        assert_eq!(major.reason.text(), "SEV1");
    }

    #[test]
    fn friday_evening_plus_48_hours_is_sunday_evening() {
        let at = |text| Timestamp::parse_rfc3339(text).expect("a time");
        assert_eq!(Obligation::due(at("2026-03-13T18:20:00Z")), at("2026-03-15T18:20:00Z"));
    }
}
