//! Which path is answered by what.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;

use super::super::answer;
use super::state::Api;
use super::{exemplars, exposition, query, rules, series};
use crate::demo::site::Site;

/// The routes of a Prometheus at the root of its listener.
pub fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route("/api/v1/query", get(query::instant).post(query::instant))
        .route("/api/v1/query_range", get(query::range).post(query::range))
        .route("/api/v1/query_exemplars", get(exemplars::exemplars).post(exemplars::exemplars))
        .route("/api/v1/series", get(series::series).post(series::series))
        .route("/api/v1/labels", get(series::names).post(series::names))
        .route("/api/v1/label/{name}/values", get(series::values))
        .route("/api/v1/metadata", get(series::metadata))
        .route("/api/v1/rules", get(rules::rules))
        .route("/api/v1/alerts", get(rules::alerts))
        .route("/api/v1/status/buildinfo", get(series::build))
        .route("/metrics", get(exposition::metrics))
        .route("/-/ready", get(ready))
        .route("/-/healthy", get(healthy))
        .fallback(unknown)
        .with_state(Arc::new(Api::new(site)))
}

async fn ready() -> Response {
    answer::text(StatusCode::OK, "Prometheus Server is Ready.\n")
}

async fn healthy() -> Response {
    answer::text(StatusCode::OK, "Prometheus Server is Healthy.\n")
}

async fn unknown() -> Response {
    answer::text(StatusCode::NOT_FOUND, "404 page not found\n")
}
