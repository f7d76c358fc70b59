//! The burn alerts of an SLO as a Prometheus rules engine reads them, so that it fires and clears when our gauges do.
//! Not the file around them: that is a format.

use std::time::Duration;

use super::text::{is_count, seconds_text, window_text};
use crate::domain::Symbol;
use crate::domain::slo::{BurnRule, MIN_BAD, MIN_TOTAL, Objective, RuleSeverity, Sli, Slo, Texts};

/// One alert. Every text is plain: nothing in it is a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertRule {
    pub alert: String,
    /// PromQL, a line for each condition.
    pub expr: String,
    pub labels: Vec<(&'static str, String)>,
    /// What it says, for people.
    pub summary: String,
    /// So long the condition must hold before it fires.
    pub hold: Duration,
}

/// One alert a rule of the policy, in its order. With labels in `by`, each fires for each combination of their values.
#[must_use]
pub fn alert_rules(slo: &Slo, by: &[Symbol]) -> Vec<AlertRule> {
    slo.policy.rules().iter().map(|rule| grouped(alert_rule(slo, rule), by)).collect()
}

/// The sums of the whole as sums of each member.
fn grouped(rule: AlertRule, by: &[Symbol]) -> AlertRule {
    if by.is_empty() {
        return rule;
    }
    let by = by.iter().map(Symbol::as_str).collect::<Vec<_>>().join(", ");
    let expr = rule.expr.replace("sum(", &format!("sum by ({by}) (")).replace("on ()", &format!("on ({by})"));
    AlertRule { expr, ..rule }
}

fn alert_rule(slo: &Slo, rule: &BurnRule) -> AlertRule {
    let (long, short) = (window_text(rule.long), window_text(rule.short));
    // Equal to the threshold is not above it, whatever floats make of it.
    let above = |window| format!("{} > {} * (1 + 1e-9)", ratio(slo, window), threshold(rule, slo.objective));
    let mut expr = format!("{}\nand on ()\n{}", above(rule.long), above(rule.short));
    // Few events mean little: as many as a gauge wants before it fires. A slice of time is never too few.
    let enough = [(bad(slo, rule.long), MIN_BAD), (total(slo, rule.long), MIN_TOTAL)];
    for (events, least) in enough.into_iter().filter(|_| slo.method.is_of_events()) {
        expr.push_str(&format!("\nand on ()\n{events} >= {least}"));
    }
    let summary = format!(
        "{}: the error budget burns more than {} times as fast as it lasts, over {long} and over {short}",
        slo.name,
        rule.factor()
    );
    let labels = vec![
        ("slo", slo.name.to_string()),
        ("journey", slo.journey.to_string()),
        ("severity", rule.severity.word().to_owned()),
        ("long", long.clone()),
        ("short", short),
    ];
    AlertRule {
        alert: format!("{}{}{long}", camel(&slo.name), severity(rule.severity)),
        expr,
        labels,
        summary,
        hold: rule.hold,
    }
}

const fn severity(severity: RuleSeverity) -> &'static str {
    match severity {
        RuleSeverity::Page => "Page",
        RuleSeverity::Notify => "Notify",
        RuleSeverity::Ticket => "Ticket",
    }
}

/// `order-routing` is `OrderRouting`: an alert's name has letters and digits alone, and begins with a letter.
fn camel(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    for word in name.split(|sign: char| !sign.is_ascii_alphanumeric()) {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        camel.push_str(&first.to_ascii_uppercase());
        camel.push_str(rest);
    }
    if camel.starts_with(|first: char| first.is_ascii_alphabetic()) { camel } else { format!("Slo{camel}") }
}

/// The factor times the budget, in exact decimals: 14.4 at 99.9 % is 0.0144.
fn threshold(rule: &BurnRule, objective: Objective) -> String {
    let product = u128::from(rule.factor_milli) * u128::from(objective.budget_ppb());
    let (whole, part) = (product / 1_000_000_000_000, product % 1_000_000_000_000);
    let part = format!("{part:012}");
    let part = part.trim_end_matches('0');
    if part.is_empty() { whole.to_string() } else { format!("{whole}.{part}") }
}

/// The share of bad events, or slices.
fn ratio(slo: &Slo, window: Duration) -> String {
    let Texts { first, total } = slo.texts(window);
    let [first_counts, total_counts] = counts(slo);
    // Where one text gives a rate and the other a count, the first in the measure of the second.
    let first = match (first_counts, total_counts) {
        (true, false) => format!("({first}) / {}", seconds_text(window)),
        (false, true) => format!("({first}) * {}", seconds_text(window)),
        _ => format!("({first})"),
    };
    match slo.sli {
        Sli::BadOverTotal { .. } => format!("{first} / on () ({total})"),
        Sli::GoodOverTotal { .. } => format!("1 - {first} / on () ({total})"),
    }
}

