//! The slow bookings: the first notice, a few minutes after which nothing else has said a word; and the work on it.

use super::scene::Desk;

#[test]
fn the_notice_comes_before_anything_pages() {
    let mut desk = Desk::booking(765);
    desk.shows("booking_notice");
}

#[test]
fn half_an_hour_later_who_is_slow_and_why_is_on_the_screen() {
    let mut desk = Desk::booking(1_920);
    desk.shows("booking_trace");
}

#[test]
fn what_changed_names_the_flag() {
    let mut desk = Desk::booking(1_920);
    desk.press(",w");
    desk.shows("booking_changes");
    let frame = desk.frame(120, 40);
    let row = |words: &str| frame.lines().position(|line| line.contains(words)).expect(words);
    assert!(row("First suspects") < row("multi-room 25 % → 50 %"), "{frame}");
    assert!(frame.contains("the responsible service; by flagctl; seen: grafana mark"), "{frame}");
}

#[test]
fn a_query_that_the_server_refuses_shows_where() {
    let mut desk = Desk::booking(765);
    desk.press(";").type_text("sum(rate(up by (job)[5m]))");
    desk.shows("query_typed");
    desk.press("<Enter>");
    desk.shows("query_refused");
    let frame = desk.frame(80, 24);
    let rows: Vec<&str> = frame.lines().collect();
    let at = |row: &str, sign: char| row.chars().position(|letter| letter == sign);
    assert_eq!(at(rows[21], 'b'), at(rows[22], '▲'), "{frame}");
}
