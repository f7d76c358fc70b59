//! The routes of the simulated Tempo. Not what stands behind each.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde_json::json;

use super::{search, tags, trace};
use crate::demo::api::answer;
use crate::demo::site::Site;

pub fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route("/api/traces/{id}", get(trace::first))
        .route("/api/v2/traces/{id}", get(trace::second))
        .route("/api/search", get(search::search))
        .route("/api/v2/search/tags", get(tags::names))
        .route("/api/v2/search/tag/{tag}/values", get(tags::values))
        .route("/api/search/tags", get(tags::flat_names))
        .route("/api/search/tag/{tag}/values", get(tags::flat_values))
        .route("/api/status/buildinfo", get(buildinfo))
        .route("/api/echo", get(async || answer::text(StatusCode::OK, "echo\n")))
        .route("/ready", get(async || answer::text(StatusCode::OK, "ready\n")))
        .fallback(async || answer::text(StatusCode::NOT_FOUND, "404 page not found\n"))
        .with_state(site)
}

async fn buildinfo() -> Response {
    let body = json!({
        "version": "3.0.3", "revision": "simulated", "branch": "HEAD", "buildUser": "", "buildDate": "",
        "goVersion": "go1.27.3",
    });
    answer::json(StatusCode::OK, "application/json", &body)
}
