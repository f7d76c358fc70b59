//! While the trace of a line that was just written is waited for, no key acts on the one that showed before.

use super::sample::{line, noon, press, room, send, span_id, ticket, told, trace_id, tree, wait};
use crate::domain::signal::Level;
use crate::domain::{Cause, Failure};
use crate::room::{Ask, Effect, Fact, Mode, Pane, Room, Slot, Ticket, WaterfallView};

fn asks(effects: &[Effect]) -> Option<Ticket> {
    effects.iter().find_map(|effect| match effect {
        Effect::Fetch { ticket, ask: Ask::Trace { .. } } => Some(*ticket),
        _ => None,
    })
}

fn missing(room: &mut Room, ticket: Ticket) {
    let failure = Failure::new("tempo", Cause::NotFound("trace".to_owned()));
    send(room, Fact::Failed { ticket, failure });
}

/// Trace 4 is open, and of the line under the cursor trace 7 was asked for, which is not there yet.
fn waiting() -> Room {
    let mut room = room();
    let ticket_of = |slot| Ticket { slot, turn: 1 };
    send(&mut room, Fact::History { ticket: ticket_of(Slot::History), lines: Vec::new(), more: false });
    let lines = vec![line(20, Level::Error, "lock", Some(4)), line(0, Level::Error, "rejected", Some(7))];
    send(&mut room, Fact::Lines { ticket: ticket_of(Slot::Tail), lines, dropped: 0, overrun: 0 });
    let asked = ticket(&press(&mut room, "4Gkx")).expect("asked");
    send(&mut room, Fact::Trace { ticket: asked, tree: tree(4) });
    let asked = asks(&press(&mut room, "4Gx")).expect("asked");
    missing(&mut room, asked);
    room
}

fn state(room: &Room) -> (Pane, WaterfallView, usize, bool, bool) {
    let pane = &room.waterfall;
    (room.focus, pane.view, pane.cursor.selected, pane.details, pane.critical_only)
}

#[test]
fn keys_of_a_trace_act_on_nothing_and_say_for_what_they_wait() {
    let mut room = waiting();
    assert_eq!((room.focus, room.lens.trace), (Pane::Waterfall, Some(trace_id(7))));
    let before = state(&room);
    for again in [false, true] {
        if again {
            assert!(asks(&wait(&mut room, 5)).is_some(), "asked again, and not answered yet");
        }
        for key in ["t", "/", "=", "D", "d", "p", "%", "e", "s", "m", "y", "j", "G", "Enter", "*", "X", "V", "."] {
            let pressed = if key == "Enter" { "<Enter>" } else { key };
            let effects = press(&mut room, pressed);
            assert_eq!(told(&room), "waiting for trace 00000000…; q stops", "{key}");
            assert!(matches!(room.mode, Mode::Normal) && effects.is_empty(), "{key}: {effects:?}");
            assert_eq!(state(&room), before, "{key}");
        }
    }
    // Of the trace that showed before nothing goes into the record.
    press(&mut room, "inoted<Enter>");
    let entry = room.timeline.timeline.effective().last().expect("an entry");
    assert!(entry.text.contains("noted") && entry.evidence.iter().all(|evidence| evidence.trace != Some(trace_id(4))));
}

#[test]
fn escape_stops_the_asking_and_the_trace_before_is_what_keys_are_about() {
    for waits in [0, 5] {
        let mut room = waiting();
        wait(&mut room, waits);
        press(&mut room, "<Esc>");
        assert_eq!(told(&room), "no longer waiting for trace 00000000…");
        assert_eq!((room.lens.trace, room.waterfall.view), (Some(trace_id(4)), WaterfallView::Trace));
        assert_eq!(asks(&wait(&mut room, 30)), None, "nobody asks any more");
        press(&mut room, "j");
        assert_eq!(state(&room).2, 3, "the span below the one that failed");
    }
    // From another pane too, where nothing else is to be closed.
    let mut room = waiting();
    press(&mut room, "2<Esc>");
    assert_eq!(asks(&wait(&mut room, 30)), None);
}

#[test]
fn the_line_is_a_key_away_and_the_way_back_stops_the_asking() {
    let mut room = waiting();
    press(&mut room, "x");
    assert_eq!(room.focus, Pane::Logs);
    let mut room = waiting();
    press(&mut room, "<Backspace>");
    assert_eq!((room.focus, room.lens.trace, room.lens.span), (Pane::Logs, Some(trace_id(4)), Some(span_id(3))));
    assert_eq!(asks(&wait(&mut room, 30)), None);
}

#[test]
fn what_is_too_old_to_be_on_its_way_leaves_the_keys_to_the_trace_that_shows() {
    let mut room = waiting();
    room.now = noon().plus(std::time::Duration::from_secs(61));
    press(&mut room, "d");
    assert!(room.waterfall.details, "{}", told(&room));
}
