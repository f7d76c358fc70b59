//! `/api/annotations`: the marks of a stretch of time, the newest first, and the tags that there are.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;

use super::reply;
use crate::demo::Annotation;
use crate::demo::api::params::Params;
use crate::demo::site::Site;

const LIMIT: usize = 100;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    id: usize,
    alert_id: u8,
    alert_name: &'static str,
    dashboard_id: u8,
    #[serde(rename = "dashboardUID")]
    dashboard_uid: Option<&'static str>,
    panel_id: u8,
    user_id: u8,
    new_state: &'static str,
    prev_state: &'static str,
    created: i64,
    updated: i64,
    time: i64,
    time_end: i64,
    text: &'a str,
    tags: &'a [String],
    login: &'static str,
    email: &'static str,
    avatar_url: &'static str,
    data: BTreeMap<&'static str, &'static str>,
}

/// Nothing later than now is told. The ids count from the oldest mark on, so they stay while time goes on.
fn known(site: &Site) -> Vec<(usize, Annotation)> {
    let now = site.clock.now();
    (1..).zip(site.company.annotations()).filter(|(_, mark)| mark.at <= now).collect()
}

pub(super) async fn list(State(site): State<Arc<Site>>, params: Params) -> Response {
    // What is no number counts as not given, as Grafana takes it.
    let millis = |name: &str| params.get(name).and_then(|text| text.parse::<i64>().ok());
    let (from, to) = (millis("from").unwrap_or(i64::MIN), millis("to").unwrap_or(i64::MAX));
    let limit = params.get("limit").and_then(|text| text.parse().ok()).unwrap_or(LIMIT);
    let wanted: Vec<&str> = params.all("tags").collect();
    let any = params.get("matchAny") == Some("true");
    let tagged = |mark: &Annotation| {
        let has = |tag: &&str| mark.tags.iter().any(|known| known == tag);
        wanted.is_empty() || if any { wanted.iter().any(has) } else { wanted.iter().all(has) }
    };
    let marks = if params.get("type") == Some("alert") { Vec::new() } else { known(&site) };
    let end = |mark: &Annotation| mark.until.unwrap_or(mark.at).millis();
    let items: Vec<Item<'_>> = marks
        .iter()
        .rev()
        .filter(|(_, mark)| end(mark) >= from && mark.at.millis() <= to && tagged(mark))
        .take(limit)
        .map(|(id, mark)| Item {
            id: *id,
            alert_id: 0,
            alert_name: "",
            dashboard_id: 0,
            dashboard_uid: None,
            panel_id: 0,
            user_id: 2,
            new_state: "",
            prev_state: "",
            created: mark.at.millis(),
            updated: mark.at.millis(),
            time: mark.at.millis(),
            time_end: end(mark),
            text: &mark.text,
            tags: &mark.tags,
            login: mark.author,
            email: "",
            avatar_url: "",
            data: BTreeMap::new(),
        })
        .collect();
    reply::ok(&items)
}

#[derive(Serialize)]
struct Tags {
    result: Inner,
}

#[derive(Serialize)]
struct Inner {
    tags: Vec<Tag>,
}

#[derive(Serialize)]
struct Tag {
    tag: String,
    count: usize,
}

pub(super) async fn tags(State(site): State<Arc<Site>>, params: Params) -> Response {
    let part = params.get("tag").unwrap_or_default();
    let limit = params.get("limit").and_then(|text| text.parse().ok()).unwrap_or(LIMIT);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for tag in known(&site).into_iter().flat_map(|(_, mark)| mark.tags).filter(|tag| tag.contains(part)) {
        *counts.entry(tag).or_default() += 1;
    }
    let tags = counts.into_iter().take(limit).map(|(tag, count)| Tag { tag, count }).collect();
    reply::ok(&Tags { result: Inner { tags } })
}

/// A Viewer may not write.
pub(super) async fn create() -> Response {
    let message = "You'll need additional permissions to perform this action. Permissions needed: annotations:create";
    reply::error(StatusCode::FORBIDDEN, message)
}
