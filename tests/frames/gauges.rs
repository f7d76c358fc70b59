//! Pane 1: the SLOs, in the corner, over the whole screen, and on a calm evening.

use super::scene::{Desk, shows};

#[test]
fn focused() {
    Desk::six_minutes().press("1 j").shows("gauges");
}

#[test]
fn over_the_whole_screen() {
    let mut desk = Desk::six_minutes();
    desk.press("1 f f");
    shows("gauges_full_120x40", &desk.frame(120, 40));
    shows("gauges_full_80x24", &desk.frame(80, 24));
}

#[test]
fn calm() {
    let mut desk = Desk::calm();
    desk.press("1").shows("calm");
}

#[test]
fn nothing_heard_yet() {
    Desk::quiet(360).shows("nothing_heard");
}
