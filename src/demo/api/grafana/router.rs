//! Which path is answered by what, and what the server says of itself.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::response::Response;
use axum::routing::get;
use serde::Serialize;

use super::{annotations, gate, proxy, reply};
use crate::demo::site::Site;

#[derive(Serialize)]
struct Health {
    database: &'static str,
    version: &'static str,
    commit: &'static str,
}

#[derive(Serialize)]
struct Org {
    id: u8,
    name: &'static str,
}

/// The routes of a Grafana at the root of its listener.
pub fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route("/api/annotations", get(annotations::list).post(annotations::create))
        .route("/api/annotations/tags", get(annotations::tags))
        .route("/api/org", get(org))
        .route("/api/datasources", get(proxy::sources))
        .route("/api/health", get(health))
        .route("/healthz", get(healthz))
        .with_state(Arc::clone(&site))
        .merge(proxy::routes(&site))
        .fallback(unknown)
        .layer(from_fn(gate::keep))
}

async fn health() -> Response {
    reply::ok(&Health { database: "ok", version: "12.1.0", commit: "simulated" })
}

async fn healthz() -> &'static str {
    "Ok"
}

async fn org() -> Response {
    reply::ok(&Org { id: 1, name: "Main Org." })
}

async fn unknown() -> Response {
    reply::error(StatusCode::NOT_FOUND, "Not found")
}
