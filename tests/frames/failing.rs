//! Servers that are down, slow, or tell a part of the truth: what was known stays, says its age, and is no silence.

use warroom::domain::slo::Measure;
use warroom::domain::{Cause, Failure};
use warroom::room::{Fact, Keymap, Loading, Room, Settings, Slot, SourceKind};

use super::scene::{after, frame, lost_orders, tell, wait};
use super::slos;

fn failing() -> Room {
    let mut room = lost_orders(5.3);
    let failure = Failure::new("loki", Cause::Unreachable("connection refused".to_owned()));
    let retry_at = room.now.shifted(48_000_000_000);
    let ticket = room.tickets.draw(Slot::Tail);
    tell(&mut room, Fact::TailBroken { ticket, failure: failure.clone(), attempt: 4, retry_at });
    tell(&mut room, Fact::Troubled { source: "loki".into(), failure, attempts: 4, retry_at });
    wait(&mut room, 34);
    let since = room.now;
    let _ = room.tickets.draw(Slot::Trace);
    room.waterfall.tree_state = Loading::Asked { since };
    tell(&mut room, Fact::Slow { source: "tempo".into(), since });
    wait(&mut room, 8);
    tell(&mut room, Fact::Burn(slos::same(3, 6.0, &Measure::NoData)));
    tell(&mut room, Fact::Burn(slos::same(4, 6.0, &Measure::NoTraffic)));
    for at in 0..3 {
        let mut reading = slos::reading(at, 6.0);
        for (_, measure) in &mut reading.measures {
            if let Measure::Counts { partial, .. } = measure {
                *partial = true;
            }
        }
        tell(&mut room, Fact::Burn(reading));
    }
    room
}

#[test]
fn three_servers_in_trouble() {
    let mut room = failing();
    room.focus = warroom::room::Pane::Logs;
    insta::assert_snapshot!(frame(&mut room, 120, 40));
}

#[test]
fn three_servers_in_trouble_on_a_small_screen() {
    let mut room = failing();
    room.focus = warroom::room::Pane::Logs;
    insta::assert_snapshot!(frame(&mut room, 80, 24));
}

#[test]
fn an_entry_that_the_journal_refused_says_so() {
    let mut room = lost_orders(6.0);
    super::scene::press(&mut room, "io the pool is full<enter>");
    let id = *room.timeline.pending.keys().next_back().expect("a note that is being written");
    tell(&mut room, Fact::NotAppended { id, reason: "disk full".to_owned() });
    let text = frame(&mut room, 120, 40);
    assert!(text.contains("disk full"), "{text}");
}

#[test]
fn a_server_says_in_what_manner_it_is_of_no_use() {
    let manners = [
        (Cause::Unauthorised("token".to_owned()), "✗ loki no access"),
        (Cause::Throttled(None), "✗ loki throttled"),
        (Cause::Malformed("html".to_owned()), "✗ loki garbled"),
        (Cause::TooLarge(1), "✗ loki garbled"),
    ];
    for (cause, words) in manners {
        let mut room = lost_orders(6.0);
        let retry_at = room.now;
        let failure = Failure::new("loki", cause);
        tell(&mut room, Fact::Troubled { source: "loki".into(), failure, attempts: 1, retry_at });
        let text = frame(&mut room, 160, 40);
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn a_server_that_cannot_be_asked_at_all_says_so() {
    let settings = Settings {
        sources: vec![("loki".into(), SourceKind::Loki), ("tempo".into(), SourceKind::Tempo)],
        unusable: vec![("loki".into(), "LOKI_TOKEN is not set".to_owned())],
        ..Settings::default()
    };
    let mut room = Room::new(settings, Vec::new(), Keymap::default(), after(0.0));
    let text = frame(&mut room, 120, 40);
    assert!(text.contains("✗ loki unusable"), "{text}");
}
