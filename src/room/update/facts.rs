//! What the world reports, sorted to who takes it. Answers to questions that are no longer the latest are left out.

use std::time::Duration;

use super::super::effect::Effects;
use super::super::fact::Fact;
use super::super::health::SourceKind;
use super::super::pane::Pane;
use super::super::room::{Attributed, Room};
use super::super::ticket::{Slot, Ticket};
use super::super::toast::ToastKind;
use super::{ask, auto, budget, changes, consequences, ledger, query, record, tail};
use crate::domain::Failure;
use crate::domain::slo::{Gauge, Measure, Reading};

/// Over how long the bytes to the terminal are counted.
const METER_OVER: Duration = Duration::from_secs(10);

pub(super) fn take(room: &mut Room, fact: Fact, out: &mut Effects) {
    if ticket_of(&fact).is_some_and(|ticket| !room.tickets.is_current(ticket)) {
        return;
    }
    match fact {
        Fact::Burn(reading) => burn(room, reading, out),
        Fact::Impact { slo, samples } => {
            auto::impact(room, slo, samples, out);
            consequences::price(room);
            consequences::watch(room, out);
        }
        Fact::Alerts { source, alerts } => auto::alerts(room, source, alerts, out),
        Fact::Deploys(deploys) => {
            auto::deploys(room, deploys, out);
            consequences::police(room, out);
        }
        Fact::Changes { source, changes: told } => changes::take(room, source, told, out),
        Fact::Summaries { summaries, .. } => ask::take_summaries(room, summaries, out),
        Fact::Trace { tree, .. } => {
            room.waterfall.show(tree, room.now);
            ask::select_span(room);
            ask::ask_lines(room, out);
        }
        Fact::Attributed { ranking, read, found } => {
            room.attribution = Some(Attributed { slow: false, ranking, read, found, at: room.now });
        }
        Fact::HeldUp { ranking, read, found } => {
            room.attribution = Some(Attributed { slow: true, ranking, read, found, at: room.now });
        }
        Fact::Queried { answer, .. } => query::answered(room, answer, out),
        Fact::Lines { lines, dropped, .. } => tail::take_lines(room, lines, dropped),
        Fact::TailConnected { refill, lines, .. } => tail::connected(room, refill, lines),
        Fact::TailBroken { failure, attempt, retry_at, .. } => tail::broken(room, failure, attempt, retry_at),
        Fact::History { lines, more, .. } => tail::take_history(room, lines, more, out),
        Fact::LookedBack { slo, past, .. } => budget::take(room, slo, past, out),
        Fact::TraceLines { lines, more, .. } => tail::take_trace_lines(room, lines, more),
        Fact::Entries(entries) => {
            ledger::take(room, entries);
            auto::catch_up(room, out);
            consequences::police(room, out);
            changes::catch_up(room, out);
        }
        Fact::Appended { id } => ledger::appended(room, id),
        Fact::NotAppended { id, reason } => ledger::not_appended(room, id, reason),
        Fact::Draft(text) => record::take_draft(room, text, out),
        Fact::Runbooks(catalog) => {
            room.runbook.catalog = catalog;
            room.runbook.lay_out();
        }
        Fact::Failed { ticket, failure } => failed(room, ticket.slot, failure, out),
        Fact::Answered { source, latency } => room.health.answered(&source, latency, room.now),
        Fact::Slow { source, since } => room.health.slow(&source, since),
        Fact::Troubled { source, failure, attempts, retry_at } => {
            room.health.troubled(&source, failure, attempts, retry_at, room.now);
        }
        Fact::Written { bytes } => written(room, bytes),
        Fact::Dropped { facts } => room.dropped_facts = room.dropped_facts.saturating_add(facts),
        Fact::Notice(text) => room.say(ToastKind::Info, text),
    }
}

const fn ticket_of(fact: &Fact) -> Option<Ticket> {
    match fact {
        Fact::Summaries { ticket, .. }
        | Fact::Trace { ticket, .. }
        | Fact::Queried { ticket, .. }
        | Fact::Lines { ticket, .. }
        | Fact::TailConnected { ticket, .. }
        | Fact::TailBroken { ticket, .. }
        | Fact::History { ticket, .. }
        | Fact::LookedBack { ticket, .. }
        | Fact::TraceLines { ticket, .. }
        | Fact::Failed { ticket, .. } => Some(*ticket),
        _ => None,
    }
}

fn burn(room: &mut Room, reading: Reading, out: &mut Effects) {
    let slo = reading.slo.clone();
    if let Some(change) = room.gauges.take(reading, room.now) {
        auto::zone_changed(room, slo.clone(), change, out);
    }
    partial(room, &slo);
    auto::price(room);
    consequences::first_zone(room, &slo);
    consequences::price(room);
    // What burns opens the war room by itself, for a responder who has not yet chosen where to look.
    let burns = room.gauges.judgements.iter().any(|judgement| judgement.state.is_firing());
    if burns && !room.touched && room.focus == Pane::Gauges {
        room.focus = Pane::Waterfall;
    }
}

/// A metrics server tells a part of the truth while the last reading of any of its SLOs says so.
fn partial(room: &mut Room, slo: &str) {
    let first = room.health.sources.iter().find(|source| source.kind == SourceKind::Prometheus);
    let first = first.map(|source| source.name.clone());
    let source_of = |name: &str| room.gauges.slo(name).and_then(|slo| slo.source.clone()).or_else(|| first.clone());
    let Some(source) = source_of(slo) else { return };
    let is_partial = |reading: &Reading| {
        reading.measures.iter().any(|(_, measure)| matches!(measure, Measure::Counts { partial: true, .. }))
    };
    let of_it = room.gauges.gauges.iter().filter(|gauge| source_of(&gauge.slo().name).as_ref() == Some(&source));
    let partial = of_it.filter_map(Gauge::last).any(is_partial);
    room.health.partial(&source, partial);
}

fn written(room: &mut Room, bytes: u64) {
    room.meter.total = room.meter.total.saturating_add(bytes);
    room.meter.recent.push((room.now, bytes));
    measure(room);
}

/// Also when nothing was written, so that the rate goes down.
pub(super) fn measure(room: &mut Room) {
    let now = room.now;
    room.meter.recent.retain(|(at, _)| now.elapsed_since(*at) < METER_OVER);
    let sum = room.meter.recent.iter().fold(0_u64, |sum, (_, bytes)| sum.saturating_add(*bytes));
    room.meter.bytes_per_second = sum / METER_OVER.as_secs();
}

/// A question failed; its pane says so and keeps what it had.
fn failed(room: &mut Room, slot: Slot, failure: Failure, out: &mut Effects) {
    let now = room.now;
    match slot {
        Slot::Search => room.waterfall.list_state = room.waterfall.list_state.failed(failure, now),
        Slot::Trace => room.waterfall.tree_state = room.waterfall.tree_state.failed(failure, now),
        Slot::TraceLines => {
            for lines in room.logs.of_trace.iter_mut().chain(room.logs.lines_of_open.iter_mut()) {
                lines.state = lines.state.failed(failure.clone(), now);
            }
        }
        Slot::LookBack => budget::failed(room, &failure),
        Slot::History => tail::history_failed(room, failure, out),
        Slot::Query => query::failed(room, &failure),
        Slot::Tail => {
            tail::broken(room, failure, 1, now);
            room.logs.is_tail_over = true;
        }
    }
}
