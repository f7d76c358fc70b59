//! A frozen screen: what goes on leaves the picture as it is, news change it, and a page is told of in words.

use std::time::Duration;

use super::sample::{alert, line, noon, press, reading, room, send, summary, told, trace_id, wait};
use crate::domain::signal::Level;
use crate::domain::{Cause, Failure};
use crate::room::{Fact, JournalState, Load, Room, Slot, TailState, Ticket};

/// Live with a tail, one SLO that burns, and an alert that fires.
fn burning() -> Room {
    let mut room = room();
    let ticket = Ticket { slot: Slot::History, turn: 1 };
    send(&mut room, Fact::History { ticket, lines: Vec::new(), more: false });
    let ticket = tail(&room);
    send(&mut room, Fact::TailConnected { ticket, refill: None, lines: Vec::new() });
    send(&mut room, Fact::Burn(reading("orders", noon(), 0.5, 0.4)));
    send(&mut room, Fact::Burn(reading("label", noon(), 0.0, 0.9)));
    send(&mut room, Fact::Alerts { source: "am".into(), alerts: vec![alert("OrdersFast", "page", 60)] });
    send(&mut room, Fact::Answered { source: "prom".into(), latency: Duration::from_millis(3) });
    room
}

/// What happens, and how it is told.
type News = (&'static str, Box<dyn Fn(&Room) -> Fact>);

fn changes(room: &mut Room, fact: Fact) -> bool {
    let before = room.picture();
    send(room, fact);
    room.picture() != before
}

fn tail(room: &Room) -> Ticket {
    Ticket { slot: Slot::Tail, turn: room.tickets.turn(Slot::Tail) }
}

#[test]
fn what_goes_on_leaves_a_frozen_picture_as_it_is() {
    let mut room = burning();
    press(&mut room, "<Space>");
    wait(&mut room, 9);
    let frozen = room.picture();
    for seconds in 0..30 {
        wait(&mut room, 1);
        let lines = vec![line(-seconds, Level::Error, "x", None); 40];
        let load = Load { per_minute: 9, allowed: 60, held: 0, given_up: 0 };
        let facts = [
            Fact::Lines { ticket: tail(&room), lines, dropped: 0, overrun: 0 },
            Fact::Burn(reading("orders", room.now, 0.5 + seconds as f64 / 100.0, 0.39)),
            Fact::Alerts { source: "am".into(), alerts: vec![alert("OrdersFast", "page", 60)] },
            Fact::Answered { source: "prom".into(), latency: Duration::from_millis(3) },
            Fact::Load { source: "prom".into(), load },
            Fact::Written { bytes: 0 },
        ];
        for fact in facts {
            let words = format!("{fact:?}");
            assert!(!changes(&mut room, fact), "{words}");
        }
    }
    assert_eq!(room.picture(), frozen);
    assert_eq!(room.logs.waiting, 1_200, "and all of it is kept and counted");
}

#[test]
fn news_change_it() {
    let down = || Failure::new("prom", Cause::Unreachable("refused".to_owned()));
    let at = noon();
    let all: Vec<News> = vec![
        ("another SLO burns", Box::new(|room| Fact::Burn(reading("label", room.now, 0.5, 0.9)))),
        ("a zone", Box::new(|room| Fact::Burn(reading("orders", room.now, 0.5, 0.05)))),
        (
            "a server is down",
            Box::new(move |_| Fact::Troubled { source: "prom".into(), failure: down(), attempts: 1, retry_at: at }),
        ),
        ("its clock is off", Box::new(|_| Fact::Skew { source: "prom".into(), ahead_seconds: 90 })),
        (
            "the tail broke",
            Box::new(move |room| Fact::TailBroken { ticket: tail(room), failure: down(), attempt: 1, retry_at: at }),
        ),
        (
            "lines were dropped",
            Box::new(|room| Fact::Lines { ticket: tail(room), lines: Vec::new(), dropped: 3, overrun: 0 }),
        ),
        ("the link is slow", Box::new(|_| Fact::Link { is_slow: true, there_and_back: None })),
        ("an alert cleared", Box::new(|_| Fact::Alerts { source: "am".into(), alerts: Vec::new() })),
        ("a word", Box::new(|_| Fact::Notice("copied".to_owned()))),
    ];
    for (what, fact) in all {
        let mut room = burning();
        press(&mut room, "<Space>");
        wait(&mut room, 15);
        let fact = fact(&room);
        assert!(changes(&mut room, fact), "{what}");
    }
    let mut room = burning();
    press(&mut room, "<Space>");
    let before = room.picture();
    press(&mut room, "j");
    assert_ne!(room.picture(), before, "a key");
    assert!(!matches!(room.health.journal, JournalState::Failing(_)) && room.logs.tail == TailState::Live);
}

#[test]
fn a_page_behind_the_freeze_is_told_in_words_and_the_words_vanish() {
    let mut room = burning();
    press(&mut room, "<Space>");
    let alerts = vec![alert("OrdersFast", "page", 60), alert("QuoteFast", "page", 1), alert("Slow", "ticket", 1)];
    assert!(changes(&mut room, Fact::Alerts { source: "am".into(), alerts: alerts.clone() }));
    assert!(told(&room).contains("new page while frozen: QuoteFast;"), "{}", told(&room));
    assert!(told(&room).contains("0 goes back"), "{}", told(&room));
    assert!(room.wakes_at().is_some(), "the words are taken away in time");
    let before = room.picture();
    wait(&mut room, 9);
    assert_ne!(room.picture(), before);
    assert!(!changes(&mut room, Fact::Alerts { source: "am".into(), alerts }), "told once");
}

#[test]
fn a_question_that_waits_is_told_of_though_nothing_comes() {
    let mut room = burning();
    room.waterfall.take_list(vec![summary(4, 1, 900)].into(), noon());
    press(&mut room, "<Space>3<Enter>");
    assert_eq!(room.lens.trace, Some(trace_id(4)));
    let before = room.picture();
    let due = room.wakes_at().expect("a moment");
    assert!(due <= room.now.plus(Duration::from_secs(2)));
    wait(&mut room, 1);
    assert_eq!(room.picture(), before);
    wait(&mut room, 1);
    assert_ne!(room.picture(), before);
}

#[test]
fn a_live_picture_goes_on() {
    let mut room = burning();
    assert!(changes(&mut room, Fact::Written { bytes: 1 }));
    press(&mut room, "<Space>0");
    assert!(changes(&mut room, Fact::Written { bytes: 1 }));
}

#[test]
fn the_bytes_of_a_second_are_of_a_second_of_whoever_sits_here() {
    let told = |speed: f64| {
        let mut room = burning();
        room.settings.clock_speed = speed;
        for _ in 0..5 {
            send(&mut room, Fact::Written { bytes: 600 });
            wait(&mut room, 60);
        }
        room.meter.bytes_per_second
    };
    assert_eq!(told(1.0), 0, "all of it was minutes ago");
    assert_eq!(told(60.0), 300, "five times 600 within ten seconds");
    assert_eq!(told(0.0), told(1.0));
}
