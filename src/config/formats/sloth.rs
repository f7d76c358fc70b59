//! Sloth's `prometheus/v1` and its Kubernetes form: one service, several SLOs, each by two queries or by a ratio.

use std::time::Duration;

use super::block::Block;
use super::fields::Fields;
use super::promise::{carried, no_template, objective, policy, query, runbook};
use super::windows::Windows;
use super::yaml::Node;
use crate::config::problem::{Problem, Sink};
use crate::domain::slo::{Sli, events_of_ratio};

/// Sloth's own, where no windows are given.
const WINDOW: Duration = Duration::from_secs(30 * 86_400);

/// The names of the keys in one of the two spellings.
struct Keys {
    plugins: &'static str,
    error_ratio: &'static str,
    error: &'static str,
    total: &'static str,
    page: &'static str,
    ticket: &'static str,
}

const PLAIN: Keys = Keys {
    plugins: "slo_plugins",
    error_ratio: "error_ratio_query",
    error: "error_query",
    total: "total_query",
    page: "page_alert",
    ticket: "ticket_alert",
};

const KUBERNETES: Keys = Keys {
    plugins: "sloPlugins",
    error_ratio: "errorRatioQuery",
    error: "errorQuery",
    total: "totalQuery",
    page: "pageAlert",
    ticket: "ticketAlert",
};

/// Plugins that leave the numbers as they are.
const HARMLESS: [&str; 4] = [
    "sloth.dev/core/",
    "sloth.dev/contrib/info_labels/",
    "sloth.dev/contrib/rule_intervals/",
    "sloth.dev/contrib/validate_victoria_metrics/",
];

/// A document with `version: prometheus/v1`.
pub(super) fn plain(document: &Node, windows: Option<&Windows>, sink: &Sink) -> Vec<Block> {
    let known = ["version", "service", "labels", "slo_plugins", "slos"];
    Fields::open("", document, &known, sink).map(|spec| service(&spec, &PLAIN, windows)).unwrap_or_default()
}

/// A document with `apiVersion: sloth.slok.dev/v1` and `kind: PrometheusServiceLevel`.
pub(super) fn kubernetes(document: &Node, windows: Option<&Windows>, sink: &Sink) -> Vec<Block> {
    let top = Fields::open("", document, &["apiVersion", "kind", "metadata", "spec", "status"], sink);
    let spec = top.and_then(|top| {
        let spec = top.table("spec", &["service", "labels", "sloPlugins", "slos"]);
        if top.has("spec") { spec } else { top.missing("spec", "spec: {service: .., slos: [..]}") }
    });
    spec.map(|spec| service(&spec, &KUBERNETES, windows)).unwrap_or_default()
}

fn service(spec: &Fields<'_>, keys: &Keys, windows: Option<&Windows>) -> Vec<Block> {
    let Some(name) = spec.text("service") else {
        return spec.missing("service", "the name of the service").unwrap_or_default();
    };
    let as_written = harmless(spec, keys.plugins);
    let labels = !spec.labels("labels").is_empty();
    if !spec.has("slos") {
        return spec.missing("slos", "a list of SLOs").unwrap_or_default();
    }
    let known = ["name", "description", "objective", "plugins", "labels", "sli", "alerting"];
    let slos = spec.tables("slos", &known);
    let blocks = slos.iter().filter_map(|fields| slo(fields, &name.value, labels, keys, windows));
    blocks.filter(|_| as_written).collect()
}

/// Whether all of the plugins leave the numbers as they are; those that may not are told: no Go runs here.
fn harmless(fields: &Fields<'_>, key: &str) -> bool {
    let mut harmless = true;
    let Some(plugins) = fields.table(key, &["overridePrevious", "chain"]) else { return !fields.has(key) };
    for plugin in plugins.tables("chain", &["id", "config", "priority"]) {
        let Some(id) = plugin.text("id") else { continue };
        if !HARMLESS.iter().any(|known| id.value.starts_with(known)) {
            harmless = false;
            let problem = Problem::at(id.span, "a plugin that may change what is counted cannot be run here");
            plugin.problem(problem.hint("read the rules that Sloth makes of it instead"));
        }
    }
    harmless
}

