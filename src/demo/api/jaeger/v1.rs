//! The first version's endpoints and their envelope. Not the JSON of a trace: that is `v1_span.rs`.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::find::{self, Query};
use super::reply::{Answer, blocking, first_version};
use super::v1_span;
use crate::demo::api::params::Params;
use crate::demo::duration;
use crate::demo::site::Site;
use crate::domain::{Timestamp, TraceId, Window};

const DEFAULT_LIMIT: usize = 100;
const LOOKBACK: Duration = Duration::from_secs(2 * 86_400);

fn envelope(data: Value, total: usize, errors: Value) -> Value {
    json!({"data": data, "total": total, "limit": 0, "offset": 0, "errors": errors})
}

fn bad(message: impl Into<String>) -> (StatusCode, String) {
    (StatusCode::BAD_REQUEST, message.into())
}

pub async fn services(State(site): State<Arc<Site>>) -> Response {
    let answer = blocking(move || {
        let services: BTreeSet<String> = find::operations(&site).into_iter().map(|(service, ..)| service).collect();
        Ok(envelope(json!(services), services.len(), Value::Null))
    });
    first_version(answer.await)
}

pub async fn operation_names(State(site): State<Arc<Site>>, Path(service): Path<String>) -> Response {
    let answer = blocking(move || {
        let known = find::operations(&site).into_iter();
        let names: BTreeSet<String> =
            known.filter(|(of, ..)| *of == service).map(|(_, operation, _)| operation).collect();
        Ok(envelope(json!(names), names.len(), Value::Null))
    });
    first_version(answer.await)
}

pub async fn operations(State(site): State<Arc<Site>>, params: Params) -> Response {
    let answer = blocking(move || {
        let service = params.get("service").ok_or_else(|| bad("parameter 'service' is required"))?;
        let wanted = params.get("spanKind");
        let operations: Vec<Value> = find::operations(&site)
            .into_iter()
            .filter(|(of, _, kind)| of == service && wanted.is_none_or(|wanted| wanted == *kind))
            .map(|(_, name, kind)| json!({"name": name, "spanKind": kind}))
            .collect();
        let total = operations.len();
        Ok(envelope(operations.into(), total, Value::Null))
    });
    first_version(answer.await)
}

pub async fn trace(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Response {
    let answer = blocking(move || {
        let trace = find::trace(&site, trace_id(&id)?);
        let trace = trace.ok_or((StatusCode::NOT_FOUND, "trace not found".to_owned()))?;
        Ok(envelope(json!([v1_span::trace(&trace.spans)]), 0, Value::Null))
    });
    first_version(answer.await)
}

pub async fn traces(State(site): State<Arc<Site>>, params: Params) -> Response {
    first_version(blocking(move || search(&site, &params)).await)
}

fn trace_id(text: &str) -> Result<TraceId, (StatusCode, String)> {
    text.parse().map_err(|_| bad(format!("malformed trace ID {text:?}: expecting 1 to 32 hex characters")))
}

fn search(site: &Site, params: &Params) -> Answer {
    let ids: Vec<&str> = params.all("traceID").collect();
    if !ids.is_empty() {
        return by_ids(site, &ids);
    }
    let service = params.get("service").ok_or_else(|| bad("parameter 'service' is required"))?;
    let now = site.clock.now();
    let end = micros(params, "end")?.unwrap_or(now);
    let start = micros(params, "start")?.unwrap_or_else(|| end.minus(LOOKBACK));
    let limit = match params.get("limit") {
        None => DEFAULT_LIMIT,
        Some(text) => text.parse().map_err(|_| malformed("limit", text, "expecting an integer"))?,
    };
    let query = Query {
        service: service.to_owned(),
        operation: params.get("operation").unwrap_or("").to_owned(),
        tags: tags(params)?,
        shortest: length(params, "minDuration")?,
        longest: length(params, "maxDuration")?,
        window: Window { start, end: end.shifted(1_000) },
        limit,
    };
    let found: Vec<Value> = find::traces(site, &query).iter().map(|trace| v1_span::trace(&trace.spans)).collect();
    Ok(envelope(found.into(), 0, Value::Null))
}

/// What is found comes with 200 beside errors for what is not; there an id of which the high half is zero has 16 digits.
fn by_ids(site: &Site, ids: &[&str]) -> Answer {
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    for text in ids {
        let id = trace_id(text)?;
        match find::trace(site, id) {
            Some(trace) => found.push(v1_span::trace(&trace.spans)),
            None => {
                let full = id.to_string();
                let short = full.strip_prefix("0000000000000000").unwrap_or(&full);
                errors.push(json!({"msg": "trace not found", "traceID": short}));
            }
        }
    }
    let errors = if errors.is_empty() { Value::Null } else { errors.into() };
    Ok(envelope(found.into(), 0, errors))
}

fn malformed(name: &str, value: &str, why: &str) -> (StatusCode, String) {
    bad(format!("unable to parse param '{name}': {value:?}: {why}"))
}

fn micros(params: &Params, name: &str) -> Result<Option<Timestamp>, (StatusCode, String)> {
    let Some(text) = params.get(name) else { return Ok(None) };
    let micros = text.parse().map_err(|_| malformed(name, text, "expecting microseconds"))?;
    Ok(Some(Timestamp::from_micros(micros)))
}

fn length(params: &Params, name: &str) -> Result<Option<Duration>, (StatusCode, String)> {
    let Some(text) = params.get(name) else { return Ok(None) };
    duration::parse(text).map(Some).ok_or_else(|| malformed(name, text, "time: invalid duration"))
}

/// `tag=key:value`, repeated, and `tags={"key":"value"}`.
fn tags(params: &Params) -> Result<Vec<(String, String)>, (StatusCode, String)> {
    let mut tags = Vec::new();
    for text in params.all("tag") {
        let why = "expecting key:value";
        let (name, value) =
            text.split_once(':').ok_or_else(|| bad(format!("malformed 'tag' parameter, {why}: {text}")))?;
        tags.push((name.to_owned(), value.to_owned()));
    }
    if let Some(text) = params.get("tags") {
        let object: std::collections::BTreeMap<String, String> = serde_json::from_str(text)
            .map_err(|_| bad("malformed 'tags' parameter, cannot unmarshal JSON: expecting an object of strings"))?;
        tags.extend(object);
    }
    Ok(tags)
}
