//! Under any messages in any order: no panic, cursors within their lists, the lens sound, the last trace asked for shown.

use std::time::Duration;

use proptest::prelude::*;

use super::sample::{alert, catalog, line, noon, reading, room, summary, trace_id, tree};
use crate::domain::incident::{Change, Entry, Kind as EntryKind, Place, Sighting};
use crate::domain::signal::Level;
use crate::domain::trace::TraceReference;
use crate::domain::{Cause, Failure, TraceId, Window};
use crate::room::{
    Ask, Code, Command, Cursor, Drawn, Effect, Effects, Fact, ImpactSample, Key, Message, Mode, Pane, RefillNote, Room,
    Slot, Target, Ticket, TimelineRow, update,
};

fn any_key() -> impl Strategy<Value = Key> {
    prop_oneof![
        6 => prop::char::range(' ', '~').prop_map(Key::letter),
        1 => prop::sample::select(vec!['c', 'd', 'u', 'w', 'o', 't']).prop_map(Key::ctrl),
        2 => prop::sample::select(vec![Code::Enter, Code::Esc, Code::Up, Code::Down, Code::Tab, Code::Backspace])
            .prop_map(Key::plain),
    ]
}

fn any_ticket(slot: Slot) -> impl Strategy<Value = Ticket> {
    (0_u64..5).prop_map(move |turn| Ticket { slot, turn })
}

fn failure() -> Failure {
    Failure::new("am", Cause::Unreachable("refused".to_owned()))
}

fn answers() -> impl Strategy<Value = Fact> {
    let lines = || {
        prop::collection::vec((-100_i64..900, any::<bool>(), prop::option::of(1_u128..4)), 0..20).prop_map(|lines| {
            let level = |bad| if bad { Level::Error } else { Level::Warn };
            lines.into_iter().map(|(at, bad, trace)| line(at, level(bad), "words order", trace)).collect::<Vec<_>>()
        })
    };
    prop_oneof![
        (any_ticket(Slot::Search), prop::collection::vec((1_u128..6, 0_u32..2, 1_i64..5_000), 0..8)).prop_map(
            |(ticket, rows)| {
                let summaries = rows.into_iter().map(|(id, errors, millis)| summary(id, errors, millis));
                let summaries = summaries.collect::<Vec<_>>().into();
                Fact::Summaries { ticket, summaries }
            }
        ),
        (any_ticket(Slot::Trace), 1_u128..6).prop_map(|(ticket, id)| Fact::Trace { ticket, tree: tree(id) }),
        (any_ticket(Slot::Tail), lines(), 0_u64..3, 0_u64..3)
            .prop_map(|(ticket, lines, dropped, overrun)| Fact::Lines { ticket, lines, dropped, overrun }),
        (any_ticket(Slot::History), lines(), any::<bool>()).prop_map(|(ticket, lines, more)| Fact::History {
            ticket,
            lines,
            more
        }),
        (any_ticket(Slot::TraceLines), lines(), any::<bool>()).prop_map(|(ticket, lines, more)| Fact::TraceLines {
            ticket,
            lines,
            more
        }),
        (any_ticket(Slot::Tail), lines(), any::<bool>()).prop_map(|(ticket, lines, filled)| {
            let gap = Window::ending(noon(), Duration::from_secs(3));
            let refill = filled.then_some(RefillNote { gap, filled: 2, missing: Some(0), why: None, twice: 0 });
            Fact::TailConnected { ticket, refill, lines }
        }),
        any_ticket(Slot::Tail).prop_map(|ticket| Fact::TailBroken {
            ticket,
            failure: failure(),
            attempt: 2,
            retry_at: noon()
        }),
        prop::sample::select(vec![Slot::Search, Slot::Trace, Slot::TraceLines, Slot::History, Slot::Tail])
            .prop_flat_map(any_ticket)
            .prop_map(|ticket| Fact::Failed { ticket, failure: failure() }),
    ]
}

fn polls() -> impl Strategy<Value = Fact> {
    prop_oneof![
        (any::<bool>(), 0_i64..600, 0.0..1.0, -1.0..1.0).prop_map(|(orders, at, bad, left)| {
            Fact::Burn(reading(if orders { "orders" } else { "label" }, noon().shifted(at * 1_000_000_000), bad, left))
        }),
        prop::collection::vec((0_usize..3, 0_i64..3), 0..4).prop_map(|alerts| {
            let name = |at: usize| ["OrdersFast", "OrdersSlow", "Pool"].get(at).copied().unwrap_or("Pool");
            let alerts = alerts.into_iter().map(|(at, since)| alert(name(at), "page", since * 60)).collect();
            Fact::Alerts { source: "am".into(), alerts }
        }),
        prop::collection::vec((0.0..30.0, 0.0..60.0), 0..40).prop_map(|steps| {
            let sample = |(at, (bad, total)): (usize, (f64, f64))| ImpactSample {
                end: noon().shifted(at as i64 * 15_000_000_000),
                bad,
                total,
            };
            Fact::Impact { slo: "orders".into(), samples: steps.into_iter().enumerate().map(sample).collect() }
        }),
        (0_i64..5).prop_map(|at| {
            let sighting = Sighting { source: "mimir".into(), place: Place::Spans };
            let at = noon().shifted(-at * 1_000_000_000_000);
            let change = Change::of_version(at, "pricing".into(), "2.14.0".into(), None, sighting);
            Fact::Changes { source: "mimir spans".into(), changes: vec![change] }
        }),
        Just(Fact::Runbooks(catalog())),
        Just(Fact::Entries(Vec::new())),
        "[a-z]{0,8}".prop_map(Fact::Draft),
        (0_u64..9_000).prop_map(|bytes| Fact::Written { bytes }),
    ]
}

