//! Traces as JSON: OTLP's own (hex ids, numbered enums) and Tempo's (base64 ids, named enums, `batches`), in one reader.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;

use super::super::lenient::{self, Few, Text};
use super::spans::{Any, Pair, Raw};
use crate::domain::{SpanId, TraceId};

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

#[derive(Default, Deserialize)]
pub(super) struct Attributed<'a> {
    #[serde(borrow, default)]
    pub(super) attributes: Few<KeyValue<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Span<'a> {
    #[serde(borrow, default)]
    trace_id: Text<'a>,
    #[serde(borrow, default)]
    span_id: Text<'a>,
    #[serde(borrow, default)]
    parent_span_id: Text<'a>,
    #[serde(borrow, default)]
    name: Text<'a>,
    #[serde(borrow, default)]
    kind: Text<'a>,
    #[serde(borrow, default)]
    start_time_unix_nano: Text<'a>,
    #[serde(borrow, default)]
    end_time_unix_nano: Text<'a>,
    #[serde(borrow, default, deserialize_with = "lenient::or_default")]
    status: Status<'a>,
    #[serde(borrow, default)]
    attributes: Few<KeyValue<'a>>,
    #[serde(borrow, default)]
    events: Few<Event<'a>>,
    #[serde(borrow, default)]
    links: Few<Link<'a>>,
    #[serde(borrow, default)]
    dropped_attributes_count: Text<'a>,
    #[serde(borrow, default)]
    dropped_events_count: Text<'a>,
    #[serde(borrow, default)]
    dropped_links_count: Text<'a>,
}

#[derive(Default, Deserialize)]
struct Status<'a> {
    #[serde(borrow, default)]
    code: Text<'a>,
    #[serde(borrow, default)]
    message: Text<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    #[serde(borrow, default)]
    time_unix_nano: Text<'a>,
    #[serde(borrow, default)]
    name: Text<'a>,
    #[serde(borrow, default)]
    attributes: Few<KeyValue<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Link<'a> {
    #[serde(borrow, default)]
    trace_id: Text<'a>,
    #[serde(borrow, default)]
    span_id: Text<'a>,
    #[serde(borrow, default)]
    attributes: Few<KeyValue<'a>>,
}

#[derive(Deserialize)]
pub(super) struct KeyValue<'a> {
    #[serde(borrow, default)]
    key: Text<'a>,
    #[serde(borrow, default, deserialize_with = "lenient::or_default")]
    value: AnyValue<'a>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnyValue<'a> {
    #[serde(borrow, default)]
    string_value: Option<Text<'a>>,
    #[serde(borrow, default)]
    bool_value: Option<Text<'a>>,
    #[serde(borrow, default)]
    int_value: Option<Text<'a>>,
    #[serde(borrow, default)]
    double_value: Option<Text<'a>>,
    #[serde(borrow, default)]
    bytes_value: Option<Text<'a>>,
    #[serde(borrow, default)]
    array_value: Option<List<'a>>,
    #[serde(borrow, default)]
    kvlist_value: Option<Map<'a>>,
}

#[derive(Deserialize)]
struct List<'a> {
    #[serde(borrow, default)]
    values: Few<AnyValue<'a>>,
}

#[derive(Deserialize)]
struct Map<'a> {
    #[serde(borrow, default)]
    values: Few<KeyValue<'a>>,
}

pub(super) fn raw(span: Span<'_>) -> Raw<'_> {
    let dropped = [span.dropped_attributes_count, span.dropped_events_count, span.dropped_links_count];
    let left_out = [span.attributes.left_out, span.events.left_out, span.links.left_out];
    let events = span.events.items.into_iter();
    let links = span.links.items.into_iter();
    Raw {
        trace: trace_id(span.trace_id.as_str()),
        id: span_id(span.span_id.as_str()),
        parent: span_id(span.parent_span_id.as_str()),
        name: span.name.0,
        kind: kind(span.kind.as_str()),
        start: span.start_time_unix_nano.unsigned().unwrap_or(0),
        end: span.end_time_unix_nano.unsigned().unwrap_or(0),
        status: status(span.status.code.as_str()),
        message: span.status.message.0,
        attributes: pairs(span.attributes),
        events: events
            .map(|event| (event.time_unix_nano.unsigned().unwrap_or(0), event.name.0, pairs(event.attributes)))
            .collect(),
        links: links
            .map(|link| (trace_id(link.trace_id.as_str()), span_id(link.span_id.as_str()), pairs(link.attributes)))
            .collect(),
        dropped: dropped.iter().filter_map(Text::unsigned).fold(0, u64::saturating_add),
        left_out: left_out.iter().sum(),
    }
}

pub(super) fn pairs(pairs: Few<KeyValue<'_>>) -> Vec<Pair<'_>> {
    pairs.items.into_iter().map(|pair| (pair.key.0, any(pair.value))).collect()
}

fn any(value: AnyValue<'_>) -> Any<'_> {
    if let Some(Text(text)) = value.string_value {
        return Any::Text(text);
    }
    if let Some(flag) = value.bool_value {
        return Any::Bool(flag.as_str() == "true");
    }
    if let Some(number) = value.int_value {
        // What is no integer after all is shown as it came.
        return number.integer().map_or(Any::Text(number.0), Any::Integer);
    }
    if let Some(number) = value.double_value {
        return number.float().map_or(Any::Text(number.0), Any::Float);
    }
    if let Some(Text(text)) = value.bytes_value {
        return match base64(&text) {
            Some(bytes) => Any::Bytes(Cow::Owned(bytes)),
            None => Any::Text(text),
        };
    }
    if let Some(list) = value.array_value {
        return Any::List(list.values.items.into_iter().map(any).collect());
    }
    value.kvlist_value.map_or(Any::Empty, |map| Any::Map(pairs(map.values)))
}

fn base64(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text.replace('-', "+").replace('_', "/")).ok()
}

/// The length tells the spelling: 16 bytes are 22 or 24 letters of base64 and never as many of hex.
pub(in crate::backend) fn trace_id(text: &str) -> Option<TraceId> {
    match text.len() {
        22 | 24 => base64(text).filter(|bytes| bytes.len() == 16).and_then(|bytes| TraceId::from_bytes(&bytes)),
        _ => text.parse().ok(),
    }
}

/// As [`trace_id`], for 8 bytes.
pub(in crate::backend) fn span_id(text: &str) -> Option<SpanId> {
    match text.len() {
        11 | 12 => base64(text).filter(|bytes| bytes.len() == 8).and_then(|bytes| SpanId::from_bytes(&bytes)),
        _ => text.parse().ok(),
    }
}

fn kind(text: &str) -> i32 {
    match text.trim_start_matches("SPAN_KIND_") {
        "INTERNAL" => 1,
        "SERVER" => 2,
        "CLIENT" => 3,
        "PRODUCER" => 4,
        "CONSUMER" => 5,
        number => number.parse().unwrap_or(0),
    }
}

fn status(text: &str) -> i32 {
    match text.trim_start_matches("STATUS_CODE_") {
        "OK" => 1,
        "ERROR" => 2,
        number => number.parse().unwrap_or(0),
    }
}
