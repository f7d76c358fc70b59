//! Times and durations as every pane writes them: fixed in width where they stand in a column.

use chrono::{DateTime, FixedOffset, Utc};

use crate::domain::Timestamp;
use crate::domain::slo::{Judgement, State};
use crate::room::{ClockStyle, Room};

/// The wall's time in the chosen zone.
fn local(room: &Room, at: Timestamp) -> DateTime<FixedOffset> {
    let utc: DateTime<Utc> = at.to_utc();
    match FixedOffset::east_opt(room.offset_seconds(at)) {
        Some(offset) => utc.with_timezone(&offset),
        None => utc.fixed_offset(),
    }
}

/// Hours, minutes, seconds and milliseconds on the wall. Every line on the screen has them: a calendar is not asked.
fn of_day(room: &Room, at: Timestamp) -> (i64, i64, i64, i64) {
    let offset = i64::from(room.offset_seconds(at)).saturating_mul(1_000);
    let millis = at.millis().saturating_add(offset).rem_euclid(86_400_000);
    (millis / 3_600_000, millis / 60_000 % 60, millis / 1_000 % 60, millis % 1_000)
}

/// `18:35:22`, eight cells; `T+5:22` padded to eight when times count from the start.
pub(super) fn seconds(room: &Room, at: Timestamp) -> String {
    match since_start(room, at) {
        Some(text) => format!("{text:<8}"),
        None => {
            let (hours, minutes, seconds, _) = of_day(room, at);
            format!("{hours:02}:{minutes:02}:{seconds:02}")
        }
    }
}

/// `18:35:22.410`, twelve cells.
pub(super) fn millis(room: &Room, at: Timestamp) -> String {
    match since_start(room, at) {
        Some(text) => format!("{:<12}", format!("{text}.{:03}", at.millis().rem_euclid(1_000))),
        None => {
            let (hours, minutes, seconds, millis) = of_day(room, at);
            format!("{hours:02}:{minutes:02}:{seconds:02}.{millis:03}")
        }
    }
}

/// `18:30`, for sentences.
pub(super) fn minutes(room: &Room, at: Timestamp) -> String {
    since_start(room, at).unwrap_or_else(|| {
        let (hours, minutes, ..) = of_day(room, at);
        format!("{hours:02}:{minutes:02}")
    })
}

/// `13 Mar`.
pub(super) fn day(room: &Room, at: Timestamp) -> String {
    local(room, at).format("%-d %b").to_string()
}

fn since_start(room: &Room, at: Timestamp) -> Option<String> {
    if room.clock_style != ClockStyle::SinceStart {
        return None;
    }
    let start = room.impact_start()?;
    let nanos = at.since(start);
    let sign = if nanos < 0 { '-' } else { '+' };
    Some(format!("T{sign}{}", stopwatch(nanos.unsigned_abs() / 1_000_000_000)))
}

/// Whether the seconds of the present are worth their bytes: an incident goes on, something burns or a page is there, and
/// the link is good. On a calm evening nobody counts them, and a screen on which nothing changes writes nothing.
pub(super) fn counts_seconds(room: &Room) -> bool {
    let burns = |judgement: &Judgement| judgement.state.is_firing() || matches!(judgement.state, State::Rising);
    let is_incident = room.incident.is_some()
        || room.gauges.judgements.iter().any(burns)
        || room.alerts.iter().any(|alert| alert.is_page());
    is_incident && !room.is_thrifty()
}

/// Seconds since then, as they are told of what grows old: in steps of ten where nobody counts them.
pub(super) fn since(room: &Room, at: Timestamp) -> u64 {
    let seconds = room.now.elapsed_since(at).as_secs();
    if counts_seconds(room) { seconds } else { seconds / 10 * 10 }
}

