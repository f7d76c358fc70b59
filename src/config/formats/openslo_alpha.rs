//! OpenSLO's `openslo/v1alpha`, as Sloth's users still have it: the ratio stands in the objective.

use std::time::Duration;

use super::block::Block;
use super::fields::Fields;
use super::openslo_sli::windowed;
use super::promise::{objective, policy};
use super::shelf::METADATA;
use super::yaml::Node;
use crate::config::problem::{Problem, Sink};
use crate::domain::slo::Sli;

/// A document with `kind: SLO`: a block for each objective.
pub(super) fn read(document: &Node, sink: &Sink) -> Vec<Block> {
    slo(document, sink).unwrap_or_default()
}

fn slo(document: &Node, sink: &Sink) -> Option<Vec<Block>> {
    let top = Fields::open("", document, &["apiVersion", "kind", "metadata", "spec"], sink)?;
    let Some(metadata) = top.table("metadata", &METADATA) else {
        return if top.has("metadata") { None } else { top.missing("metadata", "metadata: {name: ..}") };
    };
    let Some(name) = metadata.text("name") else { return metadata.missing("name", "a name of its own") };
    let known =
        ["timeWindows", "budgetingMethod", "description", "indicator", "service", "objectives", "alertPolicies"];
    let Some(spec) = top.table("spec", &known) else {
        return if top.has("spec") { None } else { top.missing("spec", "spec: {service: .., objectives: [..]}") };
    };
    spec.refuse("indicator", "a metric against a threshold is not read from v1alpha", "write it as openslo/v1");
    spec.refuse("alertPolicies", "not read from v1alpha", "write it as openslo/v1");
    if let Some(method) = spec.text("budgetingMethod")
        && !method.value.eq_ignore_ascii_case("Occurrences")
    {
        spec.refuse("budgetingMethod", "only Occurrences is read from v1alpha", "write it as openslo/v1");
        return None;
    }
    let Some(service) = spec.text("service") else { return spec.missing("service", "the name of the service") };
    let window = window(&spec);
    let known = ["displayName", "target", "ratioMetrics", "timeSliceTarget", "op", "value"];
    let objectives = spec.tables("objectives", &known);
    if objectives.is_empty() {
        return spec.missing("objectives", "one with ratioMetrics and a target");
    }
    let mut blocks = Vec::new();
    for (place, fields) in objectives.iter().enumerate() {
        for key in ["timeSliceTarget", "value"] {
            fields.refuse(key, "not read from v1alpha", "write it as openslo/v1");
        }
        let Some(target) = fields.text("target") else {
            fields.missing::<()>("target", "a share of 1: 0.999");
            continue;
        };
        let (target, sli) = (objective(fields, &target, 2), sli(fields));
        let (Some(window), Some(target), Some(sli)) = (window, target, sli) else { continue };
        let mut block = Block::new(name.span.clone());
        if let Some(description) = spec.text("description") {
            block.note(description.value);
        }
        // As Sloth calls the SLOs of such a file, by which its recorded rules are found.
        block.set("name", &format!("{}-{}-{place}", service.value, name.value));
        block.set("journey", &service.value);
        block.set("objective", &target.to_string());
        let preset = if window == Duration::from_secs(28 * 86_400) { "sloth-28d" } else { "sloth-30d" };
        policy(&mut block, preset, window, target, (true, true));
        block.set_sli(&sli);
        blocks.push(block);
    }
    Some(blocks)
}

fn window(spec: &Fields<'_>) -> Option<Duration> {
    let windows = spec.tables("timeWindows", &["count", "unit", "isRolling", "calendar"]);
    let [only] = windows.as_slice() else {
        if windows.is_empty() {
            return spec.missing("timeWindows", "exactly one: - {count: 30, unit: Day}");
        }
        spec.refuse("timeWindows", "more than one", "exactly one is read");
        return None;
    };
    if only.has("calendar") || only.flag("isRolling") == Some(false) {
        let key = if only.has("calendar") { "calendar" } else { "isRolling" };
        only.refuse(
            key,
            "a budget of the calendar starts anew on its day; here a budget is always of the time up to now",
            "isRolling: true, and the same duration: the number is then of the last 30 d, say, and not since the 1st",
        );
        return None;
    }
    let Some(count) = only.text("count") else { return only.missing("count", "30") };
    let Some(unit) = only.text("unit") else { return only.missing("unit", "Day") };
    let seconds = match unit.value.as_str() {
        "Second" => 1,
        "Minute" => 60,
        "Hour" => 3_600,
        "Day" => 86_400,
        "Week" => 7 * 86_400,
        _ => {
            only.refuse("unit", "not known, or of no fixed length", "one of Second, Minute, Hour, Day, Week");
            return None;
        }
    };
    let parsed = count.value.parse::<u64>().ok().and_then(|count| count.checked_mul(seconds));
    if parsed.is_none() {
        only.problem(Problem::at(count.span, "`count` is not a whole number").hint("count: 30"));
    }
    parsed.map(Duration::from_secs)
}

fn sli(fields: &Fields<'_>) -> Option<Sli> {
    let Some(ratio) = fields.table("ratioMetrics", &["good", "total", "counter", "incremental"]) else {
        return if fields.has("ratioMetrics") { None } else { fields.missing("ratioMetrics", "good and total") };
    };
    let counter = ratio.flag("counter").or_else(|| ratio.flag("incremental")).unwrap_or(false);
    let part = |key: &str| {
        let Some(metric) = ratio.table(key, &["source", "queryType", "query"]) else {
            return if ratio.has(key) { None } else { ratio.missing(key, "source, queryType, query") };
        };
        for (word, wanted) in [("source", "prometheus"), ("queryType", "promql")] {
            if metric.text(word).is_some_and(|found| !found.value.eq_ignore_ascii_case(wanted)) {
                metric.refuse(word, "only PromQL can be asked", wanted);
                return None;
            }
        }
        let Some(asked) = metric.text("query") else { return metric.missing("query", "a query of PromQL") };
        windowed(&metric, &asked, counter)
    };
    let (good, total) = (part("good"), part("total"));
    Some(Sli::GoodOverTotal { good: good?, total: total? })
}
