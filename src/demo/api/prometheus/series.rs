//! What series, labels and metrics there are, and what server this is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;

use super::super::params::Params;
use super::arguments;
use super::envelope::{failure, success};
use super::state::Api;
use crate::demo::MetricKind;
use crate::demo::promql::Problem;
use crate::domain::{Labels, Symbol};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Build {
    version: &'static str,
    revision: &'static str,
    branch: &'static str,
    build_user: &'static str,
    build_date: &'static str,
    go_version: &'static str,
}

#[derive(Serialize)]
struct About {
    #[serde(rename = "type")]
    kind: &'static str,
    help: &'static str,
    unit: &'static str,
}

pub async fn series(State(api): State<Arc<Api>>, params: Params) -> Response {
    if params.get("match[]").is_none() {
        return failure(&Problem::Bad("no match[] parameter provided".into()));
    }
    found(&api, &params).map_or_else(|problem| failure(&problem), success)
}

pub async fn names(State(api): State<Arc<Api>>, params: Params) -> Response {
    let names = |found: BTreeSet<Labels>| {
        let names = found.iter().flat_map(|labels| labels.iter().map(|(name, _)| name.clone()));
        success(names.collect::<BTreeSet<Symbol>>())
    };
    found(&api, &params).map_or_else(|problem| failure(&problem), names)
}

pub async fn values(State(api): State<Arc<Api>>, Path(name): Path<String>, params: Params) -> Response {
    let letters =
        |(at, byte): (usize, u8)| byte.is_ascii_alphabetic() || byte == b'_' || (at > 0 && byte.is_ascii_digit());
    if name.is_empty() || !name.bytes().enumerate().all(letters) {
        return failure(&Problem::Bad(format!("invalid label name: {name:?}")));
    }
    let values = |found: BTreeSet<Labels>| {
        success(found.iter().filter_map(|labels| labels.get(&name)).cloned().collect::<BTreeSet<Symbol>>())
    };
    found(&api, &params).map_or_else(|problem| failure(&problem), values)
}

pub async fn metadata(State(api): State<Arc<Api>>, params: Params) -> Response {
    let wanted = params.get("metric");
    let mut about: BTreeMap<&str, [About; 1]> = BTreeMap::new();
    for (name, kind) in api.store.kinds() {
        let (family, kind) = family(name, kind);
        if wanted.is_none_or(|wanted| wanted == family) {
            about.insert(family, [About { kind, help: "", unit: "" }]);
        }
    }
    success(about)
}

pub async fn build() -> Response {
    success(Build {
        version: "2.42.0",
        revision: "simulated",
        branch: "demo",
        build_user: "demo@localhost",
        build_date: "20260101-00:00:00",
        go_version: "none",
    })
}

/// The family that a series belongs to, and the word for its type.
pub fn family(name: &'static str, kind: MetricKind) -> (&'static str, &'static str) {
    match kind {
        MetricKind::Counter => (name, "counter"),
        MetricKind::Gauge => (name, "gauge"),
        MetricKind::Histogram => {
            let family = ["_bucket", "_sum", "_count"].iter().find_map(|suffix| name.strip_suffix(suffix));
            (family.unwrap_or(name), "histogram")
        }
    }
}

/// The series that match any of `match[]`, or all, within the time that is asked for.
fn found(api: &Api, params: &Params) -> Result<BTreeSet<Labels>, Problem> {
    let now = api.site.clock.now();
    let time = |name: &str, default| params.get(name).map_or(Ok(default), |text| arguments::time(name, text));
    let end = time("end", now)?.min(now);
    let start = time("start", end.minus(std::time::Duration::from_secs(3_600)))?;
    let mut found = BTreeSet::new();
    let matches: Vec<&str> = params.all("match[]").collect();
    for text in if matches.is_empty() { vec!["{__name__!=\"\"}"] } else { matches } {
        found.extend(api.store.series(&arguments::selector(text)?, start, end));
    }
    Ok(found)
}
