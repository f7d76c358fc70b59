//! The shapes of answers: five ways to say no, and times with milliseconds.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::SecondsFormat;
use serde::Serialize;

use super::super::answer;
use crate::domain::Timestamp;

const JSON: &str = "application/json";

#[derive(Serialize)]
struct Coded<'a> {
    code: u16,
    message: &'a str,
}

/// An answer that says no, on its way out.
pub type Refused = Box<Response>;

pub fn ok(body: &impl Serialize) -> Response {
    answer::json(StatusCode::OK, JSON, body)
}

pub fn empty(status: StatusCode) -> Response {
    status.into_response()
}

/// A bare JSON string: what the server's own code refuses.
pub fn words(status: StatusCode, text: &str) -> Response {
    answer::json(status, JSON, &text)
}

/// An object whose `code` is not the status: what the schema refuses.
pub fn schema(code: u16, message: &str) -> Response {
    answer::json(StatusCode::UNPROCESSABLE_ENTITY, JSON, &Coded { code, message })
}

/// An object whose `code` is the status: what never reached the server's code.
pub fn coded(status: StatusCode, message: &str) -> Response {
    answer::json(status, JSON, &Coded { code: status.as_u16(), message })
}

pub fn plain(status: StatusCode, text: &'static str) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

/// Milliseconds, always three digits.
pub fn time(moment: Timestamp) -> String {
    moment.to_utc().to_rfc3339_opts(SecondsFormat::Millis, true)
}
