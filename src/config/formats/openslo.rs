//! OpenSLO's `openslo/v1`: SLOs that may name their indicators and alerts in other documents. Not those: they are in
//! `openslo_sli.rs` and `openslo_alerts.rs`.

use std::time::Duration;

use super::block::Block;
use super::fields::Fields;
use super::openslo_alerts::alerts;
use super::openslo_sli::{Threshold, sli};
use super::promise::{carried, objective, policy, runbook};
use super::shelf::{METADATA, Shelf};
use super::yaml::Node;
use crate::config::duration as own;
use crate::config::problem::{Found, Problem, Sink};
use crate::domain::slo::{Objective, window_text};

/// A document with `kind: SLO`: a block for each objective.
pub(super) fn read(document: &Node, shelf: &Shelf<'_>, sink: &Sink) -> Vec<Block> {
    slo(document, shelf, sink).unwrap_or_default()
}

fn slo(document: &Node, shelf: &Shelf<'_>, sink: &Sink) -> Option<Vec<Block>> {
    let top = Fields::open("", document, &["apiVersion", "kind", "metadata", "spec"], sink)?;
    let Some(metadata) = top.table("metadata", &METADATA) else {
        return if top.has("metadata") { None } else { top.missing("metadata", "metadata: {name: ..}") };
    };
    let Some(name) = metadata.text("name") else { return metadata.missing("name", "a name of its own") };
    let known = [
        "description",
        "service",
        "indicator",
        "indicatorRef",
        "timeWindow",
        "budgetingMethod",
        "objectives",
        "alertPolicies",
    ];
    let Some(spec) = top.table("spec", &known) else {
        return if top.has("spec") { None } else { top.missing("spec", "spec: {service: .., indicator: ..}") };
    };
    let window = window(&spec);
    let known = [
        "displayName",
        "op",
        "value",
        "target",
        "targetPercent",
        "timeSliceTarget",
        "timeSliceWindow",
        "indicator",
        "indicatorRef",
        "compositeWeight",
    ];
    let objectives = spec.tables("objectives", &known);
    if objectives.is_empty() {
        return spec.missing("objectives", "one with a target: 0.999");
    }
    let several = objectives.len() > 1;
    let mut blocks = Vec::new();
    for (place, fields) in objectives.iter().enumerate() {
        for key in ["indicator", "indicatorRef", "compositeWeight"] {
            fields.refuse(key, "composite SLOs are not read", "write one SLO for each part");
        }
        let threshold = threshold(fields);
        let sli = sli(&spec, shelf, threshold.as_ref());
        let (Some(window), Some(target), Some(sli)) = (window, target(fields), sli) else { continue };
        let mut block = Block::new(name.span.clone());
        if let Some(description) = spec.text("description") {
            block.note(description.value);
        }
        let display = fields.text("displayName").map(|found| slug(&found.value)).filter(|slug| !slug.is_empty());
        let part = display.unwrap_or_else(|| place.to_string());
        block.set("name", &if several { format!("{}-{part}", name.value) } else { name.value.clone() });
        block.set("objective", &target.to_string());
        method(&spec, fields, &mut block, threshold.is_some());
        called(&spec, &metadata, shelf, &mut block, window, target);
        block.set_sli(&sli);
        carried(&mut block, &mut left(&metadata));
        blocks.push(block);
    }
    Some(blocks)
}

