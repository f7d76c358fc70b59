//! A trace reduced to what sets of traces are compared by: its attributes, who held its time, whom it blames. Small
//! enough that hundreds of them are kept; not the tree, which is read and let go.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::attribution::{Responsible, responsible};
use super::super::sampling::{Kept, Sampler};
use super::super::slow::held_up;
use super::super::tree::Tree;
use crate::domain::signal::Value;
use crate::domain::{Symbol, Timestamp, TraceId};

/// Attributes of one trace that are kept; what is beyond is left out and counted.
const MOST: usize = 512;
/// A longer value is a statement or a message, not something that groups traces. Bytes.
const LONGEST: usize = 96;
/// Values of one key in one trace.
const MOST_VALUES: usize = 16;
/// Durations that are kept of one operation in one trace.
const MOST_TIMES: usize = 16;

/// Keys that say again that the trace failed: in a set of failures they differ by definition.
const SYMPTOMS: [&str; 12] = [
    "error",
    "error.type",
    "error.message",
    "exception.type",
    "exception.message",
    "http.response.status_code",
    "http.status_code",
    "otel.status_code",
    "otel.status_description",
    "rpc.grpc.status_code",
    "grpc.status_code",
    "rpc.response.status_code",
];

/// What `service` does under a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Operation {
    pub service: Symbol,
    pub name: Symbol,
}

/// The key of an attribute; that of a resource belongs to one service, since each has a version of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    pub service: Option<Symbol>,
    pub name: Symbol,
}

/// What an operation did in one trace.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Runs {
    /// Its own time on the critical path, of all its spans.
    pub critical_nanos: i64,
    /// How long each of its first spans took, in nanoseconds.
    pub took: Vec<i64>,
    pub spans: u32,
    pub errors: u32,
    /// The attributes of a span of it were looked at: not all of it came after the failure.
    pub is_read: bool,
}

impl Runs {
    pub(super) fn add(&mut self, critical_nanos: i64, took: i64, is_error: bool) {
        self.critical_nanos = self.critical_nanos.saturating_add(critical_nanos);
        if self.took.len() < MOST_TIMES {
            self.took.push(took.max(0));
        }
        self.spans = self.spans.saturating_add(1);
        self.errors = self.errors.saturating_add(u32::from(is_error));
    }
}

/// What a key was in one trace.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Carried {
    /// Each once, in the order of their text.
    pub values: Vec<Value>,
    /// The operations whose spans carried it.
    pub by: Vec<Operation>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    pub trace: TraceId,
    pub start: Timestamp,
    pub duration_nanos: i64,
    /// `None` when the root was not received.
    pub root: Option<Operation>,
    /// An error reached the root.
    pub failed: bool,
    /// How many traces of its like it stands for: more than one where it was drawn by lot.
    pub weight: f64,
    pub attributes: BTreeMap<Key, Carried>,
    pub operations: BTreeMap<Operation, Runs>,
    pub responsible: Option<Responsible>,
    /// Who holds the most of its time: whom a slow trace blames, failed or not.
    pub held_up: Option<Responsible>,
    /// Where errors start that somebody above dealt with.
    pub handled: u32,
    /// Attributes that were left out, for their number.
    pub left_out: u32,
}

impl Profile {
    /// Of a trace that a tail sampler let through.
    #[must_use]
    pub fn sampled(tree: &Tree, sampler: Option<Sampler>) -> Self {
        let weight = sampler.map_or(1.0, |sampler| Kept::why(tree, sampler).weight());
        Self { weight, ..Self::of(tree) }
    }

    /// Of a failed trace what began after the first failure had ended is left out: it cannot have caused it.
    #[must_use]
    pub fn of(tree: &Tree) -> Self {
        let failed = !tree.error_roots().is_empty();
        let ends = tree.error_roots().iter().filter_map(|row| tree.row(*row)).map(|node| node.end_time);
        let until = ends.min().unwrap_or(tree.end());
        let root = tree.row(0).and_then(|node| node.span);
        let mut profile = Self {
            trace: tree.trace(),
            start: tree.start(),
            duration_nanos: tree.duration_nanos(),
            root: root.map(|span| Operation { service: span.service.clone(), name: span.name.clone() }),
            failed,
            weight: 1.0,
            attributes: BTreeMap::new(),
            operations: BTreeMap::new(),
            responsible: responsible(tree),
            held_up: held_up(tree),
            handled: u32::try_from(tree.handled().len()).unwrap_or(u32::MAX),
            left_out: 0,
        };
        for node in tree.rows() {
            let Some(span) = node.span else { continue };
            let operation = Operation { service: span.service.clone(), name: span.name.clone() };
            if profile.operations.len() < MOST || profile.operations.contains_key(&operation) {
                let runs = profile.operations.entry(operation.clone()).or_default();
                runs.add(node.critical_nanos, node.duration_nanos, node.is_error);
            }
            if failed && node.start >= until {
                continue;
            }
            if let Some(runs) = profile.operations.get_mut(&operation) {
                runs.is_read = true;
            }
            for (name, value) in &span.attributes {
                profile.carry(Key { service: None, name: name.clone() }, value, &operation);
            }
            for (name, value) in span.resource.iter().filter(|(name, _)| name.as_str() != "service.name") {
                profile.carry(Key { service: Some(span.service.clone()), name: name.clone() }, value, &operation);
            }
        }
        profile.fit();
        profile
    }

    /// Gives back room that lists took in advance: most have one item and room for four, and hundreds of profiles are kept.
    fn fit(&mut self) {
        for carried in self.attributes.values_mut() {
            carried.values.shrink_to_fit();
            carried.by.shrink_to_fit();
        }
        for runs in self.operations.values_mut() {
            runs.took.shrink_to_fit();
        }
    }

    fn carry(&mut self, key: Key, value: &Value, by: &Operation) {
        let is_long = matches!(value, Value::Text(text) if text.len() > LONGEST);
        if SYMPTOMS.contains(&key.name.as_str()) {
            return;
        }
        if self.attributes.len() >= MOST && !self.attributes.contains_key(&key) {
            self.left_out = self.left_out.saturating_add(1);
            return;
        }
        let carried = self.attributes.entry(key).or_default();
        // A key without a value is one that is there, too long to be compared.
        if !is_long && carried.values.len() < MOST_VALUES && !carried.values.contains(value) {
            carried.values.push(value.clone());
        }
        if carried.by.len() < MOST_VALUES && !carried.by.contains(by) {
            carried.by.push(by.clone());
        }
    }
}
