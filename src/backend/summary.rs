//! One row a trace, from spans of many: Jaeger's search gives whole traces where a list is wanted.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::signal::{Span, Summary};
use crate::domain::{Symbol, Timestamp, TraceId};

/// Newest first. The root is the earliest span that names no parent; without one its names are empty.
pub(super) fn of_spans(spans: &[Span]) -> Vec<Summary> {
    let mut traces: BTreeMap<TraceId, Vec<&Span>> = BTreeMap::new();
    for span in spans {
        traces.entry(span.trace).or_default().push(span);
    }
    let mut rows: Vec<Summary> = traces.into_iter().map(|(trace, spans)| of_trace(trace, &spans)).collect();
    newest_first(&mut rows);
    rows
}

pub(super) fn newest_first(rows: &mut [Summary]) {
    rows.sort_by(|one, other| other.start.cmp(&one.start).then_with(|| one.trace.cmp(&other.trace)));
}

fn of_trace(trace: TraceId, spans: &[&Span]) -> Summary {
    let root = spans.iter().filter(|span| span.parent.is_none()).min_by_key(|span| (span.start, span.id));
    let start = spans.iter().map(|span| span.start).min().unwrap_or(Timestamp::EPOCH);
    let end = spans.iter().map(|span| span.end).max().unwrap_or(start);
    let services: BTreeSet<&Symbol> = spans.iter().map(|span| &span.service).collect();
    Summary {
        trace,
        root_service: root.map(|span| span.service.clone()).unwrap_or_default(),
        root_name: root.map(|span| span.name.clone()).unwrap_or_default(),
        start,
        duration_nanos: end.since(start).max(0),
        spans: u32::try_from(spans.len()).ok(),
        errors: u32::try_from(spans.iter().filter(|span| span.is_error()).count()).ok(),
        services: services.into_iter().filter(|service| !service.is_empty()).cloned().collect(),
    }
}
