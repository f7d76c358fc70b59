//! Pane 5: the page that fits, its steps, the list of pages.

use super::scene::{Desk, shows};

#[test]
fn the_page_of_what_burns() {
    Desk::six_minutes().press("1 r").shows("runbook");
}

#[test]
fn steps_are_ticked_and_passed_over() {
    let mut desk = Desk::six_minutes();
    desk.press("1 r T j P").type_text("nobody may write to production");
    shows("runbook_pass_reason_120x40", &desk.frame(120, 40));
    desk.press("<Enter>");
    shows("runbook_steps_120x40", &desk.frame(120, 40));
}

#[test]
fn all_pages() {
    Desk::six_minutes().press("5").shows("runbooks");
}
