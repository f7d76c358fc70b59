//! Listing alerts, alone and in groups, and taking those that are posted.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use promql_parser::label::Matcher as Compiled;
use serde::{Deserialize, Serialize};

use super::super::params::Params;
use super::matcher::{Matcher, all_match, is_label_name};
use super::reply::{self, Refused, time};
use super::state::{Api, MOST, Posted, fingerprint};
use crate::demo::alerting;
use crate::domain::{Labels, Symbol, Timestamp};

/// How often Prometheus sends an alert that goes on, and how long after that it counts as over.
const RESEND: i64 = 60_000_000_000;
const SENT_FOR: i64 = 240_000_000_000;
/// How long a posted alert without an end lasts.
const RESOLVE_TIMEOUT: i64 = 300_000_000_000;

#[derive(Clone, Serialize)]
struct Receiver {
    name: &'static str,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    inhibited_by: Vec<String>,
    silenced_by: Vec<String>,
    state: &'static str,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Alert {
    annotations: Labels,
    ends_at: String,
    fingerprint: String,
    receivers: Vec<Receiver>,
    starts_at: String,
    status: Status,
    updated_at: String,
    #[serde(rename = "generatorURL", skip_serializing_if = "Option::is_none")]
    generator: Option<String>,
    labels: Labels,
}

#[derive(Serialize)]
struct Group {
    alerts: Vec<Alert>,
    labels: Labels,
    receiver: Receiver,
}

/// What a client sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Asked {
    labels: BTreeMap<String, String>,
    annotations: BTreeMap<String, String>,
    starts_at: Option<String>,
    ends_at: Option<String>,
    #[serde(rename = "generatorURL")]
    generator: Option<String>,
}

pub async fn list(State(api): State<Arc<Api>>, params: Params) -> Response {
    selected(api, params).await.map_or_else(|refused| *refused, |alerts| reply::ok(&alerts))
}

/// Grouped by `alertname` and `service`, as the routes of the configuration say.
pub async fn groups(State(api): State<Arc<Api>>, params: Params) -> Response {
    let alerts = match selected(api, params).await {
        Ok(alerts) => alerts,
        Err(refused) => return *refused,
    };
    let mut groups: BTreeMap<(Labels, &'static str), Vec<Alert>> = BTreeMap::new();
    for alert in alerts {
        let by = alert.labels.iter().filter(|(name, _)| matches!(name.as_str(), "alertname" | "service"));
        let labels: Labels = by.map(|(name, value)| (name.clone(), value.clone())).collect();
        groups.entry((labels, receiver(&alert.labels))).or_default().push(alert);
    }
    let group = |((labels, name), alerts)| Group { alerts, labels, receiver: Receiver { name } };
    reply::ok(&groups.into_iter().map(group).collect::<Vec<_>>())
}

/// The receiver that the routes give an alert to.
fn receiver(labels: &Labels) -> &'static str {
    match labels.get("severity").map(Symbol::as_str) {
        Some("page") => "pagerduty",
        Some("notify") => "slack-reliability",
        _ => "dashboard",
    }
}

pub const RECEIVERS: [&str; 3] = ["dashboard", "pagerduty", "slack-reliability"];

/// The alerts that the parameters select, in the order of their fingerprints.
async fn selected(api: Arc<Api>, params: Params) -> Result<Vec<Alert>, Refused> {
    let flag = |name: &str| match params.get(name) {
        None | Some("true" | "1" | "t" | "T" | "TRUE" | "True") => Ok(true),
        Some("false" | "0" | "f" | "F" | "FALSE" | "False") => Ok(false),
        Some(other) => {
            Err(Box::new(reply::schema(601, &format!("{name} in query must be of type boolean: {other:?}"))))
        }
    };
    let (active, silenced) = (flag("active")?, flag("silenced")?);
    let (_inhibited, _unprocessed) = (flag("inhibited")?, flag("unprocessed")?);
    let filters: Vec<Compiled> = filters(&params)?;
    let wanted = match params.get("receiver") {
        None => None,
        Some(pattern) => {
            let matcher = Matcher { is_equal: true, is_regex: true, name: "receiver".into(), value: pattern.into() };
            let refused = || Box::new(reply::words(StatusCode::BAD_REQUEST, "failed to parse receiver param"));
            Some(matcher.compiled().ok_or_else(refused)?)
        }
    };
    let now = api.site.clock.now();
    let own = Arc::clone(&api);
    // The first question after a long time evaluates every step since.
    let fired = crate::demo::work::work(move || own.alerting.at(now)).await.unwrap_or_default();
    let memory = api.memory();
    let posted = memory.posted.iter().filter(|(_, posted)| now < posted.ends_at);
    let all = fired
        .iter()
        .filter_map(|alert| from_rules(&api, alert, now))
        .chain(posted.map(|(labels, posted)| (labels.clone(), posted.clone())));
    let mut alerts: Vec<Alert> = all
        .filter(|(labels, _)| {
            all_match(&filters, labels) && wanted.as_ref().is_none_or(|wanted| wanted.is_match(receiver(labels)))
        })
        .map(|(labels, posted)| {
            let silenced_by = memory.silenced_by(&labels, now);
            let state = if silenced_by.is_empty() { "active" } else { "suppressed" };
            Alert {
                annotations: posted.annotations,
                ends_at: time(posted.ends_at),
                fingerprint: fingerprint(&labels),
                receivers: vec![Receiver { name: receiver(&labels) }],
                starts_at: time(posted.starts_at),
                status: Status { inhibited_by: Vec::new(), silenced_by, state },
                updated_at: time(posted.updated_at),
                generator: posted.generator,
                labels,
            }
        })
        .filter(|alert| if alert.status.silenced_by.is_empty() { active } else { silenced })
        .collect();
    alerts.sort_by(|one, other| one.fingerprint.cmp(&other.fingerprint));
    Ok(alerts)
}

