//! Alertmanager 0.25 as recorded.

use warroom::backend::Alertmanager;
use warroom::domain::Cause;
use warroom::domain::incident::AlertState;
use warroom::port::Alerts;

use super::replay::{Answer, Asked, Replay, recorded};

const SERVER: &str = "alertmanager-0.25";

async fn client(call: &'static str) -> (Alertmanager, Replay) {
    let replay = Replay::serve(move |_: &Asked| recorded(SERVER, call)).await;
    (Alertmanager::connect(replay.endpoint()).expect("a client"), replay)
}

#[tokio::test]
async fn all_that_fires_comes_suppressed_ones_included() {
    let (client, replay) = client("alerts").await;
    let alerts = client.firing().await.expect("alerts");
    let states: Vec<_> = alerts.iter().map(|alert| (alert.name().as_str(), alert.severity(), alert.state)).collect();
    let expected = [
        ("CheckoutErrorBudgetBurnSlow", "notify", AlertState::Suppressed),
        ("TargetDown", "notify", AlertState::Active),
        ("NoEnds", "notify", AlertState::Suppressed),
        ("SlowBurn", "notify", AlertState::Suppressed),
        ("CheckoutErrorBudgetBurnFast", "page", AlertState::Active),
        ("TargetDown", "notify", AlertState::Active),
    ];
    assert_eq!(states, expected);
    let fast = &alerts[4];
    assert_eq!(fast.fingerprint, "a7913b545c28f8cf");
    assert_eq!(fast.starts.to_rfc3339(), "2026-11-22T11:38:18.948Z");
    assert_eq!(fast.source, "lab");
    assert_eq!(fast.runbook_url(), Some("https://runbooks.example.test/checkout-burn"));
    assert_eq!(fast.annotations.get("description").map(|text| text.lines().count()), Some(2));
    assert!(alerts[3].annotations.is_empty());
    assert_eq!(replay.asked()[0].path, "/api/v2/alerts");
}

#[tokio::test]
async fn the_probe_tells_the_version() {
    let (client, _replay) = client("status").await;
    assert!(client.probe().await.expect("there").version.starts_with("0.25"));
}

/// Five shapes of error, each in the server's own words.
#[tokio::test]
async fn every_shape_of_error_is_read() {
    for (call, words) in [
        ("alerts_post_bad", r#"invalid label set: invalid name "1bad-name""#),
        ("silence_create_bad_400", "matchers in body should have at least 1 items"),
        ("silence_create_missing_fields", "required"),
    ] {
        let (client, _replay) = client(call).await;
        let cause = client.firing().await.expect_err("an error").cause;
        let Cause::Refused { message, .. } = cause else { panic!("{call}: {cause:?}") };
        assert!(message.contains(words), "{call}: {message}");
    }
    let (client, _replay) = client("silence_get_404").await;
    let nothing = client.firing().await.expect_err("an error").cause;
    assert_eq!(nothing, Cause::NotFound("the server has no such thing".into()));
    let busy = "Limit of concurrent GET requests reached (8), try again later.";
    let replay = Replay::serve(move |_: &Asked| Answer::new(503, busy)).await;
    let client = Alertmanager::connect(replay.endpoint()).expect("a client");
    let cause = client.firing().await.expect_err("busy").cause;
    assert_eq!(cause, Cause::Failing { status: 503, message: busy.into() });
}
