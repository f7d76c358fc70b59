//! Pyrra's `pyrra.dev/v1alpha1`: one SLO a document, by bare selectors, perhaps one for each value of some labels.

use super::block::Block;
use super::fields::Fields;
use super::promise::{carried, duration, objective, policy, runbook};
use super::yaml::Node;
use crate::config::problem::{Problem, Sink};
use crate::domain::slo::{Bound, Operator, Selector, Shape};

const INDICATORS: [&str; 4] = ["ratio", "latency", "latencyNative", "bool_gauge"];

/// A document with `kind: ServiceLevelObjective`.
pub(super) fn read(document: &Node, sink: &Sink) -> Option<Block> {
    let top = Fields::open("", document, &["apiVersion", "kind", "metadata", "spec", "status"], sink)?;
    let metadata = top.entry("metadata").and_then(|entry| Fields::free("metadata", &entry.value, sink));
    let Some(metadata) = metadata else { return top.missing("metadata", "metadata: {name: ..}") };
    let Some(name) = metadata.text("name") else { return metadata.missing("name", "a name of its own") };
    let known = [
        "description",
        "target",
        "window",
        "indicator",
        "alerting",
        "partial_response_strategy",
        "performanceOverAccuracy",
        "ruleOutput",
    ];
    let Some(spec) = top.table("spec", &known) else {
        return if top.has("spec") {
            None
        } else {
            top.missing("spec", "spec: {target: .., window: .., indicator: ..}")
        };
    };
    let Some(target) = spec.text("target") else { return spec.missing("target", "a percentage in quotes: \"99.9\"") };
    let target = objective(&spec, &target, 0);
    let window = duration(&spec, "window");
    let indicator = indicator(&spec);
    let (target, window, (shape, grouping)) = (target?, window?, indicator?);
    let mut block = Block::new(name.span.clone());
    if let Some(description) = spec.text("description") {
        block.note(description.value);
    }
    block.set("name", &name.value);
    block.set("objective", &target.to_string());
    let mut left = Vec::new();
    let on = alerting(&spec, &mut left);
    policy(&mut block, "pyrra", window, target, (on, on));
    if let Some(page) = runbook(&metadata.labels("annotations")) {
        block.set("runbook", &page);
    }
    block.set_sli(&shape.sli(!grouping.is_empty()));
    if !grouping.is_empty() {
        block.set_list("group_by", &grouping);
    }
    if !metadata.labels("labels").is_empty() {
        left.push("labels of rules");
    }
    if spec.has("partial_response_strategy") || spec.has("performanceOverAccuracy") || spec.has("ruleOutput") {
        left.push("how the rules are evaluated");
    }
    carried(&mut block, &mut left);
    Some(block)
}

/// Whether anybody is called.
fn alerting(spec: &Fields<'_>, left: &mut Vec<&'static str>) -> bool {
    let known = ["disabled", "burnrates", "absent", "name", "absentName", "severities"];
    let Some(alerting) = spec.table("alerting", &known) else { return true };
    let severities = ["absent", "fastBurn", "mediumBurn", "slowBurn", "longTermBurn"];
    if alerting.table("severities", &severities).is_some() {
        left.push("the alerts' severities");
    }
    if alerting.has("name") || alerting.has("absentName") {
        left.push("the alerts' names");
    }
    if alerting.flag("absent").is_some() {
        left.push("the alert of absence (a gauge takes 3 min without data for a possible outage)");
    }
    let disabled = alerting.flag("disabled").unwrap_or(false);
    !disabled && alerting.flag("burnrates").unwrap_or(true)
}

fn indicator(spec: &Fields<'_>) -> Option<(Shape, Vec<String>)> {
    let Some(indicator) = spec.table("indicator", &INDICATORS) else {
        return if spec.has("indicator") { None } else { spec.missing("indicator", "ratio: {errors: .., total: ..}") };
    };
    let kinds: Vec<&str> = INDICATORS.into_iter().filter(|kind| indicator.has(kind)).collect();
    let [kind] = kinds.as_slice() else {
        if let [_, second, ..] = kinds.as_slice() {
            indicator.refuse(second, "a second indicator", "keep one of them");
            return None;
        }
        return indicator.missing("ratio", "one of ratio, latency, latencyNative, bool_gauge");
    };
    match *kind {
        "ratio" => {
            let ratio = indicator.table("ratio", &["errors", "total", "grouping"])?;
            let (first, total) = (metric(&ratio, "errors"), metric(&ratio, "total"));
            let shape = Shape::Counters { first: first?, first_is_good: false, total: total? };
            Some((shape, ratio.texts("grouping")))
        }
        "latency" => {
            let latency = indicator.table("latency", &["success", "total", "grouping"])?;
            let (good, total) = (metric(&latency, "success"), metric(&latency, "total"));
            let (good, total) = (good?, total?);
            let bound = good.matchers.iter().find(|matcher| matcher.label == "le");
            let exact = bound.filter(|matcher| matcher.operator == Operator::Is);
            let Some(bound) = exact.and_then(|matcher| Bound::parse(&matcher.value)) else {
                latency.refuse("success", "no bucket", "name its bound: le=\"0.5\"");
                return None;
            };
            Some((Shape::Buckets { good: good.without("le"), total, bound }, latency.texts("grouping")))
        }
        "latencyNative" => {
            let latency = indicator.table("latencyNative", &["total", "latency", "grouping"])?;
            let (total, below) = (metric(&latency, "total"), duration(&latency, "latency"));
            let (total, bound) = (total?, Bound::of(below?, false));
            Some((Shape::Native { good: total.clone(), total, bound }, latency.texts("grouping")))
        }
        _ => {
            let gauge = indicator.table("bool_gauge", &["metric", "grouping"])?;
            Some((Shape::Flag { gauge: selector(&gauge)? }, gauge.texts("grouping")))
        }
    }
}

fn metric(fields: &Fields<'_>, key: &str) -> Option<Selector> {
    let Some(query) = fields.table(key, &["metric"]) else {
        return if fields.has(key) { None } else { fields.missing(key, "metric: a selector") };
    };
    selector(&query)
}

fn selector(query: &Fields<'_>) -> Option<Selector> {
    let Some(found) = query.text("metric") else {
        return if query.has("metric") { None } else { query.missing("metric", "a selector: http_requests_total") };
    };
    match Selector::parse(&found.value) {
        Ok(selector) => Some(selector),
        Err(error) => {
            let hint = "Pyrra takes bare selectors: no function, no range";
            query.problem(Problem::at(found.span, error.to_string()).hint(hint));
            None
        }
    }
}
