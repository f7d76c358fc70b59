//! Silences as changes: recorded of a real Alertmanager, and made and ended on the simulated one.

use std::time::Duration;

use serde_json::{Value, json};
use warroom::backend::Alertmanager;
use warroom::demo::Target;
use warroom::domain::incident::{AlertState, ChangeKind, merged};
use warroom::port::Alerts;

use super::replay::{Asked, Replay, recorded};
use super::stage::{at, door, play};

#[tokio::test]
async fn recorded_silences_that_hold_are_changes() {
    let replay = Replay::serve(|_: &Asked| recorded("alertmanager-0.25", "silences")).await;
    let client = Alertmanager::connect(replay.endpoint()).expect("a client");
    let silences = client.silences().await.expect("silences");
    assert!(!silences.is_empty());
    for change in &silences {
        assert_eq!((change.kind, change.after), (ChangeKind::Silence, None));
        assert!(change.text.starts_with("silenced ") && change.author.is_some(), "{change:?}");
        assert_eq!(change.seen[0].to_string(), "lab silence");
    }
    assert_eq!(replay.asked()[0].path, "/api/v2/silences");
}

#[tokio::test]
async fn a_silence_on_the_simulated_server_is_a_change_until_it_is_ended() {
    let demo = play(420, 0.0, &[]).await;
    let client = Alertmanager::connect(door(&demo, Target::Alertmanager)).expect("a client");
    assert_eq!(client.silences().await.expect("silences"), []);
    let firing = client.firing().await.expect("alerts");
    let alert = firing.iter().find(|alert| alert.state == AlertState::Active).expect("one that fires");
    let asked = json!({
        "matchers": [
            {"name": "alertname", "value": alert.name().as_str(), "isRegex": false, "isEqual": true},
            {"name": "service", "value": "pric.*", "isRegex": true, "isEqual": true},
        ],
        "startsAt": at(420).to_rfc3339(),
        "endsAt": at(1_020).to_rfc3339(),
        "createdBy": "lea",
        "comment": "we are at it\nsecond line",
    });
    let http = reqwest::Client::new();
    let base = demo.urls.alertmanager.trim_end_matches('/');
    let made = http.post(format!("{base}/api/v2/silences")).json(&asked).timeout(Duration::from_secs(5)).send().await;
    let made: Value = serde_json::from_slice(&made.expect("an answer").bytes().await.expect("a body")).expect("JSON");
    let id = made["silenceID"].as_str().expect("an id");
    let silences = client.silences().await.expect("silences");
    let [change] = silences.as_slice() else { panic!("{silences:?}") };
    assert_eq!(change.text, format!("silenced alertname={}, service=~pric.*: we are at it", alert.name()));
    assert_eq!((change.at, change.service.as_deref(), change.author.as_deref()), (at(420), None, Some("lea")));
    assert!(!change.is_first_suspect(at(421)), "a silence hides an impact and causes none");
    assert_eq!(merged([change, change]).len(), 1);
    http.delete(format!("{base}/api/v2/silence/{id}")).send().await.expect("an answer");
    assert_eq!(client.silences().await.expect("silences"), []);
    demo.stop().await;
}
