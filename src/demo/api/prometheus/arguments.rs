//! Times, steps and selectors as requests write them, and the words of Prometheus for what cannot be read.

use std::time::Duration;

use promql_parser::parser::{Expr, VectorSelector};

use crate::demo::promql::{Problem, parse};
use crate::domain::Timestamp;

/// Longer than any window that anybody asks for.
const LONGEST: f64 = 1e10;

pub fn bad(name: &str, words: &str) -> Problem {
    Problem::Bad(format!("invalid parameter \"{name}\": {words}"))
}

/// Seconds with a fraction, or RFC 3339.
pub fn time(name: &str, text: &str) -> Result<Timestamp, Problem> {
    let seconds = text.parse::<f64>().ok().filter(|seconds| seconds.abs() < LONGEST);
    let moment = seconds.map(Timestamp::from_float_seconds).or_else(|| Timestamp::parse_rfc3339(text));
    moment.ok_or_else(|| bad(name, &format!("cannot parse {text:?} to a valid timestamp")))
}

/// Seconds with a fraction, or a duration such as `1h30m`.
pub fn duration(name: &str, text: &str) -> Result<Duration, Problem> {
    let unread = || bad(name, &format!("cannot parse {text:?} to a valid duration"));
    match text.parse::<f64>() {
        Ok(seconds) if seconds.abs() < LONGEST => {
            // Below zero is not a duration; a step that is not positive has its own words.
            Ok(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::ZERO))
        }
        Ok(_) => Err(unread()),
        Err(_) => {
            let plain = text.len() < 40 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
            let read = || std::panic::catch_unwind(|| promql_parser::util::parse_duration(text)).ok()?.ok();
            plain.then(read).flatten().ok_or_else(unread)
        }
    }
}

pub fn expression(text: Option<&str>) -> Result<Expr, Problem> {
    parse(text.unwrap_or("")).map_err(|problem| bad("query", &format!("1:1: parse error: {problem}")))
}

/// The selector of a `match[]`.
pub fn selector(text: &str) -> Result<VectorSelector, Problem> {
    match parse(text) {
        Ok(Expr::VectorSelector(selector)) => Ok(selector),
        Ok(_) => Err(bad("match[]", "1:1: parse error: expected a metric selector")),
        Err(problem) => Err(bad("match[]", &format!("1:1: parse error: {problem}"))),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,60}") {
            let _ = (time("t", &text), duration("t", &text), expression(Some(&text)), selector(&text));
        }

        #[test]
        fn no_text_of_the_language_panics(
            words in proptest::collection::vec(
                prop::sample::select(vec![
                    "sum", "rate", "(", ")", "[", "5m", "]", "up", "{", "}", "a", "=", "=~", "\"x\"", ",", "by", "offset", "-",
                    "@", "1e99", "or", "on", "*", "9999999999y", ":", "start()", "0x", "\\", "'",
                ]),
                0..20,
            )
        ) {
            let _ = expression(Some(&words.join(" ")));
            let _ = expression(Some(&words.concat()));
        }
    }

    #[test]
    fn times_and_durations() {
        assert_eq!(time("t", "1.5").map(Timestamp::millis), Ok(1_500));
        assert_eq!(time("t", "1970-01-01T00:00:01Z").map(Timestamp::millis), Ok(1_000));
        assert_eq!(duration("step", "1m30s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("step", "0.5"), Ok(Duration::from_millis(500)));
        assert!(duration("step", "-5").is_ok_and(|step| step.is_zero()));
        assert!(time("t", "inf").is_err() && duration("step", "x").is_err() && duration("step", "nan").is_err());
    }
}
