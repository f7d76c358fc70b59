//! What an SLI is made of, as teams know it (a counter, a histogram, a gauge of 0 and 1), and the texts that measure it.

use std::time::Duration;

use super::selector::{Matcher, Operator, Selector};
use crate::domain::slo::Sli;

/// The upper bound of a histogram's bucket that counts as good, in the unit of the metric: `0.8`, `3`, `800`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Bound(String);

impl Bound {
    /// Of a metric in seconds, or in milliseconds as some libraries have them. Exact.
    #[must_use]
    pub fn of(threshold: Duration, milliseconds: bool) -> Self {
        let (unit, digits) = if milliseconds { (1_000_000, 6) } else { (1_000_000_000, 9) };
        let (whole, part) = (threshold.as_nanos() / unit, threshold.as_nanos() % unit);
        let part = format!("{part:0digits$}");
        let part = part.trim_end_matches('0');
        Self(if part.is_empty() { whole.to_string() } else { format!("{whole}.{part}") })
    }

    /// The value of an `le`, in any spelling of a number: `5`, `5.0`, `1e+06`. `None` when it is no positive number.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let number = text.trim().parse::<f64>().ok()?;
        (number.is_finite() && number > 0.0 && number < 1e15).then(|| Self(format!("{number}")))
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Matches every spelling that clients and servers have for it: Prometheus 3 writes `3.0` where 2 wrote `3`, and Go
    /// writes a million as `1e+06`.
    #[must_use]
    pub fn matcher(&self) -> Matcher {
        let mut spellings = Vec::new();
        if self.0.contains('.') {
            spellings.push(self.0.replace('.', "\\."));
        } else {
            spellings.push(format!("{}(\\.0)?", self.0));
        }
        spellings.extend(exponent(&self.0));
        let exact = self.0.contains('.') && spellings.len() == 1;
        let (operator, value) =
            if exact { (Operator::Is, self.0.clone()) } else { (Operator::Like, spellings.join("|")) };
        Matcher { label: "le".to_owned(), operator, value }
    }
}

/// How Go writes a number from a million on, and one below a ten-thousandth; as a regular expression.
fn exponent(decimal: &str) -> Option<String> {
    let number: f64 = decimal.parse().ok()?;
    if (1e-4..1e6).contains(&number) {
        return None;
    }
    let written = format!("{number:e}");
    let (digits, power) = written.split_once('e')?;
    let (sign, power) = power.strip_prefix('-').map_or(("\\+", power), |power| ("-", power));
    Some(format!("{}e{sign}{power:0>2}", digits.replace('.', "\\.")))
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Bad (or good) events of all, each a counter.
    Counters { first: Selector, first_is_good: bool, total: Selector },
    /// Good are the events that a classic histogram counts up to the bound: `good` selects `.._bucket` without its `le`,
    /// `total` selects `.._count`. That `good` says more than `total` makes a joint promise: "2xx and under 3 s" of all.
    Buckets { good: Selector, total: Selector, bound: Bound },
    /// The same of a native histogram, which needs no bucket at the bound.
    Native { good: Selector, total: Selector, bound: Bound },
    /// A gauge that is 1 when all is well and 0 when not: a sample is an event.
    Flag { gauge: Selector },
}

impl Shape {
    /// The texts that measure it. In a group every selector holds `{{.group}}`.
    ///
    /// `or 0 *` keeps the number where no series has failed (or succeeded) yet: without it a release whose every request
    /// fails would give no good events, and no number at all.
    #[must_use]
    pub fn sli(&self, in_group: bool) -> Sli {
        let of = |selector: &Selector| in_a_group(selector, in_group);
        let rate = |selector: String| format!("sum(rate({selector}[{{{{.window}}}}]))");
        match self {
            Self::Counters { first, first_is_good, total } => {
                let total = rate(of(total));
                let first = format!("{} or 0 * {total}", rate(of(first)));
                if *first_is_good {
                    Sli::GoodOverTotal { good: first, total }
                } else {
                    Sli::BadOverTotal { bad: first, total }
                }
            }
            Self::Buckets { good, total, bound } => {
                let total = rate(of(total));
                let good = rate(of(&good.with(&[bound.matcher()])));
                Sli::GoodOverTotal { good: format!("{good} or 0 * {total}"), total }
            }
            Self::Native { good, total, bound } => {
                let (good, total) = (rate(of(good)), format!("histogram_count({})", rate(of(total))));
                // No good event in the window gives NaN, which is not >= 0: the zero stands in.
                let fraction = format!("histogram_fraction(0, {}, {good})", bound.text());
                let good = format!("(histogram_count({good}) * {fraction} >= 0) or 0 * {total}");
                Sli::GoodOverTotal { good, total }
            }
            Self::Flag { gauge } => {
                let over = |call: &str| format!("sum({call}({}[{{{{.window}}}}]))", of(gauge));
                Sli::GoodOverTotal { good: over("sum_over_time"), total: over("count_over_time") }
            }
        }
    }
}

fn in_a_group(selector: &Selector, in_group: bool) -> String {
    let text = selector.to_string();
    if !in_group {
        return text;
    }
    match text.strip_suffix('}') {
        Some(open) => format!("{open},{{{{.group}}}}}}"),
        None => format!("{text}{{{{{{.group}}}}}}"),
    }
}

/// A share of bad events that somebody else has counted, as events: each second of the window is one. No answer and NaN
/// stay what they are.
#[must_use]
pub fn events_of_ratio(ratio: &str) -> Sli {
    let ratio = ratio.trim();
    Sli::BadOverTotal {
        bad: format!("({ratio}) * {{{{.seconds}}}}"),
        total: format!("(({ratio}) * 0 + 1) * {{{{.seconds}}}}"),
    }
}

