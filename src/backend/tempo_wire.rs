//! TraceQL written, and Tempo's search answers read.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use super::lenient::{self, Pairs, Text};
use super::words;
use crate::domain::signal::{Listing, Summary};
use crate::domain::{Cause, SpanId, Symbol, Timestamp, TraceId};
use crate::port::Search;

/// What a server writes for a root that has not come.
const NO_ROOT: &str = "<root span not yet received>";

#[derive(Deserialize)]
struct Found<'a> {
    #[serde(borrow, default, deserialize_with = "lenient::or_default")]
    traces: Vec<Trace<'a>>,
    #[serde(borrow, default, deserialize_with = "lenient::or_default")]
    metrics: Jobs<'a>,
}

/// The parts of a search and how many of them were looked at; a number of zero is left out by the server.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Jobs<'a> {
    #[serde(borrow, default)]
    completed_jobs: Text<'a>,
    #[serde(borrow, default)]
    total_jobs: Text<'a>,
}

impl Jobs<'_> {
    fn left_out(&self) -> Option<String> {
        let (completed, total) = (self.completed_jobs.unsigned().unwrap_or(0), self.total_jobs.unsigned()?);
        (completed < total).then(|| format!("{completed} of {total} jobs"))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Trace<'a> {
    #[serde(borrow, default, rename = "traceID")]
    id: Text<'a>,
    #[serde(borrow, default)]
    root_service_name: Text<'a>,
    #[serde(borrow, default)]
    root_trace_name: Text<'a>,
    #[serde(borrow, default)]
    start_time_unix_nano: Text<'a>,
    #[serde(borrow, default)]
    duration_ms: Text<'a>,
    #[serde(borrow, default)]
    service_stats: Option<BTreeMap<Text<'a>, Stats<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stats<'a> {
    #[serde(borrow, default)]
    span_count: Text<'a>,
    #[serde(borrow, default)]
    error_count: Text<'a>,
}

/// Newest first, at most `limit`; a row without a valid id is left out.
pub(super) fn listing(body: &[u8], limit: usize) -> Result<Listing, Cause> {
    let found: Found<'_> = lenient::decode(body)?;
    let more = found.traces.len() >= limit;
    // One that has found enough stops before its last job, and that is told already.
    let partial = found.metrics.left_out().filter(|_| !more);
    let mut summaries: Vec<Summary> = found.traces.into_iter().filter_map(summary).collect();
    summaries.sort_by(|one, other| other.start.cmp(&one.start).then_with(|| one.trace.cmp(&other.trace)));
    summaries.truncate(limit);
    Ok(Listing { rows: summaries, more, partial })
}

fn summary(trace: Trace<'_>) -> Option<Summary> {
    let id: TraceId = trace.id.as_str().parse().ok()?;
    let millis = trace.duration_ms.integer().unwrap_or(0);
    let total = |count: fn(&Stats<'_>) -> Option<u64>| {
        let counts = trace.service_stats.as_ref()?.values();
        u32::try_from(counts.filter_map(count).fold(0, u64::saturating_add)).ok()
    };
    let root = trace.root_service_name.as_str();
    Some(Summary {
        trace: id,
        root_service: Symbol::from(if root == NO_ROOT { "" } else { root }),
        root_name: Symbol::from(trace.root_trace_name.as_str()),
        start: Timestamp::from_unsigned_nanos(trace.start_time_unix_nano.unsigned().unwrap_or(0)),
        duration_nanos: millis.saturating_mul(1_000_000),
        spans: total(|stats| stats.span_count.unsigned()),
        errors: total(|stats| stats.error_count.unsigned()),
        services: trace.service_stats.iter().flatten().map(|(name, _)| Symbol::from(name.as_str())).collect(),
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Values<'a> {
    #[serde(borrow, default, deserialize_with = "lenient::or_default")]
    tag_values: Vec<Pairs<'a>>,
}

/// The values of an attribute, each with its type in the answer.
pub(super) fn values(body: &[u8]) -> Result<Vec<Symbol>, Cause> {
    let told: Values<'_> = lenient::decode(body)?;
    let values = told.tag_values.iter().filter_map(|pair| pair.get("value"));
    Ok(values.filter(|value| !value.is_empty()).map(Symbol::from).collect())
}

pub(super) fn version(body: &[u8]) -> Result<String, Cause> {
    let build: Pairs<'_> = lenient::decode(body)?;
    Ok(words::clean(build.get("version").unwrap_or("")))
}

/// One spanset that holds for one span; `{}` for everything.
pub(super) fn traceql(search: &Search) -> String {
    let mut conditions = Vec::new();
    if let Some(service) = &search.service {
        conditions.push(format!("resource.service.name = {}", quoted(service)));
    }
    if search.errors_only {
        conditions.push("status = error".to_owned());
    }
    if let Some(longer) = search.longer_than {
        conditions.push(format!("traceDuration > {}", duration(longer)));
    }
    if let Some((key, value)) = &search.attribute {
        conditions.push(attribute(key, value));
    }
    if let Some(trace) = search.linked_to {
        conditions.push(format!("link:traceID = \"{trace}\""));
    }
    if conditions.is_empty() { "{}".into() } else { format!("{{ {} }}", conditions.join(" && ")) }
}

pub(super) fn of_span(span: SpanId) -> String {
    format!("{{ span:id = \"{span}\" }}")
}

/// Whether the server does not know a word of the query; a refusal of its window or its length is another matter.
pub(super) fn is_unspoken(cause: &Cause) -> bool {
    matches!(cause, Cause::Refused { status: 400, message } if message.to_ascii_lowercase().contains("traceql"))
}

/// TraceQL is typed and the responder is not: what reads as a number or a flag is looked for as both.
fn attribute(key: &str, value: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-' | '/');
    let name = if key.chars().all(plain) { format!(".{key}") } else { format!(".{}", quoted(key)) };
    let as_text = format!("{name} = {}", quoted(value));
    let typed = value.parse::<i64>().is_ok()
        || value.parse::<f64>().is_ok_and(f64::is_finite)
            && value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        || matches!(value, "true" | "false");
    if typed { format!("({as_text} || {name} = {value})") } else { as_text }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

fn duration(longer: Duration) -> String {
    let nanos = longer.as_nanos();
    if nanos.is_multiple_of(1_000_000) { format!("{}ms", nanos / 1_000_000) } else { format!("{nanos}ns") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_hold_for_one_span() {
        assert_eq!(traceql(&Search::default()), "{}");
        let search = Search {
            service: Some("check\"out".into()),
            errors_only: true,
            longer_than: Some(Duration::from_secs(2)),
            attribute: Some(("order_id".into(), "42".into())),
            linked_to: None,
        };
        let expected = r#"{ resource.service.name = "check\"out" && status = error && traceDuration > 2000ms && (.order_id = "42" || .order_id = 42) }"#;
        assert_eq!(traceql(&search), expected);
        assert_eq!(attribute("a b", "x"), r#"."a b" = "x""#);
        assert_eq!(attribute("k", "1e5"), r#".k = "1e5""#);
    }

    #[test]
    fn a_row_without_an_id_is_left_out_and_the_newest_comes_first() {
        let body = br#"{"traces":[{"traceID":"1","startTimeUnixNano":"5"},{"traceID":"zz"},{"traceID":"2","startTimeUnixNano":9}]}"#;
        let found = listing(body, 10).expect("rows").rows;
        assert_eq!(found.iter().map(|row| row.start.nanos()).collect::<Vec<_>>(), [9, 5]);
        assert_eq!((found[0].spans, found[0].duration_nanos), (None, 0));
        // The row that was left out was an answer too.
        let more = |limit| listing(body, limit).expect("rows").more;
        assert_eq!((more(3), more(4)), (true, false));
    }

    #[test]
    fn jobs_that_were_not_done_are_told_unless_the_limit_ended_the_search() {
        let partial = |metrics: &str, limit| {
            let body = format!(r#"{{"traces":[{{"traceID":"1"}}],"metrics":{metrics}}}"#);
            listing(body.as_bytes(), limit).expect("rows").partial
        };
        assert_eq!(partial(r#"{"completedJobs":2,"totalJobs":3}"#, 10).as_deref(), Some("2 of 3 jobs"));
        assert_eq!(partial(r#"{"inspectedBytes":"7","totalJobs":"3"}"#, 10).as_deref(), Some("0 of 3 jobs"));
        assert_eq!(partial(r#"{"completedJobs":2,"totalJobs":3}"#, 1), None);
        for whole in [r#"{"completedJobs":3,"totalJobs":3}"#, r#"{"inspectedBytes":"7"}"#, "null", "{}"] {
            assert_eq!(partial(whole, 10), None, "{whole}");
        }
    }
}
