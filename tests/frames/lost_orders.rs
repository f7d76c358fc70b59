//! The war room six and twelve minutes into the lost orders, at the sizes that have an arrangement of their own.

use warroom::room::{Pane, Zoom};

use super::scene::{calm, frame, lost_orders, paste, press, toast, unheard, wait};

#[test]
fn two_columns() {
    let mut room = lost_orders(6.0);
    toast(&mut room, "ack confirmed");
    insta::assert_snapshot!(frame(&mut room, 120, 40));
}

#[test]
fn one_column_of_folded_panes() {
    let mut room = lost_orders(6.0);
    toast(&mut room, "ack confirmed");
    insta::assert_snapshot!(frame(&mut room, 80, 24));
}

#[test]
fn three_columns_with_a_runbook() {
    let mut room = lost_orders(12.0);
    press(&mut room, "r");
    insta::assert_snapshot!(frame(&mut room, 200, 60));
}

#[test]
fn portrait() {
    insta::assert_snapshot!(frame(&mut lost_orders(6.0), 80, 60));
}

#[test]
fn each_pane_has_the_small_screen() {
    for (pane, name) in Pane::ALL.into_iter().zip(["gauges", "timeline", "waterfall", "logs", "runbook"]) {
        let mut room = lost_orders(6.0);
        room.focus = pane;
        insta::assert_snapshot!(format!("small_{name}"), frame(&mut room, 80, 24));
    }
}

#[test]
fn each_pane_has_the_whole_screen() {
    for (pane, name) in Pane::ALL.into_iter().zip(["gauges", "timeline", "waterfall", "logs", "runbook"]) {
        let mut room = lost_orders(6.0);
        room.focus = pane;
        room.zoom = Zoom::Full;
        room.waterfall.details = true;
        insta::assert_snapshot!(format!("whole_{name}"), frame(&mut room, 120, 40));
    }
}

#[test]
fn one_pane_and_its_tabs() {
    insta::assert_snapshot!(frame(&mut lost_orders(6.0), 56, 15));
}

#[test]
fn one_line() {
    let mut room = lost_orders(6.0);
    let text = frame(&mut room, 19, 4);
    assert!(text.starts_with("▲ order-routing"), "{text}");
}

#[test]
fn a_note_over_the_timeline() {
    let mut room = lost_orders(9.0);
    wait(&mut room, 10);
    press(&mut room, "i");
    paste(&mut room, "o trace: pricing 95.6 % of the critical path");
    let text = frame(&mut room, 100, 30);
    for kept in ["H1 rejected", "observation", "o trace: pricing 95.6 % of the critical path"] {
        assert!(text.contains(kept), "{kept}: {text}");
    }
    insta::assert_snapshot!(text);
}

#[test]
fn keys() {
    let mut room = lost_orders(6.0);
    press(&mut room, "?");
    insta::assert_snapshot!(frame(&mut room, 100, 30));
}

#[test]
fn frozen() {
    let mut room = lost_orders(6.0);
    press(&mut room, "<space>");
    wait(&mut room, 95);
    let text = frame(&mut room, 120, 40);
    let header = text.lines().next().unwrap_or_default();
    assert!(header.contains("frozen 18:36:00 −1:35"), "{header}");
}

#[test]
fn a_calm_day() {
    let mut room = calm();
    press(&mut room, "1");
    insta::assert_snapshot!(frame(&mut room, 120, 40));
}

#[test]
fn nothing_heard_yet() {
    let mut room = unheard(6.0);
    wait(&mut room, 8);
    let text = frame(&mut room, 120, 40);
    assert!(!text.contains('✓'), "nothing is well before anything was heard: {text}");
    insta::assert_snapshot!(text);
}
