//! The answer of `query_exemplars`, decoded: which requests a server kept beside its buckets, and in which traces they were.

use serde::Deserialize;

use super::super::http::Answered;
use super::super::lenient::{self, Pairs, Text};
use super::super::prometheus_wire as wire;
use crate::domain::signal::Exemplar;
use crate::domain::{Cause, Interner, SpanId, Timestamp, TraceId};

/// Exemplars that are read at most, and names and values that are shared.
const MOST: usize = 10_000;
const INTERNED: usize = 5_000;
/// How libraries name the two ids.
const TRACE: [&str; 4] = ["trace_id", "traceID", "traceId", "trace.id"];
const SPAN: [&str; 4] = ["span_id", "spanID", "spanId", "span.id"];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Series<'a> {
    #[serde(borrow, default)]
    series_labels: Pairs<'a>,
    #[serde(borrow, default, deserialize_with = "lenient::or_default")]
    exemplars: Vec<Kept<'a>>,
}

#[derive(Deserialize)]
struct Kept<'a> {
    #[serde(borrow, default)]
    labels: Pairs<'a>,
    #[serde(borrow, default)]
    value: Text<'a>,
    #[serde(borrow, default)]
    timestamp: Text<'a>,
}

/// Those that name a trace; what else is kept leads nowhere.
pub(super) fn read(answered: &Answered) -> Result<Vec<Exemplar>, Cause> {
    let series: Vec<Series<'_>> = lenient::decode(wire::data(answered, "[]")?)?;
    let mut interner = Interner::with_bound(INTERNED);
    let mut found = Vec::new();
    for Series { series_labels, exemplars } in &series {
        let labels: crate::domain::Labels =
            series_labels.iter().map(|(name, value)| (interner.intern(name), interner.intern(value))).collect();
        for kept in exemplars.iter().take(MOST.saturating_sub(found.len())) {
            let id = |names: [&str; 4]| {
                let named =
                    |name: &str| kept.labels.iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned());
                names.iter().find_map(|name| named(name))
            };
            let trace = id(TRACE).and_then(|id| id.parse::<TraceId>().ok());
            let (Some(trace), Some(value)) = (trace, kept.value.float()) else { continue };
            let Some(seconds) = kept.timestamp.float().filter(|seconds| seconds.is_finite()) else { continue };
            found.push(Exemplar {
                series: labels.clone(),
                trace,
                span: id(SPAN).and_then(|id| id.parse::<SpanId>().ok()),
                value,
                at: Timestamp::from_float_seconds(seconds),
            });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(body: &str) -> Answered {
        Answered { status: 200, content_type: String::new(), body: body.as_bytes().to_vec(), skew: None }
    }

    #[test]
    fn the_recorded_answer_of_a_real_server() {
        let body = include_str!("../../../tests/recorded/prometheus-2.42/exemplars.json");
        let found = read(&answered(body)).expect("an answer");
        assert!(!found.is_empty());
        assert!(found.iter().all(|exemplar| exemplar.value.is_finite() && !exemplar.series.is_empty()));
    }

    #[test]
    fn what_names_no_trace_is_left_out_and_nothing_is_a_panic() {
        let body = r#"{"status":"success","data":[{"seriesLabels":{"le":"3"},"exemplars":[
            {"labels":{"traceID":"5b8efff798038103d269b633813fc60c","span_id":"eee19b7ec3c1b174"},"value":"2.4","timestamp":1.5},
            {"labels":{"user":"7"},"value":"1","timestamp":1},
            {"labels":{"trace_id":"0"},"value":"1","timestamp":1},
            {"labels":{"trace_id":"a"},"value":"x","timestamp":1},
            {"labels":{"trace_id":"a"},"value":"1"}]},{}]}"#;
        let found = read(&answered(body)).expect("an answer");
        let [one] = found.as_slice() else { panic!("one: {found:?}") };
        assert_eq!(
            (one.trace.short(), one.value, one.at),
            ("5b8efff7…".to_owned(), 2.4, Timestamp::from_millis(1_500))
        );
        assert_eq!(one.span.map(|span| span.to_string()).as_deref(), Some("eee19b7ec3c1b174"));
        assert_eq!(read(&answered(r#"{"status":"success","data":[]}"#)), Ok(Vec::new()));
        assert!(read(&answered(r#"{"status":"success","data":7}"#)).is_err());
    }
}
