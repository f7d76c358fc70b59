//! From signal to signal, through time, and back.

use std::time::Duration;

use super::sample::{
    line, noon, press, reading, room, send, slo, span_id, summary, ticket, told, trace_id, tree, wait,
};
use crate::domain::signal::{GapNote, Level};
use crate::domain::slo::{Sli, Slo};
use crate::domain::{Cause, Failure, Window};
use crate::room::{
    Ask, Command, Effect, Effects, Fact, Keymap, Mode, Pane, RefillNote, Room, Settings, Slot, TailState, Ticket,
    WaterfallView, hints, start,
};

fn tail(turn: u64) -> Ticket {
    Ticket { slot: Slot::Tail, turn }
}

/// The history has come, the tail runs.
fn tailing() -> Room {
    let mut room = room();
    let effects =
        send(&mut room, Fact::History { ticket: Ticket { slot: Slot::History, turn: 1 }, lines: vec![], more: false });
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Tail { ticket, .. } if *ticket == tail(1))));
    room
}

fn lines(room: &mut Room, lines: Vec<crate::domain::signal::Line>) {
    send(room, Fact::Lines { ticket: tail(1), lines, dropped: 0, overrun: 0 });
}

#[test]
fn the_newest_failing_trace_opens_by_itself_unless_one_was_chosen() {
    let mut room = room();
    let first = Ticket { slot: Slot::Search, turn: 1 };
    let rows = vec![summary(3, 0, 9_000), summary(9, 1, 10), summary(2, 1, 10), summary(1, 0, 10)];
    let effects = send(&mut room, Fact::Summaries { ticket: first, summaries: rows.clone().into() });
    assert_eq!(room.waterfall.list.iter().map(|row| row.trace.value()).collect::<Vec<_>>(), [2, 9, 3, 1]);
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::Fetch { ask: Ask::Trace { id, .. }, .. } if id.value() == 2))
    );
    let asked = ticket(effects.iter()).expect("asked");
    let effects = send(&mut room, Fact::Trace { ticket: asked, tree: tree(2) });
    assert_eq!(room.lens.span, Some(span_id(3)), "where the error starts");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Fetch { ask: Ask::TraceLines { .. }, .. })));
    press(&mut room, "3q");
    assert_eq!(room.waterfall.view, WaterfallView::List);
    wait(&mut room, 20);
    let second = Ticket { slot: Slot::Search, turn: 2 };
    let effects = send(&mut room, Fact::Summaries { ticket: second, summaries: rows.into() });
    assert!(effects.is_empty() && room.waterfall.view == WaterfallView::List);
}

#[test]
fn once_durations_burn_other_traces_are_slow() {
    let latency = Slo {
        sli: Sli::BadOverTotal {
            bad: r#"all[{{.window}}] - good_seconds_bucket{le="0.8"}[{{.window}}]"#.to_owned(),
            total: "all[{{.window}}]".to_owned(),
        },
        ..(*slo("orders")).clone()
    };
    let mut room = Room::new(Settings::default(), vec![latency.into()], Keymap::default(), noon());
    let asked = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::Fetch { ask: Ask::Search(ask), .. } => Some(ask.slow_from),
            _ => None,
        })
    };
    let started: Vec<Effect> = start(&mut room).into_iter().collect();
    assert_eq!(asked(&started), Some(Duration::from_secs(2)));
    let calm = send(&mut room, Fact::Burn(reading("orders", noon(), 0.0, 0.9)));
    assert_eq!(asked(&calm), None, "nothing burns");
    let later = noon().shifted(60_000_000_000);
    let burns = send(&mut room, Fact::Burn(reading("orders", later, 0.7, 0.6)));
    assert_eq!(asked(&burns), Some(Duration::from_millis(800)));
}

#[test]
fn the_lines_of_a_trace_go_with_the_trace_that_is_open() {
    let mut room = tailing();
    let first = Ticket { slot: Slot::Search, turn: 1 };
    let effects = send(&mut room, Fact::Summaries { ticket: first, summaries: vec![summary(2, 1, 10)].into() });
    let asked = ticket(effects.iter()).expect("asked");
    send(&mut room, Fact::Trace { ticket: asked, tree: tree(2) });
    press(&mut room, "3x");
    assert_eq!(room.logs.of_trace.as_ref().map(|of| of.trace), Some(trace_id(2)));
    let mut out = Effects::default();
    super::super::ask::open_trace(&mut room, trace_id(5), None, None, &mut out);
    let asked = ticket(out.into_iter().collect::<Vec<_>>().iter()).expect("asked");
    send(&mut room, Fact::Trace { ticket: asked, tree: tree(5) });
    assert_eq!(room.logs.of_trace.as_ref().map(|of| of.trace), Some(trace_id(5)));
}

