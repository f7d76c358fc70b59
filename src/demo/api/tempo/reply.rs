//! How a handler of the simulated Tempo answers and refuses. Not what.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::demo::api::answer::{self, Refusal};

/// What a handler gives: a JSON body, or the words that refuse.
pub type Answer = Result<Value, Refusal>;

/// Looking through thousands of traces holds the processor, so it happens beside the connections.
pub async fn blocking(work: impl FnOnce() -> Answer + Send + 'static) -> Response {
    match crate::demo::work::work(work).await {
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
