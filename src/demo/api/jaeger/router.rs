//! The routes of the simulated Jaeger. Not what stands behind each.

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::get;
use serde_json::{Value, json};

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

/// What a handler gives: a body, or a status and the words of an error.
pub type Answer = Result<Value, (StatusCode, String)>;

/// Looking through thousands of traces holds the processor, so it happens beside the connections.
pub async fn blocking(work: impl FnOnce() -> Answer + Send + 'static) -> Answer {
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => answer,
        Err(error) => Err((StatusCode::INTERNAL_SERVER_ERROR, error.to_string())),
    }
}

/// The first version: errors are JSON too, but under the type of plain text, with a line end.
pub fn first_version(answer: Answer) -> Response {
    match answer {
        Ok(body) => answer::json(StatusCode::OK, "application/json", &body),
        Err((status, message)) => {
            let errors = json!([{"code": status.as_u16(), "msg": message}]);
            let body = json!({"data": null, "total": 0, "limit": 0, "offset": 0, "errors": errors});
            answer::text(status, format!("{body}\n"))
        }
    }
}

/// The third version calls all of its JSON plain text.
pub fn third_version(answer: Answer) -> Response {
    match answer {
        Ok(body) => answer::json(StatusCode::OK, "text/plain; charset=utf-8", &body),
        Err((status, message)) => {
            let body = json!({"error": {"httpCode": status.as_u16(), "message": message}});
            answer::text(status, format!("{body}\n"))
        }
    }
}