#[test]
fn pivoting_goes_from_span_to_lines_and_back() {
    let mut room = tailing();
    let first = Ticket { slot: Slot::Search, turn: 1 };
    let effects = send(&mut room, Fact::Summaries { ticket: first, summaries: vec![summary(2, 1, 10)].into() });
    let asked = ticket(effects.iter()).expect("asked");
    let effects = send(&mut room, Fact::Trace { ticket: asked, tree: tree(2) });
    let of_lines = ticket(effects.iter()).expect("asked");
    press(&mut room, "3x");
    assert_eq!(room.focus, Pane::Logs);
    let answer = vec![line(59, Level::Info, "began", None), line(58, Level::Error, "lock", Some(2))];
    send(&mut room, Fact::TraceLines { ticket: of_lines, lines: answer, more: false });
    assert_eq!(room.logs.trace_line_count, Some(2));
    assert_eq!(room.logs.selected().map(|line| line.text.to_owned()).as_deref(), Some("lock"), "the span's own line");
    press(&mut room, "x");
    assert_eq!((room.focus, room.lens.span), (Pane::Waterfall, Some(span_id(3))));
    press(&mut room, "4q");
    assert!(room.logs.of_trace.is_none());
}

#[test]
fn a_line_of_the_tail_opens_its_trace() {
    let mut room = tailing();
    lines(&mut room, vec![line(5, Level::Error, "no trace", None), line(4, Level::Error, "lock", Some(4))]);
    let effects = press(&mut room, "4x");
    assert_eq!(room.lens.trace, Some(trace_id(4)));
    let asked = ticket(&effects).expect("asked");
    send(&mut room, Fact::Trace { ticket: asked, tree: tree(4) });
    assert_eq!(room.lens.span, Some(span_id(3)));
    press(&mut room, "4kx");
    assert!(told(&room).contains("names no trace"));
}

#[test]
fn a_freeze_keeps_what_comes_and_moves_all_panes_by_one_cursor() {
    let mut room = tailing();
    lines(&mut room, (0..60).rev().map(|at| line(at * 10, Level::Error, "x", None)).collect());
    press(&mut room, "inote<Enter> 4<Space>");
    assert_eq!(room.lens.cursor, Some(noon()));
    press(&mut room, "kkkkkk");
    assert_eq!(room.lens.cursor, Some(noon().shifted(-60_000_000_000)));
    lines(&mut room, vec![line(0, Level::Error, "y", None), line(0, Level::Info, "quiet", None)]);
    assert_eq!((room.logs.waiting, room.logs.view.len()), (1, 60));
    press(&mut room, "0");
    assert_eq!((room.logs.waiting, room.logs.view.len(), room.lens.cursor), (0, 61, None));
    assert!(room.logs.cursor.is_last());
    press(&mut room, "@-5m<Enter>");
    assert_eq!(room.logs.selected().map(|line| line.time), Some(noon().shifted(-300_000_000_000)));
    press(&mut room, "}");
    assert_eq!(room.lens.cursor, Some(noon()));
}

#[test]
fn a_filter_narrows_while_it_is_typed_and_escape_takes_it_back() {
    let mut room = tailing();
    lines(&mut room, vec![line(9, Level::Error, "pool empty", None), line(8, Level::Error, "lock held", None)]);
    press(&mut room, "4/poo");
    assert_eq!(room.logs.view.len(), 1);
    press(&mut room, "<Esc>");
    assert_eq!(room.logs.view.len(), 2);
    press(&mut room, "/!pool<Enter>");
    assert_eq!(room.logs.selected().map(|line| line.text.to_owned()).as_deref(), Some("lock held"));
    press(&mut room, "\\");
    assert_eq!(room.logs.view.len(), 2);
    lines(&mut room, vec![line(7, Level::Info, "all well", None)]);
    press(&mut room, ":show-info<Enter>");
    assert_eq!(room.logs.view.len(), 3);
}

#[test]
fn folding_keeps_the_selection_or_its_parent() {
    let mut room = room();
    press(&mut room, "3");
    room.lens.trace = Some(trace_id(2));
    let asked = room.tickets.draw(Slot::Trace);
    room.waterfall.view = WaterfallView::Trace;
    send(&mut room, Fact::Trace { ticket: asked, tree: tree(2) });
    assert_eq!(room.waterfall.selected_row(), Some(2));
    press(&mut room, "(");
    assert_eq!((room.waterfall.selected_row(), room.waterfall.cursor.total), (Some(0), 1));
    press(&mut room, "e");
    assert_eq!(room.waterfall.selected_row(), Some(1), "the next error, out of its fold");
    press(&mut room, ")Gh");
    assert_eq!(room.waterfall.selected_row(), Some(2), "a leaf has nothing to fold: to its parent");
}

