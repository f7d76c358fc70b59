//! Recording rules that already hold the number of the whole window: Pyrra's increases, Sloth's means. Not the reading.

use std::time::Duration;

use super::super::{Sli, Slo};
use super::telescope::{rewrite_calls, window_of};
use crate::domain::{Labels, Symbol};

/// As a server lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordingRule {
    pub name: Symbol,
    /// Those that the rule adds to every series it records.
    pub labels: Labels,
}

/// What a rule of the server knows of an SLO.
#[derive(Clone, Debug, PartialEq)]
pub enum Recorded {
    /// Counts of bad (or good) and of all events over the window.
    Counts { rule: Symbol, sli: Sli },
    /// The mean over slices of the share of bad events: the text of that one number. Not a share of events.
    Mean { rule: Symbol, text: String },
}

/// The rule that counts this SLO over its own window: counts before a mean. By the name of the SLO, which both tools
/// write into a label: Pyrra `slo`, Sloth `sloth_slo` and `sloth_id`.
#[must_use]
pub fn recorded(slo: &Slo, rules: &[RecordingRule]) -> Option<Recorded> {
    pyrra(slo, rules).or_else(|| sloth(slo, rules))
}

fn pyrra(slo: &Slo, rules: &[RecordingRule]) -> Option<Recorded> {
    let is_ours = |rule: &&RecordingRule| rule.labels.get("slo") == Some(&slo.name);
    let counted = rules.iter().filter(is_ours).find(|rule| ends_in(&rule.name, ":increase", slo.window))?;
    let rule = counted.name.clone();
    let rewritten = |text: &str| rewrite_calls(text, |selector| of_rule(selector, &rule, &slo.name));
    let sli = match &slo.sli {
        Sli::BadOverTotal { bad, total } => Sli::BadOverTotal { bad: rewritten(bad)?, total: rewritten(total)? },
        Sli::GoodOverTotal { good, total } => Sli::GoodOverTotal { good: rewritten(good)?, total: rewritten(total)? },
    };
    Some(Recorded::Counts { rule, sli })
}

/// The same series as the rule records them: `m_total{code="500"}` is `m:increase30d{code="500", slo=".."}`.
fn of_rule(selector: &str, rule: &str, slo: &str) -> Option<String> {
    let (metric, matchers) = match selector.split_once('{') {
        Some((metric, matchers)) => {
            (metric.trim(), matchers.trim_end().strip_suffix('}')?.trim().trim_end_matches(','))
        }
        None => (selector, ""),
    };
    let base = ["_total", "_count", "_bucket"].iter().find_map(|ending| metric.strip_suffix(ending)).unwrap_or(metric);
    if rule.rsplit_once(":increase").map(|(name, _)| name) != Some(base) {
        return None;
    }
    let slo = slo.replace('\\', "\\\\").replace('"', "\\\"");
    // A histogram's count is recorded beside its buckets, without a bound.
    let bound = if metric.ends_with("_count") { ",le=\"\"" } else { "" };
    let comma = if matchers.is_empty() { "" } else { "," };
    Some(format!("{rule}{{{matchers}{comma}slo=\"{slo}\"{bound}}}"))
}

fn sloth(slo: &Slo, rules: &[RecordingRule]) -> Option<Recorded> {
    let is_ours =
        |rule: &&RecordingRule| ["sloth_slo", "sloth_id"].iter().any(|label| rule.labels.get(label) == Some(&slo.name));
    let mean = rules.iter().filter(is_ours).find(|rule| ends_in(&rule.name, "slo:sli_error:ratio_rate", slo.window))?;
    let (label, value) = ["sloth_id", "sloth_slo"].iter().find_map(|label| Some((label, mean.labels.get(label)?)))?;
    let value = value.replace('\\', "\\\\").replace('"', "\\\"");
    Some(Recorded::Mean { rule: mean.name.clone(), text: format!("{}{{{label}=\"{value}\"}}", mean.name) })
}

/// `http_requests:increase30d` ends in `:increase` and that window, also where it is written as `4w2d`.
fn ends_in(name: &str, word: &str, window: Duration) -> bool {
    name.rsplit_once(word).is_some_and(|(_, text)| window_of(text) == Some(window))
}

#[cfg(test)]
mod tests {
    use super::super::super::Policy;
    use super::super::super::tests::fixtures;
    use super::*;

    fn rule(name: &str, labels: &[(&str, &str)]) -> RecordingRule {
        RecordingRule { name: name.into(), labels: labels.iter().copied().collect() }
    }

    fn slo(bad: &str, total: &str) -> Slo {
        let sli = Sli::BadOverTotal { bad: bad.to_owned(), total: total.to_owned() };
        Slo { name: "booking".into(), sli, ..fixtures::slo("99.9", Policy::Seed) }
    }

    #[test]
    fn pyrras_increases_are_counts() {
        let slo = slo(
            r#"sum(rate(http_requests_total{code=~"5..",job="x"}[{{.window}}]))"#,
            r#"sum(rate(http_requests_total{job="x"}[{{.window}}]))"#,
        );
        let rules = [
            rule("http_requests:increase4w", &[("slo", "booking")]),
            rule("http_requests:increase30d", &[("slo", "other")]),
            rule("http_requests:increase4w2d", &[("slo", "booking"), ("job", "x")]),
        ];
        let Some(Recorded::Counts { rule, sli }) = recorded(&slo, &rules) else { panic!("counts") };
        assert_eq!(rule, "http_requests:increase4w2d");
        assert_eq!(sli.first(), r#"sum(http_requests:increase4w2d{code=~"5..",job="x",slo="booking"})"#);
        assert_eq!(sli.total(), r#"sum(http_requests:increase4w2d{job="x",slo="booking"})"#);
        assert_eq!(recorded(&slo, &rules[..2]), None, "28 days are not 30, and another one's rule is not ours");
    }

    #[test]
    fn a_histogram_is_recorded_with_and_without_its_bound() {
        let sli = Sli::GoodOverTotal {
            good: r#"sum(rate(h_bucket{le="0.8"}[{{.window}}]))"#.into(),
            total: "sum(rate(h_count[{{.window}}]))".into(),
        };
        let slo = Slo { sli, ..slo("", "") };
        let Some(Recorded::Counts { sli, .. }) = recorded(&slo, &[rule("h:increase30d", &[("slo", "booking")])]) else {
            panic!("counts")
        };
        assert_eq!(sli.first(), r#"sum(h:increase30d{le="0.8",slo="booking"})"#);
        assert_eq!(sli.total(), r#"sum(h:increase30d{slo="booking",le=""})"#);
    }

    #[test]
    fn sloths_number_is_a_mean() {
        let rules = [
            rule("slo:sli_error:ratio_rate3d", &[("sloth_slo", "booking"), ("sloth_id", "shop-booking")]),
            rule("slo:sli_error:ratio_rate30d", &[("sloth_slo", "booking"), ("sloth_id", "shop-booking")]),
        ];
        let slo = slo("sum(rate(a[{{.window}}]))", "sum(rate(b[{{.window}}]))");
        let text = r#"slo:sli_error:ratio_rate30d{sloth_id="shop-booking"}"#.to_owned();
        assert_eq!(recorded(&slo, &rules), Some(Recorded::Mean { rule: "slo:sli_error:ratio_rate30d".into(), text }));
        assert_eq!(recorded(&slo, &rules[..1]), None);
    }
}
