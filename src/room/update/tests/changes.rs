//! Changes that servers tell of: recorded once, the first suspects on top.

use super::sample::{noon, press, room, send};
use crate::domain::Timestamp;
use crate::domain::incident::{Change, Entry, Kind, Origin, Place, Sighting};
use crate::room::{Fact, Mode, Room};

fn at(minutes: i64) -> Timestamp {
    noon().shifted(minutes * 60_000_000_000)
}

fn mark(minutes: i64, text: &str, tags: &[&str]) -> Change {
    Change::of_mark(at(minutes), text, tags, Some("ci"), &"grafana".into())
}

fn version(minutes: i64, place: Place) -> Change {
    let sighting = Sighting { source: "mimir".into(), place };
    Change::of_version(at(minutes), "pricing".into(), "2.14.0".into(), Some("2.13.4".into()), sighting)
}

fn told(changes: Vec<Change>) -> Fact {
    Fact::Changes { source: "grafana".into(), changes }
}

fn recorded(room: &Room) -> Vec<String> {
    room.timeline
        .timeline
        .iter()
        .filter(|entry| entry.origin == Origin::Change)
        .map(|entry| entry.text.clone())
        .collect()
}

fn impact(room: &mut Room, minutes: i64) {
    let entry = Entry {
        id: uuid::Uuid::from_u128(7),
        happened: at(minutes),
        recorded: at(minutes),
        author: "ana".into(),
        origin: Origin::Person,
        kind: Kind::ImpactStarted,
        text: "impact starts".to_owned(),
        evidence: Vec::new(),
        supersedes: None,
        key: None,
    };
    send(room, Fact::Entries(vec![entry]));
}

fn shown(room: &mut Room) -> (String, Vec<String>) {
    press(room, ",w");
    let Mode::ValueView(view) = &room.mode else { panic!("a view") };
    (view.title.clone(), view.text.lines().map(ToOwned::to_owned).collect())
}

#[test]
fn what_two_servers_tell_of_one_deploy_is_recorded_once_and_so_is_a_flag() {
    let mut room = room();
    let deploy = mark(-26, "pricing 2.13.4 → 2.14.0", &["deploy", "service:pricing", "version:2.14.0"]);
    let changes = vec![deploy, mark(-6, "multi-room 25 % → 50 %", &["feature-flag"])];
    send(&mut room, told(changes.clone()));
    send(&mut room, told(changes));
    let changes = vec![version(-25, Place::Series("target_info".into()))];
    send(&mut room, Fact::Changes { source: "mimir target_info".into(), changes });
    assert_eq!(recorded(&room), ["pricing 2.13.4 → 2.14.0", "flag multi-room 25 % → 50 %"]);
}

#[test]
fn the_lane_begins_with_the_first_suspects() {
    let mut room = room();
    impact(&mut room, -6);
    send(
        &mut room,
        told(vec![
            mark(-53, "search 1 → 2", &["deploy", "service:search"]),
            mark(-26, "pricing 2.13.4 → 2.14.0", &["deploy", "service:pricing"]),
            mark(0, "pricing 2.14.0 → 2.13.4", &["deploy", "service:pricing"]),
        ]),
    );
    let (title, lines) = shown(&mut room);
    assert_eq!(title, "What changed before 17:30:00");
    assert_eq!(lines[0], "First suspects: the 30 min before the impact");
    assert!(lines[1].starts_with("◁ 17:10:00  20 min before") && lines[1].ends_with("2.14.0"), "{lines:?}");
    assert_eq!(lines[2], "└ by ci; seen: grafana mark");
    assert!(lines.iter().any(|line| line.starts_with("Since the impact")));
    assert!(lines.iter().any(|line| line.starts_with("Earlier in the hour")));
}

/// The start of an impact is known to some minutes.
#[test]
fn a_suspect_that_seems_to_come_after_is_not_told_as_one_that_came_after() {
    let mut room = room();
    impact(&mut room, -6);
    send(&mut room, told(vec![mark(-4, "flag multi-room 0 % → 50 %", &["feature-flag"])]));
    let (_, lines) = shown(&mut room);
    assert_eq!(lines[0], "First suspects: the 30 min before the impact");
    assert!(lines[1].contains("about its start") && !lines[1].contains("after"), "{lines:?}");
}

#[test]
fn one_deploy_seen_in_many_places_is_one_row_with_all_of_them() {
    let mut room = room();
    impact(&mut room, -6);
    send(&mut room, told(vec![mark(-26, "pricing 2.13.4 → 2.14.0", &["deploy", "service:pricing"])]));
    let places = [Place::Series("target_info".into()), Place::Series("kube_pod_container_info".into()), Place::Lines];
    for place in places {
        let change = version(-25, place);
        let source = change.seen[0].to_string().into();
        send(&mut room, Fact::Changes { source, changes: vec![change] });
    }
    // By spans it is known only that it happened within half an hour.
    let spans = Change { after: Some(at(-40)), ..version(-10, Place::Spans) };
    send(&mut room, Fact::Changes { source: "mimir spans".into(), changes: vec![spans] });
    assert_eq!(recorded(&room), ["pricing 2.13.4 → 2.14.0"]);
    let (_, lines) = shown(&mut room);
    assert_eq!(lines.iter().filter(|line| line.contains("2.14.0")).count(), 1, "{lines:?}");
    let seen = "└ by ci; seen: grafana mark, mimir kube_pod_container_info + target_info, mimir lines, mimir spans";
    assert_eq!(lines[2], seen);
}

#[test]
fn what_is_not_read_is_said() {
    let mut room = room();
    let (title, lines) = shown(&mut room);
    assert!(title.contains("no impact is known"), "{title}");
    assert!(
        lines[0].contains("Nothing that we know of") && lines[2].contains("no [[source]] is a grafana"),
        "{lines:?}"
    );
}
