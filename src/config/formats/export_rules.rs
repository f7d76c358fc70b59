//! A rules file: one group an SLO, one alert a pair of windows.

use super::export_words::{comment, quoted};
use super::exported::Exported;
use crate::domain::slo::{AlertRule, Slo, alert_rules, window_text};

pub(super) fn file(slos: &[Exported<'_>], url_prefix: Option<&str>) -> String {
    let mut text = comment(
        "Burn alerts: each fires and clears when the gauge of its SLO does, at the evaluations of this group.\n\
         The last two lines of an alert keep a handful of events from waking anybody.\n\
         1 + 1e-9: a burn that is equal to the factor is not above it, whatever floats make of it.\n\
         `warroom check` tells whether the buckets exist: without its bucket a latency reads as all bad.",
    );
    text.push_str("groups:\n");
    for (slo, by) in slos {
        text.push_str(&format!("- name: {}\n  rules:\n", quoted(&format!("warroom {}", slo.name))));
        for rule in alert_rules(slo, by) {
            text.push_str(&alert(slo, &rule, url_prefix));
        }
    }
    if slos.is_empty() { "groups: []\n".to_owned() } else { text }
}

fn alert(slo: &Slo, rule: &AlertRule, url_prefix: Option<&str>) -> String {
    let mut text = format!("  - alert: {}\n    expr: |-\n", rule.alert);
    for line in rule.expr.lines() {
        text.push_str(&format!("      {line}\n"));
    }
    if !rule.hold.is_zero() {
        text.push_str(&format!("    for: {}\n", window_text(rule.hold)));
    }
    text.push_str("    labels:\n");
    for (label, value) in &rule.labels {
        text.push_str(&format!("      {label}: {}\n", quoted(&untemplated(value))));
    }
    text.push_str(&format!("    annotations:\n      summary: {}\n", quoted(&untemplated(&rule.summary))));
    if let Some(page) = &slo.runbook {
        let address = match url_prefix {
            Some(prefix) => format!("{prefix}{page}.md"),
            None => page.to_string(),
        };
        text.push_str(&format!("      runbook_url: {}\n", quoted(&untemplated(&address))));
    }
    text
}

/// A rules engine runs labels and annotations as templates: two braces of a name are made to stand for themselves.
fn untemplated(text: &str) -> String {
    text.replace("{{", "{{\"{{\"}}")
}
