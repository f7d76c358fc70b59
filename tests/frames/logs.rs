//! Pane 4: the tail, its filter, and the lines of a trace.

use std::time::Duration;

use warroom::domain::signal::{Earlier, Line, Message, Unknown};
use warroom::domain::{Cause, Failure, Window};
use warroom::room::{Fact, RefillNote, Slot};

use super::scene::{Desk, shows};

#[test]
fn focused() {
    Desk::six_minutes().press("4 k").shows("logs");
}

#[test]
fn the_lines_of_the_trace_and_back() {
    let mut desk = Desk::six_minutes();
    desk.frame(120, 40);
    let before = desk.frame(120, 40);
    desk.press("x");
    desk.shows("logs_of_trace");
    desk.press("j x");
    assert!(desk.frame(120, 40).contains("▸3 Trace"));
    desk.press("4 q 3");
    let signs = |frame: &str| frame.lines().skip(26).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(signs(&desk.frame(120, 40)), signs(&before));
}

#[test]
fn a_filter_while_it_is_typed() {
    let mut desk = Desk::six_minutes();
    desk.press("4 /").type_text("zone=FR-7");
    desk.shows("logs_filter_typed");
    desk.press("<Enter>");
    shows("logs_filtered_120x40", &desk.frame(120, 40));
    desk.press("\\");
    assert!(desk.frame(120, 40).contains("PoolTimeoutError"));
}

#[test]
fn frozen_while_lines_come() {
    let mut desk = Desk::six_minutes();
    desk.press("4 <Space>");
    desk.until(390);
    assert!(desk.room.logs.waiting > 0);
    shows("logs_frozen_120x40", &desk.frame(120, 40));
}

#[test]
fn over_the_whole_screen() {
    let mut desk = Desk::six_minutes();
    desk.press("4 f f");
    shows("logs_full_120x40", &desk.frame(120, 40));
}

#[test]
fn kinds_of_lines_over_the_lines() {
    let mut desk = Desk::six_minutes();
    desk.press("4 #");
    desk.shows("logs_kinds");
    desk.press("f f j");
    shows("logs_kinds_full_120x40", &desk.frame(120, 40));
    desk.press("#");
    shows("logs_kinds_alone_120x40", &desk.frame(120, 40));
    let kind = desk.room.logs.patterns.selected().expect("a kind").template.to_string();
    desk.press("<Enter>");
    shows("logs_of_one_kind_120x40", &desk.frame(120, 40));
    assert!(desk.room.lens.filter.to_string().ends_with(&format!("pattern={kind}")));
    assert!(desk.room.logs.view.lines() > 100);
    desk.press("q");
    assert!(desk.frame(120, 40).contains("first seen"));
    desk.press("# #");
    assert!(!desk.frame(120, 40).contains("first seen"));
}

#[test]
fn whether_a_kind_was_there_before_the_incident_is_asked_for_the_one_that_is_selected() {
    let mut desk = Desk::six_minutes();
    desk.silent.insert(Slot::Earlier);
    desk.press("4 #");
    let frame = desk.frame(120, 40);
    assert!(frame.contains("▸ before it: being counted"), "{frame}");
    let until = desk.room.impact_start().expect("an impact");
    let tell = |desk: &mut Desk, days: u64, lines: u64, refused: Option<Failure>| {
        let over = Duration::from_secs(days * 86_400);
        let earlier = Earlier { until, over, lines, refused };
        desk.tell(Fact::Earlier { ticket: desk.ticket(Slot::Earlier), earlier });
        desk.frame(120, 40)
    };
    let frame = tell(&mut desk, 30, 0, None);
    assert!(frame.contains("▸ none in the 30 d before."), "{frame}");
    // Another kind is another question.
    desk.press("j");
    let frame = tell(&mut desk, 1, 1_234, None);
    assert!(frame.contains("▸ up to 1,234 in the 24 h before."), "{frame}");
    desk.press("j");
    let refused = Failure::new("loki", Cause::TimedOut(Duration::from_secs(10)));
    let frame = tell(&mut desk, 7, 0, Some(refused));
    assert!(frame.contains("▸ none in the 7 d before; further back: no answer within 10 s."), "{frame}");
    // What is known is not asked again; what was refused is, by `R`.
    let asked = desk.room.tickets.turn(Slot::Earlier);
    desk.press("k k j");
    assert_eq!(desk.room.tickets.turn(Slot::Earlier), asked);
    assert!(desk.frame(120, 40).contains("up to 1,234"));
    desk.press("j R");
    assert_eq!(desk.room.tickets.turn(Slot::Earlier), asked + 1);
    // Where the impact began is known better by and by: that is no reason to read a month again.
    let frame = tell(&mut desk, 30, 0, None);
    assert!(frame.contains("▸ none in the 30 d before."), "{frame}");
    desk.until(420);
    assert_eq!(desk.room.tickets.turn(Slot::Earlier), asked + 1);
}

