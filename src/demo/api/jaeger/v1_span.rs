//! A trace in Jaeger's own JSON: microseconds, flat typed tags, references, numbered processes. Not the envelope.

use std::collections::HashSet;

use serde_json::{Map, Value as Json, json};

use super::find::kind;
use crate::demo::api::otlp::{SCOPE, batches};
use crate::domain::SpanId;
use crate::domain::signal::{Attributes, Event, Span, Status, Value};

/// Above this an integer is sent as text, because a browser could not hold it.
const SAFE: u64 = 1 << 53;

pub fn trace(spans: &[Span]) -> Json {
    let id = spans.first().map(|span| span.trace.to_string()).unwrap_or_default();
    let known: HashSet<SpanId> = spans.iter().map(|span| span.id).collect();
    let (mut processes, mut out) = (Map::new(), Vec::new());
    for (at, batch) in batches(spans).into_iter().enumerate() {
        let process = format!("p{}", at + 1);
        let service = batch.spans.first().map_or("", |span| span.service.as_str());
        let tags: Attributes = batch.resource.into_iter().filter(|(name, _)| name.as_str() != "service.name").collect();
        processes.insert(process.clone(), json!({"serviceName": service, "tags": tags_of(&tags)}));
        out.extend(batch.spans.into_iter().map(|each| span(each, &process, &known)));
    }
    json!({"traceID": id, "spans": out, "processes": processes, "warnings": null})
}

fn span(span: &Span, process: &str, known: &HashSet<SpanId>) -> Json {
    let lost = span.parent.filter(|parent| !known.contains(parent));
    let warnings = match lost {
        Some(id) => json!([format!("parent span ID={id} is not in the trace; skipping clock skew adjustment")]),
        None => Json::Null,
    };
    json!({
        "traceID": span.trace.to_string(),
        "spanID": span.id.to_string(),
        "operationName": span.name.as_str(),
        "references": references(span),
        "startTime": span.start.micros(),
        "duration": span.end.since(span.start).max(0) / 1_000,
        "tags": span_tags(span),
        "logs": span.events.iter().map(log).collect::<Vec<_>>(),
        "processID": process,
        "warnings": warnings,
    })
}

/// The parent, then the links; a link's attributes are lost.
fn references(span: &Span) -> Vec<Json> {
    let parent = span
        .parent
        .map(|id| json!({"refType": "CHILD_OF", "traceID": span.trace.to_string(), "spanID": id.to_string()}));
    let links = span.links.iter().map(|link| {
        let id = link.span.map(|id| id.to_string()).unwrap_or_default();
        json!({"refType": "FOLLOWS_FROM", "traceID": link.trace.to_string(), "spanID": id})
    });
    parent.into_iter().chain(links).collect()
}

fn span_tags(span: &Span) -> Vec<Json> {
    let mut tags = vec![text("otel.scope.name", SCOPE.0), text("otel.scope.version", SCOPE.1)];
    tags.extend(tags_of(&span.attributes));
    let kind = kind(span.kind);
    if !kind.is_empty() {
        tags.push(text("span.kind", kind));
    }
    match &span.status {
        Status::Unset => {}
        Status::Ok => tags.push(text("otel.status_code", "OK")),
        Status::Error(message) => {
            tags.push(text("otel.status_code", "ERROR"));
            tags.push(json!({"key": "error", "type": "bool", "value": true}));
            if !message.is_empty() {
                tags.push(text("otel.status_description", message));
            }
        }
    }
    tags
}

fn log(event: &Event) -> Json {
    let mut fields = vec![text("event", &event.name)];
    fields.extend(tags_of(&event.attributes));
    json!({"timestamp": event.time.micros(), "fields": fields})
}

/// Sorted by name.
fn tags_of(attributes: &Attributes) -> Vec<Json> {
    let mut sorted: Vec<_> = attributes.iter().collect();
    sorted.sort_by(|(left, _), (right, _)| left.cmp(right));
    let tag = |name: &str, value: &Value| match value {
        Value::Bool(value) => json!({"key": name, "type": "bool", "value": value}),
        Value::Integer(value) if value.unsigned_abs() > SAFE => {
            json!({"key": name, "type": "int64", "value": value.to_string()})
        }
        Value::Integer(value) => json!({"key": name, "type": "int64", "value": value}),
        Value::Float(value) => json!({"key": name, "type": "float64", "value": value}),
        Value::Text(value) => text(name, value),
    };
    sorted.into_iter().map(|(name, value)| tag(name, value)).collect()
}

fn text(name: &str, value: &str) -> Json {
    json!({"key": name, "type": "string", "value": value})
}
