//! OpenSLO's `openslo/v1`: an SLO with its indicator, and an alert policy with its condition for each pair of windows.

use super::export_words::{comment, listed, query, quoted};
use super::exported::Exported;
use super::openslo_alerts::SHORT;
use crate::domain::Symbol;
use crate::domain::slo::{BurnRule, EmptySlice, Method, Sli, Slo, narrowed, ratio_of_events, window_text};

pub(super) fn file(slos: &[Exported<'_>]) -> String {
    let mut text = comment(
        "OpenSLO's alerts have one window: the short one of each pair is in an annotation, as is what else it has no\n\
         place for. warroom reads all of it back.",
    );
    for (slo, by) in slos {
        text.push_str(&one(slo, by));
    }
    text
}

fn one(slo: &Slo, by: &[Symbol]) -> String {
    let mut text = String::from("---\n");
    if !by.is_empty() {
        let by: Vec<&str> = by.iter().map(Symbol::as_str).collect();
        text.push_str(&comment(&format!("{}: as a whole, not one for each {}", slo.name, listed(&by))));
    }
    text.push_str("apiVersion: openslo/v1\nkind: SLO\nmetadata:\n");
    text.push_str(&format!("  name: {}\n", quoted(&slo.name)));
    let notes = annotations(slo);
    if !notes.is_empty() {
        text.push_str("  annotations:\n");
        for (key, value) in notes {
            text.push_str(&format!("    warroom/{key}: {}\n", quoted(&value)));
        }
    }
    text.push_str(&format!("spec:\n  service: {}\n  indicator:\n", quoted(&slo.journey)));
    text.push_str(&format!("    metadata:\n      name: {}\n    spec:\n      ratioMetric:\n", quoted(&slo.name)));
    let part = |part: &str, asked: &str| {
        let asked = query(&narrowed(asked, ""));
        let source = "metricSource:\n            type: Prometheus\n            spec:\n              query: ";
        format!("        {part}:\n          {source}{asked}\n")
    };
    if let Some(ratio) = ratio_of_events(&slo.sli) {
        text.push_str(&part("raw", ratio));
        text.push_str("        rawType: failure\n");
    } else {
        text.push_str("        counter: true\n");
        let first = if matches!(slo.sli, Sli::BadOverTotal { .. }) { "bad" } else { "good" };
        text.push_str(&part(first, slo.sli.first()));
        text.push_str(&part("total", slo.sli.total()));
    }
    text.push_str("  timeWindow:\n");
    text.push_str(&format!("  - duration: {}\n    isRolling: true\n", window_text(slo.window)));
    let (method, slices) = method(&slo.method);
    text.push_str(&format!("  budgetingMethod: {method}\n  objectives:\n"));
    text.push_str(&format!("  - targetPercent: {}\n{slices}", slo.objective));
    if !slo.policy.rules().is_empty() {
        text.push_str("  alertPolicies:\n");
    }
    for (place, rule) in slo.policy.rules().iter().enumerate() {
        text.push_str(&alert(slo, place, rule));
    }
    text
}

/// What OpenSLO has no place for.
fn annotations(slo: &Slo) -> Vec<(&'static str, String)> {
    let mut notes = Vec::new();
    notes.extend(slo.runbook.as_ref().map(|page| ("runbook", page.to_string())));
    notes.push(("unit", slo.unit.to_string()));
    notes.extend(slo.unit_cost_micro.map(|micro| ("unit-cost", cost(micro))));
    notes.push(("currency", slo.currency.to_string()));
    notes.extend(slo.source.as_ref().map(|source| ("source", source.to_string())));
    if let Method::TimeSlices { empty: EmptySlice::Skip, .. } = slo.method {
        notes.push(("empty-slice", "skip".to_owned()));
    }
    // The pairs are there too, for other readers; a preset's name says more than they do.
    if slo.policy.name() != "custom" {
        notes.push(("policy", slo.policy.name().to_owned()));
    }
    notes
}

fn cost(micro: u64) -> String {
    let text = format!("{}.{:06}", micro / 1_000_000, micro % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn method(method: &Method) -> (&'static str, String) {
    match method {
        Method::Occurrences => ("Occurrences", String::new()),
        Method::TimeSlices { slice, target, .. } => {
            let share = share(target.budget_ppb());
            let keys = format!("    timeSliceTarget: {share}\n    timeSliceWindow: {}\n", window_text(*slice));
            ("Timeslices", keys)
        }
        Method::RatioOfSlices { slice } => {
            ("RatioTimeslices", format!("    timeSliceWindow: {}\n", window_text(*slice)))
        }
    }
}

/// The good share of 1 beside this budget, exactly.
fn share(budget_ppb: u64) -> String {
    let text = format!("0.{:09}", 1_000_000_000 - budget_ppb);
    text.trim_end_matches('0').to_owned()
}

fn alert(slo: &Slo, place: usize, rule: &BurnRule) -> String {
    let (long, short) = (window_text(rule.long), window_text(rule.short));
    let name = format!("{}-burn-{}", slo.name, place + 1);
    let hold = if rule.hold.is_zero() { "0m".to_owned() } else { window_text(rule.hold) };
    [
        "  - kind: AlertPolicy".to_owned(),
        format!("    metadata: {{name: {}}}", quoted(&name)),
        "    spec:".to_owned(),
        "      alertWhenBreaching: true".to_owned(),
        "      alertWhenResolved: true".to_owned(),
        "      alertWhenNoData: false".to_owned(),
        "      conditions:".to_owned(),
        "      - kind: AlertCondition".to_owned(),
        "        metadata:".to_owned(),
        format!("          name: {}", quoted(&format!("{name}-condition"))),
        "          annotations:".to_owned(),
        format!("            {}: {short}", SHORT),
        "        spec:".to_owned(),
        format!("          severity: {}", rule.severity.word()),
        "          condition:".to_owned(),
        "            kind: burnrate".to_owned(),
        "            op: gt".to_owned(),
        format!("            threshold: {}", rule.factor()),
        format!("            lookbackWindow: {long}"),
        format!("            alertAfter: {hold}"),
        "      notificationTargets: []".to_owned(),
        String::new(),
    ]
    .join("\n")
}
