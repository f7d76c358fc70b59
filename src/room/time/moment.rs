//! A time as it is typed after `@`: `03:14`, `-20m`, `start`. Not the back-dating of notes, which `domain` reads.

use std::time::Duration;

use super::zone::ZoneOffset;
use crate::domain::Timestamp;

const DAY: i64 = 86_400;

/// Reads `03:14`, `03:14:07` (the last time that the zone's clock showed it), `-20m`, `-90s`, `-1h30m` (ago), `start` (of the
/// impact) and RFC 3339, each with or without `@`.
///
/// # Errors
/// What would have been understood, in words.
pub fn parse_moment(
    text: &str,
    now: Timestamp,
    zone: &ZoneOffset,
    start: Option<Timestamp>,
) -> Result<Timestamp, &'static str> {
    let text = text.trim().trim_start_matches('@').trim();
    if text.eq_ignore_ascii_case("start") {
        return start.ok_or("no start of an impact is known yet");
    }
    if text.eq_ignore_ascii_case("now") {
        return Ok(now);
    }
    if let Some(ago) = text.strip_prefix(['-', '−']) {
        return duration(ago).map(|ago| now.minus(ago)).ok_or("write -20m, -90s or -1h30m");
    }
    if let Some(moment) = Timestamp::parse_rfc3339(text) {
        return Ok(moment);
    }
    let clock = seconds_of_day(text).ok_or("write 03:14, -20m, start or RFC 3339")?;
    let local = now.seconds().saturating_add(i64::from(zone.offset_seconds(now)));
    let today = local.saturating_sub(local.rem_euclid(DAY)).saturating_add(clock);
    let latest = if today > local { today.saturating_sub(DAY) } else { today };
    Ok(Timestamp::from_seconds(latest.saturating_sub(i64::from(zone.offset_seconds(now)))))
}

fn seconds_of_day(text: &str) -> Option<i64> {
    let mut parts = text.split(':').map(|part| {
        let digits = (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<i64>().ok().filter(|_| digits)
    });
    let hours = parts.next()??;
    let minutes = parts.next()??;
    let seconds = parts.next().unwrap_or(Some(0))?;
    (parts.next().is_none() && hours < 24 && minutes < 60 && seconds < 60)
        .then_some(hours * 3_600 + minutes * 60 + seconds)
}

/// `4h`, `1h30m`, `90s`: every number has its unit.
pub(in crate::room) fn duration(text: &str) -> Option<Duration> {
    let mut total = 0u64;
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let (number, after) = rest.split_at_checked(end)?;
        let unit = after.chars().next()?;
        let seconds = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            _ => return None,
        };
        total = total.checked_add(number.parse::<u64>().ok()?.checked_mul(seconds)?)?;
        rest = after.get(unit.len_utf8()..)?;
    }
    Some(Duration::from_secs(total))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(text).expect("a time")
    }

    #[test]
    fn what_responders_type_is_a_time() {
        let zone = ZoneOffset::new("Europe/Paris", |_| 3_600);
        let now = at("2026-03-13T17:36:00Z");
        let start = Some(at("2026-03-13T17:30:00Z"));
        for (text, expected) in [
            ("@18:30", "2026-03-13T17:30:00Z"),
            ("18:35:22", "2026-03-13T17:35:22Z"),
            ("19:00", "2026-03-12T18:00:00Z"),
            ("-20m", "2026-03-13T17:16:00Z"),
            ("-1h30m", "2026-03-13T16:06:00Z"),
            ("start", "2026-03-13T17:30:00Z"),
            ("2026-03-13T18:10:00+01:00", "2026-03-13T17:10:00Z"),
        ] {
            assert_eq!(parse_moment(text, now, &zone, start), Ok(at(expected)), "{text}");
        }
        for text in ["", "25:00", "3", "-", "-5", "-5x", "1:2:3:4", "+1:00", "é"] {
            assert!(parse_moment(text, now, &zone, start).is_err(), "{text}");
        }
        assert!(parse_moment("start", now, &zone, None).is_err());
    }

    proptest! {
        #[test]
        fn no_text_is_a_panic(text in any::<String>(), now in any::<i64>()) {
            let _ = parse_moment(&text, Timestamp::from_nanos(now), &ZoneOffset::utc(), None);
        }
    }
}
