//! How far a server's clock is from ours, by the `Date` of its answers. What is asked of "now" on a clock that is minutes
//! away is not about now: the answer is then called a part of the truth.

use chrono::{DateTime, Utc};
use reqwest::header::{AGE, DATE, HeaderMap};

/// `Date` has whole seconds, and an answer may travel for some: less than this is no skew.
const MOST: i64 = 60;

/// In seconds, positive when the server's clock is ahead. `None` without a date, and for what a cache kept.
pub(super) fn of(headers: &HeaderMap, now: DateTime<Utc>) -> Option<i64> {
    if headers.contains_key(AGE) {
        return None;
    }
    let date = DateTime::parse_from_rfc2822(headers.get(DATE)?.to_str().ok()?).ok()?;
    Some((date.with_timezone(&Utc) - now).num_seconds())
}

/// What to say of it; `None` when it is too little to matter.
pub(super) fn warning(skew: Option<i64>) -> Option<String> {
    let skew = skew.filter(|skew| skew.abs() > MOST)?;
    let (minutes, seconds) = (skew.abs() / 60, skew.abs() % 60);
    let side = if skew > 0 { "ahead of" } else { "behind" };
    Some(format!("the server's clock is {minutes} min {seconds} s {side} ours: what it answers is not about now"))
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().expect("a name"), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn minutes_are_told_and_seconds_are_not() {
        let now = DateTime::parse_from_rfc3339("2026-03-13T17:30:00Z").expect("a time").with_timezone(&Utc);
        let skew = |date: &'static str| of(&headers(&[("date", date)]), now);
        assert_eq!(skew("Fri, 13 Mar 2026 17:34:10 GMT"), Some(250));
        assert_eq!(skew("Fri, 13 Mar 2026 17:25:00 GMT"), Some(-300));
        for nonsense in ["", "yesterday", "Fri, 99 Mar 2026 17:25:00 GMT"] {
            assert_eq!(skew(nonsense), None);
        }
        assert_eq!(of(&headers(&[("date", "Fri, 13 Mar 2026 17:25:00 GMT"), ("age", "300")]), now), None);
        let words = warning(Some(250)).expect("it matters");
        assert!(words.starts_with("the server's clock is 4 min 10 s ahead of ours"), "{words}");
        assert!(warning(Some(-300)).is_some_and(|words| words.contains("5 min 0 s behind ours")));
        assert_eq!((warning(Some(59)), warning(Some(-60)), warning(None)), (None, None, None));
    }
}
