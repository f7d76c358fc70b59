//! Changes on the systems: read from marks, told twice and merged, suspected by time.

use proptest::prelude::*;

use crate::domain::incident::{Change, ChangeKind, Place, Sighting, merged, suspects};
use crate::domain::{Symbol, Timestamp};

fn at(minute: i64) -> Timestamp {
    Timestamp::from_seconds(1_773_423_000 + minute * 60)
}

fn mark(minute: i64, text: &str, tags: &[&str]) -> Change {
    Change::of_mark(at(minute), text, tags, Some("ci"), &"grafana".into())
}

fn version(minute: i64, service: &str, version: &str) -> Change {
    let sighting = Sighting { source: "prometheus".into(), place: Place::Series("target_info".into()) };
    Change::of_version(at(minute), service.into(), version.into(), Some("1".into()), sighting)
}

#[test]
fn tags_say_what_a_mark_is_and_words_help() {
    let deploy = mark(0, "pricing 2.13.4 → 2.14.0", &["deploy", "service:pricing", "version:2.14.0"]);
    assert_eq!((deploy.kind, deploy.service.as_deref()), (ChangeKind::Deploy, Some("pricing")));
    assert_eq!((deploy.version.as_deref(), deploy.previous.as_deref()), (Some("2.14.0"), Some("2.13.4")));
    let words = mark(0, "Deployed label 1.2 -> 1.3\nby hand", &[]);
    assert_eq!(
        (words.kind, words.service.as_deref(), words.version.as_deref()),
        (ChangeKind::Deploy, Some("label"), Some("1.3"))
    );
    assert_eq!(words.text, "Deployed label 1.2 -> 1.3");
    let flag = mark(0, "multi-room 25 % → 50 %", &["feature-flag", "service=booking"]);
    assert_eq!((flag.kind, flag.service.as_deref(), flag.version), (ChangeKind::Flag, Some("booking"), None));
    assert_eq!(mark(0, "coffee machine is back", &["office"]).kind, ChangeKind::Other);
    assert_eq!(mark(0, "", &[":", "=", "service:"]).service, None);
}

#[test]
fn one_deploy_told_by_two_servers_is_one() {
    let told = [version(1, "pricing", "2.14.0"), mark(0, "pricing 2.13.4 → 2.14.0", &["deploy", "service:pricing"])];
    let merged = merged(&told);
    assert_eq!(merged.len(), 1);
    assert_eq!((merged[0].at, merged[0].author.as_deref()), (at(0), Some("ci")));
    assert_eq!(
        merged[0].seen.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["grafana mark", "prometheus target_info"]
    );
    // What spans show to have happened at some time of twenty minutes is this deploy, and not one of an hour before.
    let doubtful = |at, after| Change { after: Some(after), at, ..version(0, "pricing", "2.14.0") };
    assert_eq!(super::super::merged(&[told[1].clone(), doubtful(at(15), at(-5))]).len(), 1);
    assert_eq!(super::super::merged(&[told[1].clone(), doubtful(at(-55), at(-75))]).len(), 2);
    let later = [version(0, "pricing", "2.14.0"), version(9, "pricing", "2.14.0"), version(0, "label", "2.14.0")];
    assert_eq!(super::super::merged(&later).len(), 3);
}

#[test]
fn the_half_hour_before_is_suspected_and_the_responsible_service_first() {
    let changes = [
        mark(-90, "too old", &["deploy"]),
        mark(-47, "search 1 → 2", &["deploy"]),
        mark(-28, "multi-room 25 % → 50 %", &["flag", "service:booking"]),
        mark(-18, "consultation 3.2.0 → 3.2.1", &["deploy"]),
        mark(-3, "silenced: everything", &["silence"]),
        mark(40, "multi-room 50 % → 100 %", &["flag", "service:booking"]),
    ];
    let order = |responsible| -> Vec<String> {
        suspects(&changes, at(0), responsible).iter().map(|change| change.text.chars().take(12).collect()).collect()
    };
    let rest = ["silenced: ev", "search 1 → 2", "multi-room 5"];
    assert_eq!(order(None), [&["consultation", "multi-room 2"], &rest[..]].concat());
    assert_eq!(order(Some("booking")), [&["multi-room 2", "consultation"], &rest[..]].concat());
    assert!(!changes[4].is_first_suspect(at(0)) && changes[3].is_first_suspect(at(0)));
}

proptest! {
    #[test]
    fn merging_twice_changes_nothing_and_order_does_not_matter(minutes in prop::collection::vec((-60_i64..60, 0_u8..3), 0..12)) {
        let told: Vec<Change> = minutes
            .iter()
            .map(|(minute, which)| Change {
                after: (*which == 2).then(|| at(minute - 17)),
                ..version(*minute, ["a", "b", "a"][usize::from(*which)], "2")
            })
            .collect();
        let once = merged(&told);
        prop_assert_eq!(&merged(&once), &once);
        let backwards: Vec<Change> = told.iter().rev().cloned().collect();
        prop_assert_eq!(merged(&backwards), once);
    }

    #[test]
    fn any_mark_is_read(text in ".{0,80}", tags in prop::collection::vec(".{0,20}", 0..4)) {
        let tags: Vec<&str> = tags.iter().map(String::as_str).collect();
        let change = Change::of_mark(at(0), &text, &tags, None, &Symbol::from("grafana"));
        prop_assert!(!change.text.contains('\n'));
    }
}
