//! What a responder who does not know the program yet stumbles over: going back, growing, and words that stay too long.

use std::time::Duration;

use super::sample::{alert, line, noon, press, room, send, summary, ticket, told, trace_id, tree, wait};
use crate::domain::runbook::{Catalog, parse};
use crate::domain::signal::Level;
use crate::domain::{Cause, Failure, Window};
use crate::room::{Ask, Drawn, Effect, Fact, Message, Pane, Room, Slot, Ticket, Zoom, hints, update};

fn tailing() -> Room {
    let mut room = room();
    let first = Ticket { slot: Slot::History, turn: 1 };
    send(&mut room, Fact::History { ticket: first, lines: vec![], more: false });
    let lines = vec![line(9, Level::Error, "a", Some(5)), line(8, Level::Error, "b", None)];
    send(&mut room, Fact::Lines { ticket: Ticket { slot: Slot::Tail, turn: 1 }, lines, dropped: 0, overrun: 0 });
    room
}

fn failing(room: &mut Room) {
    for at in [0, 15] {
        let at = noon().shifted(at * 1_000_000_000);
        send(room, Fact::Burn(super::sample::reading("orders", at, 0.7, 0.6)));
    }
}

#[test]
fn a_trace_that_is_not_found_leads_back_to_its_line() {
    let mut room = tailing();
    press(&mut room, "4ggx");
    let failure = Failure::new("tempo", Cause::NotFound("the trace".to_owned()));
    send(&mut room, Fact::Failed { ticket: Ticket { slot: Slot::Trace, turn: 1 }, failure });
    press(&mut room, "4j3x");
    assert_eq!((room.focus, room.logs.cursor.selected), (Pane::Logs, 0));
    assert_eq!(room.logs.selected().and_then(|line| line.trace), Some(trace_id(5)));
}

#[test]
fn a_jump_before_the_first_line_asks_for_the_lines_of_that_time() {
    let mut room = tailing();
    let at = noon().shifted(-3_600_000_000_000);
    let effects = press(&mut room, "@-60m<Enter>");
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::Fetch { ticket, ask: Ask::History { window, .. } } => Some((*ticket, *window)),
        _ => None,
    });
    let Some((ticket, window)) = asked else { panic!("a question: {effects:?}") };
    assert!(window.contains(at) && told(&room).contains("asked for"));
    send(&mut room, Fact::History { ticket, lines: vec![line(3_601, Level::Error, "old", None)], more: false });
    assert_eq!(room.logs.selected().map(|line| line.text.to_owned()), Some("old".to_owned()));
    let effects = press(&mut room, "@-90m<Enter>");
    let ticket = super::sample::ticket(&effects).expect("asked");
    send(&mut room, Fact::History { ticket, lines: vec![], more: false });
    assert_eq!(told(&room), "no line at that time");
}

#[test]
fn a_value_whose_lines_the_level_hides_says_so() {
    let mut room = tailing();
    press(&mut room, "4gg:show-error<Enter>*");
    assert!(!told(&room).contains("hidden"), "{}", told(&room));
    let mut room = tailing();
    let span = Ticket { slot: Slot::Trace, turn: 1 };
    press(&mut room, "4ggx");
    send(&mut room, Fact::Trace { ticket: span, tree: super::sample::tree(5) });
    press(&mut room, "3gg*");
    assert!(told(&room).contains("lines below WARN are hidden, :show-all shows them"), "{}", told(&room));
}

#[test]
fn a_narrow_screen_grows_to_the_whole_at_once() {
    let mut room = tailing();
    let drawn = |width| Message::Drawn(Drawn { width, ..Drawn::default() });
    let _ = update(&mut room, drawn(80));
    press(&mut room, "4f");
    assert_eq!(room.zoom, Zoom::Full);
    press(&mut room, "f");
    let _ = update(&mut room, drawn(120));
    press(&mut room, "f");
    assert_eq!(room.zoom, Zoom::Half);
}

#[test]
fn runbook_and_note_follow_the_next_error_in_a_trace() {
    let mut room = tailing();
    let asked = ticket(&press(&mut room, "4ggx")).expect("asked");
    let words: Vec<_> = hints(&room).into_iter().map(|hint| hint.words).collect();
    assert_eq!(words.first(), Some(&"stop waiting"), "it is not there yet");
    let trace = room.lens.trace.expect("a trace").value();
    send(&mut room, Fact::Trace { ticket: asked, tree: tree(trace) });
    let words: Vec<_> = hints(&room).into_iter().map(|hint| hint.words).collect();
    assert_eq!(words.get(2..5), Some(&["next error", "runbook", "note"][..]));
}

#[test]
fn an_action_takes_the_word_of_the_last_one_away_but_no_warning() {
    let mut room = tailing();
    press(&mut room, "4\\");
    assert_eq!(told(&room), "no filter is set");
    press(&mut room, "3");
    assert_eq!(told(&room), "");
    press(&mut room, "1r");
    let warning = told(&room).to_owned();
    assert!(warning.starts_with("no runbook"));
    press(&mut room, "3");
    assert_eq!(told(&room), warning);
}