/// The ratio that [`events_of_ratio`] was given.
#[must_use]
pub fn ratio_of_events(sli: &Sli) -> Option<&str> {
    let ratio = sli.first().strip_prefix('(')?.strip_suffix(") * {{.seconds}}")?;
    (events_of_ratio(ratio) == *sli).then_some(ratio)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::slo::{parse_matchers, query};

    const FIVE: Duration = Duration::from_secs(300);

    fn selector(text: &str) -> Selector {
        Selector::parse(text).expect("a selector")
    }

    fn filled(shape: &Shape) -> (String, String) {
        let sli = shape.sli(false);
        (query(sli.first(), FIVE), query(sli.total(), FIVE))
    }

    #[test]
    fn a_bound_is_exact_and_matches_every_spelling() {
        let of = |millis, unit| Bound::of(Duration::from_millis(millis), unit);
        for (bound, text, matcher) in [
            (of(800, false), "0.8", r#"le="0.8""#),
            (of(3_000, false), "3", r#"le=~"3(\\.0)?""#),
            (of(800, true), "800", r#"le=~"800(\\.0)?""#),
            (of(1_000_000, true), "1000000", r#"le=~"1000000(\\.0)?|1e\\+06""#),
            (Bound::of(Duration::from_micros(25), false), "0.000025", r#"le=~"0\\.000025|2\\.5e-05""#),
            (Bound::of(Duration::from_micros(2_500), true), "2.5", r#"le="2.5""#),
        ] {
            assert_eq!((bound.text(), bound.matcher().to_string().as_str()), (text, matcher));
            assert_eq!(Bound::parse(text), Some(bound));
        }
        assert_eq!(Bound::parse("5.0"), Some(of(5_000, false)));
        for text in ["", "x", "-1", "0", "inf", "NaN", "+Inf", "1e99"] {
            assert_eq!(Bound::parse(text), None, "{text}");
        }
    }

    #[test]
    fn errors_of_all_requests() {
        let total = selector(r#"http_requests_total{job="x"}"#);
        let first = total.with(&parse_matchers(r#"code=~"5..""#).expect("matchers"));
        let (bad, total) = filled(&Shape::Counters { first, first_is_good: false, total });
        assert_eq!(total, r#"sum(rate(http_requests_total{job="x"}[5m]))"#);
        assert_eq!(bad, format!(r#"sum(rate(http_requests_total{{job="x",code=~"5.."}}[5m])) or 0 * {total}"#));
    }

    #[test]
    fn good_is_2xx_and_under_3_seconds_of_all() {
        let histogram = selector(r#"h{job="x"}"#);
        let good = histogram.series("_bucket").with(&parse_matchers(r#"code=~"2..""#).expect("matchers"));
        let shape =
            Shape::Buckets { good, total: histogram.series("_count"), bound: Bound::of(Duration::from_secs(3), false) };
        let (good, total) = filled(&shape);
        assert_eq!(total, r#"sum(rate(h_count{job="x"}[5m]))"#);
        assert_eq!(good, format!(r#"sum(rate(h_bucket{{job="x",code=~"2..",le=~"3(\\.0)?"}}[5m])) or 0 * {total}"#));
        let ask = shape.sli(true).bucket().expect("a bucket");
        assert_eq!((ask.selector.as_str(), ask.wanted.as_str()), (r#"h_bucket{job="x",code=~"2.."}"#, "3"));
    }

    #[test]
    fn a_native_histogram_and_a_gauge() {
        let shape = Shape::Native {
            good: selector(r#"h{code="200"}"#),
            total: selector("h"),
            bound: Bound::parse("0.8").expect("a bound"),
        };
        let (good, total) = filled(&shape);
        assert_eq!(total, "histogram_count(sum(rate(h[5m])))");
        let rate = r#"sum(rate(h{code="200"}[5m]))"#;
        assert_eq!(good, format!("(histogram_count({rate}) * histogram_fraction(0, 0.8, {rate}) >= 0) or 0 * {total}"));
        let (good, total) = filled(&Shape::Flag { gauge: selector("probe_success") });
        assert_eq!(good, "sum(sum_over_time(probe_success[5m]))");
        assert_eq!(total, "sum(count_over_time(probe_success[5m]))");
    }

    #[test]
    fn in_a_group_every_selector_can_be_narrowed() {
        let shape = Shape::Counters { first: selector(r#"e{a="b"}"#), first_is_good: true, total: selector("t") };
        let Sli::GoodOverTotal { good, total } = shape.sli(true) else { panic!("good was asked for") };
        assert_eq!(good, r#"sum(rate(e{a="b",{{.group}}}[{{.window}}])) or 0 * sum(rate(t{{{.group}}}[{{.window}}]))"#);
        assert_eq!(query(&total, FIVE), "sum(rate(t{}[5m]))");
    }

    #[test]
    fn a_ratio_becomes_seconds() {
        let sli = events_of_ratio(" 1 - a / b\n");
        assert_eq!(ratio_of_events(&sli), Some("1 - a / b"));
        let other = Sli::BadOverTotal { bad: "(a) * {{.seconds}}".to_owned(), total: "b".to_owned() };
        assert_eq!(ratio_of_events(&other), None);
        assert_eq!(query(sli.first(), FIVE), "(1 - a / b) * 300");
        assert_eq!(query(sli.total(), FIVE), "((1 - a / b) * 0 + 1) * 300");
    }
}