/// Whether the texts give counts over the window; else they give rates. Slices are counted.
fn counts(slo: &Slo) -> [bool; 2] {
    [slo.sli.first(), slo.sli.total()].map(|text| !slo.method.is_of_events() || is_count(text))
}

/// Bad events over the window.
fn bad(slo: &Slo, window: Duration) -> String {
    let [first_counts, _] = counts(slo);
    let first = counted(&slo.texts(window).first, first_counts, window);
    match slo.sli {
        Sli::BadOverTotal { .. } => first,
        Sli::GoodOverTotal { .. } => format!("{} - on () {first}", total(slo, window)),
    }
}

/// All events over the window.
fn total(slo: &Slo, window: Duration) -> String {
    let [_, total_counts] = counts(slo);
    counted(&slo.texts(window).total, total_counts, window)
}

fn counted(text: &str, is_count: bool, window: Duration) -> String {
    if is_count { format!("({text})") } else { format!("({text}) * {}", seconds_text(window)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::slo::Policy;
    use crate::domain::slo::tests::fixtures::slo;

    #[test]
    fn an_alert_says_what_the_gauge_compares() {
        let [fast, slow] = alert_rules(&slo("99.9", Policy::Seed), &[]).try_into().expect("two rules");
        let bad = |window| format!("(sum(rate(requests_total{{code=~\"5..\"}}[{window}])))");
        let total = |window| format!("(sum(rate(requests_total[{window}])))");
        let expected = [
            format!("{} / on () {} > 0.0144 * (1 + 1e-9)", bad("1h"), total("1h")),
            format!("{} / on () {} > 0.0144 * (1 + 1e-9)", bad("5m"), total("5m")),
            format!("{} * 3600 >= 5", bad("1h")),
            format!("{} * 3600 >= 100", total("1h")),
        ];
        assert_eq!(fast.expr, expected.join("\nand on ()\n"));
        assert_eq!((fast.alert.as_str(), slow.alert.as_str()), ("OrderRoutingPage1h", "OrderRoutingNotify6h"));
        assert!(slow.expr.contains(" > 0.003 * "), "{}", slow.expr);
    }

    #[test]
    fn a_threshold_is_exact() {
        let of = |text: &str, milli| {
            let rule = BurnRule { factor_milli: milli, ..Policy::Seed.rules()[0] };
            threshold(&rule, text.parse().expect("an objective"))
        };
        assert_eq!(of("99.5", 14_400), "0.072");
        assert_eq!(of("99.9999999", 1), "0.000000000001");
        assert_eq!(of("90", 10_000), "1");
    }

    #[test]
    fn good_events_and_counts_are_turned_round() {
        let sli = Sli::GoodOverTotal {
            good: "sum(increase(g[{{.window}}]))".to_owned(),
            total: "sum(rate(t[{{.window}}]))".to_owned(),
        };
        let expr = &alert_rules(&Slo { sli, ..slo("99.9", Policy::Seed) }, &[])[0].expr;
        assert!(expr.starts_with("1 - (sum(increase(g[1h]))) / 3600 / on () (sum(rate(t[1h]))) > "), "{expr}");
        assert!(expr.contains("\n(sum(rate(t[1h]))) * 3600 - on () (sum(increase(g[1h]))) >= 5\n"), "{expr}");
    }

    #[test]
    fn each_member_of_a_group_is_compared_with_itself() {
        let by = ["handler", "method"].map(Symbol::from);
        let expr = &alert_rules(&slo("99.9", Policy::Seed), &by)[0].expr;
        let [first, and, ..] = expr.lines().collect::<Vec<_>>()[..] else { panic!("{expr}") };
        let sum = |of: &str| format!("(sum by (handler, method) (rate({of}[1h])))");
        let bad = sum("requests_total{code=~\"5..\"}");
        assert_eq!(first, format!("{bad} / on (handler, method) {} > 0.0144 * (1 + 1e-9)", sum("requests_total")));
        assert_eq!(and, "and on (handler, method)");
    }

    #[test]
    fn any_name_becomes_an_alert() {
        assert_eq!((camel("a_b.c/d-9").as_str(), camel("9é").as_str(), camel("").as_str()), ("ABCD9", "Slo9", "Slo"));
    }
}
