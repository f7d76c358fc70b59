//! The other signal of a gauge and of an entry: an exemplar, what was on the screen. That of spans and lines is in `signals.rs`.

use super::super::effect::{Ask, Effect, Effects};
use super::super::fact::Example;
use super::super::pane::Pane;
use super::super::room::Room;
use super::super::ticket::Slot;
use super::{ask, selection, time, way};
use crate::domain::Failure;
use crate::domain::incident::{Entry, Kind};

/// Asks for a trace behind the selected gauge.
pub(super) fn ask_exemplar(room: &mut Room, out: &mut Effects) {
    let slo = room.gauges.selected().map(|judgement| judgement.slo.clone());
    let Some(slo) = slo.and_then(|slo| room.gauges.slo(&slo).cloned()) else {
        return room.explain("no SLO is on this row");
    };
    let ticket = room.tickets.draw(Slot::Exemplar);
    room.explain(format!("an exemplar of {} is asked for", slo.name));
    out.push(Effect::Fetch { ticket, ask: Ask::Exemplar { slo, window: room.lens.window } });
}

/// What was found is opened while the gauges still have the focus: who went on is not called back.
pub(super) fn take_exemplar(room: &mut Room, found: Option<Box<Example>>, out: &mut Effects) {
    if room.focus != Pane::Gauges {
        return;
    }
    let Some(example) = found else { return failing_trace(room, "no exemplar is kept", out) };
    way::remember(room);
    room.waterfall.chosen = true;
    let around = example.at.map(selection::on_both_sides);
    ask::open_trace(room, example.trace, example.span, around, out);
    room.focus = Pane::Waterfall;
    let took = selection::nanos_text(example.took_nanos);
    room.explain(if example.is_exemplar {
        format!("an exemplar: {took}")
    } else {
        format!("no exemplar is kept: the worst trace, {took}")
    });
}

pub(super) fn exemplar_failed(room: &mut Room, failure: &Failure, out: &mut Effects) {
    if room.focus == Pane::Gauges {
        failing_trace(room, &failure.to_string(), out);
    }
}

/// The list has failing traces first.
fn failing_trace(room: &mut Room, why: &str, out: &mut Effects) {
    let first = room.waterfall.list.first().filter(|summary| summary.errors.is_some_and(|errors| errors > 0)).cloned();
    match first {
        Some(summary) => {
            way::remember(room);
            room.waterfall.chosen = true;
            ask::open_summary(room, &summary, out);
            room.focus = Pane::Waterfall;
            room.explain(format!("{why}: the latest failing trace"));
        }
        None => room.explain(format!("{why}, and no failing trace is known in this window")),
    }
}

/// The timeline, on an entry.
pub(super) fn to_entry(room: &mut Room, entry: uuid::Uuid) {
    if let Some(row) = room.timeline.row_of(entry) {
        room.timeline.cursor.follow = false;
        room.timeline.cursor.select(row);
    }
    room.focus = Pane::Timeline;
}

/// What was on the screen when the selected entry was written: its moment, the trace, the gauge, the line. False when it
/// carries nothing.
pub(super) fn evidence(room: &mut Room, out: &mut Effects) -> bool {
    let Some(entry) = room.timeline.selected().cloned() else { return false };
    let gauge = slo_of(room, &entry);
    let trace = selection::trace(room);
    if gauge.is_none() && entry.evidence.is_empty() {
        return false;
    }
    way::remember(room);
    let of = |about: &str| entry.evidence.iter().find(|evidence| evidence.about == *about);
    let moment = of("line").or_else(|| entry.evidence.first()).and_then(|evidence| evidence.at);
    if let Some(at) = moment {
        time::go_to(room, at, out);
    }
    if let Some(row) = gauge {
        room.gauges.cursor.select(row);
        room.focus = Pane::Gauges;
    }
    if of("line").is_some() {
        room.logs.of_trace = None;
        room.focus = Pane::Logs;
    }
    if let Some((trace, span)) = trace {
        let around = moment.map(selection::on_both_sides);
        room.waterfall.chosen = true;
        ask::open_trace(room, trace, span, around, out);
        room.focus = Pane::Waterfall;
    }
    let key = room.key_of(super::super::command::Command::Back);
    match moment {
        Some(_) => room.explain(format!("as it was seen then; {key} goes back")),
        None => room.explain(format!("{key} goes back")),
    }
    true
}

/// The gauge that an entry tells of.
fn slo_of(room: &Room, entry: &Entry) -> Option<usize> {
    let by_evidence = entry.evidence.iter().find_map(|evidence| evidence.slo.clone());
    let slo = by_evidence.or_else(|| match &entry.kind {
        Kind::ZoneChanged { slo, .. } => Some(slo.clone()),
        Kind::ImpactStarted => room.impact.slo.clone(),
        Kind::AlertFired { fingerprint, .. } => {
            let alert = room.alerts.iter().find(|alert| alert.fingerprint == *fingerprint)?;
            alert.labels.first_of(&["slo", "sloth_slo"]).cloned()
        }
        _ => None,
    })?;
    room.gauges.row_of(&slo)
}
