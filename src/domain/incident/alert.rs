//! An alert as an alert server tells it. Not a burn rate: an SLO is judged in `slo/`.

use serde::{Deserialize, Serialize};

use crate::domain::{Labels, Symbol, Timestamp};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AlertState {
    Active,
    /// Silenced or inhibited.
    Suppressed,
    /// Not yet routed.
    Unprocessed,
}

/// `starts` is the alert server's, which outlives a restart of the rules engine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    pub fingerprint: Symbol,
    pub labels: Labels,
    pub annotations: Labels,
    pub starts: Timestamp,
    pub state: AlertState,
    /// The source that told it.
    pub source: Symbol,
}

impl Alert {
    /// The label `alertname`, or the fingerprint when there is none.
    #[must_use]
    pub fn name(&self) -> &Symbol {
        self.labels.get("alertname").unwrap_or(&self.fingerprint)
    }

    /// The label `severity`; empty when there is none.
    #[must_use]
    pub fn severity(&self) -> &str {
        self.labels.get("severity").map_or("", Symbol::as_str)
    }

    /// Whether it wakes somebody: severity `page` or `critical`, and nobody has silenced it.
    #[must_use]
    pub fn is_page(&self) -> bool {
        matches!(self.severity(), "page" | "critical") && self.state != AlertState::Suppressed
    }

    #[must_use]
    pub fn runbook_url(&self) -> Option<&str> {
        self.annotations.first_of(&["runbook_url", "runbook"]).map(Symbol::as_str)
    }
}
