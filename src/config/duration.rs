//! Durations as people write them in a config: `10s`, `1h30m`, `30d`. One number a unit, no fractions.

use std::time::Duration;

/// `ms s m h d w`; `None` for anything else, for zero, and for more than a thousand years.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let digits = rest.find(|sign: char| !sign.is_ascii_digit())?;
        let (number, after) = rest.split_at(digits);
        let unit_end = after.find(|sign: char| !sign.is_ascii_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at(unit_end);
        let millis: u64 = match unit {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            "w" => 604_800_000,
            _ => return None,
        };
        let part = number.parse::<u64>().ok()?.checked_mul(millis)?;
        total = total.checked_add(Duration::from_millis(part))?;
        rest = after.trim_start();
    }
    Some(total).filter(|total| !total.is_zero() && *total < LONGEST)
}

const LONGEST: Duration = Duration::from_secs(1_000 * 366 * 86_400);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_duration_and_what_is_not() {
        for (text, seconds) in [("10s", 10), ("1h30m", 5_400), ("30d", 2_592_000), (" 1w 1s ", 604_801)] {
            assert_eq!(parse(text), Some(Duration::from_secs(seconds)), "{text}");
        }
        assert_eq!(parse("250ms"), Some(Duration::from_millis(250)));
        for text in ["", "10", "s", "0s", "-1s", "1.5h", "1y", "10 s", "99999999999999999999s", "9999999w"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
