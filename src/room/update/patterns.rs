//! The kinds of lines: shown, looked into, left again.

use super::super::command::Command;
use super::super::effect::Effects;
use super::super::pane::PatternsShown;
use super::super::room::Room;
use super::{find, follow, reach};
use crate::domain::filter::Filter;

/// Lines, kinds over lines, kinds alone, and again. Out of one kind's lines it goes back to all kinds.
pub(super) fn cycle(room: &mut Room, out: &mut Effects) {
    room.focus = super::super::pane::Pane::Logs;
    room.logs.of_trace = None;
    if room.logs.patterns.shown == PatternsShown::Lines && go_back(room) {
        return;
    }
    room.logs.patterns.shown = match room.logs.patterns.shown {
        PatternsShown::Lines => PatternsShown::Both,
        PatternsShown::Both => PatternsShown::Patterns,
        PatternsShown::Patterns => PatternsShown::Lines,
    };
    follow::selection_moved(room);
    room.logs.patterns.pages = 0;
    reach::trace_back(room, out);
}

pub(super) fn hide(room: &mut Room) {
    room.logs.patterns.shown = PatternsShown::Lines;
}

/// The lines of the selected kind.
pub(super) fn open(room: &mut Room) {
    let Some(pattern) = room.logs.patterns.selected() else { return room.explain("no kind of line is on this row") };
    let filter = Filter::of_pattern(&pattern.service, pattern.level.word(), &pattern.template.to_string());
    let before = (room.lens.filter.clone(), room.logs.level, filter.clone());
    room.logs.patterns.shown = PatternsShown::Lines;
    find::set_filter(room, &filter.to_string());
    room.logs.patterns.left = Some(before);
    room.logs.cursor.last();
    let key = room.key_of(Command::Close);
    room.explain(format!("the lines of this kind alone; {key} goes back to all kinds"));
}

/// From the lines of one kind back to all kinds; false when that is not where one is.
pub(super) fn go_back(room: &mut Room) -> bool {
    let Some((filter, level, of_kind)) = room.logs.patterns.left.take() else { return false };
    if room.lens.filter != of_kind || room.logs.level != level {
        return false;
    }
    room.logs.patterns.shown = PatternsShown::Both;
    find::set_filter(room, &filter.to_string());
    true
}
