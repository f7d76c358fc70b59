//! Label names, their values, series and index statistics. Not lines.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::{Value, json};

use super::encode;
use super::range::blocking;
use super::times::{bad, window};
use super::walk::{Direction, walk};
use crate::demo::api::answer::Refusal;
use crate::demo::api::params::Params;
use crate::demo::logql::{LogQuery, Query, parse};
use crate::demo::site::Site;
use crate::domain::Labels;

/// What the real server reads when it is given no times.
const DEFAULT: Duration = Duration::from_secs(6 * 3_600);
/// Streams are read off the newest lines: an index would know all, but no stream of a company is this quiet.
const MOST_LINES: usize = 100_000;

pub async fn names(State(site): State<Arc<Site>>, params: Params) -> Response {
    blocking(move || {
        let streams = streams(&site, &params, &[params.get("query")])?;
        Ok(list(streams.keys().flat_map(|stream| stream.iter().map(|(name, _)| name.to_string())).collect()))
    })
    .await
}

pub async fn values(State(site): State<Arc<Site>>, Path(name): Path<String>, params: Params) -> Response {
    blocking(move || {
        let streams = streams(&site, &params, &[params.get("query")])?;
        Ok(list(streams.keys().filter_map(|stream| stream.get(&name).map(ToString::to_string)).collect()))
    })
    .await
}

/// Without anything to list there is no `data` at all.
fn list(names: BTreeSet<String>) -> Value {
    if names.is_empty() { json!({"status": "success"}) } else { encode::success(json!(names)) }
}

pub async fn series(State(site): State<Arc<Site>>, params: Params) -> Response {
    blocking(move || {
        let mut matches: Vec<Option<&str>> = params.all("match[]").chain(params.all("match")).map(Some).collect();
        if matches.is_empty() {
            matches.push(None);
        }
        let streams = streams(&site, &params, &matches)?;
        Ok(encode::success(streams.keys().map(|stream| encode::labels(stream)).collect()))
    })
    .await
}

/// Figures of the lines that were read; the real server counts what its index holds.
pub async fn index_stats(State(site): State<Arc<Site>>, params: Params) -> Response {
    blocking(move || {
        let streams = streams(&site, &params, &[params.get("query")])?;
        let (entries, bytes) =
            streams.values().fold((0, 0), |(entries, bytes), (more, size)| (entries + more, bytes + size));
        Ok(json!({"streams": streams.len(), "chunks": streams.len(), "bytes": bytes, "entries": entries}))
    })
    .await
}

/// The streams that one of the selectors picks, with their entries and bytes.
fn streams(
    site: &Site,
    params: &Params,
    selectors: &[Option<&str>],
) -> Result<BTreeMap<Arc<Labels>, (u64, u64)>, Refusal> {
    let now = site.clock.now();
    let window = window(params, now, DEFAULT)?;
    let selectors: Vec<Option<LogQuery>> =
        selectors.iter().map(|text| text.map(selector).transpose()).collect::<Result<_, _>>()?;
    let mut found: BTreeMap<Arc<Labels>, (u64, u64)> = BTreeMap::new();
    let mut read = 0;
    let wanted =
        |stream: &Labels, _| selectors.iter().any(|query| query.as_ref().is_none_or(|query| query.selects(stream)));
    let _enough = walk(&*site.company, window, now, Direction::Backward, &wanted, |record| {
        let (entries, bytes) = found.entry(record.stream.clone()).or_default();
        *entries += 1;
        *bytes += record.line.len() as u64;
        read += 1;
        read < MOST_LINES
    });
    Ok(found)
}

fn selector(text: &str) -> Result<LogQuery, Refusal> {
    match parse(text) {
        Ok(Query::Log(query)) => Ok(query),
        Ok(Query::Metric(_)) => Err(bad("only label matchers are supported")),
        Err(error) => Err(bad(error.to_string())),
    }
}
