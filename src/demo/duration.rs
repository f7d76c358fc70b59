//! Durations as Go and Prometheus write them (`1m30s`, `1.5s`, `250ms`, `7d`). Not dates.

use std::time::Duration;

/// `None` for anything that is not numbers with units `ns us µs ms s m h d w y`, for an empty text and for an overflow.
#[must_use]
pub fn parse(text: &str) -> Option<Duration> {
    let (mut rest, mut total) = (text, Duration::ZERO);
    if text.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        let (number, after) = rest.split_at_checked(digits)?;
        let letters: usize = after.chars().take_while(|letter| letter.is_alphabetic()).map(char::len_utf8).sum();
        let (unit, after) = after.split_at_checked(letters)?;
        let nanos: u64 = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            "d" => 86_400_000_000_000,
            "w" => 604_800_000_000_000,
            "y" => 31_536_000_000_000_000,
            _ => return None,
        };
        let part = match number.parse::<u64>() {
            Ok(whole) => Duration::from_nanos(whole.checked_mul(nanos)?),
            #[expect(clippy::cast_precision_loss, reason = "a unit has few digits; the fraction is approximate anyway")]
            Err(_) => Duration::try_from_secs_f64(number.parse::<f64>().ok()? * (nanos as f64 / 1e9)).ok()?,
        };
        total = total.checked_add(part)?;
        rest = after;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_add_up_and_nonsense_is_refused() {
        assert_eq!(parse("1m30s"), Some(Duration::from_secs(90)));
        assert_eq!(parse("1.5s"), Some(Duration::from_millis(1_500)));
        assert_eq!(parse("250µs"), Some(Duration::from_micros(250)));
        for text in ["", "3", "s", "3 s", "-3s", "1..5s", "99999999999999999999s", "18446744073709551615h", "3é"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
