//! The life of an alert on a real Alertmanager as our client sees it: posted, silenced, silenced no more, resolved.

use std::process::Command;

use chrono::{SecondsFormat, Utc};
use serde_json::{Value, json};
use tempfile::TempDir;
use warroom::backend::Alertmanager;
use warroom::domain::incident::{Alert, AlertState, ChangeKind};
use warroom::port::Alerts;

use crate::installed::{Real, http, program};
use crate::wait::eventually;

const CONFIG: &str = "route:\n  receiver: nobody\n  group_wait: 1s\nreceivers:\n- name: nobody\n";

async fn start() -> Option<Real> {
    let alertmanager = program(&["prometheus-alertmanager", "alertmanager"], "prometheus-alertmanager")?;
    let command = |port: u16, folder: &TempDir| {
        let mut command = Command::new(&alertmanager);
        command
            .arg(format!("--config.file={}", folder.path().join("config.yml").display()))
            .arg(format!("--storage.path={}", folder.path().join("data").display()))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .arg("--cluster.listen-address=");
        command
    };
    Some(Real::start(CONFIG, command).await)
}

/// The time so many seconds from now.
fn moment(seconds: i64) -> String {
    (Utc::now() + chrono::TimeDelta::seconds(seconds)).to_rfc3339_opts(SecondsFormat::Millis, true)
}

async fn send(server: &Real, method: reqwest::Method, path: &str, body: &Value) -> Value {
    let url = server.base.join(path).expect("a URL");
    let answer = http().request(method, url).json(body).send().await.expect("an answer");
    let status = answer.status();
    let text = answer.text().await.expect("a body");
    assert!(status.is_success(), "{path}: {status} {text}");
    serde_json::from_str(&text).unwrap_or(Value::Null)
}

async fn post_alert(server: &Real, starts: &str, ends: Option<String>) {
    let mut alert = json!({
        "labels": {"alertname": "OrderRoutingFastBurn", "severity": "page", "slo": "order-routing"},
        "annotations": {"summary": "55.4× over 1h", "runbook_url": "https://git.example.com/pricing-cache-expired.md"},
        "startsAt": starts,
        "generatorURL": "http://prometheus.example.com/graph?g0.expr=up",
    });
    if let Some(ends) = ends {
        alert["endsAt"] = ends.into();
    }
    send(server, reqwest::Method::POST, "api/v2/alerts", &json!([alert])).await;
}

/// Waits until the list is one alert in this state.
async fn until(client: &Alertmanager, state: AlertState) -> Alert {
    eventually(&format!("one alert that is {state:?}"), async || {
        let mut alerts = client.firing().await.expect("alerts");
        assert!(alerts.len() <= 1, "{alerts:?}");
        alerts.pop().filter(|alert| alert.state == state)
    })
    .await
}

#[tokio::test]
async fn an_alert_is_seen_through_its_whole_life() {
    let Some(server) = start().await else { return };
    let client = Alertmanager::connect(server.endpoint()).expect("a client");
    assert!(!client.probe().await.expect("there").version.is_empty());
    assert_eq!(client.firing().await.expect("alerts"), []);

    let starts = moment(-90);
    post_alert(&server, &starts, None).await;
    let active = until(&client, AlertState::Active).await;
    assert_eq!((active.name().as_str(), active.severity()), ("OrderRoutingFastBurn", "page"));
    assert_eq!((active.starts.to_rfc3339(), active.source.as_str()), (starts.clone(), "real"));
    assert_eq!(active.runbook_url(), Some("https://git.example.com/pricing-cache-expired.md"));
    assert_eq!(active.labels.get("slo").map(ToString::to_string).as_deref(), Some("order-routing"));
    assert_eq!(active.fingerprint.len(), 16);

    let silence = json!({
        "matchers": [{"name": "slo", "value": "order-routing", "isRegex": false, "isEqual": true}],
        "startsAt": moment(0),
        "endsAt": moment(600),
        "createdBy": "lea",
        "comment": "we are at it",
    });
    let made = send(&server, reqwest::Method::POST, "api/v2/silences", &silence).await;
    let id = made["silenceID"].as_str().expect("an id");
    let suppressed = until(&client, AlertState::Suppressed).await;
    assert_eq!((&suppressed.fingerprint, suppressed.starts), (&active.fingerprint, active.starts));
    let silences = client.silences().await.expect("silences");
    let [change] = silences.as_slice() else { panic!("{silences:?}") };
    assert_eq!((change.kind, change.text.as_str()), (ChangeKind::Silence, "silenced slo=order-routing: we are at it"));
    assert_eq!((change.author.as_deref(), change.seen[0].to_string().as_str()), (Some("lea"), "real silence"));

    send(&server, reqwest::Method::DELETE, &format!("api/v2/silence/{id}"), &Value::Null).await;
    until(&client, AlertState::Active).await;
    assert_eq!(client.silences().await.expect("silences"), []);

    post_alert(&server, &starts, Some(moment(-1))).await;
    eventually("no alert", async || client.firing().await.expect("alerts").is_empty().then_some(())).await;
}
