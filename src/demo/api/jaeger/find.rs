//! Which traces, services and operations Jaeger's storage finds. Not how it tells them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::demo::api::newest::walk;
use crate::demo::company::TraceRecord;
use crate::demo::site::Site;
use crate::domain::signal::{Kind, Span, Status};
use crate::domain::{TraceId, Window};

/// One answer holds this many traces at most.
pub const MOST_TRACES: usize = 2_000;
/// Services and operations are read off the traces of this much of the past.
const RECENT: Duration = Duration::from_secs(3_600);

/// What a search asks; each part that is empty asks nothing. Service, operation, tags and durations must fit one span.
pub struct Query {
    pub service: String,
    pub operation: String,
    /// Compared as text with the tags of the span and of its process.
    pub tags: Vec<(String, String)>,
    pub shortest: Option<Duration>,
    pub longest: Option<Duration>,
    pub window: Window,
    pub limit: usize,
}

impl Query {
    fn fits(&self, span: &Span) -> bool {
        let length = span.end.elapsed_since(span.start);
        (self.service.is_empty() || span.service == self.service.as_str())
            && (self.operation.is_empty() || span.name == self.operation.as_str())
            && self.shortest.is_none_or(|shortest| length >= shortest)
            && self.longest.is_none_or(|longest| length <= longest)
            && self.tags.iter().all(|(name, value)| has_tag(span, name, value))
    }
}

fn has_tag(span: &Span, name: &str, value: &str) -> bool {
    match name {
        "error" => span.is_error() == (value == "true"),
        "span.kind" => kind(span.kind) == value,
        "otel.status_code" => match &span.status {
            Status::Unset => false,
            Status::Ok => value == "OK",
            Status::Error(_) => value == "ERROR",
        },
        _ => span.attribute(name).is_some_and(|found| found.to_string() == value),
    }
}

pub const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Unspecified => "",
        Kind::Internal => "internal",
        Kind::Server => "server",
        Kind::Client => "client",
        Kind::Producer => "producer",
        Kind::Consumer => "consumer",
    }
}

/// By any form of its id that has the same value.
pub fn trace(site: &Site, id: TraceId) -> Option<Arc<TraceRecord>> {
    let now = site.clock.now();
    site.company.trace(id).filter(|trace| trace.readable_from <= now)
}

/// Newest first by slices of time, within a slice in no order that a client may rely on.
pub fn traces(site: &Site, query: &Query) -> Vec<Arc<TraceRecord>> {
    let mut found = Vec::new();
    walk(site, query.window, Duration::ZERO, |trace| {
        if trace.spans.iter().any(|span| query.fits(span)) {
            found.push(trace.clone());
        }
        found.len() < query.limit.min(MOST_TRACES)
    });
    found
}

/// Service, operation and kind of every span of the last hour.
pub fn operations(site: &Site) -> BTreeSet<(String, String, &'static str)> {
    let now = site.clock.now();
    let mut found = BTreeSet::new();
    walk(site, Window { start: now.minus(RECENT), end: now.shifted(1) }, Duration::ZERO, |trace| {
        let names = |span: &Span| (span.service.to_string(), span.name.to_string(), kind(span.kind));
        found.extend(trace.spans.iter().map(names));
        true
    });
    found
}
