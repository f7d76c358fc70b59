//! The routes of the simulated Loki and its limits. Not what stands behind each route.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde_json::json;
use tokio::sync::Semaphore;

use super::limits::Limits;
use super::{labels, range, tail};
use crate::demo::api::answer;
use crate::demo::site::Site;

pub fn router(site: Arc<Site>) -> Router {
    router_with(site, Limits::default())
}

/// The same server with other limits.
pub fn router_with(site: Arc<Site>, limits: Limits) -> Router {
    let tails = Arc::new(Semaphore::new(limits.most_tails));
    let ground = tail::Ground { site: site.clone(), limits, tails };
    let api = Router::new()
        .route("/query_range", get(range::query_range).post(range::query_range))
        .route("/query", get(range::query).post(range::query))
        .route("/labels", get(labels::names).post(labels::names))
        .route("/label", get(labels::names).post(labels::names))
        .route("/label/{name}/values", get(labels::values).post(labels::values))
        .route("/series", get(labels::series).post(labels::series))
        .route("/index/stats", get(labels::index_stats).post(labels::index_stats))
        .route("/status/buildinfo", get(buildinfo))
        .with_state(site)
        .route("/tail", get(tail::tail).with_state(ground));
    Router::new()
        .nest("/loki/api/v1", api)
        .route("/ready", get(async || answer::text(StatusCode::OK, "ready\n")))
        .fallback(async || answer::text(StatusCode::NOT_FOUND, "404 page not found\n"))
}

async fn buildinfo() -> Response {
    let body = json!({
        "version": "3.7.6", "revision": "simulated", "branch": "HEAD", "buildUser": "", "buildDate": "", "goVersion": "",
    });
    answer::json(StatusCode::OK, "application/json", &body)
}
