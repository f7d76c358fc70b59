//! The routes of the simulated Tempo. Not what stands behind each.

use std::sync::Arc;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};

use super::{search, tags, trace};
use crate::demo::api::answer::{self, Refusal};
use crate::demo::site::Site;

/// What a handler gives: a JSON body, or the words that refuse.
pub type Answer = Result<Value, Refusal>;

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

/// Looking through thousands of traces holds the processor, so it happens beside the connections.
pub async fn blocking(work: impl FnOnce() -> Answer + Send + 'static) -> Response {
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(body)) => answer::json(StatusCode::OK, "application/json", &body),
        Ok(Err(refusal)) => refused(refusal),
        Err(error) => answer::text(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
    }
}

pub fn bad(message: impl Into<String>) -> Refusal {
    Refusal(message.into())
}

/// 400 with one line of text.
pub fn refused(Refusal(message): Refusal) -> Response {
    (StatusCode::BAD_REQUEST, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], message).into_response()
}
