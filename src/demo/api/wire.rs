//! OTLP's trace in protobuf as Tempo answers it, written here and shared with no reader. Not JSON.

use prost::Message;

use super::otlp::{SCOPE, batches, kind_number};
use crate::domain::signal::{Attributes, Span, Status, Value};

#[derive(Clone, PartialEq, Message)]
pub struct ById {
    #[prost(message, optional, tag = "1")]
    pub trace: Option<Trace>,
    #[prost(message, optional, tag = "2")]
    pub metrics: Option<Metrics>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Metrics {
    #[prost(uint64, tag = "1")]
    pub inspected_bytes: u64,
}

#[derive(Clone, PartialEq, Message)]
pub struct Trace {
    #[prost(message, repeated, tag = "1")]
    pub resource_spans: Vec<ResourceSpans>,
}

#[derive(Clone, PartialEq, Message)]
pub struct ResourceSpans {
    #[prost(message, optional, tag = "1")]
    pub resource: Option<Resource>,
    #[prost(message, repeated, tag = "2")]
    pub scope_spans: Vec<ScopeSpans>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Resource {
    #[prost(message, repeated, tag = "1")]
    pub attributes: Vec<KeyValue>,
}

#[derive(Clone, PartialEq, Message)]
pub struct ScopeSpans {
    #[prost(message, optional, tag = "1")]
    pub scope: Option<Scope>,
    #[prost(message, repeated, tag = "2")]
    pub spans: Vec<WireSpan>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Scope {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(string, tag = "2")]
    pub version: String,
}

#[derive(Clone, PartialEq, Message)]
pub struct WireSpan {
    #[prost(bytes = "vec", tag = "1")]
    pub trace_id: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    pub span_id: Vec<u8>,
    #[prost(string, tag = "3")]
    pub trace_state: String,
    #[prost(bytes = "vec", tag = "4")]
    pub parent_span_id: Vec<u8>,
    #[prost(string, tag = "5")]
    pub name: String,
    #[prost(int32, tag = "6")]
    pub kind: i32,
    #[prost(fixed64, tag = "7")]
    pub start_time_unix_nano: u64,
    #[prost(fixed64, tag = "8")]
    pub end_time_unix_nano: u64,
    #[prost(message, repeated, tag = "9")]
    pub attributes: Vec<KeyValue>,
    #[prost(message, repeated, tag = "11")]
    pub events: Vec<Event>,
    #[prost(message, repeated, tag = "13")]
    pub links: Vec<Link>,
    #[prost(message, optional, tag = "15")]
    pub status: Option<WireStatus>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Event {
    #[prost(fixed64, tag = "1")]
    pub time_unix_nano: u64,
    #[prost(string, tag = "2")]
    pub name: String,
    #[prost(message, repeated, tag = "3")]
    pub attributes: Vec<KeyValue>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Link {
    #[prost(bytes = "vec", tag = "1")]
    pub trace_id: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    pub span_id: Vec<u8>,
    #[prost(message, repeated, tag = "4")]
    pub attributes: Vec<KeyValue>,
}

#[derive(Clone, PartialEq, Message)]
pub struct WireStatus {
    #[prost(string, tag = "2")]
    pub message: String,
    #[prost(int32, tag = "3")]
    pub code: i32,
}

#[derive(Clone, PartialEq, Message)]
pub struct KeyValue {
    #[prost(string, tag = "1")]
    pub key: String,
    #[prost(message, optional, tag = "2")]
    pub value: Option<AnyValue>,
}

#[derive(Clone, PartialEq, Message)]
pub struct AnyValue {
    #[prost(oneof = "Any", tags = "1, 2, 3, 4")]
    pub value: Option<Any>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
pub enum Any {
    #[prost(string, tag = "1")]
    Text(String),
    #[prost(bool, tag = "2")]
    Bool(bool),
    #[prost(int64, tag = "3")]
    Integer(i64),
    #[prost(double, tag = "4")]
    Float(f64),
}

pub fn trace(spans: &[Span]) -> Trace {
    let resource_spans = batches(spans).into_iter().map(|batch| ResourceSpans {
        resource: Some(Resource { attributes: pairs(&batch.resource) }),
        scope_spans: vec![ScopeSpans {
            scope: Some(Scope { name: SCOPE.0.to_owned(), version: SCOPE.1.to_owned() }),
            spans: batch.spans.into_iter().map(span).collect(),
        }],
    });
    Trace { resource_spans: resource_spans.collect() }
}

/// The second version's answer; without a trace it is two empty messages, and not zero bytes.
pub fn by_id(trace_and_bytes: Option<(&[Span], u64)>) -> ById {
    let (spans, inspected_bytes) = trace_and_bytes.unwrap_or((&[], 0));
    ById { trace: Some(trace(spans)), metrics: Some(Metrics { inspected_bytes }) }
}

fn span(span: &Span) -> WireSpan {
    WireSpan {
        trace_id: span.trace.to_bytes().to_vec(),
        span_id: span.id.to_bytes().to_vec(),
        trace_state: String::new(),
        parent_span_id: span.parent.map(|id| id.to_bytes().to_vec()).unwrap_or_default(),
        name: span.name.to_string(),
        kind: kind_number(span.kind),
        start_time_unix_nano: nanos(span.start),
        end_time_unix_nano: nanos(span.end),
        attributes: pairs(&span.attributes),
        events: span
            .events
            .iter()
            .map(|event| Event {
                time_unix_nano: nanos(event.time),
                name: event.name.to_string(),
                attributes: pairs(&event.attributes),
            })
            .collect(),
        links: span
            .links
            .iter()
            .map(|link| Link {
                trace_id: link.trace.to_bytes().to_vec(),
                span_id: link.span.map(|id| id.to_bytes().to_vec()).unwrap_or_default(),
                attributes: pairs(&link.attributes),
            })
            .collect(),
        status: Some(match &span.status {
            Status::Unset => WireStatus::default(),
            Status::Ok => WireStatus { message: String::new(), code: 1 },
            Status::Error(message) => WireStatus { message: message.to_string(), code: 2 },
        }),
    }
}

fn nanos(time: crate::domain::Timestamp) -> u64 {
    u64::try_from(time.nanos()).unwrap_or(0)
}

fn pairs(attributes: &Attributes) -> Vec<KeyValue> {
    let any = |value: &Value| match value {
        Value::Bool(value) => Any::Bool(*value),
        Value::Integer(value) => Any::Integer(*value),
        Value::Float(value) => Any::Float(*value),
        Value::Text(value) => Any::Text(value.to_string()),
    };
    let pair = |(key, value): &(crate::domain::Symbol, Value)| KeyValue {
        key: key.to_string(),
        value: Some(AnyValue { value: Some(any(value)) }),
    };
    attributes.iter().map(pair).collect()
}
