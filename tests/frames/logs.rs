//! Pane 4: the tail, its filter, and the lines of a trace.

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
fn a_hole_that_was_filled() {
    let mut desk = Desk::open(330);
    let (ticket, failure) =
        (desk.ticket(Slot::Tail), Failure::new("loki", Cause::Unreachable("connection reset".into())));
    let retry_at = desk.moment(333);
    desk.tell(Fact::TailBroken { ticket, failure, attempt: 1, retry_at });
    desk.silent.insert(Slot::Tail);
    desk.until(333);
    let gap = Window { start: desk.moment(330), end: desk.moment(333) };
    let refill = RefillNote { gap, filled: 12, complete: true, twice: 0 };
    desk.tell(Fact::TailConnected { ticket, refill: Some(refill), lines: Vec::new() });
    desk.silent.remove(&Slot::Tail);
    desk.until(339);
    desk.press("4 f f");
    shows("logs_hole_filled_120x40", &desk.frame(120, 40));
}
