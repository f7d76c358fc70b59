//! What budgets and incidents lead to: the price at the end, the postmortem, the effect of a mitigation, the changes that a zone
//! forbids. And that a board writes none of it.

use super::sample::{noon, press, reading, room, send, told, wait};
use crate::domain::Timestamp;
use crate::domain::incident::{Change, Entry, Kind, Place, Sighting};
use crate::domain::spending::Verdict;
use crate::room::{Command, Effect, Fact, ImpactSample, Message, Room, update};

fn minutes(minutes: f64) -> Timestamp {
    noon().shifted((minutes * 60e9) as i64)
}

fn found(room: &Room, wanted: fn(&Kind) -> bool) -> Vec<Entry> {
    room.timeline.timeline.effective().filter(|entry| wanted(&entry.kind)).cloned().collect()
}

fn priced(room: &Room) -> Vec<Entry> {
    found(room, |kind| matches!(kind, Kind::Priced { .. }))
}

/// The recent past of "orders" up to now: the burn of each quarter of a minute, by the minutes from noon.
fn past(room: &mut Room, burn: impl Fn(f64) -> f64) {
    let end = room.now;
    let sample = |back: i64| {
        let end = end.shifted(-back * 15_000_000_000);
        let burn = burn(end.since(noon()) as f64 / 60e9);
        ImpactSample { end, bad: burn * 0.02, total: 20.0 }
    };
    let samples = (0..200).rev().map(sample).collect();
    send(room, Fact::Impact { slo: "orders".into(), samples });
}

/// A war room in an incident that began ten minutes before noon and has cost some orders.
fn burning(left: f64) -> Room {
    let mut room = room();
    for slo in ["orders", "label"] {
        let (bad, left) = if slo == "orders" { (0.7, left) } else { (0.0, 0.9) };
        send(&mut room, Fact::Burn(reading(slo, noon(), bad, left)));
    }
    past(&mut room, |minute| if minute > -10.0 { 700.0 } else { 0.1 });
    send(&mut room, Fact::Burn(reading("orders", noon().shifted(1_000_000_000), 0.7, left)));
    assert!(room.incident.is_some() && !room.prices.is_empty());
    room
}

fn note(room: &mut Room, text: &str) -> Vec<Effect> {
    let mut effects = press(room, "i");
    effects.extend(update(room, Message::Paste(text.to_owned())));
    effects.extend(press(room, "<Enter>"));
    // A resolve is asked twice while something burns.
    if told(room).contains("still burns") {
        effects.extend(press(room, "<Enter>"));
    }
    effects
}

#[test]
fn the_price_is_frozen_at_the_end_and_survives_a_reopening() {
    let mut room = burning(0.6);
    let live = room.prices.clone();
    assert_eq!(live[0].slo, "orders");
    let effects = note(&mut room, "resolved cache warmed, all orders pass");
    assert!(room.incident.is_none());
    let first = priced(&room);
    assert_eq!(first.len(), 1);
    assert!(matches!(&first[0].kind, Kind::Priced { prices } if *prices == live));
    assert!(
        first[0].text.starts_with("cost 700 orders, €54,782, 46.7 % of 30 d (20.2 of 43.2 min), 60.0 % left"),
        "{}",
        first[0].text
    );
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Append(entry) if entry.id == first[0].id)));
    note(&mut room, "reopened");
    assert!(room.incident.is_some());
    assert_eq!(priced(&room), first, "what was frozen stays");
    wait(&mut room, 60);
    let later = room.now;
    send(&mut room, Fact::Burn(reading("orders", later, 0.9, 0.4)));
    note(&mut room, "resolved again, for good");
    let both = priced(&room);
    assert_eq!((both.len(), &both[0]), (2, &first[0]));
    assert!(both[1].text.contains("900 orders"), "{}", both[1].text);
}

#[test]
fn a_record_that_is_read_again_is_priced_no_second_time() {
    let mut before = burning(0.6);
    note(&mut before, "resolved all is well");
    let entries: Vec<Entry> = before.timeline.timeline.iter().cloned().collect();
    let mut after = room();
    send(&mut after, Fact::Entries(entries.clone()));
    send(&mut after, Fact::Entries(entries));
    assert_eq!(priced(&after), priced(&before));
}

