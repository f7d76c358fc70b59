//! Which service is responsible for a failed trace, and which for many of them.

use std::collections::HashMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::tree::{Node, Tree};
use crate::domain::signal::Kind;
use crate::domain::{Symbol, TraceId};

/// What one failed trace says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Responsible {
    pub trace: TraceId,
    pub service: Symbol,
    /// What it called when nothing came back: a database, a broker, a peer that is not traced.
    pub dependency: Option<Symbol>,
    /// The row in which the error starts.
    pub span: u32,
    /// False when the call went to a service that is traced and yet no span of it is there: it may never have answered,
    /// or the context was lost on the way.
    pub certain: bool,
}

/// The service in which the gravest error of the trace starts; `None` when no error reached the root.
#[must_use]
pub fn responsible(tree: &Tree) -> Option<Responsible> {
    let span = *tree.error_roots().first()?;
    let node = tree.row(span)?;
    let calls = matches!(node.kind, Kind::Client | Kind::Producer) && !node.has_children();
    let dependency = if calls { dependency(&node) } else { None };
    let traced = dependency.as_ref().is_some_and(|name| tree.services().binary_search(name).is_ok());
    Some(Responsible { trace: tree.trace(), service: node.service.clone(), dependency, span, certain: !traced })
}

pub(super) fn dependency(node: &Node<'_>) -> Option<Symbol> {
    let span = node.span?;
    let keys = ["peer.service", "db.system", "db.system.name", "messaging.system", "server.address"];
    let value = keys.iter().find_map(|key| span.attributes.iter().find(|(name, _)| name.as_str() == *key))?;
    Some(Symbol::from(value.1.to_string())).filter(|name| !name.is_empty())
}

/// How far a ranking can be trusted, from the share of the first and the number of traces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    Low,
    Medium,
    High,
}

impl Confidence {
    #[must_use]
    pub const fn of(traces: u32, of: u32) -> Self {
        let (traces, all) = (traces as u64 * 100, of as u64);
        if traces >= all * 60 && of >= 20 {
            Self::High
        } else if of > 0 && (traces >= all * 40 || of >= 5) {
            Self::Medium
        } else {
            Self::Low
        }
    }

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// One line of the ranking: a service and what it called, in so many of the failed traces that were read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribution {
    pub service: Symbol,
    pub dependency: Option<Symbol>,
    pub traces: u32,
    pub of: u32,
    /// How many of `traces` are not certain (see [`Responsible::certain`]).
    pub uncertain: u32,
    pub confidence: Confidence,
    /// One of the traces, to look at.
    pub example: TraceId,
}

impl Attribution {
    /// 0 to 1.
    #[must_use]
    pub fn share(&self) -> f64 {
        f64::from(self.traces) / f64::from(self.of.max(1))
    }
}

/// Ranks whom the traces blame, the most often blamed for certain first, then by all. Each trace counts once.
#[must_use]
pub fn attribute(results: &[Responsible]) -> Vec<Attribution> {
    let of = u32::try_from(results.len()).unwrap_or(u32::MAX);
    let mut counted: HashMap<(&Symbol, Option<&Symbol>), Attribution> = HashMap::new();
    for result in results {
        let line = counted.entry((&result.service, result.dependency.as_ref())).or_insert_with(|| Attribution {
            service: result.service.clone(),
            dependency: result.dependency.clone(),
            traces: 0,
            of,
            uncertain: 0,
            confidence: Confidence::Low,
            example: result.trace,
        });
        line.traces += 1;
        line.uncertain += u32::from(!result.certain);
        line.example = line.example.min(result.trace);
    }
    let mut ranking: Vec<Attribution> = counted.into_values().collect();
    for line in &mut ranking {
        line.confidence = Confidence::of(line.traces, of);
    }
    ranking.sort_by(|a, b| {
        let certain = |line: &Attribution| line.traces - line.uncertain;
        (certain(b), b.traces)
            .cmp(&(certain(a), a.traces))
            .then_with(|| a.service.cmp(&b.service))
            .then_with(|| a.dependency.cmp(&b.dependency))
    });
    ranking
}
