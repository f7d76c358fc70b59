//! Whether the selected kind of lines was there before the incident: when it is asked, what becomes of the answer.

use std::time::Duration;

use super::super::effect::{Ask, Effect, Effects};
use super::super::pane::KindBefore;
use super::super::room::Room;
use super::super::ticket::Slot;
use crate::domain::Failure;
use crate::domain::query::of_kind;
use crate::domain::signal::{Earlier, Level, Pattern, Seq};

/// Lines that are looked through, from the last one back, for one of the kind.
const LOOKED_THROUGH: u64 = 20_000;
/// Kinds whose answer is kept.
const KEPT: usize = 64;

/// After every message: the kind under the cursor is asked for once, while kinds show.
pub(super) fn ask(room: &mut Room, out: &mut Effects) {
    let part = &room.logs.patterns;
    if !part.has_cursor() || part.is_counting || room.settings.logs_alone {
        return;
    }
    let (Some(until), Some(pattern)) = (room.impact_start(), part.selected()) else { return };
    let kind = KindBefore::new(pattern, until);
    if part.asked.as_ref() == Some(&kind) || part.earlier.iter().any(|(known, _)| *known == kind) {
        return;
    }
    let query = question(room, pattern);
    room.logs.patterns.asked = Some(kind);
    // What was asked for another kind is for nobody.
    let ticket = room.tickets.draw(Slot::Earlier);
    match query {
        Some(query) => out.push(Effect::Fetch { ticket, ask: Ask::Earlier { query, until } }),
        None => {
            out.push(Effect::Drop(Slot::Earlier));
            take(room, Earlier { until, over: Duration::ZERO, lines: 0, refused: None });
        }
    }
}

pub(super) fn take(room: &mut Room, earlier: Earlier) {
    let part = &mut room.logs.patterns;
    let Some(kind) = part.asked.take() else { return };
    if part.earlier.len() >= KEPT {
        part.earlier.remove(0);
    }
    part.earlier.push((kind, earlier));
}

pub(super) fn failed(room: &mut Room, failure: Failure) {
    let Some(until) = room.impact_start() else { return };
    take(room, Earlier { until, over: Duration::ZERO, lines: 0, refused: Some(failure) });
}

/// What was refused may be asked again.
pub(super) fn forget_refused(room: &mut Room) {
    room.logs.patterns.earlier.retain(|(_, earlier)| earlier.refused.is_none());
    room.logs.patterns.asked = None;
}

fn question(room: &Room, pattern: &Pattern) -> Option<String> {
    let (book, from) = (&room.logs.book, room.logs.book.end_seq().0);
    let lines = (from.saturating_sub(LOOKED_THROUGH)..from).rev().filter_map(|seq| book.get(Seq(seq)));
    let is_of_kind = |level: Level, service: &str| level == pattern.level && *service == *pattern.service;
    let sample = lines
        .filter(|line| is_of_kind(line.level, line.service) && !line.is_pending())
        .find(|line| pattern.template.matches(line.text))?;
    let template = (&pattern.template, pattern.count);
    of_kind(&room.logs.query, (&pattern.service, sample.stream), template, sample.raw)
}
