//! A moment and a stretch of time, as every floor counts them. Not a clock: nothing here knows what time it is now.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

const NANOS: i64 = 1_000_000_000;

/// Nanoseconds since the Unix epoch, UTC: from the year 1677 to 2262. Every conversion saturates at those ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    pub const EPOCH: Self = Self(0);

    #[must_use]
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// OTLP and Tempo send unsigned nanoseconds; what lies beyond 2262 is 2262.
    #[must_use]
    pub fn from_unsigned_nanos(nanos: u64) -> Self {
        Self(i64::try_from(nanos).unwrap_or(i64::MAX))
    }

    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros.saturating_mul(1_000))
    }

    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis.saturating_mul(1_000_000))
    }

    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(NANOS))
    }

    /// Seconds with a fraction, as Prometheus writes them; rounded to the millisecond it means. A NaN is the epoch.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates, and that is what is wanted")]
    pub fn from_float_seconds(seconds: f64) -> Self {
        Self::from_millis((seconds * 1_000.0).round() as i64)
    }

    #[must_use]
    pub const fn nanos(self) -> i64 {
        self.0
    }

    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(NANOS)
    }

    /// Nanoseconds from `earlier` to `self`; negative when `earlier` is in fact later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The time that has passed since `earlier`; zero when `earlier` is in fact later.
    #[must_use]
    pub fn elapsed_since(self, earlier: Self) -> Duration {
        Duration::from_nanos(u64::try_from(self.since(earlier)).unwrap_or(0))
    }

    #[must_use]
    pub const fn shifted(self, nanos: i64) -> Self {
        Self(self.0.saturating_add(nanos))
    }

    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        self.shifted(i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX))
    }

    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        self.shifted(i64::try_from(duration.as_nanos()).map_or(i64::MIN, |nanos| -nanos))
    }

    /// The multiple of `step` at or before this moment; a step of zero changes nothing.
    #[must_use]
    pub fn floor_to(self, step: Duration) -> Self {
        match i64::try_from(step.as_nanos()) {
            Ok(step) if step > 0 => Self(self.0.saturating_sub(self.0.rem_euclid(step))),
            _ => self,
        }
    }

    #[must_use]
    pub fn to_utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_nanos(self.0)
    }

    #[must_use]
    pub fn from_utc(moment: DateTime<Utc>) -> Self {
        Self(moment.timestamp_nanos_opt().unwrap_or(if moment.timestamp() < 0 { i64::MIN } else { i64::MAX }))
    }

    /// Reads RFC 3339 with any offset; `None` for anything else.
    #[must_use]
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text.trim()).ok().map(|moment| Self::from_utc(moment.to_utc()))
    }

    /// RFC 3339 in UTC, with as many digits of the second as it needs.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        self.to_utc().to_rfc3339_opts(SecondsFormat::AutoSi, true)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_rfc3339())
    }
}

/// A moment further away than this is told as strange.
const DAY: Duration = Duration::from_secs(86_400);
/// Letters of a year and of a date, as a moment is written.
const YEAR: usize = 4;
const DATE: usize = 10;

/// A half-open stretch of time: `start` belongs to it, `end` does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Window {
    pub start: Timestamp,
    pub end: Timestamp,
}

impl Window {
    /// The window of this length that ends at `end`.
    #[must_use]
    pub fn ending(end: Timestamp, length: Duration) -> Self {
        Self { start: end.minus(length), end }
    }

    #[must_use]
    pub fn contains(&self, moment: Timestamp) -> bool {
        self.start <= moment && moment < self.end
    }

    /// What a clock says that is more than a day from `now` and outside this window: the year, where that alone tells it.
    #[must_use]
    pub fn strange(&self, moment: Timestamp, now: Timestamp) -> Option<String> {
        let away = moment.elapsed_since(now).max(now.elapsed_since(moment));
        if away <= DAY || self.contains(moment) {
            return None;
        }
        let (told, today) = (moment.to_rfc3339(), now.to_rfc3339());
        let of = |text: &str, length| text.get(..length).map(str::to_owned);
        let year = of(&told, YEAR);
        let words = if year == of(&today, YEAR) { of(&told, DATE) } else { year };
        words.map(|words| format!("clock says {words}"))
    }

    #[must_use]
    pub fn length(&self) -> Duration {
        self.end.elapsed_since(self.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_strange_beyond_a_day_and_outside_what_was_asked_for() {
        let at = |text: &str| Timestamp::parse_rfc3339(text).expect("a time");
        let now = at("2026-03-13T17:30:00Z");
        let hour = Window::ending(now, Duration::from_secs(3_600));
        let told = |moment| hour.strange(moment, now);
        assert_eq!(told(Timestamp::EPOCH).as_deref(), Some("clock says 1970"));
        assert_eq!(told(Timestamp::from_nanos(i64::MAX)).as_deref(), Some("clock says 2262"));
        assert_eq!(told(at("2026-03-11T01:00:00Z")).as_deref(), Some("clock says 2026-03-11"));
        assert_eq!(told(at("2026-03-12T18:00:00Z")), None);
        let week = Window::ending(now, Duration::from_secs(7 * 86_400));
        assert_eq!(week.strange(at("2026-03-11T01:00:00Z"), now), None, "that was asked for");
    }

    #[test]
    fn units_agree() {
        let moment = Timestamp::parse_rfc3339("2026-03-13T18:30:00.250+01:00").expect("a valid time");
        assert_eq!(moment.to_rfc3339(), "2026-03-13T17:30:00.250Z");
        assert_eq!(Timestamp::from_millis(moment.millis()), moment);
        assert_eq!(Timestamp::from_float_seconds(1_773_423_000.25), moment);
        assert_eq!(moment.floor_to(Duration::from_secs(60)).to_rfc3339(), "2026-03-13T17:30:00Z");
    }

    #[test]
    fn the_ends_of_time_saturate() {
        assert_eq!(Timestamp::from_seconds(i64::MAX).nanos(), i64::MAX);
        assert_eq!(Timestamp::from_unsigned_nanos(u64::MAX).nanos(), i64::MAX);
        assert_eq!(Timestamp::from_nanos(i64::MIN).minus(Duration::from_secs(1)).nanos(), i64::MIN);
        assert_eq!(Timestamp::from_float_seconds(f64::NAN), Timestamp::EPOCH);
        assert_eq!(Timestamp::EPOCH.elapsed_since(Timestamp::from_seconds(5)), Duration::ZERO);
    }
}
