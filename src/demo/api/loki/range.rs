//! `query_range` and `query`. Not the language (`logql`) and not the JSON (`encode.rs`).

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;

use super::encode::{CATEGORIZE, FLAGS_HEADER, JSON, matrix, streams, vector};
use super::metric::{Steps, evaluate};
use super::times::{bad, instant, query_window, step};
use super::walk::{Direction, TooMuch, walk};
use crate::demo::api::answer::{Refusal, json, text};
use crate::demo::api::params::Params;
use crate::demo::logql::{LogQuery, Query, parse};
use crate::demo::site::Site;
use crate::domain::Window;

const DEFAULT_LIMIT: usize = 100;
/// Loki's default `max_entries_limit_per_query`.
const MOST_ENTRIES: usize = 5_000;

pub async fn query_range(State(site): State<Arc<Site>>, params: Params) -> Response {
    blocking(move || range(&site, &params)).await
}

pub async fn query(State(site): State<Arc<Site>>, params: Params) -> Response {
    blocking(move || at_instant(&site, &params)).await
}

/// Reading an hour of lines takes the processor long enough to hold up every other connection.
pub async fn blocking(work: impl FnOnce() -> Result<Value, Refusal> + Send + 'static) -> Response {
    match crate::demo::work::work(work).await {
        Ok(Ok(body)) => json(StatusCode::OK, JSON, &body),
        Ok(Err(Refusal(message))) => text(StatusCode::BAD_REQUEST, message),
        Err(error) => text(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
    }
}

pub fn parsed(params: &Params) -> Result<Query, Refusal> {
    parse(params.get("query").unwrap_or("")).map_err(|error| bad(error.to_string()))
}

/// The `limit` of a log query or of a tail's history.
pub fn limit(params: &Params) -> Result<usize, Refusal> {
    let Some(value) = params.get("limit") else { return Ok(DEFAULT_LIMIT) };
    match value.parse() {
        Ok(0) => Err(bad("limit must be a positive value")),
        Ok(limit) => Ok(limit),
        Err(_) => Err(bad(format!("strconv.Atoi: parsing {value:?}: invalid syntax"))),
    }
}

pub fn categorized(params: &Params) -> bool {
    params.header(FLAGS_HEADER).split(',').any(|flag| flag.trim() == CATEGORIZE)
}

fn range(site: &Site, params: &Params) -> Result<Value, Refusal> {
    let now = site.clock.now();
    let window = query_window(params, now)?;
    let limit = limit(params)?;
    let direction = match params.get("direction").map(str::to_ascii_lowercase).as_deref() {
        None | Some("backward") => Direction::Backward,
        Some("forward") => Direction::Forward,
        Some(other) => return Err(bad(format!("invalid direction '{other}'"))),
    };
    match parsed(params)? {
        Query::Log(query) => {
            if limit > MOST_ENTRIES {
                return Err(bad(format!(
                    "max entries limit per query exceeded, limit > max_entries_limit_per_query ({limit} > {MOST_ENTRIES})"
                )));
            }
            entries(site, &query, window, limit, direction).map(|lines| streams(&lines, categorized(params)))
        }
        Query::Metric(query) => {
            let step = step(params, window)?;
            let first = window.start.floor_to(step);
            let length = window.end.elapsed_since(first);
            let count = usize::try_from(length.as_nanos() / step.as_nanos()).unwrap_or(0) + 1;
            let steps = Steps { first, step, count };
            let series = evaluate(&query, &*site.company, &steps, now).map_err(|refusal| bad(refusal.text()))?;
            Ok(matrix(&series))
        }
    }
}

fn entries(
    site: &Site,
    query: &LogQuery,
    window: Window,
    limit: usize,
    direction: Direction,
) -> Result<Vec<crate::demo::logql::Kept>, Refusal> {
    let mut lines = Vec::new();
    walk(
        &*site.company,
        window,
        site.clock.now(),
        direction,
        &|stream, level| query.may_keep(stream, level),
        |record| {
            lines.extend(query.keep(record));
            lines.len() < limit
        },
    )
    .map_err(|TooMuch| bad(TooMuch::TEXT))?;
    Ok(lines)
}

fn at_instant(site: &Site, params: &Params) -> Result<Value, Refusal> {
    let now = site.clock.now();
    let first = instant(params, now)?;
    match parsed(params)? {
        Query::Log(_) => {
            Err(bad("log queries are not supported as an instant query type, please change your query to a \
                                  range query type"))
        }
        Query::Metric(query) => {
            let steps = Steps { first, step: std::time::Duration::from_secs(1), count: 1 };
            let series = evaluate(&query, &*site.company, &steps, now).map_err(|refusal| bad(refusal.text()))?;
            Ok(vector(&series))
        }
    }
}