#[test]
fn a_tail_that_was_refused_for_good_promises_no_try_of_its_own() {
    let mut desk = Desk::six_minutes();
    let message = "parse error at line 1".to_owned();
    let failure = Failure::new("loki", Cause::Refused { status: 400, message });
    desk.tell(Fact::Failed { ticket: desk.ticket(Slot::Tail), failure });
    desk.press("4 f f G");
    let frame = desk.frame(120, 40);
    assert!(frame.contains("It does not ask again by itself: R does."), "{frame}");
    assert!(!frame.contains("try 2"), "{frame}");
}

#[test]
fn the_lines_around_a_line_and_back() {
    let mut desk = Desk::six_minutes();
    desk.press("4 k k");
    let before = desk.room.logs.selected().expect("a line").raw.to_owned();
    desk.press("B");
    shows("logs_around_120x40", &desk.frame(120, 40));
    assert_eq!(desk.room.logs.selected().expect("a line").raw, before);
    assert!(
        (0..desk.room.logs.view.len())
            .filter_map(|row| desk.room.logs.line_at(row))
            .all(|line| { line.service.as_str() == desk.room.logs.selected().expect("a line").service.as_str() })
    );
    desk.press("q");
    assert_eq!(desk.room.logs.selected().expect("a line").raw, before);
}

#[test]
fn lines_around_a_line_that_the_query_left_out_come_from_the_server() {
    let mut desk = Desk::six_minutes();
    desk.silent.insert(Slot::Around);
    desk.press("4 k k");
    let one = Line::from(&desk.room.logs.selected().expect("a line"));
    desk.press("B");
    assert!(desk.frame(120, 40).contains("asking for all lines of its stream"));
    let other = |millis: i64| Line {
        time: one.time.shifted(millis * 1_000_000),
        raw: format!("left out {millis} ms from it").into(),
        message: Message::Raw,
        trace: None,
        ..one.clone()
    };
    let lines = (-40..0).map(|at| other(at * 50)).chain([one.clone()]).chain((1..30).map(|at| other(at * 50)));
    desk.tell(Fact::Around { ticket: desk.ticket(Slot::Around), lines: lines.collect() });
    assert_eq!(desk.room.logs.selected().expect("a line").raw, &*one.raw);
    shows("logs_around_from_the_server_120x40", &desk.frame(120, 40));
    desk.press("k");
    assert_eq!(desk.room.logs.selected().expect("a line").raw, "left out -50 ms from it");
    // The tail goes on behind them, and one comes back to the line.
    desk.press("q");
    assert_eq!(desk.room.logs.selected().expect("a line").raw, &*one.raw);
    desk.press("B");
    let failure = Failure::new("loki", Cause::Refused { status: 400, message: "too many streams".to_owned() });
    desk.tell(Fact::Failed { ticket: desk.ticket(Slot::Around), failure });
    assert!(desk.frame(120, 40).contains("only lines that are here"));
}

#[test]
fn a_jump_leaves_a_hole_that_says_what_was_not_read() {
    let mut desk = Desk::six_minutes();
    desk.silent.insert(Slot::History);
    let answer = |desk: &mut Desk, seconds: [i64; 2]| {
        let one = Line::from(&desk.room.logs.line_at(3).expect("a line"));
        let lines = seconds.map(|at| Line { time: desk.moment(at), ..one.clone() }).to_vec();
        desk.tell(Fact::History { ticket: desk.ticket(Slot::History), lines, more: false });
    };
    desk.press("4 @").type_text("-3h").press("<Enter>");
    answer(&mut desk, [-11_000, -10_500]);
    shows("logs_hole_unread_120x40", &desk.frame(120, 40));
    // A moment within the hole: its lines take the place of those before it.
    desk.press("@").type_text("-70m").press("<Enter>");
    answer(&mut desk, [-4_000, -3_700]);
    let frame = desk.frame(120, 40);
    assert!(frame.contains("not read") && desk.room.logs.book.gaps().len() == 1, "{frame}");
    assert_eq!(desk.room.logs.book.time(desk.room.logs.book.first_seq()), Some(desk.moment(-4_000)));
    // And the hole's own latest lines, up to the rest: no hole is left.
    desk.press("gg j j <Enter>");
    answer(&mut desk, [-2_000, -1_900]);
    assert_eq!(desk.room.logs.book.gaps().len(), 0);
}

#[test]
fn an_expression_that_is_not_finished_says_so() {
    let mut desk = Desk::six_minutes();
    desk.press("4 /").type_text("~zone=FR-(7");
    let frame = desk.frame(120, 40);
    assert!(frame.contains("unclosed group"), "{frame}");
    desk.type_text("5|6)").press("<Enter>");
    assert!(desk.room.logs.view.lines() > 0 && desk.room.lens.filter.complaint().is_none());
}

#[test]
fn a_hole_that_was_filled() {
    let mut desk = Desk::open(330);
    let (ticket, failure) =
        (desk.ticket(Slot::Tail), Failure::new("loki", Cause::Unreachable("connection reset".into())));
    let retry_at = desk.moment(333);
    desk.tell(Fact::TailBroken { ticket, failure, attempt: 1, retry_at });
    desk.silent.insert(Slot::Tail);
    desk.until(333);
    let gap = Window { start: desk.moment(330), end: desk.moment(333) };
    let refill = RefillNote { gap, filled: 12, missing: Some(0), why: None, twice: 0 };
    desk.tell(Fact::TailConnected { ticket, refill: Some(refill), lines: Vec::new() });
    desk.silent.remove(&Slot::Tail);
    desk.until(339);
    desk.press("4 f f");
    shows("logs_hole_filled_120x40", &desk.frame(120, 40));
}

