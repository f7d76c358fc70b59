//! Pane 2: the record.

use super::scene::{Desk, shows};

#[test]
fn focused() {
    Desk::six_minutes().press("2 k k").shows("timeline");
}

#[test]
fn a_hypothesis_and_its_end() {
    let mut desk = Desk::open(550);
    desk.press("2");
    shows("timeline_hypothesis_120x40", &desk.frame(120, 40));
}

#[test]
fn the_time_cursor_stands_on_an_event() {
    let mut desk = Desk::six_minutes();
    desk.press("2 { { .");
    assert!(desk.room.lens.is_frozen());
    desk.shows("timeline_frozen");
}
