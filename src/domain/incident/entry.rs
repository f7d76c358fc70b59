//! One entry of the record: what happened or what a person wrote. Append-only; an edit is a new entry that supersedes.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ChangeKind, Severity};
use crate::domain::spending::{Price, Relief};
use crate::domain::{SpanId, Symbol, Timestamp, TraceId};

/// Who or what an entry comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// A person at this program.
    Person,
    Alertmanager,
    Prometheus,
    /// A deploy or another change.
    Change,
    /// The program itself: zone changes, roles.
    System,
    Runbook,
}

/// What kind of thing an entry tells; the kinds of an incident's event model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Kind {
    ImpactStarted,
    Detected,
    Acknowledged,
    Declared {
        severity: Severity,
    },
    SeverityChanged {
        severity: Severity,
    },
    /// `ic`, `comms`, `ops`, `scribe`, `deputy`, and who.
    RoleAssigned {
        role: Symbol,
        person: Symbol,
    },
    Observation,
    /// Number 1 is H1.
    Hypothesis {
        number: u16,
        status: HypothesisStatus,
    },
    Action,
    Decision,
    Mitigation,
    Comms,
    Escalation,
    Handover,
    Todo,
    Mitigated,
    Resolved,
    Reopened,
    AlertFired {
        fingerprint: Symbol,
        severity: Symbol,
    },
    AlertCleared {
        fingerprint: Symbol,
        severity: Symbol,
    },
    /// The budget of an SLO entered this zone (`ship`, `cautious`, `freeze`, `exhausted`).
    ZoneChanged {
        slo: Symbol,
        zone: Symbol,
    },
    Deployed {
        service: Symbol,
        version: Symbol,
        previous: Option<Symbol>,
    },
    /// A flag, a silence or another mark; a deploy with a version is `Deployed`.
    Changed {
        what: ChangeKind,
        service: Option<Symbol>,
    },
    RunbookOpened {
        runbook: Symbol,
    },
    /// `step` counts from 1. `passed` when the step was passed over.
    RunbookStep {
        runbook: Symbol,
        step: u16,
        passed: bool,
    },
    /// What the incident had cost when it was resolved, one price an SLO that was hit, the dearest first; empty when it
    /// was not known. Stays what it is when the incident is reopened.
    Priced {
        prices: Vec<Price>,
    },
    /// What the burn of an SLO did after a mitigation.
    Relieved {
        mitigation: Uuid,
        slo: Symbol,
        relief: Relief,
    },
    /// A change was seen in a zone that forbids it. About the process that let it through, never about who made it.
    OutOfPolicy {
        change: Uuid,
        slo: Symbol,
        zone: Symbol,
    },
    /// A postmortem must be written by then.
    PostmortemDue {
        due: Timestamp,
    },
    /// A plain note without a prefix.
    Note,
    /// Takes back the entry that it supersedes.
    Undone,
}

impl Kind {
    /// What an entry tells whose writer added no words; empty for a kind that tells nothing by itself.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::ImpactStarted => "impact starts".to_owned(),
            Self::Detected => "detected".to_owned(),
            Self::Acknowledged => "acknowledged the page".to_owned(),
            Self::Declared { severity } => format!("declared {severity}"),
            Self::SeverityChanged { severity } => format!("severity {severity}"),
            Self::RoleAssigned { role, person } if *role == "ic" => format!("IC = {person}"),
            Self::RoleAssigned { role, person } => format!("{role} = {person}"),
            Self::Hypothesis { number, status } => format!("H{number} {}", status.word()),
            Self::Mitigated => "mitigated".to_owned(),
            Self::Resolved => "resolved".to_owned(),
            Self::Reopened => "reopened".to_owned(),
            Self::Handover => "handover".to_owned(),
            _ => String::new(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HypothesisStatus {
    Open,
    Confirmed,
    Rejected,
}

impl HypothesisStatus {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Confirmed => "confirmed",
            Self::Rejected => "rejected",
        }
    }
}

/// What was on the screen when a note was written: enough to find it again, and a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// `trace`, `span`, `slo`, `line`, `alert`, `runbook`: the word that `without ..` takes off.
    pub about: Symbol,
    pub text: String,
    pub trace: Option<TraceId>,
    pub span: Option<SpanId>,
    pub slo: Option<Symbol>,
    pub at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// UUID v7.
    pub id: Uuid,
    pub happened: Timestamp,
    /// Never back-dated.
    pub recorded: Timestamp,
    /// A person's name, or `am`, `prom`, `ci`, `auto`.
    pub author: Symbol,
    pub origin: Origin,
    #[serde(flatten)]
    pub kind: Kind,
    pub text: String,
    pub evidence: Vec<Evidence>,
    pub supersedes: Option<Uuid>,
    /// Two entries with one key are one event seen twice (an alert polled again after a restart).
    pub key: Option<Symbol>,
}
