//! The states of an SLO, each with its own word: none of them may be mistaken for another.

use serde::{Deserialize, Serialize};

use crate::domain::{Cause, Failure, Timestamp};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// A paging rule fires.
    Page,
    /// A rule fires that tells people and does not page.
    Notify,
    /// A rule fires that only asks for a ticket.
    Ticket,
    /// The short window is above its factor, the long one on its way.
    Rising,
    /// The long window is still above, the short one below again.
    Recovering,
    /// Measured, and below every factor; zero errors included.
    Healthy,
    /// Below every factor in what was answered, but the server said that this is a part of the truth: never green.
    Partial,
    /// Would fire, but on so few events that it means little: counted over the long window.
    LowTraffic {
        bad: f64,
        total: f64,
    },
    NoTraffic,
    NoData,
    /// The server answered that it cannot answer this; its words.
    QueryFailed(String),
    /// The server did not answer.
    Down {
        failure: Failure,
        last_good: Option<Timestamp>,
    },
    MissingBucket {
        wanted: String,
        have: Vec<String>,
    },
    /// Nothing has been heard yet.
    Loading,
}

impl State {
    /// Down when the same question may succeed later; else the query's own fault, in the server's words.
    pub(super) fn failed(failure: &Failure, last_good: Option<Timestamp>) -> Self {
        if failure.is_passing() {
            return Self::Down { failure: failure.clone(), last_good };
        }
        Self::QueryFailed(match &failure.cause {
            Cause::Refused { message, .. } if !message.trim().is_empty() => message.clone(),
            Cause::Malformed(what) => what.clone(),
            cause => cause.to_string(),
        })
    }

    /// For sorting, the worst first; what may hide an outage stands above what is known to be well.
    #[must_use]
    pub const fn rank(&self) -> u8 {
        match self {
            Self::Page => 0,
            Self::Notify => 1,
            Self::Ticket => 2,
            Self::LowTraffic { .. } => 3,
            Self::Rising => 4,
            Self::Recovering => 5,
            Self::NoData => 6,
            Self::Down { .. } => 7,
            Self::QueryFailed(_) => 8,
            Self::MissingBucket { .. } => 9,
            Self::Loading => 10,
            Self::Partial => 11,
            Self::NoTraffic => 12,
            Self::Healthy => 13,
        }
    }

    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Page => "PAGE",
            Self::Notify => "NOTIFY",
            Self::Ticket => "TICKET",
            Self::Rising => "rising",
            Self::Recovering => "recovering",
            Self::Healthy => "healthy",
            Self::Partial => "partial",
            Self::LowTraffic { .. } => "low traffic",
            Self::NoTraffic => "no traffic",
            Self::NoData => "no data",
            Self::QueryFailed(_) => "query failed",
            Self::Down { .. } => "down",
            Self::MissingBucket { .. } => "no bucket",
            Self::Loading => "asking",
        }
    }

    /// Whether the burn of now is known: only then may a gauge be drawn in the colours of a state.
    #[must_use]
    pub const fn is_measured(&self) -> bool {
        matches!(
            self,
            Self::Page | Self::Notify | Self::Ticket | Self::Rising | Self::Recovering | Self::Healthy | Self::Partial
        )
    }

    #[must_use]
    pub const fn is_firing(&self) -> bool {
        matches!(self, Self::Page | Self::Notify | Self::Ticket)
    }
}
