//! Moves spans whose host's clock is wrong into their parents, as Jaeger's clock skew adjuster does. Raw times are kept.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::cell::NONE;
use super::shape::{Parents, Times};
use crate::domain::signal::{Kind, Span, Value};
use crate::domain::{Keyed, Timestamp};

/// How far a clock may be set right. A longer way is not gone at all, and said; zero turns the adjustment off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SkewOptions {
    pub most: Duration,
}

impl SkewOptions {
    pub const OFF: Self = Self { most: Duration::ZERO };
}

impl Default for SkewOptions {
    fn default() -> Self {
        Self { most: Duration::from_millis(500) }
    }
}

/// The adjusted times of every span, with how far each was moved; a span that ends before it starts lasts no time.
pub(super) fn adjust(spans: &mut [Span], parents: &Parents, options: SkewOptions) -> (Vec<Times>, Vec<i64>) {
    let mut times: Vec<Times> =
        spans.iter().map(|span| Times { start: span.start, end: span.end.max(span.start) }).collect();
    let mut moved = vec![0_i64; spans.len()];
    if options.most.is_zero() {
        return (times, moved);
    }
    let most = i64::try_from(options.most.as_nanos()).unwrap_or(i64::MAX);
    let hosts = hosts(spans);
    let host = |at: u32| hosts.get(at as usize).copied().flatten();
    let mut too_far: Vec<(u32, i64)> = Vec::new();
    for at in parents.top_down() {
        let above = parents.parent(at);
        if above == NONE {
            continue;
        }
        let (Some(span), Some(parent)) = (spans.get(at as usize), spans.get(above as usize)) else { continue };
        let (Some(own), Some(outer)) = (times.get(at as usize), times.get(above as usize)) else { continue };
        let delta = if same_clock((span, host(at)), (parent, host(above))) {
            moved.get(above as usize).copied().unwrap_or(0)
        } else if parent.kind == Kind::Producer && span.kind == Kind::Consumer {
            // A consumer may lawfully start long after the producer has ended.
            0
        } else {
            needed(*own, *outer)
        };
        if delta == 0 {
            continue;
        }
        if delta.unsigned_abs() > most.unsigned_abs() {
            too_far.push((at, delta));
            continue;
        }
        if let Some(own) = times.get_mut(at as usize) {
            *own = Times { start: own.start.shifted(delta), end: own.end.shifted(delta) };
        }
        if let Some(moved) = moved.get_mut(at as usize) {
            *moved = delta;
        }
    }
    for (at, delta) in too_far {
        if let Some(span) = spans.get_mut(at as usize) {
            let by = Duration::from_nanos(delta.unsigned_abs());
            span.warnings.push(format!("its clock seems {by:?} off, too far to be adjusted"));
        }
    }
    (times, moved)
}

/// How far the child must move. One that lasted longer than its parent can only be kept from starting before it; else
/// the way there and the way back are taken to be equally long.
fn needed(child: Times, parent: Times) -> i64 {
    let outer = parent.end.since(parent.start);
    let inner = child.end.since(child.start);
    if inner > outer {
        return parent.start.since(child.start).max(0);
    }
    if child.start >= parent.start && child.end <= parent.end {
        return 0;
    }
    let latency = outer.saturating_sub(inner) / 2;
    let goal: Timestamp = parent.start.shifted(latency);
    goal.since(child.start)
}

/// Whether both were timed by one clock: the same host, or, where no host is told, the same process.
fn same_clock((span, host): (&Span, Option<&Value>), (parent, other): (&Span, Option<&Value>)) -> bool {
    match (host, other) {
        (Some(Value::Text(host)), Some(Value::Text(other))) => host == other,
        // What one writes as a number another may write as text.
        (Some(host), Some(other)) => host == other || host.to_string() == other.to_string(),
        (None, None) => {
            span.service == parent.service
                && !span.resource.is_empty()
                && (Arc::ptr_eq(&span.resource, &parent.resource) || span.resource == parent.resource)
        }
        _ => false,
    }
}

/// The host of every span. Nearly all say it by their process alone, which many share: it is read once of each process.
fn hosts(spans: &[Span]) -> Vec<Option<&Value>> {
    let mut of_process: HashMap<usize, Option<&Value>, Keyed> = HashMap::default();
    spans
        .iter()
        .map(|span| {
            if span.attributes.iter().any(|(key, _)| key.starts_with("host.")) {
                return host(span);
            }
            *of_process.entry(Arc::as_ptr(&span.resource) as usize).or_insert_with(|| host(span))
        })
        .collect()
}

fn host(span: &Span) -> Option<&Value> {
    ["host.id", "host.ip", "host.name"]
        .iter()
        .find_map(|key| span.attribute(key))
        .filter(|host| host.as_text() != Some(""))
}
