//! What records itself does so once: over polls, over restarts.

use std::time::Duration;

use super::sample::{alert, catalog, noon, press, reading, room, send, told, wait};
use crate::domain::incident::{Alert, Change, Entry, Kind, Place, Sighting};
use crate::domain::runbook::Block;
use crate::domain::{Labels, Timestamp};
use crate::room::{Effect, Fact, ImpactSample, Pane, Room, StepState, Target};

fn kinds(room: &Room) -> Vec<&'static str> {
    let word = |entry: &Entry| match entry.kind {
        Kind::AlertFired { .. } => "fired",
        Kind::AlertCleared { .. } => "cleared",
        Kind::Detected => "detected",
        Kind::ImpactStarted => "impact",
        Kind::ZoneChanged { .. } => "zone",
        Kind::Deployed { .. } => "deploy",
        Kind::RunbookOpened { .. } => "runbook",
        Kind::RunbookStep { .. } => "step",
        Kind::Acknowledged => "acknowledged",
        _ => "other",
    };
    room.timeline.timeline.effective().map(word).collect()
}

fn entries(room: &Room) -> Vec<Entry> {
    room.timeline.timeline.iter().cloned().collect()
}

fn polled(room: &mut Room, names: &[&str]) -> Vec<Effect> {
    let alerts = names.iter().map(|name| alert(name, "page", 120)).collect();
    send(room, Fact::Alerts { source: "am".into(), alerts })
}

fn failing(from: i64, steps: i64) -> Fact {
    let sample = |at: i64| ImpactSample {
        end: noon().shifted((at * 15 - 900) * 1_000_000_000),
        bad: if at >= from { 11.0 } else { 0.0 },
        total: 15.0,
    };
    Fact::Impact { slo: "orders".into(), samples: (0..steps).map(sample).collect() }
}

/// The same of the other SLO.
fn failing_labels(from: i64, steps: i64) -> Fact {
    match failing(from, steps) {
        Fact::Impact { samples, .. } => Fact::Impact { slo: "label".into(), samples },
        other => other,
    }
}

/// An alert server tells the numbers of an alert as they are when it is asked.
#[test]
fn numbers_of_an_alert_that_fired_long_ago_are_told_to_be_of_now() {
    for (seconds, text) in [(90, "Orders: 15.7× over 1h"), (1_200, "Orders: 15.7× over 1h (told 20 min later)")] {
        let mut room = room();
        let annotations = Labels::from_iter([("summary", "15.7× over 1h")]);
        let alerts = vec![Alert { annotations, ..alert("Orders", "page", seconds) }];
        send(&mut room, Fact::Alerts { source: "am".into(), alerts });
        assert!(entries(&room).iter().any(|entry| entry.text == text), "{:?}", entries(&room));
    }
}

#[test]
fn an_alert_is_told_when_it_fires_and_when_it_clears_and_never_twice() {
    let mut room = room();
    polled(&mut room, &["OrdersFast"]);
    polled(&mut room, &["OrdersFast"]);
    assert_eq!(kinds(&room), ["fired"]);
    assert!(room.incident.as_ref().is_some_and(|incident| incident.detected == Some(noon().shifted(-120_000_000_000))));
    wait(&mut room, 30);
    polled(&mut room, &[]);
    assert_eq!(kinds(&room), ["fired", "cleared"]);
}

#[test]
fn a_restart_tells_nothing_twice_and_sees_what_cleared_meanwhile() {
    let mut before = room();
    polled(&mut before, &["OrdersFast", "OrdersSlow"]);
    let mut after = room();
    after.is_record_read = false;
    polled(&mut after, &["OrdersSlow"]);
    assert!(kinds(&after).is_empty(), "nothing before the record is read");
    let effects = send(&mut after, Fact::Entries(entries(&before)));
    let appended: Vec<_> = effects.iter().filter(|effect| matches!(effect, Effect::Append(_))).collect();
    assert_eq!(appended.len(), 1, "{appended:?}");
    let cleared: Vec<_> =
        entries(&after).into_iter().filter(|entry| matches!(entry.kind, Kind::AlertCleared { .. })).collect();
    assert!(matches!(&cleared[..], [entry] if entry.text == "OrdersFast cleared"), "{cleared:?}");
}

#[test]
fn the_start_of_an_impact_is_told_once_however_its_sight_sharpens() {
    let mut room = room();
    send(&mut room, failing(40, 58));
    assert_eq!(kinds(&room), [""; 0], "another SLO may turn out to be the worst");
    let slos: Vec<_> = room.gauges.gauges.iter().map(|gauge| gauge.slo().name.clone()).collect();
    for slo in slos {
        send(&mut room, Fact::Burn(reading(&slo, noon(), 0.7, 0.9)));
    }
    send(&mut room, failing(40, 58));
    assert_eq!(kinds(&room), [""; 0], "another may have begun long before");
    send(&mut room, failing_labels(41, 58));
    send(&mut room, failing(39, 60));
    assert_eq!(kinds(&room), ["impact"]);
    let start = noon().shifted((39 * 15 - 900) * 1_000_000_000);
    assert_eq!(room.impact_start(), Some(start));
    assert_eq!(room.impact.share_now.map(|share| (share * 1_000.0).round()), Some(733.0));
    assert!(room.impact.lost.is_some_and(|lost| lost > 0.0) && room.impact.money_micro.is_some());
}

