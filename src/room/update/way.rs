//! The way back from where pivots led.

use super::super::command::Command;
use super::super::effect::Effects;
use super::super::pane::{Pane, TimelineRow, WaterfallView};
use super::super::room::Room;
use super::super::way::{LONGEST_WAY, LinesPlace, Place};
use super::{ask, follow, tail};
use crate::domain::TraceId;

fn here(room: &Room) -> Place {
    let lines = match &room.logs.of_trace {
        Some(of) => LinesPlace::OfTrace(of.cursor.selected),
        None if room.logs.cursor.follow => LinesPlace::Tail(None),
        None => LinesPlace::Tail(room.logs.view.seq(room.logs.cursor.selected)),
    };
    Place {
        focus: room.focus,
        zoom: room.zoom,
        view: room.waterfall.view,
        trace: room.lens.trace.map(|trace| (trace, room.lens.span)),
        lines,
        entry: room.timeline.selected().map(|entry| entry.id),
        gauge: room.gauges.selected().map(|judgement| judgement.slo.clone()),
        window: room.lens.window,
        cursor: room.lens.cursor,
    }
}

/// Before a step that leads away from here.
pub(super) fn remember(room: &mut Room) {
    let place = here(room);
    if room.way.last() != Some(&place) {
        room.way.push(place);
        let extra = room.way.len().saturating_sub(LONGEST_WAY);
        room.way.drain(..extra);
    }
}

/// A step that was gone back in another way, to this trace.
pub(super) fn forget(room: &mut Room, trace: TraceId) {
    if room.way.last().is_some_and(|place| place.trace.is_some_and(|(known, _)| known == trace)) {
        room.way.pop();
    }
}

/// One step back; false at the beginning of the way.
pub(super) fn back(room: &mut Room, out: &mut Effects) -> bool {
    let Some(place) = room.way.pop() else { return false };
    room.lens.window = place.window;
    room.lens.cursor = place.cursor;
    room.lens.tick(room.now);
    if let Some((trace, span)) = place.trace {
        if room.lens.trace != Some(trace) && room.waterfall.trail.last().is_some_and(|(from, _)| *from == trace) {
            room.waterfall.trail.pop();
        }
        if room.lens.trace == Some(trace) {
            reselect(room, span);
        } else {
            ask::open_trace(room, trace, span, None, out);
        }
    }
    let has_trace = room.lens.trace.is_some();
    room.waterfall.view =
        if has_trace || place.view != WaterfallView::Trace { place.view } else { WaterfallView::List };
    match place.lines {
        LinesPlace::Tail(seq) => {
            room.logs.of_trace = None;
            if !room.lens.is_frozen() {
                room.logs.grow();
            }
            room.logs.cursor.follow = seq.is_none();
            let row = seq.map_or(usize::MAX, |seq| room.logs.view.position(seq));
            room.logs.cursor.select(row);
        }
        LinesPlace::OfTrace(row) => {
            tail::show_trace_lines(room, out);
            if let Some(of) = &mut room.logs.of_trace {
                of.cursor.select(row);
            }
        }
    }
    if let Some(row) = place.entry.and_then(|entry| room.timeline.row_of(entry)) {
        room.timeline.cursor.select(row);
    } else if let Some(row) = room.timeline.rows.iter().position(|row| *row == TimelineRow::Now) {
        room.timeline.cursor.select(row);
        room.timeline.cursor.follow = !room.lens.is_frozen();
    }
    if let Some(row) = place.gauge.and_then(|slo| room.gauges.row_of(&slo)) {
        room.gauges.cursor.select(row);
    }
    room.focus = place.focus;
    room.zoom = place.zoom;
    true
}

fn reselect(room: &mut Room, span: Option<crate::domain::SpanId>) {
    let row = room.waterfall.tree.as_ref().zip(span).and_then(|(tree, span)| tree.by_id(span));
    if let Some(row) = row {
        room.waterfall.select(row);
        room.lens.span = span;
        follow::note_span(room);
    }
}

/// The key for it.
pub(super) fn step_back(room: &mut Room, out: &mut Effects) {
    if !back(room, out) {
        let pivot = room.key_of(Command::Pivot);
        room.explain(format!("this is where you began: {pivot} leads to the other signal"));
    } else if room.focus == Pane::Waterfall {
        room.waterfall.chosen = true;
    }
}
