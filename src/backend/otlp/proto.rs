//! Traces as protobuf: the few messages of OTLP and of Tempo's answer that are read. Text is taken as bytes: one name
//! that is not UTF-8 must not cost the whole trace.

use prost::{Message, Oneof};

use super::super::words;
use super::spans::{Any, Assembler, Decoded, Pair, Raw};
use crate::domain::{Cause, SpanId, TraceId};

/// Tempo's answer to `/api/v2/traces`.
#[derive(Clone, PartialEq, Message)]
struct ById {
    #[prost(message, optional, tag = "1")]
    trace: Option<Traces>,
    /// 1 is PARTIAL.
    #[prost(int32, tag = "3")]
    status: i32,
    #[prost(bytes = "vec", tag = "4")]
    message: Vec<u8>,
}

/// OTLP `TracesData`, and Tempo's answer to `/api/traces`.
#[derive(Clone, PartialEq, Message)]
struct Traces {
    #[prost(message, repeated, tag = "1")]
    resources: Vec<Process>,
}

#[derive(Clone, PartialEq, Message)]
struct Process {
    #[prost(message, optional, tag = "1")]
    resource: Option<Resource>,
    #[prost(message, repeated, tag = "2")]
    scopes: Vec<Scope>,
}

#[derive(Clone, PartialEq, Message)]
struct Resource {
    #[prost(message, repeated, tag = "1")]
    attributes: Vec<KeyValue>,
}

#[derive(Clone, PartialEq, Message)]
struct Scope {
    #[prost(message, repeated, tag = "2")]
    spans: Vec<Span>,
}

#[derive(Clone, PartialEq, Message)]
struct Span {
    #[prost(bytes = "vec", tag = "1")]
    trace_id: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    span_id: Vec<u8>,
    #[prost(bytes = "vec", tag = "4")]
    parent_span_id: Vec<u8>,
    #[prost(bytes = "vec", tag = "5")]
    name: Vec<u8>,
    #[prost(int32, tag = "6")]
    kind: i32,
    #[prost(fixed64, tag = "7")]
    start: u64,
    #[prost(fixed64, tag = "8")]
    end: u64,
    #[prost(message, repeated, tag = "9")]
    attributes: Vec<KeyValue>,
    #[prost(uint32, tag = "10")]
    dropped_attributes: u32,
    #[prost(message, repeated, tag = "11")]
    events: Vec<Event>,
    #[prost(uint32, tag = "12")]
    dropped_events: u32,
    #[prost(message, repeated, tag = "13")]
    links: Vec<Link>,
    #[prost(uint32, tag = "14")]
    dropped_links: u32,
    #[prost(message, optional, tag = "15")]
    status: Option<Status>,
}

#[derive(Clone, PartialEq, Message)]
struct Status {
    #[prost(bytes = "vec", tag = "2")]
    message: Vec<u8>,
    #[prost(int32, tag = "3")]
    code: i32,
}

#[derive(Clone, PartialEq, Message)]
struct Event {
    #[prost(fixed64, tag = "1")]
    time: u64,
    #[prost(bytes = "vec", tag = "2")]
    name: Vec<u8>,
    #[prost(message, repeated, tag = "3")]
    attributes: Vec<KeyValue>,
}

#[derive(Clone, PartialEq, Message)]
struct Link {
    #[prost(bytes = "vec", tag = "1")]
    trace_id: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    span_id: Vec<u8>,
    #[prost(message, repeated, tag = "4")]
    attributes: Vec<KeyValue>,
}

#[derive(Clone, PartialEq, Message)]
struct KeyValue {
    #[prost(bytes = "vec", tag = "1")]
    key: Vec<u8>,
    #[prost(message, optional, tag = "2")]
    value: Option<AnyValue>,
}

#[derive(Clone, PartialEq, Message)]
struct AnyValue {
    #[prost(oneof = "Held", tags = "1, 2, 3, 4, 5, 6, 7")]
    held: Option<Held>,
}

