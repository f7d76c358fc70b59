//! Tempo's `start` and `end`: whole seconds that fit 32 bits, both or none. Not what they select.

use std::time::Duration;

use super::reply::bad;
use crate::demo::api::answer::Refusal;
use crate::demo::api::params::Params;
use crate::domain::{Timestamp, Window};

/// Without times only recent data is searched.
const RECENT: Duration = Duration::from_secs(1_800);
/// Tempo's default `max_duration`.
const LONGEST: Duration = Duration::from_secs(168 * 3_600);

pub fn window(params: &Params, now: Timestamp) -> Result<Window, Refusal> {
    let (start, end) = (seconds(params, "start")?, seconds(params, "end")?);
    if start == 0 && end == 0 {
        return Ok(Window { start: now.minus(RECENT), end: now.shifted(1) });
    }
    if start >= end {
        return Err(bad(format!("http parameter start must be before end. received start={start} end={end}")));
    }
    // The second that `end` names belongs to the answer.
    let window =
        Window { start: Timestamp::from_seconds(start.into()), end: Timestamp::from_seconds(i64::from(end) + 1) };
    if Duration::from_secs(u64::from(end - start)) > LONGEST {
        let hours = (end - start) / 3_600;
        let text =
            format!("range specified by start and end exceeds 168h0m0s. received start={start} end={end} ({hours}h)");
        return Err(bad(text));
    }
    Ok(window)
}

fn seconds(params: &Params, name: &str) -> Result<u32, Refusal> {
    let Some(value) = params.get(name) else { return Ok(0) };
    value.parse().map_err(|_| {
        let digits = value.bytes().all(|byte| byte.is_ascii_digit());
        let reason = if digits { "value out of range" } else { "invalid syntax" };
        bad(format!("invalid {name}: strconv.ParseInt: parsing {value:?}: {reason}"))
    })
}
