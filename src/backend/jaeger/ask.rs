//! Jaeger's questions: v3 in both of its spellings, and v1.

use std::time::Duration;

use super::super::http::{Ask, TRACE_BOUND};
use crate::domain::{Timestamp, Window};
use crate::port::Search;

/// New servers read the first spelling, older ones only the second.
pub(super) const SPELLED: [(&str, &str); 6] = [
    ("query.startTimeMin", "query.start_time_min"),
    ("query.startTimeMax", "query.start_time_max"),
    ("query.searchDepth", "query.num_traces"),
    ("query.serviceName", "query.service_name"),
    ("query.durationMin", "query.duration_min"),
    ("query.attributes", "query.attributes"),
];

/// In the order of [`SPELLED`]; `None` does not restrict.
pub(super) fn third_values(search: &Search, window: Window, depth: &str) -> [Option<String>; 6] {
    [
        Some(window.start.to_rfc3339()),
        Some(window.end.to_rfc3339()),
        Some(depth.to_owned()),
        search.service.as_ref().map(ToString::to_string),
        search.longer_than.map(micros),
        tags(search),
    ]
}

pub(super) fn first_search<'a>(search: &Search, window: Window, depth: &str) -> Ask<'a> {
    let mut ask = within(Ask::get(&["api", "traces"]), window).pair("limit", depth);
    ask.bound = TRACE_BOUND;
    if let Some(service) = &search.service {
        ask = ask.pair("service", service);
    }
    if let Some(longer) = search.longer_than {
        ask = ask.pair("minDuration", micros(longer));
    }
    if let Some(tags) = tags(search) {
        ask = ask.pair("tags", tags);
    }
    ask
}

pub(super) fn third_by_id(id: &str, around: Option<Window>) -> Ask<'_> {
    let mut ask = Ask { bound: TRACE_BOUND, ..Ask::get(&["api", "v3", "traces", id]) };
    if let Some(window) = around {
        let (start, end) = (window.start.to_rfc3339(), window.end.to_rfc3339());
        ask = ask.pair("startTime", &start).pair("start_time", start).pair("endTime", &end).pair("end_time", end);
    }
    ask
}

pub(super) fn first_by_id(id: &str, around: Option<Window>) -> Ask<'_> {
    let ask = Ask { bound: TRACE_BOUND, ..Ask::get(&["api", "traces", id]) };
    match around {
        Some(window) => within(ask, window),
        None => ask,
    }
}

fn within<'a>(ask: Ask<'a>, window: Window) -> Ask<'a> {
    let up = |moment: Timestamp| moment.shifted(999).micros();
    ask.pair("start", window.start.micros()).pair("end", up(window.end))
}

fn micros(longer: Duration) -> String {
    format!("{}us", longer.as_micros())
}

/// Both APIs take tags as one JSON object of texts.
fn tags(search: &Search) -> Option<String> {
    let mut tags = std::collections::BTreeMap::new();
    if search.errors_only {
        tags.insert("error", "true");
    }
    if let Some((key, value)) = &search.attribute {
        tags.insert(key.as_str(), value.as_str());
    }
    // A map of texts always serialises.
    (!tags.is_empty()).then(|| serde_json::to_string(&tags).unwrap_or_default())
}
