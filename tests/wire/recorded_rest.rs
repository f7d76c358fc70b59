//! What else was recorded, field by field: the rows of searches, alerts, lines.

use std::collections::BTreeMap;

use serde_json::Value;
use warroom::backend::{Alertmanager, Loki, Tempo};
use warroom::domain::incident::AlertState;
use warroom::domain::{Labels, Timestamp, TraceId, Window};
use warroom::port::{Alerts, Logs, Traces};

use super::replay::{Asked, Replay, body, recorded};

fn json(server: &str, call: &str) -> Value {
    serde_json::from_slice(&body(server, call)).expect("JSON")
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn window() -> Window {
    Window { start: Timestamp::from_seconds(1_795_348_000), end: Timestamp::from_seconds(1_795_349_000) }
}

#[tokio::test]
async fn tempo_tells_every_field_of_every_row() {
    for call in ["search_all", "search_select", "search_slow", "search_error", "search_orphan_root_missing"] {
        let replay = Replay::serve(move |_: &Asked| recorded("tempo-3.0.3", call)).await;
        let client = Tempo::connect(replay.endpoint()).expect("a client");
        let found = client.query("{}", window(), 100).await.expect("rows").rows;
        let mut rows: BTreeMap<TraceId, _> = found.into_iter().map(|row| (row.trace, row)).collect();
        let told = json("tempo-3.0.3", call)["traces"].as_array().expect("rows").clone();
        assert_eq!(rows.len(), told.len(), "{call}");
        for one in &told {
            let id: TraceId = text(one, "traceID").parse().expect("an id");
            let row = rows.remove(&id).unwrap_or_else(|| panic!("{call}: {id}"));
            let service = text(one, "rootServiceName");
            let service = if service.starts_with('<') { "" } else { service };
            assert_eq!((row.root_service.as_str(), row.root_name.as_str()), (service, text(one, "rootTraceName")));
            assert_eq!(row.start.nanos().to_string(), text(one, "startTimeUnixNano"), "{call}: {id}");
            assert_eq!(row.duration_nanos, one["durationMs"].as_i64().unwrap_or(0) * 1_000_000, "{call}: {id}");
            let stats = one["serviceStats"].as_object().expect("numbers by service");
            let sum = |key: &str| stats.values().map(|stats| stats[key].as_u64().unwrap_or(0)).sum::<u64>();
            assert_eq!(row.spans.map(u64::from), Some(sum("spanCount")), "{call}: {id}");
            assert_eq!(row.errors.map(u64::from), Some(sum("errorCount")), "{call}: {id}");
            assert_eq!(row.services, stats.keys().map(String::as_str).collect::<Vec<_>>(), "{call}: {id}");
        }
    }
}

fn labels(value: &Value) -> Labels {
    let pairs = value.as_object().expect("labels").iter();
    pairs.map(|(name, value)| (name.as_str(), value.as_str().expect("text"))).collect()
}

#[tokio::test]
async fn alertmanager_tells_every_field_of_every_alert() {
    for call in ["alerts", "alerts_active_only"] {
        let replay = Replay::serve(move |_: &Asked| recorded("alertmanager-0.25", call)).await;
        let client = Alertmanager::connect(replay.endpoint()).expect("a client");
        let found = client.firing().await.expect("alerts");
        let told = json("alertmanager-0.25", call).as_array().expect("alerts").clone();
        assert_eq!(found.len(), told.len(), "{call}");
        for one in &told {
            let alert = found.iter().find(|alert| alert.fingerprint == text(one, "fingerprint")).expect("the alert");
            assert_eq!((&alert.labels, &alert.annotations), (&labels(&one["labels"]), &labels(&one["annotations"])));
            let starts = chrono::DateTime::parse_from_rfc3339(text(one, "startsAt")).expect("a time");
            assert_eq!(Some(alert.starts.nanos()), starts.timestamp_nanos_opt(), "{call}: {}", alert.name());
            assert_eq!(
                alert.state == AlertState::Active,
                one["status"]["state"] == "active",
                "{call}: {}",
                alert.name()
            );
            assert_eq!(&alert.source, client.name());
        }
    }
}

#[tokio::test]
async fn loki_tells_every_line_with_its_time_service_and_ids() {
    for call in [
        "range_by_trace_sm",
        "range_streams_otlp",
        "range_streams_otlp_categorized",
        "range_json_error_categorized",
        "range_limit2_backward",
        "range_escape_and_rtl",
        "range_empty",
    ] {
        let replay = Replay::serve(move |_: &Asked| recorded("loki-3.7.6", call)).await;
        let client = Loki::connect(replay.endpoint()).expect("a client");
        let found = client.history("{}", window(), 100).await.expect("lines").lines;
        let mut told = Vec::new();
        for stream in json("loki-3.7.6", call)["data"]["result"].as_array().expect("streams") {
            for value in stream["values"].as_array().expect("lines") {
                let of = |key: &str| {
                    [&stream["stream"], &value[2]["structuredMetadata"]]
                        .iter()
                        .find_map(|labels| labels[key].as_str().map(str::to_owned))
                };
                let time: i64 = value[0].as_str().and_then(|time| time.parse().ok()).expect("a time");
                let raw = value[1].as_str().expect("a line").to_owned();
                told.push((time, raw, of("service_name"), of("trace_id"), of("span_id")));
            }
        }
        told.sort();
        let mut lines: Vec<_> = found
            .iter()
            .map(|line| {
                // An id that only the text has is the reader's merit, not the server's.
                let id = |id: Option<String>| id.filter(|id| !line.raw.contains(id.trim_start_matches('0')));
                let trace = line.trace.map(|trace| trace.to_string());
                let span = line.span.map(|span| span.to_string());
                let service = Some(line.service.to_string()).filter(|service| !service.is_empty());
                (line.time.nanos(), line.raw.to_string(), service, id(trace), id(span))
            })
            .collect();
        lines.sort();
        assert_eq!(lines, told, "{call}");
    }
}

/// Of a window without a line Loki leaves the list out, not empty: nothing is found, and that is no failure.
#[tokio::test]
async fn no_labels_at_all_are_no_error() {
    let replay = Replay::serve(|asked: &Asked| match asked.path.ends_with("/labels") {
        true => recorded("loki-3.7.6", "labels_empty_window"),
        false => recorded("loki-3.7.6", "range_empty"),
    })
    .await;
    let client = Loki::connect(replay.endpoint()).expect("a client");
    let trace: TraceId = "bdd640fb06671ad11c80317fa3b1799d".parse().expect("an id");
    let found = client.of_trace(trace, window(), 100).await.expect("no lines");
    assert!(found.lines.is_empty() && !found.more);
}
