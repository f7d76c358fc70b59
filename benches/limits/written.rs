//! The trace that is measured, in protobuf and in JSON as Tempo writes them: 100,000 spans of four processes, eight children a
//! span, a mix of attributes as real instrumentation has it: some that are the same everywhere, one that never comes twice.

use base64::Engine as _;
use prost::Message as _;

use super::otlp::{
    Answer, AnyValue, Held, KeyValue, Resource, ResourceSpans, ScopeSpans, Span, Status, Traces as Trace,
};

pub const SPANS: u64 = 100_000;
pub const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const SERVICES: [&str; 4] = ["edge-gateway", "routing", "inventory", "pricing"];
const START: u64 = 1_773_423_000_000_000_000;

fn pair(key: &str, held: Held) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(AnyValue { held: Some(held) }) }
}

fn span(number: u64, trace: &[u8]) -> Span {
    let scattered = |number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes().to_vec();
    let text = |key: &str, value: String| pair(key, Held::Text(value));
    Span {
        trace_id: trace.to_vec(),
        span_id: scattered(number),
        parent_span_id: if number > 1 { scattered((number + 6) / 8) } else { Vec::new() },
        name: format!("operation {}", number % 50),
        kind: i32::try_from(1 + number % 3).unwrap_or(1),
        start: START + number * 1_000,
        end: START + 2_000_000_000 - number * 1_000,
        attributes: vec![
            text("http.request.method", "POST".into()),
            text("http.route", format!("/orders/{{id}}/lines/{}", number % 31)),
            text("order_id", format!("ord-{number}")),
            text("server.address", format!("node-{}.internal", number % 97)),
            pair("cache.hit", Held::Bool(!number.is_multiple_of(7))),
            pair("http.response.status_code", Held::Integer(200)),
        ],
        status: Some(Status { message: String::new(), code: 0 }),
    }
}

/// Protobuf and JSON.
pub fn written() -> (Vec<u8>, String) {
    let trace = u128::from_str_radix(TRACE, 16).unwrap_or(1).to_be_bytes();
    let process = |(place, service): (u64, &&str)| {
        let spans = (1..=SPANS).filter(|number| number % 4 == place).map(|number| span(number, &trace)).collect();
        let resource = Resource { attributes: vec![pair("service.name", Held::Text((*service).to_owned()))] };
        ResourceSpans { resource: Some(resource), scope_spans: vec![ScopeSpans { spans }] }
    };
    let trace = Trace { resource_spans: (0..).zip(&SERVICES).map(process).collect() };
    let json = json(&trace);
    (Answer { trace: Some(trace) }.encode_to_vec(), json)
}

/// Ids as Tempo's JSON has them.
fn id(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn json(trace: &Trace) -> String {
    let mut text = String::from("{\"trace\":{\"resourceSpans\":[");
    for (at, process) in trace.resource_spans.iter().enumerate() {
        let comma = if at > 0 { "," } else { "" };
        let own = attributes(process.resource.as_ref().map_or(&[], |resource| resource.attributes.as_slice()));
        let spans = process.scope_spans.iter().flat_map(|scope| &scope.spans).map(span_in_json);
        let spans = spans.collect::<Vec<_>>().join(",");
        text += &format!(
            "{comma}{{\"resource\":{{\"attributes\":[{own}]}},\"scopeSpans\":[{{\"scope\":{{}},\"spans\":[{spans}]}}]}}"
        );
    }
    text + "]},\"metrics\":{}}"
}

fn span_in_json(span: &Span) -> String {
    let parent = id(&span.parent_span_id);
    let parent = if parent.is_empty() { parent } else { format!("\"parentSpanId\":\"{parent}\",") };
    let kind = match span.kind {
        1 => "SPAN_KIND_INTERNAL",
        2 => "SPAN_KIND_SERVER",
        _ => "SPAN_KIND_CLIENT",
    };
    format!(
        "{{\"traceId\":\"{}\",\"spanId\":\"{}\",{parent}\"name\":\"{}\",\"kind\":\"{kind}\",\"startTimeUnixNano\":\"{}\",\
         \"endTimeUnixNano\":\"{}\",\"attributes\":[{}],\"status\":{{}}}}",
        id(&span.trace_id),
        id(&span.span_id),
        span.name,
        span.start,
        span.end,
        attributes(&span.attributes),
    )
}

fn attributes(pairs: &[KeyValue]) -> String {
    let pair = |pair: &KeyValue| {
        let value = match pair.value.as_ref().and_then(|value| value.held.as_ref()) {
            Some(Held::Text(text)) => format!("\"stringValue\":\"{text}\""),
            Some(Held::Bool(flag)) => format!("\"boolValue\":{flag}"),
            Some(Held::Integer(number)) => format!("\"intValue\":\"{number}\""),
            Some(Held::Float(number)) => format!("\"doubleValue\":{number}"),
            None => String::new(),
        };
        format!("{{\"key\":\"{}\",\"value\":{{{value}}}}}", pair.key)
    };
    pairs.iter().map(pair).collect::<Vec<_>>().join(",")
}
