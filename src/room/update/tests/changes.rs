//! Changes that servers tell of: recorded once, the first suspects on top.

use super::sample::{noon, press, room, send};
use crate::domain::Timestamp;
use crate::domain::incident::{Change, Entry, Kind, Origin};
use crate::room::{Deploy, Fact, Mode, Room};

fn at(minutes: i64) -> Timestamp {
    noon().shifted(minutes * 60_000_000_000)
}

fn mark(minutes: i64, text: &str, tags: &[&str]) -> Change {
    Change::of_mark(at(minutes), text, tags, Some("ci"), &"grafana".into())
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
    send(
        &mut room,
        Fact::Deploys(vec![Deploy {
            service: "pricing".into(),
            version: "2.14.0".into(),
            previous: Some("2.13.4".into()),
            at: at(-25),
        }]),
    );
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
    assert!(lines[1].starts_with("△ 17:10:00  20 min before") && lines[1].contains("2.14.0  ci, grafana"), "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("Since the impact")));
    assert!(lines.iter().any(|line| line.starts_with("Earlier in the hour")));
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
