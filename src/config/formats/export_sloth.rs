//! Sloth's `prometheus/v1`: a document for each journey.

use std::time::Duration;

use super::export_words::{comment, listed, query, quoted};
use super::exported::Exported;
use crate::domain::Symbol;
use crate::domain::slo::{Policy, Sli, Slo, is_count, narrowed, ratio_of_events, says};

/// Sloth's period, which is not in its files.
const PERIOD: Duration = Duration::from_secs(30 * 86_400);

pub(super) fn file(slos: &[Exported<'_>], url_prefix: Option<&str>) -> String {
    let mut journeys: Vec<&str> = Vec::new();
    for (slo, _) in slos {
        if !journeys.contains(&slo.journey.as_str()) {
            journeys.push(&slo.journey);
        }
    }
    let mut text = comment(
        "Sloth makes recording rules and alerts of it, with windows of its own unless it is given others:\n\
         14.4x over 1h and 6x over 6h page, 3x over 1d and 1x over 3d make a ticket.",
    );
    for journey in journeys {
        text.push_str(&format!("---\nversion: prometheus/v1\nservice: {}\nslos:\n", quoted(journey)));
        for (slo, by) in slos.iter().filter(|(slo, _)| slo.journey.as_str() == journey) {
            text.push_str(&one(slo, by, journey, url_prefix));
        }
    }
    text
}

fn one(slo: &Slo, by: &[Symbol], journey: &str, url_prefix: Option<&str>) -> String {
    if let Some(why) = unwritable(&slo.sli) {
        return comment(&format!("{} is left out: {why}", slo.name));
    }
    let lost = lost(slo, by, journey);
    let mut text = String::new();
    if !lost.is_empty() {
        text.push_str(&comment(&format!("{}: {} not carried by this format", slo.name, listed(&lost))));
    }
    // Sloth's id of an SLO is its service and its name.
    let name = slo.name.strip_prefix(journey).and_then(|rest| rest.strip_prefix('-')).filter(|name| !name.is_empty());
    text.push_str(&format!("- name: {}\n  objective: {}\n", quoted(name.unwrap_or(&slo.name)), slo.objective));
    text.push_str(&match ratio_of_events(&slo.sli) {
        Some(ratio) => format!("  sli:\n    raw:\n      error_ratio_query: {}\n", query(ratio)),
        None => {
            let (error, total) = events(&slo.sli);
            format!("  sli:\n    events:\n      error_query: {error}\n      total_query: {total}\n")
        }
    });
    text.push_str(&format!("  alerting:\n    name: {}\n", quoted(&format!("{} burns its budget", slo.name))));
    if let Some(page) = &slo.runbook {
        let address = url_prefix.map_or_else(|| page.to_string(), |prefix| format!("{prefix}{page}.md"));
        text.push_str(&format!("    annotations:\n      runbook: {}\n", quoted(&address)));
    }
    let has = |page| slo.policy.rules().iter().any(|rule| (rule.severity.word() == "page") == page);
    for (alert, called) in [("page_alert", has(true)), ("ticket_alert", has(false))] {
        if called {
            let severity = alert.trim_end_matches("_alert");
            text.push_str(&format!("    {alert}:\n      labels:\n        severity: {severity}\n"));
        } else {
            text.push_str(&format!("    {alert}:\n      disable: true\n"));
        }
    }
    text
}

fn events(sli: &Sli) -> (String, String) {
    let (first, total) = (narrowed(sli.first(), ""), narrowed(sli.total(), ""));
    let error = if matches!(sli, Sli::GoodOverTotal { .. }) { format!("({total}) - ({first})") } else { first };
    (query(&error), query(&total))
}

/// Why Sloth cannot divide one query by the other: it fills in nothing but the window.
fn unwritable(sli: &Sli) -> Option<&'static str> {
    if ratio_of_events(sli).is_some() {
        return None;
    }
    if says(sli.first(), "seconds") || says(sli.total(), "seconds") {
        return Some("Sloth does not know {{.seconds}}");
    }
    let mixed = is_count(sli.first()) != is_count(sli.total());
    mixed.then_some("one of its queries gives a rate and the other a count")
}

/// What this SLO has and the format does not.
fn lost(slo: &Slo, by: &[Symbol], journey: &str) -> Vec<&'static str> {
    let mut lost = Vec::new();
    let sloth = Policy::named("sloth-30d", PERIOD);
    if sloth.is_none_or(|sloth| sloth.rules() != slo.policy.rules()) {
        lost.push("the pairs of windows");
    }
    if slo.window != PERIOD {
        lost.push("the window");
    }
    if !slo.method.is_of_events() {
        lost.push("the method");
    }
    if matches!(slo.sli, Sli::GoodOverTotal { .. }) {
        lost.push("that good events are counted (bad ones are all but them)");
    }
    if !by.is_empty() {
        lost.push("that there is one for each value of its labels");
    }
    if slo.name.strip_prefix(journey).is_none_or(|rest| !rest.starts_with('-')) {
        lost.push("that its name does not begin with its journey");
    }
    if slo.unit != "requests" {
        lost.push("the unit");
    }
    if slo.unit_cost_micro.is_some() {
        lost.push("the cost of an event");
    }
    if slo.source.is_some() {
        lost.push("the source");
    }
    lost
}
