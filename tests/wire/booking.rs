//! The slow bookings on simulated servers: when the rules engine fires, what Grafana's marks tell, who is let in, and what
//! the servers say against queries that they cannot read.

use std::time::Duration;

use secrecy::SecretString;
use serde_json::Value;
use warroom::backend::{Alertmanager, Credential, Endpoint, Grafana, Loki, Prometheus, Tempo};
use warroom::demo::api::grafana::TOKEN;
use warroom::demo::{Options, Running, Target, start};
use warroom::domain::incident::{ChangeKind, suspects};
use warroom::domain::query::place;
use warroom::domain::trace::{SkewOptions, Tree, held_up};
use warroom::domain::{Cause, Timestamp, Window};
use warroom::port::{Alerts, Changes, Logs, Metrics, Search, Traces};

use super::stage::{IMPACT, at, door};

async fn play(seek: u32) -> Running {
    let options = Options {
        scenario: "slow-booking".into(),
        seed: 42,
        seek: f64::from(seek),
        speed: 0.0,
        anchor: Some(IMPACT),
        faults: Vec::new(),
        port_base: None,
        broken_propagation: false,
    };
    start(&options).await.expect("a demo")
}

fn let_in(running: &Running, token: &str) -> Endpoint {
    let mut endpoint = door(running, Target::Grafana);
    endpoint.credential = Some(Credential::Bearer(SecretString::from(token.to_owned())));
    endpoint
}

/// Each firing alert with the minute, rounded up, since which the rules engine says that it is active.
async fn active(demo: &Running, path: &str) -> Vec<(String, i64)> {
    drop(rustls::crypto::ring::default_provider().install_default());
    let answer = reqwest::get(format!("{}{path}", demo.urls.prometheus)).await.expect("an answer");
    let json: Value = serde_json::from_slice(&answer.bytes().await.expect("a body")).expect("JSON");
    let listed = |alerts: &Value| alerts.as_array().cloned().unwrap_or_default();
    let alerts: Vec<Value> = if path.ends_with("alerts") {
        listed(&json["data"]["alerts"])
    } else {
        let groups = listed(&json["data"]["groups"]);
        groups.iter().flat_map(|group| listed(&group["rules"])).flat_map(|rule| listed(&rule["alerts"])).collect()
    };
    let mut told: Vec<(String, i64)> = alerts
        .iter()
        .filter(|alert| alert["state"] == "firing")
        .map(|alert| {
            let since = Timestamp::parse_rfc3339(alert["activeAt"].as_str().expect("a time")).expect("a time");
            let name = alert["labels"]["alertname"].as_str().expect("a name").to_owned();
            (name, (since.since(IMPACT) + 59_999_999_999) / 60_000_000_000)
        })
        .collect();
    told.sort_by_key(|(_, minute)| *minute);
    told
}

#[tokio::test]
async fn the_rules_engine_fires_at_the_minutes_of_the_story_and_no_threshold_does() {
    let demo = play(85 * 60).await;
    let expected = [
        ("BookingLatencySlowBurn", 12),
        ("BookingLatencyFastBurn", 18),
        ("BookingLatencySixfoldBurn", 36),
        ("BookingLatencyDailyBurn", 58),
        ("BookingAvailabilityFastBurn", 81),
        ("BookingAvailabilitySlowBurn", 84),
    ];
    let expected = expected.map(|(name, minute)| (name.to_owned(), minute));
    assert_eq!(active(&demo, "/api/v1/alerts").await, expected);
    assert_eq!(active(&demo, "/api/v1/rules").await, expected);
    let alerts = Alertmanager::connect(door(&demo, Target::Alertmanager)).expect("a client");
    assert_eq!(alerts.firing().await.expect("alerts").len(), expected.len());
    demo.stop().await;
}

#[tokio::test]
async fn marks_lead_to_the_flag_and_slow_traces_to_the_queries() {
    let demo = play(34 * 60).await;
    let grafana = Grafana::connect(let_in(&demo, TOKEN)).expect("a client");
    assert_eq!(grafana.probe().await.expect("let in").version, "12.1.0");
    let window = Window::ending(at(34 * 60), Duration::from_secs(43_200));
    let changes = grafana.changes(window, 500).await.expect("marks");
    assert_eq!(changes.len(), 5, "{changes:?}");
    let first = suspects(&changes, IMPACT, Some("booking"))[0];
    assert_eq!((first.kind, first.text.as_str()), (ChangeKind::Flag, "multi-room 25 % → 50 %"));
    assert_eq!((first.service.as_deref(), first.author.as_deref()), (Some("booking"), Some("flagctl")));
    assert!(changes.iter().any(|change| change.version.as_deref() == Some("3.2.1")));
    let tempo = Tempo::connect(door(&demo, Target::Tempo)).expect("a client");
    let slow = Search { longer_than: Some(Duration::from_millis(800)), ..Search::default() };
    let quarter = Window::ending(at(34 * 60), Duration::from_secs(900));
    let found = tempo.search(&slow, quarter, 20).await.expect("rows").rows;
    assert_eq!(found.len(), 20);
    for row in found {
        let fetched = tempo.trace(row.trace, None).await.expect("a trace");
        let held = held_up(&Tree::build(row.trace, fetched.spans, None, SkewOptions::default())).expect("somebody");
        assert_eq!((held.service.as_str(), held.dependency.as_deref()), ("booking", Some("postgresql")));
    }
    demo.stop().await;
}

#[tokio::test]
async fn a_wrong_token_is_told_and_not_shown() {
    let demo = play(60).await;
    let grafana = Grafana::connect(let_in(&demo, "glsa_wrong_secret")).expect("a client");
    let failure = grafana.probe().await.expect_err("kept out");
    assert!(matches!(&failure.cause, Cause::Unauthorised(words) if words.contains("Invalid API key")), "{failure:?}");
    assert!(!format!("{failure:?} {failure}").contains("glsa"), "{failure}");
    let nobody = Grafana::connect(door(&demo, Target::Grafana)).expect("a client");
    assert!(matches!(nobody.probe().await.expect_err("kept out").cause, Cause::Unauthorised(_)));
    demo.stop().await;
}

#[tokio::test]
async fn servers_say_where_a_query_is_wrong() {
    let demo = play(60).await;
    let window = Window::ending(at(60), Duration::from_secs(600));
    let prometheus = Prometheus::connect(door(&demo, Target::Prometheus)).expect("a client");
    let loki = Loki::connect(door(&demo, Target::Loki)).expect("a client");
    let tempo = Tempo::connect(door(&demo, Target::Tempo)).expect("a client");
    let refused = |cause: Cause| match cause {
        Cause::Refused { message, .. } => message,
        other => panic!("{other:?}"),
    };
    let numbers = refused(prometheus.instant("sum(up", at(60)).await.expect_err("refused").cause);
    let lines = refused(loki.history("{service_name=}", window, 10).await.expect_err("refused").cause);
    let traces = refused(tempo.query("{ duration > }", window, 10).await.expect_err("refused").cause);
    assert!(!numbers.is_empty());
    for (message, text) in [(lines, "{service_name=}"), (traces, "{ duration > }")] {
        assert!(place(&message).is_some_and(|column| column <= text.len()), "{message}");
    }
    let found = tempo.query("{ resource.service.name = \"booking\" }", window, 10).await.expect("rows").rows;
    assert!(!found.is_empty());
    demo.stop().await;
}
