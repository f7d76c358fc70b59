//! The routes of the simulated Jaeger. Not what stands behind each.

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::get;

use super::{v1, v3};
use crate::demo::api::answer;
use crate::demo::site::Site;

pub fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route("/api/services", get(v1::services))
        .route("/api/services/{service}/operations", get(v1::operation_names))
        .route("/api/operations", get(v1::operations))
        .route("/api/traces", get(v1::traces))
        .route("/api/traces/{id}", get(v1::trace))
        .route("/api/v3/services", get(v3::services))
        .route("/api/v3/operations", get(v3::operations))
        .route("/api/v3/traces", get(v3::traces))
        .route("/api/v3/traces/{id}", get(v3::trace))
        .fallback(async || answer::text(StatusCode::NOT_FOUND, "404 page not found\n"))
        .layer(map_response(closing))
        .with_state(site)
}

/// Every answer ends its connection and carries an empty `Traceresponse`.
async fn closing(mut answer: Response) -> Response {
    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    answer.headers_mut().insert("traceresponse", HeaderValue::from_static(""));
    answer
}
