//! The third version: OTLP in JSON, with hex ids and enums by number. Not the first version's own JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use super::find::{self, Query};
use super::reply::{Answer, blocking, third_version};
use crate::demo::api::otlp::{Dialect, resource_spans};
use crate::demo::api::params::Params;
use crate::demo::company::TraceRecord;
use crate::demo::duration;
use crate::demo::site::Site;
use crate::domain::{Timestamp, TraceId, Window};

fn bad(name: &str, why: &str) -> (StatusCode, String) {
    (StatusCode::BAD_REQUEST, format!("malformed parameter {name}: {why}"))
}

fn nothing() -> (StatusCode, String) {
    (StatusCode::NOT_FOUND, "No traces found".to_owned())
}

pub async fn services(State(site): State<Arc<Site>>) -> Response {
    let answer = blocking(move || {
        let services: BTreeSet<String> = find::operations(&site).into_iter().map(|(service, ..)| service).collect();
        Ok(json!({"services": services}))
    });
    third_version(answer.await)
}

pub async fn operations(State(site): State<Arc<Site>>, params: Params) -> Response {
    let answer = blocking(move || {
        let service = params.get("service").unwrap_or("");
        let wanted = params.first_of(&["span_kind", "spanKind"]);
        let operations: Vec<_> = find::operations(&site)
            .into_iter()
            .filter(|(of, _, kind)| of == service && wanted.is_none_or(|wanted| wanted == *kind))
            .map(|(_, name, kind)| json!({"name": name, "spanKind": kind}))
            .collect();
        Ok(json!({"operations": operations}))
    });
    third_version(answer.await)
}

pub async fn trace(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Response {
    let answer = blocking(move || {
        let id: TraceId = id.parse().map_err(|_| bad("trace_id", "expecting 1 to 32 hex characters"))?;
        let trace = find::trace(&site, id).ok_or_else(nothing)?;
        Ok(body(&[trace]))
    });
    third_version(answer.await)
}

pub async fn traces(State(site): State<Arc<Site>>, params: Params) -> Response {
    third_version(blocking(move || search(&site, &params)).await)
}

/// The spans of all traces stand in one list.
fn body(traces: &[Arc<TraceRecord>]) -> serde_json::Value {
    let all: Vec<serde_json::Value> = traces
        .iter()
        .flat_map(|trace| match resource_spans(&trace.spans, Dialect::Numbers) {
            serde_json::Value::Array(items) => items,
            other => vec![other],
        })
        .collect();
    json!({"result": {"resourceSpans": all}})
}

/// Of each parameter the older spelling with underscores and the newer one.
fn search(site: &Site, params: &Params) -> Answer {
    let read =
        |old: &str, new: &str| params.first_of(&[&format!("query.{old}"), &format!("query.{new}")]).map(str::to_owned);
    let moment = |old: &str, new: &str| -> Result<Timestamp, (StatusCode, String)> {
        let name = format!("query.{old}");
        let text = read(old, new).ok_or_else(|| bad(&name, "missing"))?;
        Timestamp::parse_rfc3339(&text).ok_or_else(|| bad(&name, &format!("cannot parse {text:?} as RFC 3339")))
    };
    let length = |old: &str, new: &str| -> Result<Option<Duration>, (StatusCode, String)> {
        let Some(text) = read(old, new) else { return Ok(None) };
        duration::parse(&text).map(Some).ok_or_else(|| bad(&format!("query.{old}"), "time: invalid duration"))
    };
    let start = moment("start_time_min", "startTimeMin")?;
    let end = moment("start_time_max", "startTimeMax")?;
    if start >= end {
        return Err(bad("query.start_time_min", "must be before query.start_time_max"));
    }
    let limit = match read("num_traces", "searchDepth") {
        None => 0,
        Some(text) => text.parse().map_err(|_| bad("query.num_traces", "expecting an integer"))?,
    };
    if limit == 0 || limit > find::MOST_TRACES {
        let message = "search depth must be greater than 0 and less than max traces";
        return Err((StatusCode::INTERNAL_SERVER_ERROR, message.to_owned()));
    }
    let tags: BTreeMap<String, String> = match read("attributes", "attributes") {
        None => BTreeMap::new(),
        Some(text) => {
            serde_json::from_str(&text).map_err(|_| bad("query.attributes", "expecting an object of strings"))?
        }
    };
    let query = Query {
        service: read("service_name", "serviceName").unwrap_or_default(),
        operation: read("operation_name", "operationName").unwrap_or_default(),
        tags: tags.into_iter().collect(),
        shortest: length("duration_min", "durationMin")?,
        longest: length("duration_max", "durationMax")?,
        window: Window { start, end: end.shifted(1) },
        limit,
    };
    let found = find::traces(site, &query);
    if found.is_empty() { Err(nothing()) } else { Ok(body(&found)) }
}
