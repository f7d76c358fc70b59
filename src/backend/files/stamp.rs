//! When a line was written, in the spellings that loggers have for it. A time without a zone is taken as UTC. Not where in
//! a line it is looked for: `parse.rs`.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};

use crate::domain::Timestamp;

const MONTHS: [&[u8]; 12] =
    [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];
const SECOND: i64 = 1_000_000_000;

/// Reads bytes from the left.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Takes the byte if it is one of these.
    fn sign(&mut self, any: &[u8]) -> Option<u8> {
        let byte = self.peek().filter(|byte| any.contains(byte))?;
        self.at += 1;
        Some(byte)
    }

    /// From `least` to `most` digits.
    fn number(&mut self, least: usize, most: usize) -> Option<u32> {
        let (from, mut value) = (self.at, 0_u32);
        while let Some(digit) = self.peek().filter(u8::is_ascii_digit).filter(|_| self.at - from < most) {
            value = value.checked_mul(10)?.checked_add(u32::from(digit - b'0'))?;
            self.at += 1;
        }
        (self.at - from >= least).then_some(value)
    }

    /// `14:05:06` and what follows a point or a comma, up to nanoseconds.
    fn clock(&mut self) -> Option<NaiveTime> {
        let hour = self.number(1, 2)?;
        self.sign(b":")?;
        let minute = self.number(2, 2)?;
        self.sign(b":")?;
        let second = self.number(2, 2)?;
        let mut nanos = 0;
        if matches!(self.peek(), Some(b'.' | b',')) && self.bytes.get(self.at + 1).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
            let mut unit = 100_000_000;
            while let Some(digit) = self.peek().filter(u8::is_ascii_digit) {
                nanos += u32::from(digit - b'0') * unit;
                unit /= 10;
                self.at += 1;
            }
        }
        NaiveTime::from_hms_nano_opt(hour, minute, second.min(59), nanos)
    }

    /// `Z`, `+02:00`, `+0200`, or nothing; seconds east of UTC.
    fn zone(&mut self) -> i64 {
        if self.sign(b"Zz").is_some() {
            return 0;
        }
        let from = self.at;
        self.sign(b" ");
        let Some(sign) = self.sign(b"+-") else {
            self.at = from;
            return 0;
        };
        let read = |reader: &mut Self| {
            let hours = reader.number(2, 2)?;
            reader.sign(b":");
            Some(i64::from(hours) * 3_600 + i64::from(reader.number(2, 2)?) * 60)
        };
        match read(self) {
            Some(seconds) if sign == b'-' => -seconds,
            Some(seconds) => seconds,
            None => {
                self.at = from;
                0
            }
        }
    }
}

fn moment(date: NaiveDate, time: NaiveTime, east: i64) -> Option<Timestamp> {
    let nanos = NaiveDateTime::new(date, time).and_utc().timestamp_nanos_opt()?;
    nanos.checked_sub(east.checked_mul(SECOND)?).map(Timestamp::from_nanos)
}

/// A time at the very beginning, and the bytes that it takes. `now` tells the year where it is not written.
pub(super) fn leading(text: &str, now: Timestamp) -> Option<(Timestamp, usize)> {
    let bytes = text.as_bytes();
    match bytes.first()? {
        b'0'..=b'9' => iso(bytes).or_else(|| epoch(text)),
        b'I' | b'W' | b'E' | b'F' if bytes.get(1).is_some_and(u8::is_ascii_digit) => klog(bytes, now),
        b'J' | b'F' | b'M' | b'A' | b'S' | b'O' | b'N' | b'D' => syslog(bytes, now),
        _ => None,
    }
}

/// A whole value: a time in words, or a number of seconds, or of smaller parts of them.
pub(super) fn value(text: &str, now: Timestamp) -> Option<Timestamp> {
    leading(text.trim(), now).map(|(time, _)| time)
}

/// `2026-03-13T17:30:12.5Z`, `2026-03-13 17:30:12,500 +0100`, `2026/03/13 17:30:12`.
fn iso(bytes: &[u8]) -> Option<(Timestamp, usize)> {
    let mut reader = Reader { bytes, at: 0 };
    let year = reader.number(4, 4)?;
    let sign = reader.sign(b"-/")?;
    let month = reader.number(2, 2)?;
    reader.sign(&[sign])?;
    let day = reader.number(2, 2)?;
    reader.sign(b"T t_")?;
    let time = reader.clock()?;
    let east = reader.zone();
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    Some((moment(date, time, east)?, reader.at))
}