/// The compiled `filter` parameters.
pub fn filters(params: &Params) -> Result<Vec<Compiled>, Refused> {
    let filter = |text: &str| {
        let refused = || Box::new(reply::words(StatusCode::BAD_REQUEST, &format!("bad matcher format: {text}")));
        Matcher::parse(text).and_then(|matcher| matcher.compiled()).ok_or_else(refused)
    };
    params.all("filter").map(filter).collect()
}

/// A firing alert of the company as Prometheus sends it: again every minute, each time good for four.
fn from_rules(api: &Api, alert: &alerting::Alert, now: Timestamp) -> Option<(Labels, Posted)> {
    let starts_at = alert.fired_at?;
    let updated_at = starts_at.shifted(now.since(starts_at).max(0) / RESEND * RESEND);
    let expression = api.alerting.rules().nth(alert.rule).map_or("", |rule| rule.expression.as_str());
    let expression: String = url::form_urlencoded::byte_serialize(expression.as_bytes()).collect();
    let posted = Posted {
        annotations: alert.annotations.clone(),
        starts_at,
        ends_at: updated_at.shifted(SENT_FOR),
        updated_at,
        generator: Some(format!("http://prometheus:9090/graph?g0.expr={expression}&g0.tab=1")),
    };
    Some((alert.labels.clone(), posted))
}

pub async fn post(State(api): State<Arc<Api>>, body: Bytes) -> Response {
    let asked: Vec<Asked> = match serde_json::from_slice(&body) {
        Ok(asked) => asked,
        Err(error) => {
            let message = format!("parsing alerts body from \"\" failed, because {error}");
            return reply::coded(StatusCode::BAD_REQUEST, &message);
        }
    };
    let now = api.site.clock.now();
    let mut taken = Vec::new();
    for alert in asked {
        match read(alert, now) {
            Ok(alert) => taken.push(alert),
            Err(words) => return reply::words(StatusCode::BAD_REQUEST, &words),
        }
    }
    let mut memory = api.memory();
    memory.posted.retain(|_, posted| now < posted.ends_at);
    if memory.posted.len() + taken.len() > MOST {
        return reply::words(StatusCode::INTERNAL_SERVER_ERROR, "too many alerts");
    }
    for (labels, mut posted) in taken {
        if let Some(known) = memory.posted.get(&labels) {
            posted.starts_at = posted.starts_at.min(known.starts_at);
        }
        memory.posted.insert(labels, posted);
    }
    reply::empty(StatusCode::OK)
}

fn read(asked: Asked, now: Timestamp) -> Result<(Labels, Posted), String> {
    let labels: Labels = asked
        .labels
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    if let Some((name, _)) = labels.iter().find(|(name, _)| !is_label_name(name)) {
        return Err(format!("invalid label set: invalid name {:?}", name.as_str()));
    }
    if labels.is_empty() {
        return Err("at least one label pair required".into());
    }
    let moment = |text: &Option<String>, default: Timestamp| match text.as_deref() {
        None => Ok(default),
        Some(text) => Timestamp::parse_rfc3339(text).ok_or_else(|| format!("parsing time {text:?} failed")),
    };
    let ends_at = moment(&asked.ends_at, now.shifted(RESOLVE_TIMEOUT))?;
    let starts_at = moment(&asked.starts_at, now.min(ends_at))?;
    if ends_at < starts_at {
        return Err("start time must be before end time".into());
    }
    let annotations = asked.annotations.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let generator = asked.generator.filter(|url| !url.is_empty());
    Ok((labels, Posted { annotations, starts_at, ends_at, updated_at: now, generator }))
}
