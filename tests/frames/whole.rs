//! The whole screen at the sizes at which its arrangement changes, and how it looks in ASCII.

use super::scene::{Desk, shows};

#[test]
fn every_arrangement() {
    let mut desk = Desk::six_minutes();
    for (width, height) in [(200, 60), (100, 30), (84, 50), (59, 15), (19, 4), (40, 1)] {
        shows(&format!("whole_{width}x{height}"), &desk.frame(width, height));
    }
}

#[test]
fn ascii_changes_signs_and_no_place() {
    let mut desk = Desk::six_minutes();
    let (unicode, ascii) = (desk.frame(120, 40), desk.ascii(120, 40));
    assert!(ascii.is_ascii(), "{ascii}");
    for (drawn, plain) in unicode.lines().zip(ascii.lines()) {
        assert_eq!(drawn.chars().count(), plain.chars().count(), "{drawn}\n{plain}");
        for (sign, letter) in drawn.chars().zip(plain.chars()) {
            assert!(sign == letter || !sign.is_ascii() && letter != '?', "{sign}\n{drawn}\n{plain}");
        }
    }
    shows("whole_120x40_ascii", &ascii);
}

#[test]
fn three_columns_with_the_runbook_open() {
    let mut desk = Desk::open(720);
    desk.target(super::scene::EXEMPLAR);
    desk.press("r");
    shows("whole_200x60_runbook", &desk.frame(200, 60));
}
