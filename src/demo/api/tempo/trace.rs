//! A trace by its id: version 1 and 2, JSON and protobuf. Not search.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use prost::Message;
use serde_json::json;

use super::reply::{bad, refused};
use crate::demo::api::answer::{self, Refusal};
use crate::demo::api::otlp::{Dialect, resource_spans};
use crate::demo::api::params::Params;
use crate::demo::api::wire;
use crate::demo::company::TraceRecord;
use crate::demo::site::Site;
use crate::domain::TraceId;

const PROTOBUF: &str = "application/protobuf";
/// Bytes that the real server says it looked through for one trace.
const INSPECTED: u64 = 85_409;

/// An unknown trace is 404 with an empty body.
pub async fn first(State(site): State<Arc<Site>>, Path(id): Path<String>, params: Params) -> Response {
    let trace = match find(&site, &id) {
        Ok(Some(trace)) => trace,
        Ok(None) => return StatusCode::NOT_FOUND.into_response(),
        Err(refusal) => return refused(refusal),
    };
    if params.header("accept").contains(PROTOBUF) {
        return protobuf(&wire::trace(&trace.spans));
    }
    let body = json!({"batches": resource_spans(&trace.spans, Dialect::Names)});
    answer::json(StatusCode::OK, "application/json", &body)
}

/// An unknown trace is 200 with an empty trace.
pub async fn second(State(site): State<Arc<Site>>, Path(id): Path<String>, params: Params) -> Response {
    let trace = match find(&site, &id) {
        Ok(trace) => trace,
        Err(refusal) => return refused(refusal),
    };
    if params.header("accept").contains(PROTOBUF) {
        return protobuf(&wire::by_id(trace.as_deref().map(|trace| (trace.spans.as_slice(), INSPECTED))));
    }
    let body = match trace {
        Some(trace) => json!({
            "trace": {"resourceSpans": resource_spans(&trace.spans, Dialect::Names)},
            "metrics": {"inspectedBytes": INSPECTED.to_string()},
        }),
        None => json!({"trace": {}, "metrics": {}}),
    };
    answer::json(StatusCode::OK, "application/json", &body)
}

fn protobuf(message: &impl Message) -> Response {
    ([(header::CONTENT_TYPE, PROTOBUF)], message.encode_to_vec()).into_response()
}

/// Ids of one to 32 hex digits, short ones padded on the left.
fn find(site: &Site, id: &str) -> Result<Option<Arc<TraceRecord>>, Refusal> {
    if !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(bad("trace IDs can only contain hex characters: invalid character"));
    }
    if id.len() > 32 {
        return Err(bad("trace IDs can't be larger than 128 bits"));
    }
    let Ok(id) = id.parse::<TraceId>() else { return Ok(None) };
    let now = site.clock.now();
    Ok(site.company.trace(id).filter(|trace| trace.readable_from <= now))
}
