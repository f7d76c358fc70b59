//! The price of an incident that ended while no program was open: counted afterwards, for the moment of its end, from what
//! the servers still have of it; recorded once and marked as computed later.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::super::effect::{Ask, Effect, Effects};
use super::super::room::Room;
use super::super::ticket::Slot;
use super::consequences::{price_text, worth_telling};
use super::event::{Event, record};
use crate::domain::Timestamp;
use crate::domain::incident::{Incident, Kind, Origin};
use crate::domain::slo::{Gauge, Measure, Reading};
use crate::domain::spending::Price;

/// Incidents that ended longer ago are not counted any more: few servers keep so much.
const LOOK_BACK: Duration = Duration::from_secs(30 * 86_400);
/// A program that is open at the end writes its own price within this time.
const OWN_TIME: Duration = Duration::from_secs(120);

/// An incident of the record whose end has no price: the latest of them.
struct Unpriced {
    resolve: Uuid,
    since: Timestamp,
    until: Timestamp,
}

fn unpriced(room: &Room) -> Option<Unpriced> {
    let from = room.now.minus(LOOK_BACK);
    let timeline = &room.timeline.timeline;
    let ended = Incident::all(timeline).into_iter().rev().filter_map(|incident| {
        let (since, until) = (incident.zero()?, incident.resolved?);
        let entry = timeline.effective().find(|entry| entry.kind == Kind::Resolved && entry.happened == until)?;
        let is_due = until >= from && until > since && room.now.elapsed_since(until) >= OWN_TIME;
        let key = format!("price:{}", entry.id);
        (is_due && !room.recorded.contains(key.as_str())).then_some(Unpriced { resolve: entry.id, since, until })
    });
    ended.into_iter().next()
}

/// The record has been read: what was never priced is asked for.
pub(super) fn ask(room: &mut Room, out: &mut Effects) {
    let slos: Vec<_> = room.gauges.gauges.iter().map(|gauge| Arc::clone(gauge.slo())).collect();
    let Some(Unpriced { resolve, since, until }) = unpriced(room).filter(|_| !slos.is_empty()) else { return };
    let ticket = room.tickets.draw(Slot::Price);
    out.push(Effect::Fetch { ticket, ask: Ask::Price { resolve, since, until, slos } });
}

/// What was counted for the moment of the end. A server that did not answer is asked again at the next start.
pub(super) fn take(room: &mut Room, resolve: Uuid, since: Timestamp, readings: Vec<Reading>, out: &mut Effects) {
    let failed = |reading: &Reading| reading.measures.iter().any(|(_, measure)| matches!(measure, Measure::Failed(_)));
    if readings.iter().any(failed) {
        return;
    }
    let prices = readings.into_iter().filter_map(|reading| {
        let slo = Arc::clone(room.gauges.slo(&reading.slo)?);
        let at = reading.at;
        let mut gauge = Gauge::new(Arc::clone(&slo));
        gauge.set_impact(Some(since));
        // The zone that it enters is of then, and was recorded then or not at all.
        let _ = gauge.take(reading);
        Price::of(&slo, &gauge.judge(at))
    });
    let prices = worth_telling(prices.filter(|price| price.lost_milli > 0).collect());
    let Some(happened) =
        room.timeline.timeline.effective().find(|entry| entry.id == resolve).map(|entry| entry.happened)
    else {
        return;
    };
    let text = if prices.is_empty() {
        "what it cost is not known: the servers tell of no loss in that time (computed later)".to_owned()
    } else {
        format!("{} (computed later, no program was open at the end)", price_text(&prices))
    };
    let kind = Kind::Priced { prices };
    let key = format!("price:{resolve}");
    record(room, Event { happened, author: "auto", origin: Origin::System, kind, text, key }, out);
    ask(room, out);
}
