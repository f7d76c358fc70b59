//! Where the context of a trace was lost on its way from service to service. Looks at one trace alone: it does not guess
//! which other trace holds the lost part.

use super::tree::{Node, Tree};
use crate::domain::signal::Kind;
use crate::domain::{SpanId, Symbol, Timestamp};

/// Clocks may differ by so much after they were set right.
const SLACK_NANOS: i64 = 50_000_000;

/// A place where the trace should go on and does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The row at which it shows.
    pub row: u32,
    pub reason: Reason,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Spans name a parent that was not received: sent too late, sampled away by itself, or lost.
    MissingSpan(SpanId),
    /// A call to a service that is traced, and no span of the service under it.
    NoServer(Symbol),
    /// A trace begins in a service that nobody outside calls.
    BeginsInside(Symbol),
}

/// The gaps of one trace, and how many steps from one service to another it has or should have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Propagation {
    pub gaps: Vec<Gap>,
    pub steps: u32,
}

impl Propagation {
    /// `traced` are the services known to send spans (those of the trace itself are known), `entrypoints` those in which a
    /// trace may begin; without any entry point every service may.
    #[must_use]
    pub fn of(tree: &Tree, traced: &[Symbol], entrypoints: &[Symbol]) -> Self {
        let mut found = Self::default();
        let missing = Missing::of(tree);
        for node in tree.rows() {
            let reason = match node.missing {
                Some(id) => Some(Reason::MissingSpan(id)),
                None => unanswered(tree, &node, &missing, traced).or_else(|| inside(&node, entrypoints)),
            };
            let parent = node.parent.and_then(|parent| tree.row(parent)).filter(|parent| parent.span.is_some());
            let crosses = node.span.is_some() && parent.is_some_and(|parent| parent.service != node.service);
            found.steps += u32::from(crosses) + u32::from(reason.is_some());
            found.gaps.extend(reason.map(|reason| Gap { row: node.row, reason }));
        }
        found
    }

    /// The part of the steps that are whole, 0 to 1; 1 for a trace that has none.
    #[must_use]
    pub fn complete(&self) -> f64 {
        let gaps = u32::try_from(self.gaps.len()).unwrap_or(u32::MAX);
        1.0 - f64::from(gaps) / f64::from(self.steps.max(1))
    }
}

/// The spans that were not received, by start, each with the earliest end from there on: one look tells whether any lies
/// within a call, however many there are of both.
struct Missing(Vec<(Timestamp, Timestamp)>);

impl Missing {
    fn of(tree: &Tree) -> Self {
        let missing = tree.rows().filter(|node| node.missing.is_some());
        let mut times: Vec<(Timestamp, Timestamp)> = missing.map(|node| (node.start, node.end_time)).collect();
        times.sort_unstable();
        let mut earliest = Timestamp::from_nanos(i64::MAX);
        for (_, end) in times.iter_mut().rev() {
            earliest = earliest.min(*end);
            *end = earliest;
        }
        Self(times)
    }

    fn any_within(&self, start: Timestamp, end: Timestamp) -> bool {
        let from = self.0.partition_point(|(begins, _)| *begins < start);
        self.0.get(from).is_some_and(|(_, ends)| *ends <= end)
    }
}

/// A call without an answer, unless orphans within it name the span that is not there: that gap is told by them.
fn unanswered(tree: &Tree, node: &Node<'_>, missing: &Missing, traced: &[Symbol]) -> Option<Reason> {
    let span = node.span.filter(|span| span.kind == Kind::Client)?;
    let own =
        |key: &str| span.attributes.iter().find(|(name, _)| name.as_str() == key).map(|(_, value)| value.to_string());
    let called = Symbol::from(own("peer.service").or_else(|| own("server.address"))?);
    let known = tree.services().binary_search(&called).is_ok() || traced.contains(&called);
    let mut below = tree.children(node.row).filter_map(|row| tree.row(row));
    if !known || called == *node.service || below.any(|child| child.kind == Kind::Server) {
        return None;
    }
    let (start, end) = (node.start.shifted(-SLACK_NANOS), node.end_time.shifted(SLACK_NANOS));
    if missing.any_within(start, end) { None } else { Some(Reason::NoServer(called)) }
}

fn inside(node: &Node<'_>, entrypoints: &[Symbol]) -> Option<Reason> {
    let begins = node.span.is_some() && node.parent.is_none() && node.kind == Kind::Server;
    let inner = !entrypoints.is_empty() && !entrypoints.contains(node.service);
    (begins && inner).then(|| Reason::BeginsInside(node.service.clone()))
}
