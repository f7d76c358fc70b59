//! The JSON around every answer, and the numbers in it: values are strings as Go writes floats, times are seconds.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use serde_json::Number;

use super::super::answer;
use crate::demo::promql::Problem;
use crate::domain::Timestamp;

const JSON: &str = "application/json";

#[derive(Serialize)]
struct Success<T> {
    status: &'static str,
    data: T,
}

#[derive(Serialize)]
struct Failure<'a> {
    status: &'static str,
    #[serde(rename = "errorType")]
    kind: &'static str,
    error: &'a str,
}

/// A moment and a value, as answers pair them.
#[derive(Serialize)]
pub struct Sample(Number, String);

impl Sample {
    pub fn new(moment: Timestamp, value: f64) -> Self {
        Self(seconds(moment), number(value))
    }

    /// A moment with a text.
    pub fn text(moment: Timestamp, text: &str) -> Self {
        Self(seconds(moment), text.to_owned())
    }
}

pub fn success(data: impl Serialize) -> Response {
    answer::json(StatusCode::OK, JSON, &Success { status: "success", data })
}

pub fn failure(problem: &Problem) -> Response {
    let (status, kind) = match problem {
        Problem::Bad(_) => (StatusCode::BAD_REQUEST, "bad_data"),
        Problem::Execution(_) => (StatusCode::UNPROCESSABLE_ENTITY, "execution"),
        Problem::Timeout => (StatusCode::SERVICE_UNAVAILABLE, "timeout"),
    };
    answer::json(status, JSON, &Failure { status: "error", kind, error: &problem.to_string() })
}

/// A whole number where there are no milliseconds.
#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit a float")]
pub fn seconds(moment: Timestamp) -> Number {
    let millis = moment.millis();
    if millis % 1_000 == 0 {
        return Number::from(millis / 1_000);
    }
    Number::from_f64(millis as f64 / 1_000.0).unwrap_or_else(|| Number::from(0))
}

/// As Go's `strconv` formats floats here: no exponent, except for very small and very large ones.
pub fn number(value: f64) -> String {
    let size = value.abs();
    if value.is_nan() {
        "NaN".into()
    } else if value.is_infinite() {
        if value > 0.0 { "+Inf".into() } else { "-Inf".into() }
    } else if size > 0.0 && !(1e-6..1e21).contains(&size) {
        exponent(value)
    } else {
        value.to_string()
    }
}

/// As Go's `%e` with the shortest digits: the exponent has a sign and two digits at least.
pub fn exponent(value: f64) -> String {
    if !value.is_finite() {
        return number(value);
    }
    let text = format!("{value:e}");
    let Some((digits, exponent)) = text.split_once('e') else { return text };
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
    format!("{digits}e{sign}{exponent:0>2}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_go_writes_them() {
        let written =
            [1.5e-9, -1e21, 0.0001, 92.179_018_113_400_02, 1e20, 0.0, f64::NAN, f64::NEG_INFINITY].map(number);
        let expected =
            ["1.5e-09", "-1e+21", "0.0001", "92.17901811340002", "100000000000000000000", "0", "NaN", "-Inf"];
        assert_eq!(written, expected);
        assert_eq!([0.052_127, 0.0, 15.7].map(exponent), ["5.2127e-02", "0e+00", "1.57e+01"]);
    }

    #[test]
    fn times_are_whole_or_have_milliseconds() {
        assert_eq!(seconds(Timestamp::from_seconds(5)).to_string(), "5");
        assert_eq!(seconds(Timestamp::from_millis(1_795_348_823_865)).to_string(), "1795348823.865");
    }
}