fn slo(fields: &Fields<'_>, service: &str, labelled: bool, keys: &Keys, windows: Option<&Windows>) -> Option<Block> {
    let Some(name) = fields.text("name") else { return fields.missing("name", "a name of its own") };
    let as_written = harmless(fields, "plugins");
    let labels = labelled || !fields.labels("labels").is_empty();
    let Some(percent) = fields.text("objective") else { return fields.missing("objective", "a percentage: 99.9") };
    let percent = objective(fields, &percent, 0)?;
    let mut block = Block::new(name.span.clone());
    if let Some(description) = fields.text("description") {
        block.note(description.value);
    }
    let mut left = Vec::new();
    let window = windows.map_or(WINDOW, |windows| windows.period);
    // Sloth's own id of an SLO, by which its recorded rules are found.
    block.set("name", &format!("{service}-{}", name.value));
    block.set("journey", service);
    block.set("objective", &percent.to_string());
    let sli = sli(fields, keys)?;
    let alerting = fields.table("alerting", &["name", "labels", "annotations", keys.page, keys.ticket]);
    let (mut page, mut ticket) = (true, true);
    if let Some(alerting) = &alerting {
        let alert = |key| alerting.table(key, &["disable", "labels", "annotations"]);
        let (of_page, of_ticket) = (alert(keys.page), alert(keys.ticket));
        let on = |alert: &Option<Fields<'_>>| !alert.as_ref().and_then(|alert| alert.flag("disable")).unwrap_or(false);
        (page, ticket) = (on(&of_page), on(&of_ticket));
        let mut annotations = alerting.labels("annotations");
        for alert in [&of_page, &of_ticket].into_iter().flatten() {
            annotations.extend(alert.labels("annotations"));
            if !alert.labels("labels").is_empty() {
                left.push("labels of alerts");
            }
        }
        if let Some(page) = runbook(&annotations) {
            block.set("runbook", &page);
        }
        if alerting.has("name") || !alerting.labels("labels").is_empty() {
            left.push("the alerts' name and labels");
        }
        if !annotations.is_empty() {
            left.push("annotations but the runbook");
        }
    }
    if labels {
        left.push("labels of rules");
    }
    match windows {
        Some(windows) => windows.apply(&mut block, percent, (page, ticket)),
        None => policy(&mut block, "sloth-30d", window, percent, (page, ticket)),
    }
    block.set_sli(&sli);
    carried(&mut block, &mut left);
    as_written.then_some(block)
}

fn sli(fields: &Fields<'_>, keys: &Keys) -> Option<Sli> {
    let Some(sli) = fields.table("sli", &["raw", "events", "plugin"]) else {
        if fields.has("sli") {
            return None;
        }
        return fields.missing("sli", "events: two queries, or raw: one ratio");
    };
    if sli.has("plugin") {
        let hint = "write the queries that it makes as sli.events";
        sli.refuse("plugin", "the queries are made by a plugin, which cannot be run here", hint);
        return None;
    }
    if sli.has("events") && sli.has("raw") {
        sli.refuse("raw", "beside `events`", "keep one of them");
        return None;
    }
    if let Some(events) = sli.table("events", &[keys.error, keys.total]) {
        let (bad, total) = (query(&events, keys.error)?, query(&events, keys.total)?);
        return Some(Sli::BadOverTotal { bad, total });
    }
    if let Some(raw) = sli.table("raw", &[keys.error_ratio]) {
        let ratio = query(&raw, keys.error_ratio)?;
        no_template(&raw, keys.error_ratio, &ratio)?;
        return Some(events_of_ratio(&ratio));
    }
    if sli.has("events") || sli.has("raw") { None } else { sli.missing("events", "two queries, or raw: one ratio") }
}
