//! What the world reports, sorted to who takes it. Answers to questions that are no longer the latest are left out.

use std::sync::Arc;
use std::time::Duration;

use super::super::effect::Effects;
use super::super::fact::Fact;
use super::super::health::SourceKind;
use super::super::pane::Pane;
use super::super::room::{Attributed, Room};
use super::super::ticket::{Slot, Ticket};
use super::super::toast::ToastKind;
use super::{
    around, ask, auto, budget, changes, consequences, crossings, earlier, findings, late_price, ledger, pivot, places,
    query, reach, recall, record, search, tail, ties,
};
use crate::domain::slo::{Coverage, Gauge, Measure, Reading, Slo};
use crate::domain::trace::{is_half_of, low_half};
use crate::domain::{Cause, Failure, Symbol};

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
            crossings::catch_up(room, out);
            consequences::watch(room, out);
        }
        Fact::Alerts { source, alerts } => auto::alerts(room, source, alerts, out),
        Fact::Changes { source, changes: told } => {
            changes::take(room, source, told, out);
            consequences::police(room, out);
        }
        Fact::Summaries { summaries, .. } => ask::take_summaries(room, summaries, out),
        Fact::Trace { tree, .. } => {
            let whole = tree.trace();
            if let Some(half) = room.lens.trace.filter(|asked| is_half_of(*asked, whole)) {
                room.lens.trace = Some(whole);
                room.explain(format!("{} is the low half of {whole}", low_half(half)));
            }
            room.waterfall.show(tree, room.now);
            ask::select_span(room);
            ask::ask_lines(room, out);
            ties::ask(room, out);
            findings::refresh(room);
        }
        Fact::Attributed(findings) => {
            room.attribution = Some(Attributed { findings, at: room.now });
            findings::refresh(room);
        }
        Fact::Ties { attached, propagation, .. } => ties::take(room, attached, propagation),
        Fact::Twin { twin, .. } => ties::take_twin(room, twin),
        Fact::Exemplar { found, .. } => pivot::take_exemplar(room, found, out),
        Fact::Places { found, .. } => places::take(room, *found, out),
        Fact::Queried { answer, .. } => query::answered(room, answer, out),
        Fact::Lines { lines, dropped, overrun, .. } => tail::take_lines(room, lines, dropped, overrun),
        Fact::Sheaves { sheaves, .. } => tail::take_sheaves(room, sheaves),
        Fact::Older { sheaves, left, total, .. } => tail::take_older(room, sheaves, left, total),
        Fact::Found { found, done, .. } => search::take_found(room, found, done),
        Fact::Around { lines, .. } => around::take(room, lines),
        Fact::Earlier { earlier, .. } => earlier::take(room, earlier),
        Fact::Recalled { recall, .. } => recall::take(room, recall),
        Fact::Patterns { patterns, done, .. } => search::take_patterns(room, *patterns, done),
        Fact::TailConnected { refill, lines, .. } => tail::connected(room, refill, lines),
        Fact::TailBroken { failure, attempt, retry_at, .. } => tail::broken(room, failure, attempt, retry_at),
        Fact::History { lines, more, .. } => reach::take_history(room, lines, more, out),
        Fact::PricedLater { resolve, since, readings, .. } => late_price::take(room, resolve, since, readings, out),
        Fact::LookedBack { slo, past, .. } => budget::take(room, slo, past, out),
        Fact::TraceLines { lines, more, .. } => tail::take_trace_lines(room, lines, more),
        Fact::Entries(entries) => {
            ledger::take(room, entries);
            auto::catch_up(room, out);
            consequences::police(room, out);
            changes::catch_up(room, out);
            late_price::ask(room, out);
        }
        Fact::Appended { id } => ledger::appended(room, id),
        Fact::NotAppended { id, reason } => ledger::not_appended(room, id, reason),
        // What a responder types is not for a wall.
        Fact::Draft(_) if room.settings.board => {}
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
        Fact::Covered { slo, coverage } => {
            room.gauges.coverage.insert(slo, *coverage);
        }
        Fact::Joined { slos, instead_of } => joined(room, slos, instead_of.as_ref()),
        Fact::Warned { slo, said } => {
            room.gauges.warned.insert(slo, said);
        }
        Fact::Load { source, load } => room.health.loaded(&source, load),
        Fact::Skew { source, ahead_seconds } => room.health.skewed(&source, ahead_seconds),
        Fact::Written { bytes } => written(room, bytes),
        Fact::Link { is_slow, there_and_back } => {
            room.meter.is_slow = is_slow;
            room.meter.there_and_back = there_and_back;
        }
        Fact::Notice(text) => room.say(ToastKind::Info, text),
    }
}

const fn ticket_of(fact: &Fact) -> Option<Ticket> {
    match fact {
        Fact::Summaries { ticket, .. }
        | Fact::Trace { ticket, .. }
        | Fact::Ties { ticket, .. }
        | Fact::Twin { ticket, .. }
        | Fact::Exemplar { ticket, .. }
        | Fact::Places { ticket, .. }
        | Fact::Queried { ticket, .. }
        | Fact::Lines { ticket, .. }
        | Fact::TailConnected { ticket, .. }
        | Fact::TailBroken { ticket, .. }
        | Fact::History { ticket, .. }
        | Fact::LookedBack { ticket, .. }
        | Fact::PricedLater { ticket, .. }
        | Fact::TraceLines { ticket, .. }
        | Fact::Sheaves { ticket, .. }
        | Fact::Older { ticket, .. }
        | Fact::Found { ticket, .. }
        | Fact::Around { ticket, .. }
        | Fact::Earlier { ticket, .. }
        | Fact::Recalled { ticket, .. }
        | Fact::Patterns { ticket, .. }
        | Fact::Failed { ticket, .. } => Some(*ticket),
        _ => None,
    }
}

