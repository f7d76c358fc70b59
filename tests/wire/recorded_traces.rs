//! Every recorded trace, field by field: what a plain reading of the JSON says must be what the client tells.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;
use warroom::backend::{Jaeger, Tempo};
use warroom::domain::signal::{Kind, Span, Status, Value};
use warroom::domain::{Timestamp, TraceId, Window};
use warroom::port::Traces;

use super::replay::{Answer, Asked, Replay, body, recorded};

/// A span as the JSON has it, times in nanoseconds, every value as text.
#[derive(Debug, PartialEq)]
struct Plain {
    id: String,
    parent: Option<String>,
    service: String,
    name: String,
    kind: u8,
    start: i64,
    end: i64,
    error: Option<String>,
    attributes: BTreeMap<String, String>,
    resource: BTreeMap<String, String>,
    events: Vec<(i64, String, BTreeMap<String, String>)>,
    links: Vec<(String, String, BTreeMap<String, String>)>,
}

fn text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Hex of either spelling of an id.
fn hex(id: &Json, bytes: usize) -> Option<String> {
    let id = id.as_str().filter(|id| !id.is_empty())?;
    if id.len() == bytes * 2 {
        return Some(id.to_lowercase());
    }
    let raw = STANDARD.decode(id).expect("base64");
    Some(raw.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn any(value: &Json) -> String {
    let (kind, value) = value.as_object().and_then(|value| value.iter().next()).expect("a value of one kind");
    match kind.as_str() {
        "arrayValue" => {
            let items = value["values"].as_array().cloned().unwrap_or_default();
            let items: Vec<String> = items
                .iter()
                .map(|item| if item["stringValue"].is_string() { item["stringValue"].to_string() } else { any(item) })
                .collect();
            format!("[{}]", items.join(","))
        }
        "doubleValue" => value.as_f64().map_or_else(|| text(value), |number| number.to_string()),
        _ => text(value),
    }
}

fn pairs(list: &Json) -> BTreeMap<String, String> {
    let list = list.as_array().cloned().unwrap_or_default();
    list.iter().map(|pair| (text(&pair["key"]), any(&pair["value"]))).collect()
}

fn nanos(value: &Json) -> i64 {
    text(value).parse().unwrap_or(0)
}

fn kind(value: &Json) -> u8 {
    match value {
        Json::Number(number) => u8::try_from(number.as_u64().expect("a number")).expect("small"),
        Json::String(name) => {
            let names = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"];
            let at = names.iter().position(|known| name.ends_with(known)).expect("a kind");
            u8::try_from(at).expect("small")
        }
        _ => 0,
    }
}

/// OTLP in any of its dresses.
fn otlp(json: &Json) -> Vec<Plain> {
    let roots = [&json["batches"], &json["trace"]["resourceSpans"], &json["result"]["resourceSpans"]];
    let processes = roots.into_iter().find_map(Json::as_array).expect("spans");
    let mut spans = Vec::new();
    for process in processes {
        let resource = pairs(&process["resource"]["attributes"]);
        for span in process["scopeSpans"]
            .as_array()
            .expect("scopes")
            .iter()
            .flat_map(|scope| scope["spans"].as_array())
            .flatten()
        {
            let failed = span["status"]["code"] == 2 || span["status"]["code"] == "STATUS_CODE_ERROR";
            let list = |key: &str| span[key].as_array().cloned().unwrap_or_default();
            spans.push(Plain {
                id: hex(&span["spanId"], 8).expect("an id"),
                parent: hex(&span["parentSpanId"], 8),
                service: resource.get("service.name").cloned().unwrap_or_default(),
                name: text(&span["name"]),
                kind: kind(&span["kind"]),
                start: nanos(&span["startTimeUnixNano"]),
                end: nanos(&span["endTimeUnixNano"]),
                error: failed.then(|| span["status"]["message"].as_str().unwrap_or_default().to_owned()),
                attributes: pairs(&span["attributes"]),
                resource: resource.clone(),
                events: list("events")
                    .iter()
                    .map(|event| (nanos(&event["timeUnixNano"]), text(&event["name"]), pairs(&event["attributes"])))
                    .collect(),
                links: list("links")
                    .iter()
                    .map(|link| {
                        let (trace, span) = (hex(&link["traceId"], 16), hex(&link["spanId"], 8));
                        (trace.expect("a trace"), span.expect("a span"), pairs(&link["attributes"]))
                    })
                    .collect(),
            });
        }
    }
    spans.sort_by(|a, b| a.id.cmp(&b.id));
    spans
}

fn told(spans: &[Span]) -> Vec<Plain> {
    let pairs = |list: &[(warroom::domain::Symbol, Value)]| -> BTreeMap<String, String> {
        list.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
    };
    let mut plain: Vec<Plain> = spans
        .iter()
        .map(|span| Plain {
            id: span.id.to_string(),
            parent: span.parent.map(|parent| parent.to_string()),
            service: span.service.to_string(),
            name: span.name.to_string(),
            kind: match span.kind {
                Kind::Unspecified => 0,
                Kind::Internal => 1,
                Kind::Server => 2,
                Kind::Client => 3,
                Kind::Producer => 4,
                Kind::Consumer => 5,
            },
            start: span.start.nanos(),
            end: span.end.nanos(),
            error: match &span.status {
                Status::Error(message) => Some(message.to_string()),
                _ => None,
            },
            attributes: pairs(&span.attributes),
            resource: pairs(&span.resource),
            events: span
                .events
                .iter()
                .map(|event| (event.time.nanos(), event.name.to_string(), pairs(&event.attributes)))
                .collect(),
            links: span
                .links
                .iter()
                .map(|link| (link.trace.to_string(), link.span.expect("a span").to_string(), pairs(&link.attributes)))
                .collect(),
        })
        .collect();
    plain.sort_by(|a, b| a.id.cmp(&b.id));
    plain
}

fn trace_of(server: &str, call: &str) -> TraceId {
    let asked = std::fs::read_to_string(format!("{}/tests/recorded/{server}/{call}.req", env!("CARGO_MANIFEST_DIR")));
    let asked = asked.expect("a request");
    let id = asked
        .split(['/', '?', ' ', '\n'])
        .find(|part| part.len() == 32 && part.bytes().all(|byte| byte.is_ascii_hexdigit()));
    id.unwrap_or_else(|| panic!("an id in {asked}")).parse().expect("an id")
}

fn window() -> Option<Window> {
    Some(Window { start: Timestamp::from_seconds(1_795_348_000), end: Timestamp::from_seconds(1_795_349_000) })
}

#[tokio::test]
async fn tempo_tells_every_field_of_every_trace() {
    for (call, json) in [
        ("trace_v2_error_json", "trace_v2_error_json"),
        ("trace_v2_error_pb", "trace_v2_error_json"),
        ("trace_v1_error_json", "trace_v1_error_json"),
        ("trace_v1_error_pb", "trace_v1_error_json"),
        ("trace_v2_kafka_consumer", "trace_v2_kafka_consumer"),
        ("trace_v2_kafka_producer", "trace_v2_kafka_producer"),
        ("trace_v2_orphan", "trace_v2_orphan"),
    ] {
        let expected = otlp(&serde_json::from_slice(&body("tempo-3.0.3", json)).expect("JSON"));
        let replay =
            Replay::serve(move |asked: &Asked| match call.starts_with("trace_v1") && asked.path.contains("/v2/") {
                true => Answer::new(404, "404 page not found\n"),
                false => recorded("tempo-3.0.3", call),
            })
            .await;
        let client = Tempo::connect(replay.endpoint()).expect("a client");
        let fetched = client.trace(trace_of("tempo-3.0.3", json), window()).await.expect("a trace");
        assert!(!expected.is_empty());
        assert_eq!(told(&fetched.spans), expected, "{call}");
        assert!(fetched.spans.iter().all(|span| span.warnings.is_empty()), "{call}");
    }
}

#[tokio::test]
async fn the_third_version_of_jaeger_tells_every_field() {
    let expected = otlp(&serde_json::from_slice(&body("jaeger-2.17", "v3_trace_error")).expect("JSON"));
    let replay = Replay::serve(|_: &Asked| recorded("jaeger-2.17", "v3_trace_error")).await;
    let client = Jaeger::connect(replay.endpoint()).expect("a client");
    let fetched = client.trace(trace_of("jaeger-2.17", "v3_trace_error"), None).await.expect("a trace");
    assert_eq!(told(&fetched.spans), expected);
}

/// What OpenTelemetry has fields for stands in tags there.
const FIELDS: [&str; 4] = ["span.kind", "error", "otel.status_code", "otel.status_description"];

#[tokio::test]
async fn the_first_version_of_jaeger_tells_every_field() {
    for call in ["trace_error", "trace_kafka_consumer", "trace_orphan", "trace_skew", "trace_zero"] {
        let json: Json = serde_json::from_slice(&body("jaeger-2.17", call)).expect("JSON");
        let replay = Replay::serve(move |asked: &Asked| match asked.path.starts_with("/api/v3/") {
            true => Answer::new(200, "<!doctype html><title>Jaeger UI</title>"),
            false => recorded("jaeger-2.17", call),
        })
        .await;
        let client = Jaeger::connect(replay.endpoint()).expect("a client");
        let fetched = client.trace(trace_of("jaeger-2.17", call), None).await.expect("a trace");
        let expected = json["data"][0]["spans"].as_array().expect("spans");
        assert_eq!(fetched.spans.len(), expected.len(), "{call}");
        for raw in expected {
            let id = text(&raw["spanID"]);
            let span = fetched.spans.iter().find(|span| span.id.to_string() == id).expect("the span");
            assert_eq!(span.name.as_str(), text(&raw["operationName"]));
            let process = &json["data"][0]["processes"][text(&raw["processID"])];
            assert_eq!(span.service.as_str(), text(&process["serviceName"]));
            let start = raw["startTime"].as_i64().expect("microseconds");
            assert_eq!(span.start.micros(), start, "{call} {id}");
            assert_eq!(span.end.micros(), start + raw["duration"].as_i64().expect("microseconds"));
            let references = raw["references"].as_array().expect("a list");
            let own = |reference: &&Json| reference["refType"] == "CHILD_OF" && reference["traceID"] == raw["traceID"];
            assert_eq!(
                span.parent.map(|parent| parent.to_string()),
                references.iter().find(own).map(|found| text(&found["spanID"]))
            );
            let others: Vec<String> =
                references.iter().filter(|reference| !own(reference)).map(|found| text(&found["traceID"])).collect();
            assert_eq!(span.links.iter().map(|link| link.trace.to_string()).collect::<Vec<_>>(), others);
            for tag in raw["tags"].as_array().expect("tags") {
                let key = text(&tag["key"]);
                let found = span.attribute(&key).map(ToString::to_string);
                if FIELDS.contains(&key.as_str()) {
                    assert_eq!(found, None, "{call} {key}");
                } else {
                    let number =
                        tag["value"].as_f64().filter(|_| tag["type"] == "float64").map(|number| number.to_string());
                    assert_eq!(found, Some(number.unwrap_or_else(|| text(&tag["value"]))), "{call} {key}");
                }
            }
            assert_eq!(span.is_error(), raw["tags"].as_array().expect("tags").iter().any(|tag| tag["key"] == "error"));
            let logs = raw["logs"].as_array().expect("logs");
            assert_eq!(span.events.len(), logs.len());
            for (event, log) in span.events.iter().zip(logs) {
                assert_eq!(event.time.micros(), log["timestamp"].as_i64().expect("microseconds"));
                let fields = log["fields"].as_array().expect("fields");
                assert_eq!(event.attributes.len() + 1, fields.len(), "the name is a field there");
                assert_eq!(event.name.as_str(), text(&fields[0]["value"]));
            }
        }
    }
}
