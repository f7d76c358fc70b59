//! Who is let in: a service account that may read, by its token. Its health Grafana tells to everybody.

use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::reply;

/// The token of the demo's service account, a Viewer.
pub const TOKEN: &str = "glsa_demo_viewer";

pub(super) async fn keep(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path == "/api/health" || path == "/healthz" {
        return next.run(request).await;
    }
    let given = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    match given.map(|text| text.strip_prefix("Bearer ").unwrap_or_default()) {
        None => reply::error(StatusCode::UNAUTHORIZED, "Unauthorized"),
        Some(token) if token == TOKEN => next.run(request).await,
        Some(_) => reply::error(StatusCode::UNAUTHORIZED, "Invalid API key"),
    }
}
