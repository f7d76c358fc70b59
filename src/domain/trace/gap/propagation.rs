//! Where the context of a trace was lost on its way from service to service. Looks at one trace alone: which other trace
//! holds the lost part is `stitch.rs`, and what logs know of it `report.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::super::tree::{Node, Tree};
use crate::domain::signal::Kind;
use crate::domain::{SpanId, Symbol, Timestamp};

/// Clocks may differ by so much after they were set right.
pub(super) const SLACK_NANOS: i64 = 50_000_000;
/// A tail sampler decides after 30 s, and what it lets through takes some seconds to be found.
const SETTLED_AFTER: Duration = Duration::from_secs(40);

/// A place where the trace should go on and does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The row at which it shows.
    pub row: u32,
    pub reason: Reason,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// Spans name a parent that was not received: sent too late, sampled away by itself, or lost.
    MissingSpan(SpanId),
    /// A call to a service that is traced, and no span of the service under it.
    NoServer(Symbol),
    /// A trace begins in a service that nobody outside calls.
    BeginsInside(Symbol),
    /// A message was consumed, from this destination, by a span that is neither below its sender nor linked to it.
    NoLink(Symbol),
    /// Parts with different services under different missing parents: these services are in this part alone.
    Split(Vec<Symbol>),
}

impl Reason {
    /// The reference's code: G1 to G4, G6.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::MissingSpan(_) => "G1",
            Self::NoServer(_) => "G2",
            Self::BeginsInside(_) => "G3",
            Self::NoLink(_) => "G4",
            Self::Split(_) => "G6",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingSpan(id) => write!(f, "span {id} was not received: sent too late, sampled away, or lost"),
            Self::NoServer(called) => {
                write!(f, "no span of {called} under the call: the context was lost, or it never answered")
            }
            Self::BeginsInside(service) => {
                write!(f, "the trace begins in {service}, which nobody outside calls: its caller's context was lost")
            }
            Self::NoLink(from) => write!(f, "consumed from {from} without a link to its sender: the context was lost"),
            Self::Split(services) => {
                let names: Vec<&str> = services.iter().map(Symbol::as_str).collect();
                write!(
                    f,
                    "the tail sampler split the trace (no load balancing by trace id): {} apart",
                    names.join(", ")
                )
            }
        }
    }
}

/// Whether all of a trace may be expected to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// Parts are missing and may still come; not before this moment are they lost.
    Arriving {
        until: Timestamp,
    },
    Settled,
}

impl Arrival {
    /// A trace that misses a parent or its root is still arriving until the sampler has decided and the store caught up.
    #[must_use]
    pub fn of(tree: &Tree, now: Timestamp) -> Self {
        let incomplete = tree.is_empty() || !tree.has_root() || tree.misses_spans();
        let until = tree.end().plus(SETTLED_AFTER);
        if incomplete && now < until { Self::Arriving { until } } else { Self::Settled }
    }
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
                None => {
                    let of_call = unanswered(tree, &node, &missing, traced);
                    of_call.or_else(|| inside(&node, entrypoints)).or_else(|| unlinked(&node))
                }
            };
            let parent = node.parent.and_then(|parent| tree.row(parent)).filter(|parent| parent.span.is_some());
            let crosses = node.span.is_some() && parent.is_some_and(|parent| parent.service != node.service);
            found.steps += u32::from(crosses) + u32::from(reason.is_some());
            found.gaps.extend(reason.map(|reason| Gap { row: node.row, reason }));
        }
        found.gaps.extend(split(tree));
        found
    }

    /// The gap that shows at a row.
    #[must_use]
    pub fn at(&self, row: u32) -> Option<&Gap> {
        // All but a split, which stands last, are in the order of the rows.
        let is_own = |gap: &Gap| !matches!(gap.reason, Reason::Split(_));
        let own = self.gaps.iter().rposition(is_own).map_or(0, |last| last + 1);
        let (own, split) = self.gaps.split_at(own);
        let found = own.binary_search_by_key(&row, |gap| gap.row).ok().and_then(|at| own.get(at));
        found.or_else(|| split.iter().find(|gap| gap.row == row))
    }

    /// The part of the steps that are whole, 0 to 1; 1 for a trace that has none.
    #[must_use]
    pub fn complete(&self) -> f64 {
        let is_edge = |gap: &&Gap| !matches!(gap.reason, Reason::Split(_));
        let gaps = u32::try_from(self.gaps.iter().filter(is_edge).count()).unwrap_or(u32::MAX);
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
    let called = Symbol::from(own(node, "peer.service").or_else(|| own(node, "server.address"))?);
    let known = tree.services().binary_search(&called).is_ok() || traced.contains(&called);
    let mut below = tree.children(node.row).filter_map(|row| tree.row(row));
    if !known || called == span.service || below.any(|child| child.kind == Kind::Server) {
        return None;
    }
    let (start, end) = (node.start.shifted(-SLACK_NANOS), node.end_time.shifted(SLACK_NANOS));
    if missing.any_within(start, end) { None } else { Some(Reason::NoServer(called)) }
}

pub(super) fn own(node: &Node<'_>, key: &str) -> Option<String> {
    let pairs = &node.span?.attributes;
    pairs.iter().find(|(name, _)| name.as_str() == key).map(|(_, value)| value.to_string())
}

fn inside(node: &Node<'_>, entrypoints: &[Symbol]) -> Option<Reason> {
    let begins = node.span.is_some() && node.parent.is_none() && node.kind == Kind::Server;
    let inner = !entrypoints.is_empty() && !entrypoints.contains(node.service);
    (begins && inner).then(|| Reason::BeginsInside(node.service.clone()))
}

fn unlinked(node: &Node<'_>) -> Option<Reason> {
    let span = node.span.filter(|span| span.kind == Kind::Consumer && span.links.is_empty())?;
    let system = own(node, "messaging.system");
    (node.parent.is_none() && system.is_some()).then(|| {
        let destination = own(node, "messaging.destination.name").or_else(|| own(node, "messaging.destination"));
        Reason::NoLink(Symbol::from(destination.unwrap_or_else(|| span.name.to_string())))
    })
}

/// Two parts that hang under different missing parents and share no service were kept by different samplers.
fn split(tree: &Tree) -> Option<Gap> {
    let mut parts: BTreeMap<u32, BTreeSet<Symbol>> = BTreeMap::new();
    for node in tree.rows().filter(|node| node.missing.is_some()) {
        let below = (node.row + 1..node.end).filter_map(|row| tree.row(row)).filter(|below| below.span.is_some());
        parts.insert(node.row, below.map(|below| below.service.clone()).collect());
    }
    if tree.has_root() || parts.len() < 2 {
        return None;
    }
    let apart = parts
        .iter()
        .find(|(row, services)| parts.iter().all(|(other, theirs)| other == *row || services.is_disjoint(theirs)));
    apart.map(|(row, services)| Gap { row: *row, reason: Reason::Split(services.iter().cloned().collect()) })
}
