//! What the formats have in common: objectives, durations, queries, runbooks, and the pairs that somebody is called by.

use std::time::Duration;

use super::block::Block;
use super::fields::Fields;
use crate::config::duration as own;
use crate::config::problem::{Found, Problem};
use crate::domain::slo::{BurnRule, Objective, Policy, RuleSeverity, query as filled, window_text};

/// A decimal text as an objective. `shift` moves the point: 2 for a share such as 0.999.
pub(super) fn objective(fields: &Fields<'_>, found: &Found<String>, shift: usize) -> Option<Objective> {
    let (whole, part) = found.value.split_once('.').unwrap_or((found.value.as_str(), ""));
    let padded = format!("{part:0<shift$}");
    let (moved, rest) = padded.split_at_checked(shift).unwrap_or(("", padded.as_str()));
    match format!("{whole}{moved}.{rest}").parse() {
        Ok(objective) => Some(objective),
        Err(error) => {
            let hint = if shift == 0 { "a percentage: 99.9" } else { "a share of 1: 0.999" };
            fields.problem(Problem::at(found.span.clone(), format!("the objective: {error}")).hint(hint));
            None
        }
    }
}

/// As Prometheus and these formats write one: `30d`, `4w`, `1h30m`.
pub(super) fn duration(fields: &Fields<'_>, key: &str) -> Option<Duration> {
    let Some(found) = fields.text(key) else {
        return if fields.has(key) { None } else { fields.missing(key, "a duration: 30d") };
    };
    let parsed = own::parse(&found.value);
    if parsed.is_none() {
        let problem = Problem::at(found.span, format!("`{key}` is not a duration"));
        fields.problem(problem.hint("a number and one of ms s m h d w: 30d; a month has no fixed length"));
    }
    parsed
}

/// A query that changes with the window, and holds no other template.
pub(super) fn query(fields: &Fields<'_>, key: &str) -> Option<String> {
    let Some(found) = fields.text(key) else {
        return if fields.has(key) { None } else { fields.missing(key, "a query with {{.window}} as its range") };
    };
    let text = no_template(fields, key, &found.value)?;
    if filled(text, Duration::from_secs(60)) == *text {
        let problem = Problem::at(found.span, format!("`{key}` does not say {{{{.window}}}}"));
        fields.problem(problem.hint("write it where the range stands: rate(http_requests_total[{{.window}}])"));
        return None;
    }
    Some(found.value)
}

/// Refuses templates other than `{{.window}}`.
pub(super) fn no_template<'t>(fields: &Fields<'_>, key: &str, text: &'t str) -> Option<&'t str> {
    if filled(text, Duration::from_secs(60)).contains("{{") {
        fields.refuse(key, "a template that is not known here", "only {{.window}} is filled in");
        return None;
    }
    Some(text)
}

/// The page of the first annotation that names one: the last part of its address, without an ending.
pub(super) fn runbook(annotations: &[(&str, Found<String>)]) -> Option<String> {
    let named = ["warroom/runbook", "runbook", "runbook_url", "runbookUrl", "runbook-url"];
    let found = named.iter().find_map(|name| annotations.iter().find(|(key, _)| key == name))?;
    let address = found.1.value.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let page = address.rsplit('/').next().unwrap_or_default();
    let page = page.strip_suffix(".md").or_else(|| page.strip_suffix(".html")).unwrap_or(page);
    (!page.is_empty() && !page.contains("{{")).then(|| page.to_owned())
}

/// Writes who is called when: a preset, or where some of its pairs are off or out of reach, the others one by one.
pub(super) fn policy(
    block: &mut Block,
    preset: &str,
    window: Duration,
    objective: Objective,
    (page, ticket): (bool, bool),
) {
    block.set("window", &window_text(window));
    let Some(policy) = Policy::named(preset, window) else { return };
    let mut kept: Vec<&BurnRule> = Vec::new();
    for rule in policy.rules() {
        match unreachable(rule.factor_milli, rule.long, objective) {
            Some(note) => block.note(note),
            None if rule.severity == RuleSeverity::Page && !page => {}
            None if rule.severity != RuleSeverity::Page && !ticket => {}
            None => kept.push(rule),
        }
    }
    if kept.len() == policy.rules().len() || kept.is_empty() {
        if kept.is_empty() {
            block.note("its alerts are off: here the gauge shows all the same, and nothing is sent");
        }
        if !kept.is_empty() {
            block.set("policy", preset);
        }
        return;
    }
    for rule in kept {
        pair(block, rule);
    }
}

/// One pair of windows.
pub(super) fn pair(block: &mut Block, rule: &BurnRule) {
    let (long, short) = (window_text(rule.long), window_text(rule.short));
    let (factor, hold) = (rule.factor().to_string(), window_text(rule.hold));
    let mut keys = vec![
        ("long", long.as_str()),
        ("short", short.as_str()),
        ("factor", factor.as_str()),
        ("severity", rule.severity.word()),
    ];
    if !rule.hold.is_zero() {
        keys.push(("hold", hold.as_str()));
    }
    block.add_burn(&keys);
}

/// Why a pair is left out, when even a total outage would not fire it.
pub(super) fn unreachable(factor_milli: u64, long: Duration, objective: Objective) -> Option<String> {
    let rule = BurnRule::new(long, long, factor_milli, RuleSeverity::Page);
    if rule.can_fire(objective) {
        return None;
    }
    let long = window_text(long);
    Some(format!("left out: {} times too fast over {long} can never fire at {objective} %", rule.factor()))
}

/// Says what of the file is the rules engine's business and stays there.
pub(super) fn carried(block: &mut Block, left: &mut Vec<&'static str>) {
    left.sort_unstable();
    left.dedup();
    if !left.is_empty() {
        block.note(format!("left to the rules engine: {}", left.join(", ")));
    }
}