#[test]
fn a_leader_shows_its_menu_when_one_hesitates() {
    let mut room = room();
    press(&mut room, ",");
    assert_eq!(room.wakes_at(), Some(noon().plus(crate::room::LEADER_WAIT)));
    wait(&mut room, 1);
    let Mode::Popup(menu) = &room.mode else { panic!("a menu") };
    assert!(menu.choices.iter().any(|choice| choice.words == "declare"));
    press(&mut room, "d");
    assert!(matches!(room.mode, Mode::Editing(_)));
}

#[test]
fn help_and_palette_run_what_they_find() {
    let mut room = room();
    press(&mut room, "?full<Esc>");
    assert!(matches!(room.mode, Mode::Normal));
    press(&mut room, ":focus-logs<Enter>");
    assert_eq!(room.focus, Pane::Logs);
    press(&mut room, ":nothing-like-it<Enter>");
    assert!(matches!(&room.mode, Mode::Asking(prompt) if prompt.complaint.is_some()));
}

#[test]
fn quitting_takes_two_presses() {
    let mut room = room();
    assert!(press(&mut room, "ctrl-c").is_empty());
    assert!(told(&room).contains("quits"));
    assert_eq!(press(&mut room, "ctrl-c"), [Effect::Quit]);
}

#[test]
fn the_footer_names_keys_that_exist() {
    let mut room = room();
    for pane in Pane::ALL {
        room.focus = pane;
        assert!(hints(&room).len() > 2, "{pane:?}");
        assert_eq!(hints(&room).last().map(|hint| hint.keys.as_str()), Some("?"));
    }
}

/// An action that has nothing to do where it is pressed says so.
#[test]
fn no_action_is_silent() {
    for action in Command::ALL {
        for pane in Pane::ALL {
            let mut room = room();
            room.focus = pane;
            let before = format!("{room:?}");
            let effects = crate::room::update(&mut room, crate::room::Message::Command(action.command));
            let same_focus = matches!(
                (action.command, pane),
                (Command::FocusGauges, Pane::Gauges)
                    | (Command::FocusTimeline, Pane::Timeline)
                    | (Command::FocusWaterfall, Pane::Waterfall)
                    | (Command::FocusLogs, Pane::Logs)
            );
            let at_an_end = matches!(
                action.command,
                Command::Down
                    | Command::Up
                    | Command::First
                    | Command::Last
                    | Command::HalfPageDown
                    | Command::HalfPageUp
                    | Command::PageDown
                    | Command::PageUp
                    | Command::SidewaysLeft
            );
            let changed = before != format!("{room:?}") || !effects.is_empty();
            assert!(changed || same_focus || at_an_end, "{} in {pane:?}", action.name);
        }
    }
}

fn holes(room: &Room) -> Vec<GapNote> {
    room.logs.book.gaps().map(|(_, gap)| gap.clone()).collect()
}

#[test]
fn a_broken_tail_leaves_a_hole_that_says_what_became_of_it() {
    let mut room = tailing();
    lines(&mut room, vec![line(9, Level::Error, "before", None)]);
    let failure = crate::domain::Failure::new("loki", crate::domain::Cause::Unreachable("refused".to_owned()));
    let broken = |attempt| Fact::TailBroken { ticket: tail(1), failure: failure.clone(), attempt, retry_at: noon() };
    send(&mut room, broken(1));
    wait(&mut room, 3);
    send(&mut room, broken(2));
    let [gap] = &holes(&room)[..] else { panic!("one hole") };
    assert!(gap.open && gap.from == noon());
    let refill = Some(RefillNote {
        gap: Window { start: noon(), end: room.now },
        filled: 1,
        missing: Some(0),
        why: None,
        twice: 2,
    });
    send(&mut room, Fact::TailConnected { ticket: tail(1), refill, lines: vec![line(0, Level::Error, "after", None)] });
    let [gap] = &holes(&room)[..] else { panic!("one hole") };
    assert_eq!((gap.open, gap.filled, gap.missing, gap.twice), (false, 1, Some(0), 2));
    assert_eq!(room.logs.view.len(), 3, "two lines and the hole");
    assert_eq!(room.logs.tail, TailState::Live);
}

#[test]
fn a_tail_that_was_refused_for_good_starts_again_on_request() {
    let mut room = tailing();
    let failure = crate::domain::Failure::new("loki", crate::domain::Cause::Unauthorised("no".to_owned()));
    send(&mut room, Fact::Failed { ticket: tail(1), failure });
    let effects = press(&mut room, "R");
    assert!(effects.contains(&Effect::Refresh));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Tail { ticket, .. } if *ticket == tail(2))));
    lines(&mut room, vec![line(1, Level::Error, "of the old tail", None)]);
    assert!(room.logs.book.is_empty());
}