fn burn(room: &mut Room, reading: Reading, out: &mut Effects) {
    let slo = reading.slo.clone();
    let bound = ask::burning_bound(room);
    if let Some(change) = room.gauges.take(reading, room.now) {
        auto::zone_changed(room, slo.clone(), change, out);
    }
    partial(room, &slo);
    auto::price(room);
    consequences::first_zone(room, &slo);
    crossings::catch_up(room, out);
    consequences::price(room);
    // Other traces are slow by now than those that were asked for.
    if ask::burning_bound(room) != bound && !room.waterfall.chosen && room.waterfall.narrowed.is_none() {
        ask::search(room, out);
    }
    // What burns opens the war room by itself, for a responder who has not yet chosen where to look.
    let burns = room.gauges.judgements.iter().any(|judgement| judgement.state.is_firing());
    if burns && !room.touched && room.focus == Pane::Gauges {
        room.focus = Pane::Waterfall;
    }
}

/// Who joined is said once; what was shown in their place goes.
fn joined(room: &mut Room, slos: Vec<Arc<Slo>>, instead_of: Option<&Symbol>) {
    let Some(first) = slos.first().map(|slo| slo.name.clone()) else { return };
    let others = slos.len() - 1;
    room.gauges.join(slos, instead_of, room.settings.language, room.now);
    let more = if others > 0 { format!(" and {others} more") } else { String::new() };
    room.say(ToastKind::Info, format!("new in its group: {first}{more}"));
}

/// A metrics server tells a part of the truth while the last reading of any of its SLOs says so.
fn partial(room: &mut Room, slo: &str) {
    let first = room.health.sources.iter().find(|source| source.kind == SourceKind::Prometheus);
    let first = first.map(|source| source.name.clone());
    let source_of = |name: &str| room.gauges.slo(name).and_then(|slo| slo.source.clone()).or_else(|| first.clone());
    let Some(source) = source_of(slo) else { return };
    // A budget whose older days are still on their way is no fault of the server.
    let is_loaded = |reading: &Reading| room.gauges.coverage.get(&reading.slo).is_none_or(Coverage::is_loaded);
    let is_partial = |gauge: &Gauge| {
        let Some(reading) = gauge.last() else { return false };
        let counts = |window| window != gauge.slo().window || is_loaded(reading);
        reading
            .measures
            .iter()
            .any(|(window, measure)| matches!(measure, Measure::Counts { partial: true, .. }) && counts(*window))
    };
    let mut of_it = room.gauges.gauges.iter().filter(|gauge| source_of(&gauge.slo().name).as_ref() == Some(&source));
    let partial = of_it.any(is_partial);
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
    room.meter.recent.retain(|(at, _)| room.settings.felt(now.elapsed_since(*at)) < METER_OVER);
    let sum = room.meter.recent.iter().fold(0_u64, |sum, (_, bytes)| sum.saturating_add(*bytes));
    room.meter.bytes_per_second = sum / METER_OVER.as_secs();
}

/// A question failed; its pane says so and keeps what it had.
fn failed(room: &mut Room, slot: Slot, failure: Failure, out: &mut Effects) {
    let now = room.now;
    match slot {
        Slot::Search => room.waterfall.list_state = room.waterfall.list_state.failed(failure, now),
        Slot::Trace => room.waterfall.tree_state = room.waterfall.tree_state.failed(failure, now),
        Slot::Ties => room.waterfall.ties_state = room.waterfall.ties_state.failed(failure, now),
        Slot::Twin => room.waterfall.twin_state = room.waterfall.twin_state.failed(failure, now),
        Slot::TraceLines => {
            for lines in room.logs.of_trace.iter_mut().chain(room.logs.lines_of_open.iter_mut()) {
                lines.state = lines.state.failed(failure.clone(), now);
            }
        }
        Slot::LookBack => budget::failed(room, &failure),
        // It is asked again at the next start.
        Slot::Price => {}
        Slot::History => reach::history_failed(room, failure, out),
        Slot::Query => query::failed(room, &failure),
        Slot::Exemplar => pivot::exemplar_failed(room, &failure, out),
        Slot::Places | Slot::PlaceLines => places::failed(room, &failure),
        // A search that ended before its end: what it found stays.
        Slot::Scan => room.logs.is_searching = false,
        Slot::Around => around::failed(room, failure),
        Slot::Recall => room.logs.recalling = None,
        Slot::Earlier => earlier::failed(room, failure),
        Slot::Patterns => room.logs.patterns.is_counting = false,
        // Nothing broke: there is none.
        Slot::Tail if failure.cause == Cause::NotConfigured => room.logs.is_tail_over = true,
        Slot::Tail => {
            tail::broken(room, failure, 1, now);
            room.logs.is_tail_over = true;
        }
    }
}
