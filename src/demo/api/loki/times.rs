//! Moments and steps as Loki's parameters spell them. Not what they select.

use std::time::Duration;

use crate::demo::api::answer::Refusal;
use crate::demo::api::params::Params;
use crate::demo::duration;
use crate::domain::{Timestamp, Window};

const HOUR: Duration = Duration::from_secs(3_600);
/// Loki's default `max_query_length`.
const LONGEST: Duration = Duration::from_secs(30 * 86_400 + 3_600);

/// Up to ten digits are seconds, more are nanoseconds, a point makes float seconds; RFC 3339 too.
pub fn moment(value: &str) -> Option<Timestamp> {
    if value.contains('.') && value.parse::<f64>().is_ok() {
        return value.parse().ok().map(Timestamp::from_float_seconds);
    }
    match value.parse::<i64>() {
        Ok(number) if value.len() <= 10 => Some(Timestamp::from_seconds(number)),
        Ok(number) => Some(Timestamp::from_nanos(number)),
        Err(_) => Timestamp::parse_rfc3339(value),
    }
}

fn read(params: &Params, name: &str) -> Result<Option<Timestamp>, Refusal> {
    let Some(value) = params.get(name) else { return Ok(None) };
    moment(value).map(Some).ok_or_else(|| bad(format!("could not parse '{name}' parameter: parsing time \"{value}\"")))
}

/// `start`, `end` and `since`; without them the last hour. The end is exclusive and may lie in the future.
pub fn window(params: &Params, now: Timestamp, default: Duration) -> Result<Window, Refusal> {
    let end = read(params, "end")?.unwrap_or(now);
    let since = match params.get("since") {
        Some(value) => {
            duration::parse(value).ok_or_else(|| bad(format!("could not parse 'since' parameter: {value:?}")))?
        }
        None => default,
    };
    let start = read(params, "start")?.unwrap_or_else(|| end.min(now).minus(since));
    let window = Window { start, end };
    if end < start {
        return Err(bad("end timestamp must not be before or equal to start time"));
    }
    if window.length() > LONGEST {
        let hours = window.length().as_secs() / 3_600;
        let text = format!("the query time range exceeds the limit (query length: {hours}h0m0s, limit: 30d1h)");
        return Err(bad(text));
    }
    Ok(window)
}

/// The last hour is what a query without times asks for.
pub fn query_window(params: &Params, now: Timestamp) -> Result<Window, Refusal> {
    window(params, now, HOUR)
}

/// `time` of an instant query.
pub fn instant(params: &Params, now: Timestamp) -> Result<Timestamp, Refusal> {
    Ok(read(params, "time")?.unwrap_or(now))
}

/// Seconds, with a fraction or with a unit; without one a 250th of the window.
pub fn step(params: &Params, window: Window) -> Result<Duration, Refusal> {
    let step = match params.get("step") {
        Some(value) => value
            .parse()
            .ok()
            .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
            .or_else(|| duration::parse(value))
            .ok_or_else(|| bad(format!("cannot parse {value:?} to a valid duration")))?,
        None => Duration::from_secs((window.length().as_secs() / 250).max(1)),
    };
    if step.is_zero() {
        return Err(bad("zero or negative query resolution step widths are not accepted. Try a positive integer"));
    }
    if window.length().as_nanos() / step.as_nanos() > 11_000 {
        return Err(bad(
            "exceeded maximum resolution of 11,000 points per time series. Try increasing the value of the \
                        step parameter",
        ));
    }
    Ok(step)
}

pub fn bad(message: impl Into<String>) -> Refusal {
    Refusal(message.into())
}
