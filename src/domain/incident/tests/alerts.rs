//! What changed between two polls.

use crate::domain::Timestamp;
use crate::domain::incident::{Alert, AlertChange, AlertState, Kind, diff};

fn alert(fingerprint: &str, starts: i64, state: AlertState) -> Alert {
    Alert {
        fingerprint: fingerprint.into(),
        labels: [("alertname", "FastBurn"), ("severity", "page")].into_iter().collect(),
        annotations: crate::domain::Labels::default(),
        starts: Timestamp::from_seconds(starts),
        state,
        source: "am".into(),
    }
}

fn changes(known: &[Alert], polled: &[Alert]) -> Vec<(AlertChange, String, i64)> {
    let told = |change: &crate::domain::incident::AlertDiff| {
        (change.change, change.alert.fingerprint.to_string(), change.at.seconds())
    };
    diff(known, polled, Timestamp::from_seconds(100)).iter().map(told).collect()
}

#[test]
fn fired_cleared_and_changed() {
    use AlertState::{Active, Suppressed};
    let known = [alert("a", 10, Active), alert("b", 20, Active)];
    let polled = [alert("b", 20, Suppressed), alert("c", 90, Active), alert("c", 90, Active)];
    assert_eq!(
        changes(&known, &polled),
        [
            (AlertChange::Fired, "c".to_owned(), 90),
            (AlertChange::Cleared, "a".to_owned(), 100),
            (AlertChange::Changed { from: Active }, "b".to_owned(), 100),
        ]
    );
    assert_eq!(changes(&known, &known), []);
    let elsewhere = Alert { source: "other".into(), ..alert("a", 10, Active) };
    assert_eq!(changes(&known[..1], &[elsewhere]).len(), 2);
}

#[test]
fn one_that_fired_again_in_between_is_two_changes() {
    let changes = changes(&[alert("a", 10, AlertState::Active)], &[alert("a", 95, AlertState::Active)]);
    assert_eq!(changes, [(AlertChange::Fired, "a".to_owned(), 95), (AlertChange::Cleared, "a".to_owned(), 100)]);
}

#[test]
fn a_key_outlives_a_restart() {
    let polled = [alert("a", 10, AlertState::Active)];
    let first = diff(&[], &polled, Timestamp::from_seconds(100));
    let again = diff(&[], &polled, Timestamp::from_seconds(500));
    assert_eq!(first[0].key(), again[0].key());
    assert_eq!(first[0].kind(), Some(Kind::AlertFired { fingerprint: "a".into(), severity: "page".into() }));
    assert!(first[0].is_page());
    let silenced = diff(&[], &[alert("a", 10, AlertState::Suppressed)], Timestamp::from_seconds(100));
    assert!(!silenced[0].is_page());
}