#[test]
fn a_price_that_nobody_could_measure_is_not_made_up() {
    let mut room = room();
    note(&mut room, "declare sev2 everything is slow");
    note(&mut room, "resolved it was the proxy");
    let told = priced(&room);
    assert!(matches!(&told[..], [entry] if entry.text.contains("not known")), "{told:?}");
    let due = found(&room, |kind| matches!(kind, Kind::PostmortemDue { .. }));
    assert!(matches!(&due[..], [entry] if entry.text == "postmortem due Sun 15 Mar 17:36: SEV2"), "{due:?}");
}

#[test]
fn a_sev3_owes_a_postmortem_when_a_budget_is_frozen() {
    for (left, owed) in [(0.6, 0), (0.25, 0), (0.24, 1), (-0.5, 1)] {
        let mut room = burning(left);
        note(&mut room, "declare sev3 one customer");
        assert_eq!(room.owed().is_some(), owed == 1, "{left}");
        note(&mut room, "resolved all is well");
        let due = found(&room, |kind| matches!(kind, Kind::PostmortemDue { .. }));
        assert_eq!(due.len(), owed, "{left}");
        assert!(due.iter().all(|entry| entry.text.contains("the budget of orders is frozen")), "{due:?}");
    }
}

#[test]
fn the_effect_of_a_mitigation_writes_itself_once() {
    let mut room = burning(0.6);
    note(&mut room, "m breaker open");
    let burn = |minute: f64| match minute {
        ..-10.0 => 0.1,
        ..0.5 => 14.2,
        ..6.0 => 9.0,
        _ => 0.8,
    };
    let relieved = |room: &Room| found(room, |kind| matches!(kind, Kind::Relieved { .. }));
    for _ in 0..40 {
        wait(&mut room, 15);
        past(&mut room, burn);
        let early = room.now < minutes(6.9);
        assert!(!early || relieved(&room).is_empty(), "{}", room.now);
    }
    let told = relieved(&room);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].text, "14.2× → 0.8× in 6 min on orders, after: breaker open");
    assert_eq!(told[0].happened, minutes(6.0));
    assert_eq!(told[0].author, "auto");
}

#[test]
fn a_mitigation_without_effect_is_told_at_the_bound_or_at_the_next_one() {
    let verdicts = |room: &Room| {
        let relieved = found(room, |kind| matches!(kind, Kind::Relieved { .. }));
        let verdict = |entry: &Entry| match &entry.kind {
            Kind::Relieved { relief, .. } => (relief.verdict, relief.seconds / 60),
            _ => panic!("{entry:?}"),
        };
        relieved.iter().map(verdict).collect::<Vec<_>>()
    };
    let mut room = burning(0.6);
    note(&mut room, "m restart the pods");
    for minute in 1..=22 {
        wait(&mut room, 60);
        past(&mut room, |minute| if minute > -10.0 { 14.2 } else { 0.1 });
        if minute == 4 {
            note(&mut room, "m breaker open");
        }
        assert_eq!(verdicts(&room).len(), usize::from(minute >= 5) + usize::from(minute >= 19), "{minute}");
    }
    assert_eq!(verdicts(&room), [(Verdict::NoEffect, 4), (Verdict::NoEffect, 15)]);
    assert!(
        found(&room, |kind| matches!(kind, Kind::Relieved { .. }))[1].text.starts_with("no effect in 15 min: 14.2×")
    );
}

fn deploy(service: &str, version: &str, previous: &str, at: Timestamp) -> Change {
    let sighting = Sighting { source: "mimir".into(), place: Place::Series("target_info".into()) };
    Change::of_version(at, service.into(), version.into(), Some(previous.into()), sighting)
}

fn changed(changes: Vec<Change>) -> Fact {
    Fact::Changes { source: "mimir target_info".into(), changes }
}