#[test]
fn a_list_that_was_narrowed_stays_until_it_is_cleared() {
    let mut room = tailing();
    lines(&mut room, vec![line(9, Level::Error, "x", None)]);
    let effects = press(&mut room, "4X");
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::Fetch { ask: Ask::Search(ask), ticket } => Some((ask.service.clone(), *ticket)),
        _ => None,
    });
    let Some((Some(service), ticket)) = asked else { panic!("a search: {effects:?}") };
    assert_eq!(service, "pricing");
    send(&mut room, Fact::Summaries { ticket, summaries: vec![summary(2, 1, 5)].into() });
    assert!(wait(&mut room, 60).is_empty(), "the wide list does not come back by itself");
    assert_eq!(room.waterfall.view, WaterfallView::List);
    assert!(press(&mut room, "\\").iter().any(|effect| matches!(effect, Effect::Fetch { ask: Ask::Search(_), .. })));
    assert!(room.waterfall.narrowed.is_none());
}

#[test]
fn a_trace_that_is_waited_for_can_be_given_up() {
    let mut room = room();
    let first = Ticket { slot: Slot::Search, turn: 1 };
    let effects = send(&mut room, Fact::Summaries { ticket: first, summaries: vec![summary(2, 1, 10)].into() });
    let late = ticket(effects.iter()).expect("asked");
    assert_eq!(press(&mut room, "3<Esc>"), [Effect::Drop(Slot::Trace)]);
    send(&mut room, Fact::Trace { ticket: late, tree: tree(2) });
    assert!(room.waterfall.tree.is_none() && room.waterfall.view == WaterfallView::List);
}

#[test]
fn while_the_tail_is_broken_the_rate_before_it_broke_is_kept() {
    let mut room = tailing();
    lines(&mut room, vec![line(0, Level::Error, "the past", None)]);
    lines(&mut room, (0..20).map(|_| line(0, Level::Error, "before", None)).collect());
    let before = room.logs.per_second;
    assert!(before > 0.0);
    let failure = crate::domain::Failure::new("loki", crate::domain::Cause::Unreachable("refused".to_owned()));
    send(&mut room, Fact::TailBroken { ticket: tail(1), failure, attempt: 1, retry_at: noon() });
    wait(&mut room, 60);
    assert_eq!(room.logs.per_second, before);
    send(&mut room, Fact::TailConnected { ticket: tail(1), refill: None, lines: Vec::new() });
    assert_eq!(room.logs.per_second, 0.0, "measured again");
}

#[test]
fn a_trace_that_was_asked_for_by_its_low_half_is_the_whole_one_and_said_to_be() {
    let mut room = room();
    let mut out = Effects::default();
    super::super::ask::open_trace(&mut room, trace_id(5), None, None, &mut out);
    let asked = ticket(out.iter()).expect("asked");
    let whole = 7 << 64 | 5;
    send(&mut room, Fact::Trace { ticket: asked, tree: tree(whole) });
    assert_eq!(room.lens.trace, Some(trace_id(whole)));
    assert_eq!(told(&room), format!("5 is the low half of {}", trace_id(whole)));
}

/// A tail sampler keeps a trace back for about 30 s, and its lines are there at once.
#[test]
fn the_trace_of_a_line_that_was_just_written_is_asked_for_until_it_is_there() {
    let mut room = tailing();
    lines(&mut room, vec![line(0, Level::Error, "rejected", Some(7))]);
    let asks = |effects: &[Effect]| {
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::Fetch { ask: Ask::Trace { id, .. }, .. } if id.value() == 7))
    };
    let effects = press(&mut room, "4Gx");
    assert!(asks(&effects));
    let mut asked = ticket(&effects).expect("asked");
    let missing = |room: &mut Room, ticket: Ticket| {
        let failure = Failure::new("tempo", Cause::NotFound("trace".to_owned()));
        send(room, Fact::Failed { ticket, failure })
    };
    let mut times = 0;
    for _ in 0..40 {
        missing(&mut room, asked);
        assert!(!asks(&wait(&mut room, 2)));
        let effects = wait(&mut room, 3);
        if !asks(&effects) {
            break;
        }
        asked = ticket(&effects).expect("asked");
        times += 1;
    }
    assert!((8..=12).contains(&times), "{times} times in a minute");
    // An id alone says nothing of when it was.
    let mut out = Effects::default();
    super::super::ask::open_trace(&mut room, trace_id(8), None, None, &mut out);
    let last = ticket(out.iter()).expect("asked");
    missing(&mut room, last);
    assert!(wait(&mut room, 30).iter().all(|effect| !matches!(effect, Effect::Fetch { ask: Ask::Trace { .. }, .. })));
}
