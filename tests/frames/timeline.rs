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
fn what_changed_says_where_it_was_seen() {
    let mut desk = Desk::six_minutes();
    desk.press(",w");
    desk.shows("changes");
    let frame = desk.frame(120, 40);
    assert_eq!(frame.matches("pricing 2.13.4 → 2.14.0").count(), 1, "{frame}");
    assert!(frame.contains("prometheus kube_pod_container_info + target_info, tempo spans, loki lines"), "{frame}");
    assert!(desk.ascii(80, 24).lines().any(|line| line.starts_with(" < 18:10:00")), "{}", desk.ascii(80, 24));
}

#[test]
fn the_time_cursor_stands_on_an_event() {
    let mut desk = Desk::six_minutes();
    desk.press("2 { { .");
    assert!(desk.room.lens.is_frozen());
    desk.shows("timeline_frozen");
}
