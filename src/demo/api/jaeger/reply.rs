//! The envelopes of the simulated Jaeger: each version has its own way to fail. Not what is in them.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use crate::demo::api::answer;

/// What a handler gives: a body, or a status and the words of an error.
pub type Answer = Result<Value, (StatusCode, String)>;

/// Looking through thousands of traces holds the processor, so it happens beside the connections.
pub async fn blocking(work: impl FnOnce() -> Answer + Send + 'static) -> Answer {
    match crate::demo::work::work(work).await {
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
