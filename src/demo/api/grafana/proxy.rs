//! The data-source proxy: the other servers of the company behind Grafana's address, as a Viewer may use them.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::any;
use serde::Serialize;

use super::reply;
use crate::demo::api::{alertmanager, jaeger, loki, prometheus, tempo};
use crate::demo::site::Site;

const PREFIX: &str = "/api/datasources/proxy/uid/";
/// What a Viewer may ask of a Prometheus by POST.
const ASKED_BY_POST: [&str; 5] =
    ["api/v1/query", "api/v1/query_range", "api/v1/series", "api/v1/labels", "api/v1/query_exemplars"];

#[derive(Serialize)]
struct Source {
    id: usize,
    uid: &'static str,
    name: &'static str,
    r#type: &'static str,
    access: &'static str,
}

const SOURCES: [&str; 5] = ["prometheus", "loki", "tempo", "jaeger", "alertmanager"];

pub(super) async fn sources() -> Response {
    let list: Vec<Source> =
        (1..).zip(SOURCES).map(|(id, name)| Source { id, uid: name, name, r#type: name, access: "proxy" }).collect();
    reply::ok(&list)
}

/// Each server under its name, which is its uid.
pub(super) fn routes(site: &Arc<Site>) -> Router {
    let at = |name: &str| format!("{PREFIX}{name}");
    Router::new()
        .nest(&at("prometheus"), prometheus::router(Arc::clone(site)))
        .nest(&at("loki"), loki::router_with(Arc::clone(site), loki::Limits::default()))
        .nest(&at("tempo"), tempo::router(Arc::clone(site)))
        .nest(&at("jaeger"), jaeger::router(Arc::clone(site)))
        .nest(&at("alertmanager"), alertmanager::router(Arc::clone(site)))
        .route(&format!("{PREFIX}{{uid}}/{{*rest}}"), any(unknown))
        .layer(from_fn(read_only))
}

async fn unknown() -> Response {
    reply::error(StatusCode::NOT_FOUND, "Unable to find datasource")
}

async fn read_only(request: Request, next: Next) -> Response {
    let asked = request.uri().path().strip_prefix(PREFIX).unwrap_or_default();
    let (uid, path) = asked.split_once('/').unwrap_or((asked, ""));
    let may = match request.method() {
        &Method::GET | &Method::HEAD => true,
        &Method::POST => uid == "prometheus" && ASKED_BY_POST.contains(&path),
        _ => false,
    };
    if asked.is_empty() || may {
        return next.run(request).await;
    }
    reply::error(StatusCode::FORBIDDEN, &format!("non allow-listed POSTs not allowed on proxied {uid} datasource"))
}
