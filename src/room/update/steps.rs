//! Moving: rows, pages, panes, sideways.

use super::super::command::Command;
use super::super::effect::Effects;
use super::super::mode::Mode;
use super::super::pane::{Cursor, Pane};
use super::super::room::Room;
use super::{follow, reach};

/// Columns of one step sideways.
const SIDEWAYS: u16 = 16;
/// Columns of one step of the divider.
const DIVIDER: i16 = 2;
/// How far the divider goes from its usual place.
const DIVIDER_REACH: i16 = 40;

/// The cursor of what a pane shows.
pub(super) fn cursor(room: &mut Room, pane: Pane) -> &mut Cursor {
    match pane {
        Pane::Gauges => &mut room.gauges.cursor,
        Pane::Timeline => &mut room.timeline.cursor,
        Pane::Waterfall => room.waterfall.cursor_mut(),
        Pane::Logs => room.logs.cursor_mut(),
        Pane::Runbook => &mut room.runbook.cursor,
    }
}

pub(super) fn step(room: &mut Room, command: Command, out: &mut Effects) {
    let pane = room.focus;
    let can_follow = match pane {
        Pane::Logs => room.logs.shows_tail() && !room.lens.is_frozen(),
        Pane::Timeline => !room.lens.is_frozen(),
        _ => false,
    };
    let cursor = cursor(room, pane);
    if cursor.total == 0 {
        let why = empty(room, pane);
        room.explain(why);
        return;
    }
    let was_first = cursor.selected == 0;
    match command {
        Command::Down => {
            cursor.follow |= can_follow && cursor.is_last();
            cursor.step(1);
        }
        Command::Up => cursor.step(-1),
        Command::First => cursor.first(),
        Command::Last => {
            cursor.last();
            cursor.follow = can_follow;
        }
        Command::HalfPageDown => cursor.page_down(2),
        Command::HalfPageUp => cursor.page_up(2),
        Command::PageDown => cursor.page_down(1),
        Command::PageUp => cursor.page_up(1),
        _ => {}
    }
    if pane == Pane::Logs
        && was_first
        && room.logs.shows_tail()
        && matches!(command, Command::Up | Command::First | Command::PageUp)
    {
        reach::ask_older(room, out);
    }
    if pane == Pane::Waterfall {
        room.waterfall.chosen = true;
    }
    follow::selection_moved(room);
}

fn empty(room: &Room, pane: Pane) -> &'static str {
    match pane {
        Pane::Gauges => "no SLO is configured",
        Pane::Timeline => "nothing is recorded yet",
        Pane::Waterfall if room.waterfall.list_state.is_asked() => "traces are being asked for",
        Pane::Waterfall => "no trace in this window",
        Pane::Logs if room.logs.patterns.has_cursor() => "no line of any kind is here yet",
        Pane::Logs if room.lens.filter.is_empty() => "no line of this level yet; :show-all shows every level",
        Pane::Logs => "no line answers to the filter",
        Pane::Runbook => "no runbook is known",
    }
}

pub(super) fn next_pane(room: &mut Room, back: bool) {
    let panes =
        if room.runbook.open { &Pane::ALL[..] } else { Pane::ALL.split_last().map_or(&[][..], |(_, rest)| rest) };
    let at = panes.iter().position(|pane| *pane == room.focus).unwrap_or(0);
    let next =
        if back { at.checked_sub(1).unwrap_or(panes.len().saturating_sub(1)) } else { (at + 1) % panes.len().max(1) };
    room.focus = panes.get(next).copied().unwrap_or(room.focus);
}

pub(super) fn focus(room: &mut Room, command: Command) {
    room.focus = match command {
        Command::FocusGauges => Pane::Gauges,
        Command::FocusTimeline => Pane::Timeline,
        Command::FocusWaterfall => Pane::Waterfall,
        Command::FocusLogs => Pane::Logs,
        _ => {
            room.runbook.open = true;
            room.runbook.lay_out();
            Pane::Runbook
        }
    };
}

pub(super) fn sideways(room: &mut Room, left: bool) {
    match room.focus {
        Pane::Logs => {
            let text = room.logs.sideways;
            room.logs.sideways =
                if left { text.saturating_sub(SIDEWAYS) } else { text.saturating_add(SIDEWAYS).min(4_096) };
        }
        Pane::Waterfall => {
            let step = if left { -DIVIDER } else { DIVIDER };
            room.waterfall.divider = room.waterfall.divider.saturating_add(step).clamp(-DIVIDER_REACH, DIVIDER_REACH);
        }
        pane => room.explain(format!("nothing in the {} is wider than its pane", pane.word())),
    }
}

pub(super) fn set_height(room: &mut Room, pane: Pane, height: usize) {
    room.heights.insert(pane, height);
    match pane {
        Pane::Gauges => room.gauges.cursor.set_height(height),
        Pane::Timeline => room.timeline.cursor.set_height(height),
        Pane::Waterfall => {
            room.waterfall.list_cursor.set_height(height);
            room.waterfall.cursor.set_height(height);
            room.waterfall.findings.cursor.set_height(height);
            room.waterfall.twin_cursor.set_height(height);
            room.waterfall.investigation.cursor.set_height(height);
        }
        Pane::Logs => {
            if room.logs.patterns.has_cursor() {
                room.logs.patterns.cursor.set_height(height);
            } else {
                room.logs.cursor.set_height(height);
            }
            let beside = room.logs.around.as_mut().and_then(|around| around.beside.as_mut());
            beside.into_iter().for_each(|beside| beside.cursor.set_height(height));
            for lines in room.logs.of_trace.iter_mut().chain(room.logs.lines_of_open.iter_mut()) {
                lines.cursor.set_height(height);
            }
        }
        Pane::Runbook => room.runbook.cursor.set_height(height),
    }
}

pub(super) fn set_overlay_height(room: &mut Room, height: usize) {
    match &mut room.mode {
        Mode::Asking(prompt) => prompt.cursor.set_height(height),
        Mode::Places(view) => view.cursor.set_height(height),
        _ => {}
    }
}
