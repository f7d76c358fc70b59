//! The whole screen at the sizes at which its arrangement changes, and how it looks in ASCII.

use super::scene::{Desk, shows};

#[test]
fn six_minutes_into_it() {
    let mut desk = Desk::six_minutes();
    shows("whole_120x40", &desk.frame(120, 40));
    shows("whole_120x40_ascii", &desk.ascii(120, 40));
    shows("whole_80x24", &desk.frame(80, 24));
}