/// `6:00`, `1:02:03`.
pub(super) fn stopwatch(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

const MINUTE: u64 = 60_000_000_000;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const YEAR: u64 = 365 * DAY;

/// Of a span, three digits: `640 ns`, `12 µs`, `1.2 ms`, `360 ms`, `2.00 s`, `12 min`, `3.50 h`. Batches run for days, and
/// a clock that is wrong makes years.
#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
pub(super) fn took(nanos: i64) -> String {
    let sign = if nanos < 0 { "−" } else { "" };
    let nanos = nanos.unsigned_abs();
    let scaled = |unit: u64, name: &str| {
        let value = nanos as f64 / unit as f64;
        format!("{sign}{} {name}", digits(value))
    };
    match nanos {
        0..1_000 => format!("{sign}{nanos} ns"),
        1_000..999_500 => format!("{sign}{:.0} µs", nanos as f64 / 1e3),
        999_500..9_950_000 => format!("{sign}{} ms", format!("{:.1}", nanos as f64 / 1e6).trim_end_matches(".0")),
        9_950_000..999_500_000 => format!("{sign}{:.0} ms", nanos as f64 / 1e6),
        999_500_000..119_500_000_000 => scaled(1_000_000_000, "s"),
        nanos if nanos < 2 * HOUR => format!("{sign}{:.0} min", nanos as f64 / MINUTE as f64),
        nanos if nanos < 2 * DAY => scaled(HOUR, "h"),
        nanos if nanos < 2 * YEAR => scaled(DAY, "d"),
        _ => scaled(YEAR, "y"),
    }
}

/// Seconds on an axis: `0`, `0.62`, `1.24`; the unit stands at the last one alone.
#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
pub(super) fn axis(nanos: i64, whole: i64) -> String {
    let whole = whole.max(1);
    let (unit, name) = match whole {
        0..1_000_000 => (1e3, "µs"),
        1_000_000..1_000_000_000 => (1e6, "ms"),
        whole if whole.unsigned_abs() < 10 * MINUTE => (1e9, "s"),
        whole if whole.unsigned_abs() < 2 * HOUR => (MINUTE as f64, "min"),
        whole if whole.unsigned_abs() < 2 * DAY => (HOUR as f64, "h"),
        whole if whole.unsigned_abs() < 2 * YEAR => (DAY as f64, "d"),
        _ => (YEAR as f64, "y"),
    };
    let value = nanos as f64 / unit;
    let text = if nanos == 0 { "0".to_owned() } else { digits(value) };
    if nanos == whole { format!("{text} {name}") } else { text }
}

fn digits(value: f64) -> String {
    match value {
        v if v < 9.995 => format!("{v:.2}"),
        v if v < 99.95 => format!("{v:.1}"),
        v => format!("{v:.0}"),
    }
}

/// `42 s`, `8.4 s`, `3 min`: how old something is, in one unit.
pub(super) fn age(seconds: f64) -> String {
    match seconds {
        s if s < 9.95 => format!("{s:.1} s"),
        s if s < 99.5 => format!("{s:.0} s"),
        s if s < 5_970.0 => format!("{:.0} min", s / 60.0),
        s if s < 48.0 * 3_600.0 => format!("{:.0} h", s / 3_600.0),
        s => format!("{:.0} d", s / 86_400.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_three_digits_and_a_unit() {
        let ms = 1_000_000;
        let texts: Vec<String> =
            [640, 12_000, 1_200_000, 3 * ms, 32 * ms, 360 * ms, 2_000 * ms, 2_480 * ms, 12 * 60_000 * ms]
                .map(took)
                .to_vec();
        assert_eq!(texts, ["640 ns", "12 µs", "1.2 ms", "3 ms", "32 ms", "360 ms", "2.00 s", "2.48 s", "12 min"]);
        assert_eq!(stopwatch(360), "6:00");
        assert_eq!(stopwatch(3_723), "1:02:03");
        assert_eq!([0, 1_240 * ms, 2_480 * ms].map(|nanos| axis(nanos, 2_480 * ms)), ["0", "1.24", "2.48 s"]);
        let long = [3 * 3_600_000 * ms, 50 * 3_600_000 * ms, i64::MAX, i64::MIN];
        assert_eq!(long.map(took), ["3.00 h", "2.08 d", "292 y", "−292 y"]);
        assert_eq!([3 * 3_600_000 * ms, i64::MAX].map(|whole| axis(whole, whole)), ["3.00 h", "292 y"]);
        assert_eq!([0.04, 8.4, 42.0, 600.0].map(age), ["0.0 s", "8.4 s", "42 s", "10 min"]);
        assert_eq!([7_200.0, 259_200.0].map(age), ["2 h", "3 d"]);
    }
}
