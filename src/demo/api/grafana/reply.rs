//! The shapes of Grafana's answers: JSON, and errors as `{"message":".."}`.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;

use crate::demo::api::answer;

const JSON: &str = "application/json; charset=UTF-8";

#[derive(Serialize)]
struct Message<'a> {
    message: &'a str,
}

pub(super) fn ok(body: &impl Serialize) -> Response {
    answer::json(StatusCode::OK, JSON, body)
}

pub(super) fn error(status: StatusCode, message: &str) -> Response {
    answer::json(status, JSON, &Message { message })
}