#[test]
fn the_runbook_of_the_worst_slo_opens_from_every_pane() {
    let pages = ["cache", "aaa"].map(|id| {
        let text = format!("---\nid: {id}\nalerts: [\"Orders*\"]\n---\n# {id}\n\n- [ ] look\n");
        parse(&format!("{id}.md"), &text)
    });
    for pane in ["1", "2", "3", "4"] {
        let mut room = tailing();
        send(&mut room, Fact::Runbooks(Catalog::new(pages.to_vec(), None).into()));
        let alerts = vec![alert("OrdersFast", "page", 60)];
        failing(&mut room);
        if pane != "2" {
            send(&mut room, Fact::Alerts { source: "am".into(), alerts });
        }
        press(&mut room, &format!("{pane}r"));
        assert_eq!(room.runbook.page.as_ref().map(|page| page.id.as_str()), Some("cache"), "from {pane}");
    }
}

/// A kind is new or not only where lines from before the impact are here.
#[test]
fn kinds_reach_back_before_the_impact_page_by_page() {
    let mut room = tailing();
    press(&mut room, "i-5m<Space>impact<Space>the<Space>first<Space>timeouts<Enter>");
    let asked = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::Fetch { ticket, ask: Ask::History { window, .. } } => Some((*ticket, *window)),
            _ => None,
        })
    };
    let (ticket, window) = asked(&press(&mut room, "4#")).expect("older lines are asked for");
    let first = room.logs.book.time(room.logs.book.first_seq()).expect("a line");
    assert_eq!(
        (window.start, window.end),
        (room.impact_start().expect("known").minus(Duration::from_secs(900)), first)
    );
    assert!(room.logs.patterns.is_tracing_back);
    let page = vec![line(60, Level::Error, "a", None)];
    let (ticket, window) =
        asked(&send(&mut room, Fact::History { ticket, lines: page, more: true })).expect("and the page before");
    assert_eq!(window.end, noon().shifted(-60_000_000_000));
    let page = vec![line(1_300, Level::Info, "quiet", None)];
    assert_eq!(asked(&send(&mut room, Fact::History { ticket, lines: page, more: false })), None);
    assert!(!room.logs.patterns.is_tracing_back);
    assert_eq!(asked(&press(&mut room, "#")), None, "all is here");
}

/// The window of the search for traces that these effects hold, and its ticket.
fn searched(effects: &[Effect]) -> Option<(Ticket, Window)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Fetch { ticket, ask: Ask::Search(ask) } => Some((*ticket, ask.window)),
        _ => None,
    })
}

#[test]
fn the_list_of_traces_stands_at_the_moment_that_is_looked_at() {
    let mut room = tailing();
    // They began 20, 400 and 700 seconds ago.
    let live = vec![summary(20, 1, 900), summary(400, 1, 900), summary(700, 0, 900)];
    let ticket = Ticket { slot: Slot::Search, turn: room.tickets.turn(Slot::Search) };
    send(&mut room, Fact::Summaries { ticket, summaries: live.into() });
    let listed = |room: &Room| room.waterfall.list.iter().map(|row| row.trace.value()).collect::<Vec<_>>();
    assert_eq!(listed(&room), [20, 400, 700]);
    let ago = |seconds: i64| noon().shifted(-seconds * 1_000_000_000);
    let effects = press(&mut room, "@-5m<Enter>");
    let (ticket, window) = searched(&effects).expect("asked for that moment");
    assert_eq!((window.end, window.length()), (ago(300), room.lens.window.length()));
    // What is newer does not show meanwhile, nor when nothing comes.
    assert_eq!(listed(&room), [400, 700]);
    send(&mut room, Fact::Summaries { ticket, summaries: vec![summary(301, 1, 900), summary(400, 1, 900)].into() });
    assert_eq!(listed(&room), [301, 400]);
    // The selected one was of another moment: this list begins at its first row.
    assert_eq!((room.waterfall.list_cursor.selected, room.waterfall.list_cursor.offset), (0, 0));
    assert!(searched(&wait(&mut room, 30)).is_none(), "it stands");
    // The cursor of another pane takes the moment along, and the list follows; that of its own list does not ask.
    room.lens.freeze(ago(600), room.now);
    room.focus = Pane::Waterfall;
    assert!(searched(&wait(&mut room, 1)).is_none());
    room.focus = Pane::Logs;
    assert_eq!(searched(&wait(&mut room, 1)).map(|(_, window)| window.end), Some(ago(600)));
    // Back to now: those of now.
    let (ticket, window) = searched(&press(&mut room, "0")).expect("asked");
    assert_eq!(window.end, room.now);
    // A freeze at this moment finds the list there; one that a responder narrowed stays.
    send(&mut room, Fact::Summaries { ticket, summaries: vec![summary(20, 1, 900)].into() });
    assert!(searched(&press(&mut room, "<Space>")).is_none());
    room.waterfall.narrowed = Some("zone = a".to_owned());
    assert!(searched(&press(&mut room, "@-9m<Enter>")).is_none());
    assert_eq!(listed(&room), [20]);
}