#[derive(Clone, PartialEq, Oneof)]
enum Held {
    #[prost(bytes = "vec", tag = "1")]
    Text(Vec<u8>),
    #[prost(bool, tag = "2")]
    Bool(bool),
    #[prost(int64, tag = "3")]
    Integer(i64),
    #[prost(double, tag = "4")]
    Float(f64),
    #[prost(message, tag = "5")]
    List(List),
    #[prost(message, tag = "6")]
    Map(Map),
    #[prost(bytes = "vec", tag = "7")]
    Bytes(Vec<u8>),
}

#[derive(Clone, PartialEq, Message)]
struct List {
    #[prost(message, repeated, tag = "1")]
    values: Vec<AnyValue>,
}

#[derive(Clone, PartialEq, Message)]
struct Map {
    #[prost(message, repeated, tag = "1")]
    values: Vec<KeyValue>,
}

/// The body of `/api/v2/traces`.
pub(in crate::backend) fn decode_by_id(body: &[u8]) -> Result<Decoded, Cause> {
    let answer = ById::decode(body).map_err(|error| malformed(&error))?;
    let mut decoded = assemble(&answer.trace.unwrap_or_default());
    if answer.status == 1 {
        let said = words::clean(&String::from_utf8_lossy(&answer.message));
        decoded.partial = Some(if said.is_empty() { "the server has a part of it".into() } else { said });
    }
    Ok(decoded)
}

/// The body of `/api/traces`: OTLP's own message.
pub(in crate::backend) fn decode_traces(body: &[u8]) -> Result<Decoded, Cause> {
    Traces::decode(body).map(|traces| assemble(&traces)).map_err(|error| malformed(&error))
}

fn malformed(error: &prost::DecodeError) -> Cause {
    Cause::Malformed(words::clean(&error.to_string()))
}

fn assemble(traces: &Traces) -> Decoded {
    let mut assembler = Assembler::new();
    for process in &traces.resources {
        assembler.resource(process.resource.as_ref().map(|resource| pairs(&resource.attributes)).unwrap_or_default());
        for span in process.scopes.iter().flat_map(|scope| &scope.spans) {
            assembler.span(raw(span));
        }
    }
    assembler.decoded
}

fn raw(span: &Span) -> Raw<'_> {
    let dropped = [span.dropped_attributes, span.dropped_events, span.dropped_links];
    let (code, message) = span.status.as_ref().map_or((0, &[][..]), |status| (status.code, &status.message));
    let events = span.events.iter();
    let links = span.links.iter();
    Raw {
        trace: TraceId::from_bytes(&span.trace_id),
        id: SpanId::from_bytes(&span.span_id),
        parent: SpanId::from_bytes(&span.parent_span_id),
        name: String::from_utf8_lossy(&span.name),
        kind: span.kind,
        start: span.start,
        end: span.end,
        status: code,
        message: String::from_utf8_lossy(message),
        attributes: pairs(&span.attributes),
        events: events
            .map(|event| (event.time, String::from_utf8_lossy(&event.name), pairs(&event.attributes)))
            .collect(),
        links: links
            .map(|link| {
                (TraceId::from_bytes(&link.trace_id), SpanId::from_bytes(&link.span_id), pairs(&link.attributes))
            })
            .collect(),
        dropped: dropped.iter().map(|count| u64::from(*count)).sum(),
    }
}

fn pairs(pairs: &[KeyValue]) -> Vec<Pair<'_>> {
    pairs.iter().map(|pair| (String::from_utf8_lossy(&pair.key), held(pair.value.as_ref()))).collect()
}

fn held(value: Option<&AnyValue>) -> Any<'_> {
    value.and_then(|value| value.held.as_ref()).map_or(Any::Empty, any)
}

fn any(one: &Held) -> Any<'_> {
    match one {
        Held::Text(text) => Any::Text(String::from_utf8_lossy(text)),
        Held::Bool(value) => Any::Bool(*value),
        Held::Integer(value) => Any::Integer(*value),
        Held::Float(value) => Any::Float(*value),
        Held::Bytes(bytes) => Any::Bytes(bytes.into()),
        Held::List(list) => Any::List(list.values.iter().map(|value| held(Some(value))).collect()),
        Held::Map(map) => Any::Map(pairs(&map.values)),
    }
}
