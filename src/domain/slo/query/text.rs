//! The texts to ask a metrics server: placeholders filled in, and which histogram bucket a text relies on. Not the
//! writing of a text out of metrics: that is `shape.rs`.

use std::time::Duration;

use super::selector::Selector;
use crate::domain::slo::{Sli, Slo};

/// Fills the placeholders of a text (blanks and a missing dot are forgiven): `{{.window}}` with the window as Prometheus
/// writes it, `{{.seconds}}` with its length, `{{.group}}` with nothing: the whole, not one member of a group.
#[must_use]
pub fn fill(text: &str, window: Duration) -> String {
    placed(text, |name| match name {
        "window" => Some(window_text(window)),
        "seconds" => Some(seconds_text(window)),
        "group" => Some(String::new()),
        _ => None,
    })
}

/// Narrows a text to the series with these matchers, such as `handler="/api"`, where `{{.group}}` stands.
#[must_use]
pub fn narrowed(text: &str, matchers: &str) -> String {
    placed(text, |name| (name == "group").then(|| matchers.to_owned()))
}

/// Whether a text holds this placeholder.
#[must_use]
pub fn says(text: &str, placeholder: &str) -> bool {
    let mut found = false;
    // What is filled in is thrown away: only the names are wanted.
    drop(placed(text, |name| {
        found |= name == placeholder;
        None
    }));
    found
}

/// Replaces what `value` knows and leaves the rest as it stands. Nothing in place of a placeholder takes the comma
/// behind it along: `{ {{.group}}, job="x"}`.
fn placed(text: &str, mut value: impl FnMut(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        // Of three braces the first opens the labels: `m{{{.group}}}`.
        if let Some(inner) = after.strip_prefix('{') {
            filled.push('{');
            rest = rest.get(rest.len() - inner.len() - 2..).unwrap_or_default();
            continue;
        }
        let known = after.split_once("}}").and_then(|(name, behind)| {
            let name = name.trim();
            Some((value(name.strip_prefix('.').unwrap_or(name))?, behind))
        });
        match known {
            Some((value, behind)) => {
                filled.push_str(&value);
                let comma = behind.trim_start().strip_prefix(',').filter(|_| value.is_empty());
                rest = comma.unwrap_or(behind);
            }
            None => {
                filled.push_str("{{");
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// Whether a text gives a count over the window. Else it gives a rate a second.
#[must_use]
pub fn is_count(text: &str) -> bool {
    let counted = || ["increase", "_over_time", "delta("].iter().any(|word| text.contains(word));
    says(text, "seconds") || (!text.contains("rate(") && counted())
}

/// The length of a window as a number of PromQL: `300`, `1.5`. At least a thousandth.
#[must_use]
pub fn seconds_text(window: Duration) -> String {
    let millis = window.as_millis().max(1);
    let (whole, part) = (millis / 1_000, millis % 1_000);
    if part == 0 {
        return whole.to_string();
    }
    format!("{whole}.{}", format!("{part:03}").trim_end_matches('0'))
}

/// `5m`, `6h`, `30d`, `375s`, `1500ms`: the largest unit that divides it. At least `1ms`.
#[must_use]
pub fn window_text(window: Duration) -> String {
    let (seconds, millis) = (window.as_secs(), window.as_millis());
    if !millis.is_multiple_of(1_000) || millis == 0 {
        return format!("{}ms", millis.max(1));
    }
    let (count, unit) = match seconds {
        _ if seconds % 86_400 == 0 => (seconds / 86_400, "d"),
        _ if seconds % 3_600 == 0 => (seconds / 3_600, "h"),
        _ if seconds % 60 == 0 => (seconds / 60, "m"),
        _ => (seconds, "s"),
    };
    format!("{count}{unit}")
}

/// Every window to ask for at a refresh: short and long of each rule, each once, shortest first, and the SLO's own last.
#[must_use]
pub fn windows(slo: &Slo) -> Vec<Duration> {
    let mut windows: Vec<Duration> = slo.policy.rules().iter().flat_map(|rule| [rule.short, rule.long]).collect();
    windows.sort_unstable();
    windows.dedup();
    windows.retain(|window| *window != slo.window);
    windows.push(slo.window);
    windows
}

/// The bound of a classic histogram that an SLI relies on: without that bucket it would say nothing, or "all bad".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketAsk {
    /// The series to list the values of `le` for: `http_request_duration_seconds_bucket{job="booking"}`.
    pub selector: String,
    /// `0.8`, freed of the spelling of a regular expression.
    pub wanted: String,
}

impl Sli {
    /// The bucket that the text of good or bad events names, if any.
    #[must_use]
    pub fn bucket(&self) -> Option<BucketAsk> {
        bucket(self.first()).or_else(|| bucket(self.total()))
    }
}

impl Slo {
    /// What its bad events are: those of an objective for durations came through, and too late.
    #[must_use]
    pub fn bad_in_words(&self) -> &'static str {
        if self.slow_from().is_some() { "slow" } else { "failing" }
    }

    /// From which duration on an event is bad, for an SLO about durations: the bound that its text names, read as seconds,
    /// or as milliseconds where the series says so.
    #[must_use]
    pub fn slow_from(&self) -> Option<Duration> {
        let ask = self.sli.bucket()?;
        let bound: f64 = ask.wanted.parse().ok().filter(|bound: &f64| *bound > 0.0)?;
        let is_millis = ask.selector.contains("milliseconds") || ask.selector.contains("_ms_");
        Duration::try_from_secs_f64(if is_millis { bound / 1e3 } else { bound }).ok()
    }
}

/// The first `le` matcher of a text with another value than `+Inf`.
pub fn bucket(text: &str) -> Option<BucketAsk> {
    let whole = narrowed(text, "");
    let text = whole.as_str();
    let mut from = 0;
    while let Some(at) = text.get(from..)?.find("le").map(|at| from + at) {
        from = at + 2;
        let (before, after) = (text.get(..at)?, text.get(from..)?);
        if before.ends_with(|letter: char| letter.is_alphanumeric() || letter == '_') {
            continue;
        }
        let after = after.trim_start();
        let Some(value) = after.strip_prefix("=~").or_else(|| after.strip_prefix('=')) else { continue };
        let value = value.trim_start();
        let Some(quote) = value.chars().next().filter(|quote| matches!(quote, '"' | '\'' | '`')) else { continue };
        let Some((value, _)) = value.get(1..)?.split_once(quote) else { continue };
        let value = value.split('|').next().unwrap_or_default();
        let wanted = value.replace('\\', "").replace("[.]", ".").replace("(.0)?", "");
        if wanted == "+Inf" || wanted.is_empty() {
            continue;
        }
        let brace = before.rfind('{').unwrap_or(0);
        let name = before.get(..brace).unwrap_or_default();
        let cut = name.rfind(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '_' | ':')));
        let start = cut.map_or(0, |cut| cut + 1);
        let name = name.get(start..).unwrap_or_default();
        let selector = selector_at(text, start).map(|selector| selector.without("le").to_string());
        return Some(BucketAsk { selector: selector.unwrap_or_else(|| name.to_owned()), wanted });
    }
    None
}

