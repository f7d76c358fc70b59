//! Pane 5: the page that fits, its steps, the list of pages.

use warroom::domain::runbook::Block;

use super::scene::{Desk, shows};

#[test]
fn the_page_of_what_burns() {
    Desk::six_minutes().press("1 r").shows("runbook");
}

#[test]
fn steps_are_ticked_and_passed_over() {
    let mut desk = Desk::six_minutes();
    desk.press("1 r");
    to_the_next_step(&mut desk);
    desk.press("T j");
    to_the_next_step(&mut desk);
    desk.press("P").type_text("nobody may write to production");
    shows("runbook_pass_reason_120x40", &desk.frame(120, 40));
    desk.press("<Enter>");
    shows("runbook_steps_120x40", &desk.frame(120, 40));
}

fn to_the_next_step(desk: &mut Desk) {
    let is_step = |desk: &Desk| matches!(desk.room.runbook.selected(), Some((_, Block::Step { .. })));
    for _ in 0..40 {
        if is_step(desk) {
            return;
        }
        desk.press("j");
    }
    panic!("no step on the page");
}

#[test]
fn all_pages() {
    Desk::six_minutes().press("5").shows("runbooks");
}
