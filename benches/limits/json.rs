//! OTLP's traces as anybody would have serde_json read them, every text borrowed from the answer: the limit that our own
//! reading is held against.

use std::borrow::Cow;

use serde::Deserialize;

/// Borrowed where nothing is escaped, in an `Option` too.
#[derive(Deserialize)]
#[serde(transparent)]
pub struct Text<'a>(#[serde(borrow)] pub Cow<'a, str>);

#[derive(Deserialize)]
pub struct Answer<'a> {
    #[serde(borrow)]
    pub trace: Traces<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Traces<'a> {
    #[serde(borrow)]
    pub resource_spans: Vec<ResourceSpans<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceSpans<'a> {
    #[serde(borrow)]
    pub resource: Resource<'a>,
    pub scope_spans: Vec<ScopeSpans<'a>>,
}

#[derive(Deserialize)]
pub struct Resource<'a> {
    #[serde(borrow)]
    pub attributes: Vec<KeyValue<'a>>,
}

#[derive(Deserialize)]
pub struct ScopeSpans<'a> {
    #[serde(borrow)]
    pub spans: Vec<Span<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Span<'a> {
    #[serde(borrow)]
    pub trace_id: Text<'a>,
    #[serde(borrow)]
    pub span_id: Text<'a>,
    #[serde(borrow, default)]
    pub parent_span_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub name: Text<'a>,
    #[serde(borrow)]
    pub kind: Text<'a>,
    #[serde(borrow)]
    pub start_time_unix_nano: Text<'a>,
    #[serde(borrow)]
    pub end_time_unix_nano: Text<'a>,
    #[serde(borrow)]
    pub attributes: Vec<KeyValue<'a>>,
    #[serde(borrow, default)]
    pub status: Status<'a>,
}

#[derive(Default, Deserialize)]
pub struct Status<'a> {
    #[serde(borrow, default)]
    pub code: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub message: Option<Text<'a>>,
}

#[derive(Deserialize)]
pub struct KeyValue<'a> {
    #[serde(borrow)]
    pub key: Text<'a>,
    #[serde(borrow)]
    pub value: AnyValue<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AnyValue<'a> {
    #[serde(borrow, default)]
    pub string_value: Option<Text<'a>>,
    #[serde(default)]
    pub bool_value: Option<bool>,
    #[serde(borrow, default)]
    pub int_value: Option<Text<'a>>,
    #[serde(default)]
    pub double_value: Option<f64>,
}
