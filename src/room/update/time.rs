//! The Time group: the window, the one time cursor, how clocks are written.

use super::super::command::Command;
use super::super::effect::Effects;
use super::super::mode::{Mode, Prompt, PromptKind};
use super::super::pane::Pane;
use super::super::room::{ClockStyle, Room};
use super::super::time::parse_moment;
use super::{ask, follow, reach, selection, steps};
use crate::domain::Timestamp;

pub(super) fn shift(room: &mut Room, back: bool, out: &mut Effects) {
    if !back && !room.lens.is_frozen() {
        room.explain("this is now: nothing is later");
        return;
    }
    room.lens.shift(back, room.now);
    look(room, out);
    ask::search(room, out);
}

pub(super) fn zoom(room: &mut Room, shorter: bool, out: &mut Effects) {
    if room.lens.zoom(shorter, room.now) {
        ask::search(room, out);
    } else {
        room.explain(if shorter { "no window is shorter" } else { "no window is longer" });
    }
}

/// Back to now; what waited behind the freeze shows.
pub(super) fn live(room: &mut Room, out: &mut Effects) {
    if !room.lens.is_frozen() {
        room.explain("live already");
        return;
    }
    room.lens.live(room.now);
    room.logs.cursor.follow = true;
    room.logs.grow();
    room.timeline.cursor.follow = true;
    room.timeline.lay_out(room.now);
    ask::search(room, out);
}

pub(super) fn freeze(room: &mut Room, out: &mut Effects) {
    if room.lens.is_frozen() {
        live(room, out);
    } else {
        go_to(room, room.now, out);
    }
}

/// Freezes at a moment; every pane goes there.
pub(super) fn go_to(room: &mut Room, at: Timestamp, out: &mut Effects) {
    room.lens.freeze(at, room.now);
    look(room, out);
    ask::search_moment(room, out);
}

/// All panes to the moment of the lens; lines that are not here yet are asked for.
fn look(room: &mut Room, out: &mut Effects) {
    let at = room.lens.moment(room.now);
    follow::align_all(room, at);
    reach::reach(room, at, out);
}

/// The event of the record before or after the moment that is looked at.
pub(super) fn event(room: &mut Room, back: bool, out: &mut Effects) {
    let at = room.lens.moment(room.now);
    let moments = room.timeline.timeline.effective().map(|entry| entry.happened);
    let found = if back {
        moments.filter(|moment| *moment < at).max()
    } else {
        moments.filter(|moment| *moment > at && *moment <= room.now).min()
    };
    match found {
        Some(at) => go_to(room, at, out),
        None => room.explain(if back { "no event before this" } else { "no event after this" }),
    }
}

/// All panes to where the focused one's cursor stands.
pub(super) fn centre(room: &mut Room, out: &mut Effects) {
    let at = selection::time(room).or(room.lens.cursor);
    let Some(at) = at else {
        room.explain(format!("a row of the {} has no time of its own", room.focus.word()));
        return;
    };
    room.lens.freeze(at, room.now);
    room.lens.surround(at.min(room.now), room.now);
    follow::align(room, at);
    for pane in Pane::ALL {
        steps::cursor(room, pane).centre();
    }
    if room.focus != Pane::Waterfall {
        ask::search_moment(room, out);
    }
}

pub(super) fn ask(room: &mut Room) {
    room.mode = Mode::Asking(Box::new(Prompt::new(PromptKind::GoTo, "")));
}

/// What was typed after `@`; words when it is no time.
pub(super) fn answered(room: &mut Room, text: &str, out: &mut Effects) -> Result<(), &'static str> {
    let at = parse_moment(text, room.now, &room.settings.zone, room.impact_start())?;
    if at > room.now {
        return Err("that is in the future");
    }
    go_to(room, at, out);
    Ok(())
}

pub(super) fn cycle_clock(room: &mut Room) {
    let (style, words) = match room.clock_style {
        ClockStyle::Utc => (ClockStyle::Zone, format!("clocks in {}", room.settings.zone.name)),
        ClockStyle::Zone if room.impact_start().is_some() => {
            (ClockStyle::SinceStart, "clocks from the start of the impact".to_owned())
        }
        ClockStyle::Zone | ClockStyle::SinceStart => (ClockStyle::Utc, "clocks in UTC".to_owned()),
    };
    room.clock_style = style;
    room.explain(format!("{words}; {} goes on", room.key_of(Command::CycleClock)));
}
