//! The texts to ask a metrics server: windows filled in, and which histogram bucket a text relies on.

use std::time::Duration;

use super::{Sli, Slo};

/// Fills `{{.window}}` (blanks and a missing dot are forgiven) with the window as Prometheus writes it.
#[must_use]
pub fn fill(text: &str, window: Duration) -> String {
    let window = window_text(window);
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        match after.split_once("}}") {
            Some((name, after)) if matches!(name.trim(), ".window" | "window") => {
                filled.push_str(&window);
                rest = after;
            }
            _ => {
                filled.push_str("{{");
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
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
    /// The series to list the values of `le` for: `http_request_duration_seconds_bucket`.
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
pub(super) fn bucket(text: &str) -> Option<BucketAsk> {
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
        let wanted = value.replace('\\', "").replace("[.]", ".").replace("(.0)?", "");
        if wanted == "+Inf" || wanted.is_empty() {
            continue;
        }
        let name = before.rfind('{').and_then(|brace| before.get(..brace)).unwrap_or("");
        let cut = name.rfind(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '_' | ':')));
        let selector = name.get(cut.map_or(0, |cut| cut + 1)..).unwrap_or("").to_owned();
        return Some(BucketAsk { selector, wanted });
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
    fn the_bucket_that_a_text_relies_on_is_found() {
        let text = r#"sum(rate(http_duration_seconds_bucket{role="x", le=~"0\\.8"}[5m]))"#;
        let ask = bucket(text).expect("a bucket");
        assert_eq!((ask.selector.as_str(), ask.wanted.as_str()), ("http_duration_seconds_bucket", "0.8"));
        assert_eq!(bucket(r#"h_bucket{le=~"3(\\.0)?"}"#).map(|ask| ask.wanted).as_deref(), Some("3"));
        assert_eq!(bucket(r#"h_bucket{le=~"2([.]0)?"}"#).map(|ask| ask.wanted).as_deref(), Some("2"));
        assert_eq!(bucket(r#"h_bucket{scale="1"}"#), None);
        assert_eq!(bucket(r#"h_bucket{le="+Inf"}"#), None);
        assert_eq!(bucket("sum by (le) (rate(x[5m]))"), None);
        assert_eq!(bucket("lele=\"é"), None);
    }
}