/// `1773423012`, `1773423012.5`, and milli-, micro- and nanoseconds by their length.
fn epoch(text: &str) -> Option<(Timestamp, usize)> {
    let digits = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let number: i64 = text.get(..digits)?.parse().ok()?;
    let scale = match digits {
        10 => SECOND,
        13 => 1_000_000,
        16 => 1_000,
        19 => 1,
        _ => return None,
    };
    let rest = text.get(digits..)?;
    let fraction = rest.strip_prefix('.').map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
    let end = if fraction > 0 { digits + 1 + fraction } else { digits };
    let behind = text.as_bytes().get(end);
    if behind.is_some_and(|byte| !byte.is_ascii_whitespace() && *byte != b':') {
        return None;
    }
    let part = text.get(digits..end).and_then(|part| part.parse::<f64>().ok()).unwrap_or(0.0);
    let part = Timestamp::from_float_seconds(part).nanos() / (SECOND / scale).max(1);
    Some((Timestamp::from_nanos(number.checked_mul(scale)?.checked_add(part)?), end))
}

/// `E0313 17:30:12.345678    1 file.go:7] ..`: the letter is the level.
fn klog(bytes: &[u8], now: Timestamp) -> Option<(Timestamp, usize)> {
    let mut reader = Reader { bytes, at: 1 };
    let month = reader.number(2, 2)?;
    let day = reader.number(2, 2)?;
    reader.sign(b" ")?;
    let time = reader.clock()?;
    Some((of_this_year(month, day, time, now)?, reader.at))
}

/// `Mar 13 17:30:12`, `Mar  3 17:30:12`.
fn syslog(bytes: &[u8], now: Timestamp) -> Option<(Timestamp, usize)> {
    let name = bytes.get(..3)?;
    let month = MONTHS.iter().position(|month| *month == name)?;
    let mut reader = Reader { bytes, at: 3 };
    reader.sign(b" ")?;
    reader.sign(b" ");
    let day = reader.number(1, 2)?;
    reader.sign(b" ")?;
    let time = reader.clock()?;
    Some((of_this_year(u32::try_from(month + 1).ok()?, day, time, now)?, reader.at))
}

/// `13/Mar/2026:17:30:12 +0000`, as web servers write it between brackets; anywhere near the beginning of the line.
pub(super) fn bracketed(text: &str) -> Option<Timestamp> {
    const NEAR: usize = 200;
    let head = text.get(..text.floor_char_boundary(NEAR)).unwrap_or(text);
    let inside = head.get(head.find('[')? + 1..)?;
    let mut reader = Reader { bytes: inside.as_bytes(), at: 0 };
    let day = reader.number(2, 2)?;
    reader.sign(b"/")?;
    let name = inside.as_bytes().get(reader.at..reader.at + 3)?;
    let month = MONTHS.iter().position(|month| *month == name)?;
    reader.at += 3;
    reader.sign(b"/")?;
    let year = reader.number(4, 4)?;
    reader.sign(b":")?;
    let time = reader.clock()?;
    let east = reader.zone();
    moment(NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, u32::try_from(month + 1).ok()?, day)?, time, east)
}

/// The latest year in which that day has come; a clock may be a day ahead.
fn of_this_year(month: u32, day: u32, time: NaiveTime, now: Timestamp) -> Option<Timestamp> {
    let year = now.to_utc().year();
    let of = |year| NaiveDate::from_ymd_opt(year, month, day).and_then(|date| moment(date, time, 0));
    let latest = now.shifted(86_400 * SECOND);
    of(year).filter(|time| *time <= latest).or_else(|| of(year - 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn now() -> Timestamp {
        Timestamp::parse_rfc3339("2026-03-13T18:00:00Z").expect("a time")
    }

    #[test]
    fn every_spelling_of_one_moment() {
        let wanted = Timestamp::parse_rfc3339("2026-03-13T17:30:12.5Z").expect("a time");
        for text in [
            "2026-03-13T17:30:12.5Z x",
            "2026-03-13 17:30:12,500 x",
            "2026-03-13T18:30:12.500000000+01:00",
            "2026-03-13 12:30:12.5 -0500 x",
            "2026/03/13 17:30:12.5 x",
            "1773423012.5 x",
            "1773423012500",
            "1773423012500000",
            "1773423012500000000",
            "E0313 17:30:12.500000       1 main.go:7] x",
            "Mar 13 17:30:12.5 host x",
        ] {
            assert_eq!(leading(text, now()).map(|(time, _)| time), Some(wanted), "{text}");
        }
        let second = wanted.shifted(-SECOND / 2);
        assert_eq!(bracketed(r#"::1 - - [13/Mar/2026:18:30:12 +0100] "GET / HTTP/1.1" 200"#), Some(second));
    }

    #[test]
    fn a_day_that_has_not_come_is_of_last_year() {
        let time = leading("Dec 31 23:59:59 host x", now()).map(|(time, _)| time.to_rfc3339());
        assert_eq!(time.as_deref(), Some("2025-12-31T23:59:59Z"));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in ["", "2026", "2026-13-40 10:00:00", "12345", "Info x", "E2", "Marvellous", "99999999999999999999"] {
            assert_eq!(leading(text, now()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in r"([0-9]{1,19}|[-/:.,T Z+\[]|Mar|E|é|\u{0}){0,24}") {
            if let Some((_, length)) = leading(&text, now()) {
                prop_assert!(text.get(..length).is_some());
            }
            let _ = bracketed(&text);
        }
    }
}