fn any_message() -> impl Strategy<Value = Message> {
    prop_oneof![
        6 => prop::sample::select(Command::ALL).prop_map(|action| Message::Command(action.command)),
        4 => any_key().prop_map(Message::Key),
        4 => answers().prop_map(Message::Fact),
        3 => polls().prop_map(Message::Fact),
        1 => "\\PC{0,12}".prop_map(Message::Paste),
        1 => "\\PC{0,12}".prop_map(Message::Edited),
        1 => (1_u128..6).prop_map(|id| Message::Open(Target::Trace(TraceReference { trace: trace_id(id), span: None }))),
        1 => "[a-z-]{0,4}".prop_map(|text| Message::Open(Target::Alert(text))),
        2 => (0_i64..200_000).prop_map(|millis| Message::Tick(noon().shifted(millis * 1_000_000))),
        1 => prop::collection::vec(0_usize..30, 5).prop_map(|heights| Message::Drawn(Drawn {
            heights: Pane::ALL.into_iter().zip(heights.iter().copied()).collect(),
            overlay_height: heights.first().copied().unwrap_or(0),
            overlay_rows: heights.last().copied().unwrap_or(0),
            width: 120,
        })),
    ]
}

fn check_cursor(cursor: &Cursor, rows: usize, whose: &str) {
    assert_eq!(cursor.total, rows, "rows of {whose}");
    assert!(cursor.selected < cursor.total.max(1), "selection of {whose}: {cursor:?}");
    assert!(
        cursor.height == 0 || cursor.total == 0 || cursor.visible().contains(&cursor.selected),
        "{whose}: {cursor:?}"
    );
}

fn check(room: &Room) {
    check_cursor(&room.gauges.cursor, room.gauges.judgements.len(), "gauges");
    check_cursor(&room.timeline.cursor, room.timeline.rows.len(), "timeline");
    check_cursor(&room.waterfall.list_cursor, room.waterfall.list.len(), "list");
    let spans = room.waterfall.rows.as_ref().map_or(0, |rows| rows.visible().len());
    check_cursor(&room.waterfall.cursor, spans, "trace");
    check_cursor(&room.logs.cursor, room.logs.view.len(), "logs");
    for of in room.logs.of_trace.iter().chain(&room.logs.lines_of_open) {
        check_cursor(&of.cursor, of.lines.len(), "lines of the trace");
    }
    let blocks = if room.runbook.page.is_some() { room.runbook.rows.len() } else { room.runbook.catalog.pages().len() };
    check_cursor(&room.runbook.cursor, blocks, "runbook");
    if let Mode::Asking(prompt) = &room.mode {
        check_cursor(&prompt.cursor, prompt.choices.len(), "prompt");
    }
    let at = room.lens.moment(room.now);
    assert!(room.lens.window.start <= at && at <= room.lens.window.end && at <= room.now);
    assert!(room.lens.is_frozen() || room.lens.window.end == room.now);
    assert_eq!(room.waterfall.tree.is_some(), room.waterfall.rows.is_some());
    let entries = room.timeline.rows.iter().filter(|row| matches!(row, TimelineRow::Entry(_))).count();
    let timeline = &room.timeline.timeline;
    let target = |entry: &Entry| entry.supersedes.and_then(|target| timeline.get(target));
    let marks = timeline.iter().filter(|entry| entry.kind == EntryKind::Undone && target(entry).is_some()).count();
    assert_eq!(entries + marks, timeline.len(), "every entry has a row, but for what takes another back");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn any_messages_leave_a_sound_room(messages in prop::collection::vec(any_message(), 0..80)) {
        let mut room = room();
        for message in messages {
            let shown = format!("{message:?}").chars().take(200).collect::<String>();
            let _ = update(&mut room, message);
            let checked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| check(&room)));
            prop_assert!(checked.is_ok(), "after {}", shown);
        }
    }

    /// A server answers in any order and late; some answers never come, and at the end all that are left do.
    #[test]
    fn the_trace_that_shows_is_the_last_one_asked_for(
        steps in prop::collection::vec((any_message(), any::<prop::sample::Index>(), 0_u8..3), 1..60)
    ) {
        let mut room = room();
        let mut open: Vec<(Ticket, TraceId)> = Vec::new();
        let hear = |effects: Effects, open: &mut Vec<_>| {
            for effect in effects {
                if let Effect::Fetch { ticket, ask: Ask::Trace { id, .. } } = effect {
                    open.push((ticket, id));
                }
            }
        };
        for (message, which, answer) in steps {
            // Only this world answers, so that a ticket is never guessed.
            if matches!(message, Message::Fact(Fact::Trace { .. } | Fact::Failed { .. })) {
                continue;
            }
            hear(update(&mut room, message), &mut open);
            if answer == 0 && !open.is_empty() {
                let (ticket, id) = open.remove(which.index(open.len()));
                hear(update(&mut room, Message::Fact(Fact::Trace { ticket, tree: tree(id.value()) })), &mut open);
            }
        }
        while let Some((ticket, id)) = open.pop() {
            hear(update(&mut room, Message::Fact(Fact::Trace { ticket, tree: tree(id.value()) })), &mut open);
        }
        prop_assert!(!room.waterfall.tree_state.is_asked(), "an answer is still waited for");
        let shown = room.waterfall.tree.as_ref().map(|tree| tree.trace());
        prop_assert_eq!(shown, room.lens.trace);
    }
}
