//! Spans as OTLP nests them (resource, scope, span), in the two JSON dialects that servers answer. Not protobuf.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json, json};

use crate::domain::signal::{Attributes, Event, Kind, Link, Span, Status, Value};
use crate::domain::{SpanId, Symbol, TraceId};

/// Who made the spans: the instrumentation of the simulated company.
pub const SCOPE: (&str, &str) = ("company", "1.0");

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Tempo: base64 ids, enums by name.
    Names,
    /// Jaeger v3, OTLP to the letter: hex ids, enums by number, attributes sorted, `flags`.
    Numbers,
}

/// The spans of one process, in their order.
pub struct Batch<'a> {
    pub resource: Attributes,
    pub spans: Vec<&'a Span>,
}

/// Groups by resource, in the order in which the resources first come; `service.name` comes last, as Tempo keeps it.
pub fn batches<'a>(spans: impl IntoIterator<Item = &'a Span>) -> Vec<Batch<'a>> {
    let mut known: Vec<(&Symbol, &Attributes, Vec<&Span>)> = Vec::new();
    for span in spans {
        let found =
            known.iter_mut().find(|(service, resource, _)| **service == span.service && **resource == *span.resource);
        match found {
            Some((_, _, spans)) => spans.push(span),
            None => known.push((&span.service, &span.resource, vec![span])),
        }
    }
    let batch = |(service, resource, spans): (&Symbol, &Attributes, Vec<&'a Span>)| {
        let mut resource: Attributes =
            resource.iter().filter(|(name, _)| name.as_str() != "service.name").cloned().collect();
        resource.push(("service.name".into(), Value::Text(service.as_str().into())));
        Batch { resource, spans }
    };
    known.into_iter().map(batch).collect()
}

/// The list that stands under `resourceSpans` (`batches` in Tempo's first version).
pub fn resource_spans<'a>(spans: impl IntoIterator<Item = &'a Span>, dialect: Dialect) -> Json {
    let one = |batch: Batch<'_>| {
        let spans: Vec<Json> = batch.spans.iter().map(|each| span(each, dialect)).collect();
        json!({
            "resource": {"attributes": pairs(&batch.resource, dialect)},
            "scopeSpans": [{"scope": {"name": SCOPE.0, "version": SCOPE.1}, "spans": spans}],
        })
    };
    batches(spans).into_iter().map(one).collect()
}

/// Zero values are absent, the status object apart.
fn span(span: &Span, dialect: Dialect) -> Json {
    let mut out = Map::new();
    out.insert("traceId".into(), trace_id(span.trace, dialect));
    out.insert("spanId".into(), span_id(span.id, dialect));
    if let Some(parent) = span.parent {
        out.insert("parentSpanId".into(), span_id(parent, dialect));
    }
    if dialect == Dialect::Numbers {
        out.insert("flags".into(), 256.into());
    }
    out.insert("name".into(), span.name.as_str().into());
    match dialect {
        _ if span.kind == Kind::Unspecified => None,
        Dialect::Names => out.insert("kind".into(), kind_name(span.kind).into()),
        Dialect::Numbers => out.insert("kind".into(), kind_number(span.kind).into()),
    };
    out.insert("startTimeUnixNano".into(), span.start.nanos().max(0).to_string().into());
    out.insert("endTimeUnixNano".into(), span.end.nanos().max(0).to_string().into());
    let list = |out: &mut Map<String, Json>, name: &str, items: Vec<Json>| {
        if !items.is_empty() {
            out.insert(name.into(), items.into());
        }
    };
    list(&mut out, "attributes", pairs(&span.attributes, dialect));
    list(&mut out, "events", span.events.iter().map(|each| event(each, dialect)).collect());
    list(&mut out, "links", span.links.iter().map(|each| link(each, dialect)).collect());
    out.insert("status".into(), status(&span.status, dialect));
    out.into()
}

fn event(event: &Event, dialect: Dialect) -> Json {
    let mut out = Map::new();
    out.insert("timeUnixNano".into(), event.time.nanos().max(0).to_string().into());
    out.insert("name".into(), event.name.as_str().into());
    if !event.attributes.is_empty() {
        out.insert("attributes".into(), pairs(&event.attributes, dialect).into());
    }
    out.into()
}

fn link(link: &Link, dialect: Dialect) -> Json {
    let mut out = Map::new();
    out.insert("traceId".into(), trace_id(link.trace, dialect));
    if let Some(id) = link.span {
        out.insert("spanId".into(), span_id(id, dialect));
    }
    if !link.attributes.is_empty() {
        out.insert("attributes".into(), pairs(&link.attributes, dialect).into());
    }
    out.into()
}

fn status(status: &Status, dialect: Dialect) -> Json {
    let (code, name, message) = match status {
        Status::Unset => return json!({}),
        Status::Ok => (1, "STATUS_CODE_OK", ""),
        Status::Error(message) => (2, "STATUS_CODE_ERROR", message.as_str()),
    };
    let mut out = Map::new();
    if !message.is_empty() {
        out.insert("message".into(), message.into());
    }
    let code = if dialect == Dialect::Names { Json::from(name) } else { Json::from(code) };
    out.insert("code".into(), code);
    out.into()
}

fn pairs(attributes: &Attributes, dialect: Dialect) -> Vec<Json> {
    let mut sorted: Vec<_> = attributes.iter().collect();
    if dialect == Dialect::Numbers {
        sorted.sort_by(|(left, _), (right, _)| left.cmp(right));
    }
    sorted.into_iter().map(|(name, each)| json!({"key": name.as_str(), "value": value(each)})).collect()
}

/// `{"intValue":"500"}`: 64-bit integers are text.
pub fn value(value: &Value) -> Json {
    match value {
        Value::Bool(value) => json!({"boolValue": value}),
        Value::Integer(value) => json!({"intValue": value.to_string()}),
        Value::Float(value) => json!({"doubleValue": value}),
        Value::Text(value) => json!({"stringValue": **value}),
    }
}

fn trace_id(id: TraceId, dialect: Dialect) -> Json {
    match dialect {
        Dialect::Names => STANDARD.encode(id.to_bytes()).into(),
        Dialect::Numbers => id.to_string().into(),
    }
}

fn span_id(id: SpanId, dialect: Dialect) -> Json {
    match dialect {
        Dialect::Names => STANDARD.encode(id.to_bytes()).into(),
        Dialect::Numbers => id.to_string().into(),
    }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Unspecified => "SPAN_KIND_UNSPECIFIED",
        Kind::Internal => "SPAN_KIND_INTERNAL",
        Kind::Server => "SPAN_KIND_SERVER",
        Kind::Client => "SPAN_KIND_CLIENT",
        Kind::Producer => "SPAN_KIND_PRODUCER",
        Kind::Consumer => "SPAN_KIND_CONSUMER",
    }
}

/// The number of the enum in OTLP's protobuf.
pub fn kind_number(kind: Kind) -> i32 {
    match kind {
        Kind::Unspecified => 0,
        Kind::Internal => 1,
        Kind::Server => 2,
        Kind::Client => 3,
        Kind::Producer => 4,
        Kind::Consumer => 5,
    }
}
