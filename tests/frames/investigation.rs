//! One timeline for one trace: everything under one axis, to the cell.

use super::scene::{Desk, shows};

#[test]
fn the_trace_of_the_story() {
    let mut desk = Desk::six_minutes();
    desk.press("t").shows("investigation");
    shows("investigation_ascii_80x24", &desk.ascii(80, 24));
}

#[test]
fn the_deploy_before_it_stretches_the_axis() {
    let mut desk = Desk::six_minutes();
    desk.press("t { {");
    desk.press("gg").shows("investigation_deploy");
}

#[test]
fn zoomed_in_on_a_line() {
    let mut desk = Desk::six_minutes();
    desk.press("t x + +");
    shows("investigation_line_120x40", &desk.frame(120, 40));
}

#[test]
fn without_its_lines() {
    let mut desk = Desk::open(360);
    desk.silent.insert(warroom::room::Slot::TraceLines);
    desk.target(super::scene::EXEMPLAR);
    desk.press("t");
    shows("investigation_no_lines_80x24", &desk.frame(80, 24));
}
