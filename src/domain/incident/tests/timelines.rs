//! Order, duplicates, edits, undo and redo.

use proptest::prelude::*;
use uuid::Uuid;

use super::entry;
use crate::domain::incident::{Entry, HypothesisStatus, Kind, Standing, Timeline};
use crate::domain::{Symbol, Timestamp};

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn by(number: u128, seconds: i64, kind: Kind, target: u128) -> Entry {
    Entry { supersedes: Some(id(target)), ..entry(number, seconds, kind, "") }
}

fn effective(timeline: &Timeline) -> Vec<u128> {
    timeline.effective().map(|entry| entry.id.as_u128()).collect()
}

#[test]
fn back_dated_entries_take_their_place() {
    let mut late = entry(1, 100, Kind::Note, "");
    late.happened = Timestamp::from_seconds(10);
    let timeline: Timeline = [entry(2, 50, Kind::Note, ""), late, entry(3, 50, Kind::Note, "")].into_iter().collect();
    assert_eq!(effective(&timeline), [1, 2, 3]);
}

#[test]
fn one_key_is_one_event_and_the_first_record_stays() {
    let keyed =
        |number, seconds| Entry { key: Some(Symbol::from("am:x")), ..entry(number, seconds, Kind::Detected, "") };
    let mut timeline = Timeline::default();
    assert!(timeline.insert(keyed(2, 20)));
    assert!(!timeline.insert(keyed(3, 30)));
    assert!(timeline.insert(keyed(1, 10)));
    assert!(!timeline.insert(keyed(1, 10)));
    assert_eq!((effective(&timeline), timeline.len()), (vec![1], 1));
}

#[test]
fn undo_and_redo_are_entries() {
    let mut timeline: Timeline =
        [entry(1, 10, Kind::Note, "one"), entry(2, 20, Kind::Note, "two")].into_iter().collect();
    assert_eq!(timeline.undoable("ana").map(|entry| entry.id), Some(id(2)));
    assert_eq!(timeline.undoable("bob"), None);
    timeline.insert(by(3, 30, Kind::Undone, 2));
    assert_eq!(effective(&timeline), [1]);
    assert_eq!(timeline.standing(id(2)), Some(Standing::Undone(id(3))));
    assert_eq!(timeline.standing(id(3)), Some(Standing::Mark));
    assert_eq!(timeline.undoable("ana").map(|entry| entry.id), Some(id(1)));
    assert_eq!(timeline.redoable("ana").map(|entry| entry.id), Some(id(3)));
    timeline.insert(by(4, 40, Kind::Undone, 3));
    assert_eq!(effective(&timeline), [1, 2]);
    assert_eq!(timeline.standing(id(2)), Some(Standing::Effective));
    assert_eq!(timeline.redoable("ana"), None);
    assert_eq!(timeline.len(), 4);
}

#[test]
fn two_undos_are_redone_one_after_the_other() {
    let mut timeline: Timeline = [entry(1, 10, Kind::Note, ""), entry(2, 20, Kind::Note, "")].into_iter().collect();
    timeline.insert(by(3, 30, Kind::Undone, 2));
    timeline.insert(by(4, 40, Kind::Undone, 1));
    assert_eq!(timeline.redoable("ana").map(|entry| entry.id), Some(id(4)));
    timeline.insert(by(5, 50, Kind::Undone, 4));
    assert_eq!(timeline.redoable("ana").map(|entry| entry.id), Some(id(3)));
    timeline.insert(by(6, 60, Kind::Undone, 3));
    assert_eq!(effective(&timeline), [1, 2]);
    assert_eq!(timeline.redoable("ana"), None);
}

#[test]
fn something_new_ends_the_chance_to_redo() {
    let mut timeline: Timeline = [entry(1, 10, Kind::Note, ""), by(2, 20, Kind::Undone, 1)].into_iter().collect();
    timeline.insert(entry(3, 30, Kind::Note, ""));
    assert_eq!(timeline.redoable("ana"), None);
}

#[test]
fn the_undo_of_an_edit_brings_the_first_text_back() {
    let mut timeline: Timeline = [entry(1, 10, Kind::Note, "first"), by(2, 20, Kind::Note, 1)].into_iter().collect();
    assert_eq!(timeline.standing(id(1)), Some(Standing::Superseded(id(2))));
    assert_eq!(effective(&timeline), [2]);
    timeline.insert(by(3, 30, Kind::Undone, 2));
    assert_eq!(effective(&timeline), [1]);
}

#[test]
fn two_that_take_each_other_back_are_no_riddle() {
    let timeline: Timeline =
        [by(1, 10, Kind::Note, 2), by(2, 20, Kind::Note, 1), by(3, 30, Kind::Undone, 3)].into_iter().collect();
    assert_eq!(effective(&timeline), [2]);
}

#[test]
fn a_number_of_a_hypothesis_is_never_used_twice() {
    let supposed = |number| Kind::Hypothesis { number, status: HypothesisStatus::Open };
    let timeline: Timeline = [entry(1, 10, supposed(4), ""), by(2, 20, Kind::Undone, 1)].into_iter().collect();
    assert_eq!(timeline.next_hypothesis(), 5);
    assert_eq!(Timeline::default().next_hypothesis(), 1);
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let one = (0_i64..6, 0_i64..6, prop::option::of(1_u128..20), prop::option::of(0_u8..4), any::<bool>());
    prop::collection::vec(one, 1..20).prop_map(|rows| {
        rows.into_iter()
            .enumerate()
            .map(|(at, (happened, recorded, target, key, undo))| Entry {
                happened: Timestamp::from_seconds(happened),
                recorded: Timestamp::from_seconds(recorded),
                supersedes: target.map(id),
                key: key.map(|key| Symbol::from(key.to_string())),
                ..entry(at as u128 + 1, 0, if undo { Kind::Undone } else { Kind::Note }, "")
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn the_order_of_insertion_does_not_matter(entries in entries(), seed in any::<u64>()) {
        let forward: Timeline = entries.iter().cloned().collect();
        let mut shuffled = entries.clone();
        let mut state = seed;
        for at in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            shuffled.swap(at, (state >> 33) as usize % (at + 1));
        }
        let mut one_by_one = Timeline::default();
        for entry in shuffled {
            one_by_one.insert(entry);
        }
        prop_assert!(forward.iter().eq(one_by_one.iter()));
        prop_assert_eq!(effective(&forward), effective(&one_by_one));
        for entry in forward.iter() {
            prop_assert_eq!(forward.standing(entry.id), one_by_one.standing(entry.id));
        }
    }

    #[test]
    fn what_is_superseded_is_never_effective(entries in entries()) {
        let timeline: Timeline = entries.into_iter().collect();
        for entry in timeline.effective() {
            prop_assert_eq!(timeline.standing(entry.id), Some(Standing::Effective));
            let stands = |other: &Entry| matches!(timeline.standing(other.id), Some(Standing::Effective | Standing::Mark));
            let later = |other: &Entry| (other.recorded, other.id) > (entry.recorded, entry.id);
            let superseder = timeline.iter().find(|other| other.supersedes == Some(entry.id) && later(other) && stands(other));
            prop_assert_eq!(superseder, None);
        }
        let keys: Vec<_> = timeline.iter().filter_map(|entry| entry.key.clone()).collect();
        let unique: std::collections::HashSet<_> = keys.iter().collect();
        prop_assert_eq!(keys.len(), unique.len());
    }
}