#[test]
fn a_change_that_the_zone_forbids_is_marked_and_a_rollback_is_not() {
    let out_of_policy = |room: &Room| {
        let marked = found(room, |kind| matches!(kind, Kind::OutOfPolicy { .. }));
        marked.into_iter().map(|entry| entry.text).collect::<Vec<_>>()
    };
    let mut cautious = burning(0.4);
    wait(&mut cautious, 120);
    let (old, new) = (minutes(-60.0), minutes(1.0));
    let deploys = vec![
        deploy("pricing", "2.14.0", "2.13.4", old),
        deploy("label", "1.19.1", "1.19.0", new),
        deploy("catalog-migrations", "V42", "V41", new),
    ];
    send(&mut cautious, changed(deploys.clone()));
    send(&mut cautious, changed(deploys));
    assert_eq!(
        out_of_policy(&cautious),
        ["catalog-migrations V42 went out while orders was cautious; a migration may not: the process did not stop it"]
    );
    let mut frozen = burning(0.1);
    wait(&mut frozen, 120);
    let deploys = vec![
        deploy("pricing", "2.14.0", "2.13.4", old),
        deploy("pricing", "2.13.4", "2.14.0", new),
        deploy("label", "1.19.1", "1.19.0", new),
    ];
    send(&mut frozen, changed(deploys));
    assert_eq!(
        out_of_policy(&frozen),
        ["label 1.19.1 went out while orders was frozen; only reliability work may: the process did not ask"]
    );
}

#[test]
fn a_change_from_before_anything_was_known_is_marked_by_the_record_alone() {
    let mut before = room();
    for (at, left) in [(0, 0.6), (15, 0.2), (30, 0.2)] {
        send(&mut before, Fact::Burn(reading("orders", noon().shifted(at * 1_000_000_000), 0.7, left)));
    }
    let entries: Vec<Entry> = before.timeline.timeline.iter().cloned().collect();
    for (known, marked) in [(entries, 1), (Vec::new(), 0)] {
        let mut after = room();
        wait(&mut after, 3_600);
        send(&mut after, Fact::Entries(known));
        let now = after.now;
        send(&mut after, Fact::Burn(reading("orders", now, 0.7, 0.2)));
        send(&mut after, changed(vec![deploy("label", "1.19.1", "1.19.0", minutes(30.0))]));
        assert_eq!(found(&after, |kind| matches!(kind, Kind::OutOfPolicy { .. })).len(), marked);
    }
}

#[test]
fn the_polls_count_from_where_the_incident_began() {
    let mut room = room();
    let effects = note(&mut room, "declare sev2 everything is slow");
    assert!(effects.contains(&Effect::CountSince(None)) || room.impact_start().is_none());
    let effects = note(&mut room, "-5m impact the first timeouts");
    assert!(effects.contains(&Effect::CountSince(Some(minutes(-5.0)))), "{effects:?}");
    let effects = note(&mut room, "resolved it was the proxy");
    assert!(effects.contains(&Effect::CountSince(None)), "{effects:?}");
}

#[test]
fn a_board_shows_and_writes_nothing() {
    let mut room = room();
    room.settings.board = true;
    let mut effects = Vec::new();
    for at in [0, 15] {
        let now = noon().shifted(at * 1_000_000_000);
        let _ = update(&mut room, Message::Tick(now));
        effects.extend(send(&mut room, Fact::Burn(reading("orders", now, 0.7, 0.2))));
        effects.extend(send(&mut room, Fact::Burn(reading("label", now, 0.0, 0.9))));
    }
    let failing = |at: i64| ImpactSample { end: noon().shifted((at - 40) * 15_000_000_000), bad: 11.0, total: 15.0 };
    effects.extend(send(&mut room, Fact::Impact { slo: "orders".into(), samples: (0..40).map(failing).collect() }));
    assert!(room.incident.is_some(), "it shows what it sees");
    for action in Command::ALL.iter().filter(|action| action.command.writes()) {
        effects.extend(update(&mut room, Message::Command(action.command)));
        assert!(told(&room).contains("read-only"), "{}: {}", action.name, told(&room));
    }
    effects.extend(update(&mut room, Message::Edited("o from an editor".to_owned())));
    let written = effects.iter().filter(|effect| matches!(effect, Effect::Append(_) | Effect::KeepDraft(_)));
    assert_eq!(written.count(), 0, "{effects:?}");
    assert!(room.timeline.pending.is_empty());
}