/// The selector that begins at this byte: up to the brace that closes its labels.
pub(super) fn selector_at(text: &str, start: usize) -> Option<Selector> {
    let text = text.get(start..)?;
    let (mut quote, mut escaped) = (None, false);
    for (at, sign) in text.char_indices() {
        match (quote, sign) {
            (Some(_), _) if escaped => escaped = false,
            (Some('"' | '\''), '\\') => escaped = true,
            (Some(open), _) if open == sign => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(sign),
            (None, '}') => return Selector::parse(text.get(..=at)?).ok(),
            (None, _) => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_written_as_prometheus_reads_them() {
        for (seconds, text) in [(300, "5m"), (21_600, "6h"), (2_592_000, "30d"), (375, "375s"), (90, "90s")] {
            assert_eq!(window_text(Duration::from_secs(seconds)), text);
        }
        assert_eq!(window_text(Duration::from_millis(1_500)), "1500ms");
        assert_eq!(window_text(Duration::ZERO), "1ms");
    }

    #[test]
    fn the_placeholder_is_filled_and_nothing_else() {
        let five = Duration::from_secs(300);
        assert_eq!(
            fill("rate(a{b=\"{{x}}\"}[{{.window}}]) + b[{{ window }}]", five),
            "rate(a{b=\"{{x}}\"}[5m]) + b[5m]"
        );
        assert_eq!(fill("{{", five), "{{");
        assert_eq!(fill("é{{.window", five), "é{{.window");
    }

    #[test]
    fn a_group_is_all_of_it_or_one_member() {
        let text = r#"sum(rate(m{ {{.group}}, a="b"}[{{.window}}])) / m{{{.group}}} * {{.seconds}}"#;
        assert_eq!(fill(text, Duration::from_millis(90_500)), r#"sum(rate(m{  a="b"}[90500ms])) / m{} * 90.5"#);
        assert_eq!(narrowed(text, r#"c="d""#), r#"sum(rate(m{ c="d", a="b"}[{{.window}}])) / m{c="d"} * {{.seconds}}"#);
        assert!(says(text, "group") && says(text, "seconds") && !says("{{group", "group"));
        assert!(is_count("x * {{.seconds}}") && is_count("increase(x[5m])"));
        assert!(!is_count("rate(x[5m]) + increase(y[5m])"));
    }

    #[test]
    fn the_bucket_that_a_text_relies_on_is_found() {
        let text = r#"sum(rate(http_duration_seconds_bucket{role="x", le=~"0\\.8"}[5m]))"#;
        let ask = bucket(text).expect("a bucket");
        assert_eq!(ask.selector, r#"http_duration_seconds_bucket{role="x"}"#);
        assert_eq!(ask.wanted, "0.8");
        let joint = bucket(r#"sum(rate(h_bucket{a="}",{{.group}},le=~"1000000(\\.0)?|1e\\+06"}[{{.window}}]))"#);
        let joint = joint.expect("a bucket");
        assert_eq!((joint.selector.as_str(), joint.wanted.as_str()), (r#"h_bucket{a="}"}"#, "1000000"));
        assert_eq!(bucket(r#"h_bucket{le=~"3(\\.0)?"}"#).map(|ask| ask.wanted).as_deref(), Some("3"));
        assert_eq!(bucket(r#"h_bucket{le=~"2([.]0)?"}"#).map(|ask| ask.wanted).as_deref(), Some("2"));
        assert_eq!(bucket(r#"h_bucket{scale="1"}"#), None);
        assert_eq!(bucket(r#"h_bucket{le="+Inf"}"#), None);
        assert_eq!(bucket("sum by (le) (rate(x[5m]))"), None);
        assert_eq!(bucket("lele=\"é"), None);
    }
}
