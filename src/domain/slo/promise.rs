//! An SLO as it is configured: what is promised about which journey, and the questions that measure it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Method, Objective, Policy, RuleSeverity};
use crate::domain::Symbol;

/// The texts of two queries with the placeholder `{{.window}}`. Each gives one number: a rate a second
/// (`rate(..)`), or a count over the window (`increase(..)`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sli {
    BadOverTotal { bad: String, total: String },
    GoodOverTotal { good: String, total: String },
}

impl Sli {
    /// The text that `measure` calls the first: of bad or of good events.
    #[must_use]
    pub fn first(&self) -> &str {
        match self {
            Self::BadOverTotal { bad, .. } => bad,
            Self::GoodOverTotal { good, .. } => good,
        }
    }

    #[must_use]
    pub fn total(&self) -> &str {
        match self {
            Self::BadOverTotal { total, .. } | Self::GoodOverTotal { total, .. } => total,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slo {
    pub name: Symbol,
    /// What users do, such as `order-routing`; several SLOs may watch one journey.
    pub journey: Symbol,
    pub objective: Objective,
    /// Rolling; 30 days by custom.
    pub window: Duration,
    pub sli: Sli,
    /// The id of a runbook page.
    pub runbook: Option<Symbol>,
    pub policy: Policy,
    /// How the budget is counted.
    #[serde(default)]
    pub method: Method,
    /// What an event is, in the plural: `orders`, `requests`.
    pub unit: Symbol,
    /// The price of one bad event in millionths of `currency`; `None` shows no money.
    pub unit_cost_micro: Option<u64>,
    /// ISO 4217, such as `EUR`.
    pub currency: Symbol,
    /// The metrics server to ask; the first when `None`.
    pub source: Option<Symbol>,
}

impl Slo {
    /// What the counts are of: the unit, or slices when time is counted.
    #[must_use]
    pub fn counted(&self) -> Symbol {
        if self.method.is_of_events() { self.unit.clone() } else { Symbol::from("slices") }
    }

    /// The shortest window of the rules: "the last 5 min". The SLO's own window when there are no rules.
    #[must_use]
    pub fn shortest(&self) -> Duration {
        self.policy.rules().iter().map(|rule| rule.short).min().unwrap_or(self.window)
    }

    /// The longest window of the rules that page or notify.
    #[must_use]
    pub fn longest(&self) -> Duration {
        let heard = self.policy.rules().iter().filter(|rule| rule.severity != RuleSeverity::Ticket);
        heard.map(|rule| rule.long).max().unwrap_or(self.window)
    }
}