fn left(metadata: &Fields<'_>) -> Vec<&'static str> {
    if metadata.labels("labels").is_empty() { Vec::new() } else { vec!["labels of rules"] }
}

/// Words and pairs that annotations of ours carry, else those of the alert policies.
fn called(
    spec: &Fields<'_>,
    metadata: &Fields<'_>,
    shelf: &Shelf<'_>,
    block: &mut Block,
    window: Duration,
    target: Objective,
) {
    let annotations = metadata.labels("annotations");
    let ours = |word: &str| annotations.iter().find(|(key, _)| key.strip_prefix("warroom/") == Some(word));
    for (word, key) in [
        ("unit", "unit"),
        ("unit-cost", "unit_cost"),
        ("currency", "currency"),
        ("source", "source"),
        ("empty-slice", "empty_slice"),
    ] {
        if let Some((_, found)) = ours(word) {
            block.set(key, &found.value);
        }
    }
    if let Some(service) =
        ours("journey").map(|(_, found)| found.value.clone()).or_else(|| spec.text("service").map(|found| found.value))
    {
        block.set("journey", &service);
    }
    if let Some(page) = runbook(&annotations) {
        block.set("runbook", &page);
    }
    match ours("policy") {
        Some((_, preset)) => policy(block, &preset.value, window, target, (true, true)),
        None => {
            block.set("window", &window_text(window));
            alerts(spec, shelf, block, target);
        }
    }
}

fn window(spec: &Fields<'_>) -> Option<Duration> {
    let windows = spec.tables("timeWindow", &["duration", "isRolling", "calendar"]);
    let [only] = windows.as_slice() else {
        if windows.is_empty() {
            return spec.missing("timeWindow", "exactly one: - {duration: 30d, isRolling: true}");
        }
        spec.refuse("timeWindow", "more than one", "OpenSLO takes exactly one");
        return None;
    };
    let calendar = "a budget of the calendar starts anew on its day; here a budget is always of the time up to now";
    if only.has("calendar") {
        only.refuse(
            "calendar",
            calendar,
            "isRolling: true, and the same duration: the number is then of the last 30 d, say, and not since the 1st",
        );
        return None;
    }
    if only.flag("isRolling") == Some(false) {
        only.refuse(
            "isRolling",
            calendar,
            "isRolling: true, and the same duration: the number is then of the last 30 d, say, and not since the 1st",
        );
        return None;
    }
    super::promise::duration(only, "duration")
}

fn target(fields: &Fields<'_>) -> Option<Objective> {
    match (fields.text("target"), fields.text("targetPercent")) {
        (Some(_), Some(second)) => {
            fields.problem(Problem::at(second.span, "`targetPercent` beside `target`").hint("keep one of them"));
            None
        }
        (Some(share), None) => objective(fields, &share, 2),
        (None, Some(percent)) => objective(fields, &percent, 0),
        (None, None) => fields.missing("target", "a share of 1: 0.999"),
    }
}

/// What a threshold metric is compared with. `op` beside a ratio says nothing, and is let be.
fn threshold(fields: &Fields<'_>) -> Option<Threshold> {
    let (operator, value) = (fields.text("op")?, fields.text("value")?);
    let sign = match operator.value.as_str() {
        "lt" => "<",
        "lte" => "<=",
        "gt" => ">",
        "gte" => ">=",
        _ => {
            fields.refuse("op", "not known", "one of lt, lte, gt, gte");
            return None;
        }
    };
    if value.value.parse::<f64>().is_ok_and(f64::is_finite) {
        return Some(Threshold { sign, value: value.value });
    }
    fields.refuse("value", "not a number", "value: 0.5");
    None
}

fn method(spec: &Fields<'_>, fields: &Fields<'_>, block: &mut Block, by_threshold: bool) {
    let Some(found) = spec.text("budgetingMethod") else {
        spec.missing::<()>("budgetingMethod", "Occurrences, Timeslices or RatioTimeslices");
        return;
    };
    let word = match found.value.to_ascii_lowercase().as_str() {
        "occurrences" => return,
        "timeslices" => "time-slices",
        "ratiotimeslices" => "ratio-of-slices",
        _ => {
            let hint = "one of Occurrences, Timeslices, RatioTimeslices";
            spec.refuse("budgetingMethod", "not known", hint);
            return;
        }
    };
    if by_threshold {
        let hint = "budgetingMethod: Occurrences counts the samples that keep to the threshold";
        spec.refuse("budgetingMethod", "slices of a threshold metric are not read", hint);
        return;
    }
    block.set("method", word);
    // A bare number is minutes.
    let minutes = |found: &Found<String>| {
        let minutes = found.value.parse::<u64>().ok().and_then(|count| count.checked_mul(60));
        minutes.map(Duration::from_secs).or_else(|| own::parse(&found.value))
    };
    match fields.text("timeSliceWindow").map(|found| minutes(&found)) {
        Some(Some(slice)) => block.set("slice", &window_text(slice)),
        Some(None) => fields.refuse("timeSliceWindow", "not a duration", "timeSliceWindow: 5m"),
        None => fields.missing::<()>("timeSliceWindow", "the length of a slice: 5m").unwrap_or_default(),
    }
    if word == "time-slices" {
        match fields.text("timeSliceTarget") {
            Some(share) => {
                if let Some(target) = objective(fields, &share, 2) {
                    block.set("slice_target", &target.to_string());
                }
            }
            None => fields.missing::<()>("timeSliceTarget", "the share of good events: 0.95").unwrap_or_default(),
        }
    }
}

/// `Good experience` is `good-experience`.
fn slug(words: &str) -> String {
    let words = words.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}
