//! OTLP's traces as anybody would have serde_json read them, borrowed from the answer: the limit that our own reading is
//! held against.

use std::borrow::Cow;

use serde::Deserialize;

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
    pub trace_id: Cow<'a, str>,
    #[serde(borrow)]
    pub span_id: Cow<'a, str>,
    #[serde(borrow, default)]
    pub parent_span_id: Cow<'a, str>,
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    #[serde(borrow)]
    pub kind: Cow<'a, str>,
    #[serde(borrow)]
    pub start_time_unix_nano: Cow<'a, str>,
    #[serde(borrow)]
    pub end_time_unix_nano: Cow<'a, str>,
    #[serde(borrow)]
    pub attributes: Vec<KeyValue<'a>>,
    #[serde(borrow, default)]
    pub status: Status<'a>,
}

#[derive(Default, Deserialize)]
pub struct Status<'a> {
    #[serde(borrow, default)]
    pub code: Cow<'a, str>,
    #[serde(borrow, default)]
    pub message: Cow<'a, str>,
}

#[derive(Deserialize)]
pub struct KeyValue<'a> {
    #[serde(borrow)]
    pub key: Cow<'a, str>,
    #[serde(borrow)]
    pub value: AnyValue<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AnyValue<'a> {
    #[serde(borrow, default)]
    pub string_value: Option<Cow<'a, str>>,
    #[serde(default)]
    pub bool_value: Option<bool>,
    #[serde(borrow, default)]
    pub int_value: Option<Cow<'a, str>>,
    #[serde(default)]
    pub double_value: Option<f64>,
}
