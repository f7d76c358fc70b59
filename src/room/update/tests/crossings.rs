//! A war room that is opened late tells the zones that it did not see.

use super::sample::{noon, reading, room, send};
use crate::domain::Timestamp;
use crate::domain::incident::{Entry, Kind};
use crate::domain::slo::Measure;
use crate::room::{Fact, ImpactSample, Room};

fn at(seconds: i64) -> Timestamp {
    noon().shifted(seconds * 1_000_000_000)
}

/// All orders fail since six minutes before noon.
fn past(room: &mut Room, a_step: f64) {
    let sample = |back: i64| {
        let end = at(-back * 15);
        ImpactSample { end, bad: if back < 24 { a_step } else { 0.0 }, total: a_step + 1.0 }
    };
    send(room, Fact::Impact { slo: "orders".into(), samples: (0..120).rev().map(sample).collect() });
}

fn zones(room: &Room) -> Vec<(Timestamp, String)> {
    let entries = room.timeline.timeline.effective();
    entries.filter(|entry| matches!(entry.kind, Kind::ZoneChanged { .. })).map(told).collect()
}

fn told(entry: &Entry) -> (Timestamp, String) {
    (entry.happened, entry.text.clone())
}

#[test]
fn what_was_crossed_before_is_told_with_its_time_and_once() {
    let mut room = room();
    send(&mut room, Fact::Burn(reading("label", noon(), 0.0, 0.9)));
    send(&mut room, Fact::Burn(reading("orders", noon(), 0.7, 0.2)));
    let budget =
        room.gauges.judgements.iter().find_map(|judgement| judgement.budget.filter(|_| judgement.slo == "orders"));
    let allowed = budget.expect("a budget").allowed;
    assert!(zones(&room).is_empty(), "what failed before is not known yet");
    // 2.6 % of the budget in each of 24 steps: 82 % were left before.
    past(&mut room, allowed * 0.026);
    let found = zones(&room);
    assert_eq!(
        found,
        [
            (at(-11 * 15), "orders budget below 50 %: cautious".to_owned()),
            (at(-15), "orders budget below 25 %: freeze".to_owned()),
        ]
    );
    send(&mut room, Fact::Burn(reading("orders", at(15), 0.7, 0.19)));
    past(&mut room, allowed * 0.026);
    assert_eq!(zones(&room), found, "once");
}

#[test]
fn a_part_of_the_truth_tells_no_zone() {
    let mut room = room();
    let partly = |at| {
        let mut reading = reading("orders", at, 0.7, 0.2);
        for (_, measure) in &mut reading.measures {
            if let Measure::Counts { partial, .. } = measure {
                *partial = true;
            }
        }
        reading
    };
    send(&mut room, Fact::Burn(partly(at(-30))));
    past(&mut room, 39.0);
    send(&mut room, Fact::Burn(partly(at(-15))));
    past(&mut room, 39.0);
    assert!(room.first_zones.is_empty() && zones(&room).is_empty());
    send(&mut room, Fact::Burn(reading("orders", noon(), 0.7, 0.2)));
    past(&mut room, 39.0);
    assert!(!zones(&room).is_empty());
}
