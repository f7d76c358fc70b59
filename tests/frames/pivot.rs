//! The same thing in the other signal, there and back; an id, looked for everywhere.

use super::scene::{Desk, EXEMPLAR, shows};
use warroom::room::{Fact, Finding, Pane, Places, Slot, WaterfallView};

/// What has the focus, which view of the trace shows, and the lines of a trace or the tail.
fn place(desk: &Desk) -> (Pane, WaterfallView, bool) {
    (desk.room.focus, desk.room.waterfall.view, desk.room.logs.of_trace.is_some())
}

#[test]
fn every_pivot_has_a_way_back() {
    let mut desk = Desk::open(600);
    desk.target(EXEMPLAR);
    // A span and its lines, by the same key.
    let span = place(&desk);
    desk.press("x");
    assert_eq!(place(&desk), (Pane::Logs, WaterfallView::Trace, true));
    desk.press("x");
    assert_eq!((desk.room.focus, desk.room.lens.trace), (Pane::Waterfall, EXEMPLAR.parse().ok()));
    desk.press("Backspace Backspace");
    assert_eq!(place(&desk), span);
    // A gauge and an exemplar.
    desk.press("1 x");
    let example = desk.room.lens.trace;
    assert!(desk.room.focus == Pane::Waterfall && example.is_some() && example != EXEMPLAR.parse().ok());
    desk.press("Backspace");
    assert_eq!(desk.room.focus, Pane::Gauges);
    // An entry and what was on the screen when it was written.
    desk.target(EXEMPLAR);
    desk.press("i").type_text("o the lock").press("Enter 2");
    let entry = desk.room.timeline.timeline.effective().find(|entry| entry.text == "the lock").cloned();
    let entry = entry.expect("what was noted");
    let row = desk.room.timeline.row_of(entry.id).expect("a row");
    desk.room.timeline.cursor.follow = false;
    desk.room.timeline.cursor.select(row);
    desk.press("x");
    assert_eq!((desk.room.focus, desk.room.lens.trace), (Pane::Waterfall, entry.evidence[0].trace));
    assert_eq!(desk.room.lens.cursor, entry.evidence[0].at, "every pane is at that moment");
    desk.press("Backspace");
    assert_eq!(
        (desk.room.focus, desk.room.timeline.selected().map(|entry| entry.id)),
        (Pane::Timeline, Some(entry.id))
    );
    assert!(!desk.room.lens.is_frozen(), "live again, as it was");
}

#[test]
fn one_timeline_is_left_for_what_is_on_it_and_come_back_to() {
    let mut desk = Desk::six_minutes();
    desk.press("t");
    let here = place(&desk);
    assert_eq!(here.1, WaterfallView::Investigation);
    for keys in ["Enter", "x Enter", "{ Enter"] {
        let before = desk.frame(80, 24);
        desk.press(keys);
        assert_ne!(place(&desk), here, "{keys}");
        desk.press("Backspace");
        assert_eq!(place(&desk), here, "{keys}\n{before}");
    }
    desk.press("q");
    assert_eq!((desk.room.focus, desk.room.waterfall.view), (Pane::Waterfall, WaterfallView::Trace));
}

#[test]
fn an_id_in_any_form_is_found_everywhere() {
    for wanted in [EXEMPLAR.to_owned(), format!("traceparent: 00-{EXEMPLAR}-00f067aa0ba902b7-01"), "4472146".to_owned()]
    {
        let mut desk = Desk::open(600);
        desk.press("@").type_text(&wanted).press("Enter");
        let frame = desk.frame(120, 40);
        for words in ["trace", "line", "4bf92f35…"] {
            assert!(frame.contains(words), "{wanted}: {frame}");
        }
        desk.press("Enter");
        assert_eq!((desk.room.focus, desk.room.lens.trace), (Pane::Waterfall, EXEMPLAR.parse().ok()), "{wanted}");
    }
}

#[test]
fn the_places_of_an_order() {
    let mut desk = Desk::open(600);
    desk.press("@").type_text("4472146").press("Enter");
    desk.shows("places");
    desk.press("G Enter");
    assert_eq!(desk.room.focus, Pane::Logs);
    let line = desk.room.logs.selected().map(|line| line.text.to_owned());
    assert_eq!(line.as_deref(), Some("order 4472146 rejected: quote unavailable; not requeued"));
    shows("places_line_80x24", &desk.frame(80, 24));
}

#[test]
fn a_time_is_still_a_time_and_nothing_is_found_of_nonsense() {
    let mut desk = Desk::open(600);
    desk.press("@").type_text("25:00").press("Enter");
    assert!(desk.frame(80, 24).contains("write 03:14"));
    desk.press("Esc @").type_text("no-such-order").press("Enter");
    shows("places_none_80x24", &desk.frame(80, 24));
}

/// Servers that are down are no answer, least of all "nowhere".
#[test]
fn an_id_that_could_not_be_looked_for_is_not_called_absent() {
    let mut desk = Desk::open(600);
    desk.silent.extend([Slot::Places, Slot::PlaceLines]);
    desk.press("@").type_text("4473200").press("Enter");
    let down = |names: &[&str]| Places {
        troubles: names.iter().map(|name| format!("{name}: no connection: refused")).collect(),
        ..Places::default()
    };
    desk.tell(Fact::Places { ticket: desk.ticket(Slot::PlaceLines), found: Box::new(down(&["loki"])) });
    desk.tell(Fact::Places { ticket: desk.ticket(Slot::Places), found: Box::new(down(&["tempo", "jaeger"])) });
    for (columns, rows) in [(120, 40), (80, 24)] {
        let frame = desk.frame(columns, rows);
        for words in ["1 h searched in part", "not everything could be searched", "✗ loki", "✗ tempo", "✗ jaeger"]
        {
            assert!(frame.contains(words), "{words}: {frame}");
        }
        assert!(!frame.contains("nor a trace"), "{frame}");
    }
}

#[test]
fn an_id_that_was_looked_for_in_a_part_says_so() {
    let mut desk = Desk::open(600);
    desk.silent.extend([Slot::Places, Slot::PlaceLines]);
    desk.press("@").type_text("4473200").press("Enter");
    let part = Places { troubles: vec!["tempo: partial: 2 of 3 jobs".to_owned()], ..Places::default() };
    desk.tell(Fact::Places { ticket: desk.ticket(Slot::Places), found: Box::new(part) });
    desk.tell(Fact::Places { ticket: desk.ticket(Slot::PlaceLines), found: Box::default() });
    let frame = desk.frame(80, 24);
    for words in ["1 h searched in part", "not everything could be searched", "✗ tempo: partial: 2 of 3 jobs"] {
        assert!(frame.contains(words), "{words}: {frame}");
    }
}

#[test]
fn everything_with_a_value_that_differs() {
    let mut desk = Desk::six_minutes();
    desk.press("=");
    while !matches!(desk.room.waterfall.findings.selected(), Some(Finding::Outlier(_))) {
        desk.press("j");
    }
    desk.press("x");
    assert!(matches!(desk.room.mode, warroom::room::Mode::Places(_)));
    shows("places_of_a_value_120x40", &desk.frame(120, 40));
}