#[test]
fn what_shows_nowhere_is_counted_and_says_who_left_it_out() {
    let mut desk = Desk::open(330);
    let ticket = desk.ticket(Slot::Tail);
    let gap = Window { start: desk.moment(328), end: desk.moment(329) };
    let refill = RefillNote { gap, filled: 5_000, missing: Some(12_345), why: None, twice: 0 };
    desk.tell(Fact::TailConnected { ticket, refill: Some(refill), lines: Vec::new() });
    desk.tell(Fact::Lines { ticket, lines: Vec::new(), dropped: 1_476, overrun: 0 });
    desk.press("4 f f");
    let frame = desk.frame(120, 40);
    assert!(frame.contains("dropped: ≥1476 by the server ") && !frame.contains("here"), "{frame}");
    assert!(frame.contains("catches up with: 18:35:28.000 – 18:35:29.000, 12345 not read"), "{frame}");
    desk.tell(Fact::Lines { ticket, lines: Vec::new(), dropped: 0, overrun: 70 });
    let frame = desk.frame(120, 40);
    assert!(frame.contains("dropped: ≥1476 there, 70 here"), "{frame}");
}

#[test]
fn a_hole_that_nobody_could_count_claims_no_more_than_is_known() {
    let mut desk = Desk::open(330);
    let ticket = desk.ticket(Slot::Tail);
    let gap = Window { start: desk.moment(328), end: desk.moment(329) };
    let mut tell = |why| {
        let refill = RefillNote { gap, filled: 5_000, missing: None, why: Some(Box::new(why)), twice: 0 };
        desk.tell(Fact::TailConnected { ticket, refill: Some(refill), lines: Vec::new() });
        desk.press("4 f f");
        let frame = desk.frame(160, 40);
        desk.press("f");
        frame
    };
    let frame = tell(Unknown::Uncounted(Cause::TimedOut(Duration::from_secs(9))));
    let words = "18:35:28.000 – 18:35:29.000, how many: not known (the count failed: no answer within 9 s)";
    assert!(frame.contains(words) && !frame.contains("could not be read"), "{frame}");
    let frame = tell(Unknown::Unread(Cause::TooLarge(16 * 1024 * 1024)));
    let words = "what came since 18:35:28.000 and before the tail could not be read: answer larger than 16 MiB";
    assert!(frame.contains(words), "{frame}");
}

#[test]
fn a_line_that_is_longer_than_the_screen_is_read_to_its_end() {
    let mut desk = Desk::six_minutes();
    let last = Line::from(&desk.room.logs.line_at(desk.room.logs.view.lines() - 1).expect("a line"));
    let words: Vec<String> = (1..=2_000).map(|number| format!("word{number}")).collect();
    let raw = format!("ERROR {}… [3145728 bytes cut]", words.join(" "));
    let line = Line { raw: raw.into(), ..last };
    let ticket = desk.ticket(Slot::Tail);
    desk.tell(Fact::Lines { ticket, lines: vec![line], dropped: 0, overrun: 0 });
    desk.press("4 G d").shows("line_long");
    let first = desk.frame(120, 40);
    let second = desk.press("j").frame(120, 40);
    assert_eq!(first.lines().nth(3), second.lines().nth(2));
    assert_ne!(first, second);
    assert_eq!(desk.press("k").frame(120, 40), first);
    let page = desk.press("<PgDn>").frame(120, 40);
    assert_eq!(first.lines().nth(38), page.lines().nth(2));
    assert_eq!(desk.press("<PgUp>").frame(120, 40), first);
    desk.press("G").shows("line_long_end");
    let end = desk.frame(120, 40);
    assert!(end.contains("word2000… [3145728 bytes cut]"), "{end}");
    // Nothing lies behind the last row, and one step back is one row.
    assert_eq!(desk.press("j <PgDn>").frame(120, 40), end);
    assert_eq!(desk.press("k").frame(120, 40).lines().nth(3), end.lines().nth(2));
    assert_eq!(desk.press("g").frame(120, 40), first);
}

#[test]
fn lines_that_come_below_those_that_are_looked_at_are_counted_in_the_title() {
    let mut desk = Desk::six_minutes();
    desk.press("4 k k k k");
    assert!(!desk.frame(120, 40).contains("below: G"));
    desk.until(372);
    let (width, rows) = (80, 24);
    for (columns, rows) in [(120, 40), (width, rows)] {
        let frame = desk.frame(columns, rows);
        let below = desk.room.logs.view.len() - desk.room.logs.cursor.offset - desk.room.logs.cursor.height;
        assert!(below > 0 && frame.contains(&format!("▼ {below} below: G")), "{frame}");
    }
    desk.press("G");
    assert!(!desk.frame(120, 40).contains("below: G"));
}