/// Bookings grew slow for an hour before they failed: that is when it began, though the failures are the worse of the two.
#[test]
fn an_impact_begins_with_the_first_of_what_fires() {
    let mut room = room();
    for slo in ["orders", "label"] {
        send(&mut room, Fact::Burn(reading(slo, noon(), if slo == "orders" { 0.7 } else { 0.5 }, 0.9)));
    }
    send(&mut room, failing(38, 60));
    send(&mut room, failing_labels(2, 60));
    let entries = entries(&room);
    let told: Vec<_> = entries.iter().map(|entry| entry.text.as_str()).collect();
    assert!(matches!(told[..], [one] if one.starts_with("impact starts on label")), "{told:?}");
    let first = noon().shifted((2 * 15 - 900) * 1_000_000_000);
    assert!(room.impact_start().is_some_and(|start| start <= first && first <= start.plus(Duration::from_secs(15))));
}

#[test]
fn a_zone_is_told_when_it_was_seen_twice() {
    let mut room = room();
    let mut told = Vec::new();
    for (at, left) in [(0, 0.6), (15, 0.49), (30, 0.6), (45, 0.45), (60, 0.44), (75, 0.43)] {
        send(&mut room, Fact::Burn(reading("orders", noon().shifted(at * 1_000_000_000), 0.7, left)));
        told.push(kinds(&room).len());
    }
    assert_eq!(told, [0, 0, 0, 0, 1, 1]);
    let entry = room.timeline.timeline.iter().next().expect("told").clone();
    assert_eq!(entry.text, "orders budget below 50 %: cautious");
    assert_eq!(entry.happened, noon().shifted(45_000_000_000));
}

#[test]
fn a_deploy_seen_a_little_earlier_after_a_restart_is_the_same_deploy() {
    let mut room = room();
    let deploy = |at: Timestamp, place: Place| {
        let sighting = Sighting { source: "mimir".into(), place };
        let change = Change::of_version(at, "pricing".into(), "2.14.0".into(), Some("2.13.4".into()), sighting.clone());
        Fact::Changes { source: sighting.to_string().into(), changes: vec![change] }
    };
    send(&mut room, deploy(noon(), Place::Series("target_info".into())));
    send(&mut room, deploy(noon().shifted(-30_000_000_000), Place::Spans));
    assert_eq!(kinds(&room), ["deploy"]);
    assert_eq!(entries(&room).first().map(|entry| entry.text.as_str()), Some("pricing 2.13.4 → 2.14.0"));
}

#[test]
fn steps_are_ticked_taken_back_and_passed_over_with_a_reason() {
    let mut room = room();
    send(&mut room, Fact::Runbooks(catalog()));
    polled(&mut room, &["OrdersFast"]);
    press(&mut room, "3r");
    assert_eq!(
        (room.focus, room.runbook.page.as_ref().map(|page| page.id.to_string())),
        (Pane::Runbook, Some("cache".to_owned()))
    );
    let on_step = |room: &Room| match room.runbook.selected() {
        Some((_, Block::Step { number, .. })) => Some(*number),
        _ => None,
    };
    assert_eq!(on_step(&room), Some(1), "it opens where there is something to do");
    press(&mut room, "ggT");
    assert!(told(&room).contains("no step"));
    press(&mut room, "jjT");
    assert_eq!(room.runbook.progress(), (1, 2));
    press(&mut room, "P<Enter>");
    assert_eq!(room.runbook.progress(), (1, 2), "a reason is asked for");
    press(&mut room, "pool<Space>is<Space>fine<Enter>");
    let passed = room.runbook.ticked.get(&("cache".into(), 2));
    assert!(matches!(passed, Some(StepState::Passed(reason)) if reason.contains("pool is fine")));
    press(&mut room, "kT");
    assert_eq!(room.runbook.progress(), (1, 2));
    assert_eq!(kinds(&room).iter().filter(|kind| **kind == "step").count(), 1);
    press(&mut room, "T3r");
    assert_eq!(on_step(&room), None, "all is done: the page from its top");
    press(&mut room, "jjT3r");
    assert_eq!(on_step(&room), Some(1));
}

#[test]
fn what_has_no_runbook_says_how_to_give_it_one() {
    let mut room = room();
    press(&mut room, "1r");
    assert!(told(&room).starts_with("no runbook for "), "{}", told(&room));
}

#[test]
fn a_page_is_acknowledged_once() {
    let mut room = room();
    press(&mut room, "a");
    assert!(told(&room).contains("nothing pages"));
    polled(&mut room, &["OrdersFast"]);
    press(&mut room, "aa");
    let acknowledged = |room: &Room| kinds(room).iter().filter(|kind| **kind == "acknowledged").count();
    assert_eq!(acknowledged(&room), 1);
    assert!(told(&room).contains("already"));
    press(&mut room, "z");
    polled(&mut room, &[]);
    press(&mut room, "a");
    assert!(told(&room).contains("nothing pages any more"), "{}", told(&room));
    assert_eq!(acknowledged(&room), 0);
}

#[test]
fn it_opens_on_the_alert_that_it_was_started_on() {
    let mut room = room();
    let _ = crate::room::update(&mut room, crate::room::Message::Open(Target::Alert("fp-Orders".to_owned())));
    polled(&mut room, &["OrdersFast"]);
    assert_eq!(room.focus, Pane::Timeline);
    assert!(room.timeline.selected().is_some_and(|entry| matches!(entry.kind, Kind::AlertFired { .. })));
}
