//! One silence: what it was asked to be, and what it is at a moment.

use promql_parser::label::Matcher as Compiled;
use serde::{Deserialize, Serialize};

use super::matcher::{Matcher, all_match};
use super::reply::time;
use crate::domain::{Labels, Timestamp};

/// What a client sends; everything may be missing.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Asked {
    pub id: Option<String>,
    pub matchers: Option<Vec<Matcher>>,
    pub starts_at: Option<String>,
    pub ends_at: Option<String>,
    pub created_by: Option<String>,
    pub comment: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Silence {
    pub id: String,
    pub matchers: Vec<Matcher>,
    pub compiled: Vec<Compiled>,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub updated_at: Timestamp,
    pub created_by: String,
    pub comment: String,
}

/// In the order in which lists show them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    Active,
    Pending,
    Expired,
}

#[derive(Serialize)]
struct Status {
    state: Phase,
}

/// A silence as answers write it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Written {
    id: String,
    status: Status,
    updated_at: String,
    comment: String,
    created_by: String,
    ends_at: String,
    matchers: Vec<Matcher>,
    starts_at: String,
}

impl Silence {
    pub fn phase(&self, now: Timestamp) -> Phase {
        if self.ends_at <= now {
            Phase::Expired
        } else if self.starts_at > now {
            Phase::Pending
        } else {
            Phase::Active
        }
    }

    pub fn silences(&self, labels: &Labels, now: Timestamp) -> bool {
        self.phase(now) == Phase::Active && all_match(&self.compiled, labels)
    }

    /// Whether the change can be made in place; otherwise the silence ends and another begins.
    pub fn can_become(&self, next: &Self, now: Timestamp) -> bool {
        self.matchers == next.matchers
            && match self.phase(now) {
                Phase::Active => self.starts_at.seconds() == next.starts_at.seconds() && next.ends_at >= now,
                Phase::Pending => next.starts_at >= now,
                Phase::Expired => false,
            }
    }

    pub fn expire(&mut self, now: Timestamp) {
        match self.phase(now) {
            Phase::Expired => return,
            Phase::Pending => self.starts_at = now,
            Phase::Active => {}
        }
        self.ends_at = now;
        self.updated_at = now;
    }

    pub fn written(&self, now: Timestamp) -> Written {
        Written {
            id: self.id.clone(),
            status: Status { state: self.phase(now) },
            updated_at: time(self.updated_at),
            comment: self.comment.clone(),
            created_by: self.created_by.clone(),
            ends_at: time(self.ends_at),
            matchers: self.matchers.clone(),
            starts_at: time(self.starts_at),
        }
    }
}
