//! The rules with their states, and the alerts that are pending or firing.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use super::super::params::Params;
use super::envelope::{exponent, success};
use super::state::Api;
use crate::demo::alerting::{self, Alerting};
use crate::domain::{Labels, Timestamp};

#[derive(Serialize)]
struct Groups {
    groups: Vec<Group>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Group {
    name: &'static str,
    file: &'static str,
    rules: Vec<Rule>,
    interval: u64,
    limit: u32,
    evaluation_time: f64,
    last_evaluation: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    state: &'static str,
    name: &'static str,
    query: String,
    duration: u32,
    keep_firing_for: u32,
    labels: Labels,
    annotations: Labels,
    alerts: Vec<Alert>,
    health: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<String>,
    evaluation_time: f64,
    last_evaluation: String,
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
struct Alerts {
    alerts: Vec<Alert>,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Alert {
    labels: Labels,
    annotations: Labels,
    state: &'static str,
    active_at: String,
    value: String,
}

impl Alert {
    fn of(alert: &alerting::Alert) -> Self {
        Self {
            labels: alert.labels.clone(),
            annotations: alert.annotations.clone(),
            state: if alert.fired_at.is_some() { "firing" } else { "pending" },
            active_at: alert.active_at.to_rfc3339(),
            value: exponent(alert.value),
        }
    }
}

pub async fn alerts(State(api): State<Arc<Api>>) -> Response {
    let now = api.site.clock.now();
    success(Alerts { alerts: alerts_at(&api, now).await.iter().map(Alert::of).collect() })
}

/// The parameter `type` takes `alert` and `record`; the company has no recording rules.
pub async fn rules(State(api): State<Arc<Api>>, params: Params) -> Response {
    let now = api.site.clock.now();
    let wanted = params.get("type").is_none_or(|kind| kind == "alert");
    if !wanted {
        return success(Groups { groups: Vec::new() });
    }
    let alerts = alerts_at(&api, now).await;
    let last_evaluation = Alerting::evaluated_at(now).to_rfc3339();
    let rule = |(index, rule): (usize, &crate::demo::Rule)| {
        let own = || alerts.iter().filter(|alert| alert.rule == index);
        let problem = api.alerting.problem(index, now);
        Rule {
            state: match (own().any(|alert| alert.fired_at.is_some()), own().next().is_some()) {
                (true, _) => "firing",
                (false, true) => "pending",
                (false, false) => "inactive",
            },
            name: rule.name,
            query: rule.expression.clone(),
            duration: rule.hold_seconds,
            keep_firing_for: 0,
            labels: rule.labels.clone(),
            annotations: rule.annotations.clone(),
            alerts: own().map(Alert::of).collect(),
            health: if problem.is_none() { "ok" } else { "err" },
            last_error: problem.map(|problem| problem.to_string()),
            evaluation_time: 0.000_4,
            last_evaluation: last_evaluation.clone(),
            kind: "alerting",
        }
    };
    let group = Group {
        name: "slo",
        file: "rules/slo.yml",
        rules: api.alerting.rules().enumerate().map(rule).collect(),
        interval: alerting::INTERVAL.as_secs(),
        limit: 0,
        evaluation_time: 0.004,
        last_evaluation: last_evaluation.clone(),
    };
    success(Groups { groups: vec![group] })
}

/// The first question after a long time evaluates all steps since: not on a thread that must not wait.
async fn alerts_at(api: &Arc<Api>, now: Timestamp) -> Vec<alerting::Alert> {
    let own = Arc::clone(api);
    crate::demo::work::work(move || own.alerting.at(now)).await.unwrap_or_default()
}
