//! What follows from a budget and from an incident, recorded by itself: the price at the end and the postmortem that is owed,
//! the effect of a mitigation, a change that went out in a zone that forbids it. Not the zones and the impact: `auto.rs`.

use std::time::Duration;

use uuid::Uuid;

use super::super::effect::Effects;
use super::super::room::Room;
use super::event::{Event, record};
use crate::domain::incident::{Entry, Incident, Kind, Obligation, Origin};
use crate::domain::slo::{Change, Zone};
use crate::domain::spending::{Price, RELIEF_BOUND, Relief, Slice};
use crate::domain::{Symbol, Timestamp};

/// An SLO was hit when an incident cost at least this share of its budget, in millionths.
const HIT: u64 = 5_000;
/// Mitigations and changes that are older than this are looked at no more.
const LOOK_BACK: Duration = Duration::from_secs(12 * 3_600);

/// The price as it stands, the dearest SLO first. Without an incident the last one stays, for whoever is a moment late.
pub(super) fn price(room: &mut Room) {
    if room.incident.is_none() {
        return;
    }
    let judged = room.gauges.judgements.iter();
    let prices = judged.filter_map(|judgement| Price::of(room.gauges.slo(&judgement.slo)?, judgement)).collect();
    let prices = worth_telling(prices);
    // A server that is down for the last minute takes back nothing that was counted before.
    if !prices.is_empty() {
        room.prices = prices;
    }
}

/// The dearest first; the others only if they were hit.
pub(super) fn worth_telling(mut prices: Vec<Price>) -> Vec<Price> {
    prices.sort_by(Price::dearer);
    let mut at = 0;
    prices.retain(|price| {
        at += 1;
        at == 1 || price.spent_ppm.is_some_and(|spent| spent >= HIT)
    });
    prices
}

/// As the record tells it.
pub(super) fn price_text(prices: &[Price]) -> String {
    let Some((first, others)) = prices.split_first() else {
        return "what it cost is not known: nothing was measured since the impact".to_owned();
    };
    let also = others
        .iter()
        .filter_map(|price| Some(format!("; {} {}", price.slo, crate::domain::slo::percent_text(price.spent()?, 1))));
    format!("cost {}{}", first.text(), also.collect::<String>())
}

/// An incident that was open has been resolved: what it cost, and what is owed.
pub(super) fn resolved(room: &mut Room, was_open: bool, out: &mut Effects) {
    if !was_open || room.incident.is_some() {
        return;
    }
    let Some(incident) = Incident::latest(&room.timeline.timeline).filter(|incident| incident.resolved.is_some())
    else {
        return;
    };
    let of = room.timeline.timeline.effective().rev().find(|entry| entry.kind == Kind::Resolved);
    let Some((id, at)) = of.map(|entry| (entry.id, entry.happened)) else { return };
    let prices = std::mem::take(&mut room.prices);
    let text = price_text(&prices);
    let event = |kind, text, key: &str| Event {
        happened: at,
        author: "auto",
        origin: Origin::System,
        kind,
        text,
        key: format!("{key}:{id}"),
    };
    record(room, event(Kind::Priced { prices }, text, "price"), out);
    if let Some(owed) = owed(room, &incident) {
        let due = Obligation::due(at);
        let text = format!("postmortem due {}: {}", day_and_time(room, due), owed.reason.text());
        record(room, event(Kind::PostmortemDue { due }, text, "postmortem"), out);
    }
}

/// Whether this incident obliges to a postmortem: by its severity, or by a budget that is frozen or was while it lasted.
fn owed(room: &Room, incident: &Incident) -> Option<Obligation> {
    let now = room.gauges.judgements.iter().find(|judgement| judgement.zone.is_some_and(Zone::is_frozen));
    let meanwhile = || {
        let zero = incident.zero()?;
        let mut since = room.timeline.timeline.effective().filter(|entry| entry.happened >= zero);
        since.find_map(|entry| match &entry.kind {
            Kind::ZoneChanged { slo, zone } if zone.parse().is_ok_and(Zone::is_frozen) => Some(slo.clone()),
            _ => None,
        })
    };
    let frozen = now.map(|judgement| judgement.slo.clone()).or_else(meanwhile);
    Obligation::of(incident, frozen.as_ref())
}

impl Room {
    /// The postmortem that the open incident will owe as things stand.
    #[must_use]
    pub fn owed(&self) -> Option<Obligation> {
        owed(self, self.incident.as_ref()?)
    }
}

fn day_and_time(room: &Room, at: Timestamp) -> String {
    let offset = i64::from(room.settings.zone.offset_seconds(at));
    at.shifted(offset * 1_000_000_000).to_utc().format("%a %-d %b %H:%M").to_string()
}

/// Looks whether a mitigation has shown an effect, or its time is over.
pub(super) fn watch(room: &mut Room, out: &mut Effects) {
    for (id, happened, text) in mitigations(room) {
        let key = format!("relief:{id}");
        if room.recorded.contains(key.as_str()) {
            continue;
        }
        let next = mitigations(room).into_iter().map(|(_, at, _)| at).filter(|at| *at > happened).min();
        let bound = next.map_or(happened.plus(RELIEF_BOUND), |next| next.min(happened.plus(RELIEF_BOUND)));
        let Some((slo, relief)) = effect(room, happened, bound) else { continue };
        let after = if text.is_empty() { String::new() } else { format!(", after: {text}") };
        let event = Event {
            happened: happened.plus(Duration::from_secs(relief.seconds)),
            author: "auto",
            origin: Origin::System,
            text: format!("{} on {slo}{after}", relief.text()),
            kind: Kind::Relieved { mitigation: id, slo, relief },
            key,
        };
        record(room, event, out);
    }
}

fn mitigations(room: &Room) -> Vec<(Uuid, Timestamp, String)> {
    let from = room.now.minus(LOOK_BACK);
    let applied = room.timeline.timeline.effective().filter(|entry| entry.kind == Kind::Mitigation);
    applied.filter(|entry| entry.happened >= from).map(|entry| (entry.id, entry.happened, entry.text.clone())).collect()
}

/// On the SLO that the incident costs most, if it burnt when the mitigation was applied, else on the one that burnt most.
fn effect(room: &Room, applied: Timestamp, bound: Timestamp) -> Option<(Symbol, Relief)> {
    let dearest = room.prices.first().map(|price| price.slo.clone());
    let past = |name: &Symbol| {
        let slices = room.pasts.get(name)?.iter();
        let slices = slices.map(|sample| Slice { end: sample.end, bad: sample.bad, total: sample.total });
        Some((slices.collect::<Vec<Slice>>(), room.gauges.slo(name)?.objective))
    };
    let burnt = room.pasts.keys().filter_map(|name| {
        let (slices, objective) = past(name)?;
        Some((name.clone(), Relief::burnt(&slices, objective, applied)?))
    });
    let burnt: Vec<(Symbol, f64)> = burnt.collect();
    let of_dearest = burnt.iter().find(|(name, _)| Some(name) == dearest.as_ref());
    let (slo, _) = of_dearest.or_else(|| burnt.iter().max_by(|left, right| left.1.total_cmp(&right.1)))?;
    let (slices, objective) = past(slo)?;
    let latest = slices.last()?.end;
    let relief = Relief::seen(&slices, objective, applied, bound.min(latest), latest >= bound)?;
    Some((slo.clone(), relief))
}

/// Marks the changes of the record that went out in a zone which forbids them. A rollback is never one of them.
pub(super) fn police(room: &mut Room, out: &mut Effects) {
    let from = room.now.minus(LOOK_BACK);
    let entries = room.timeline.timeline.effective();
    let deployed = entries.filter(|entry| matches!(entry.kind, Kind::Deployed { .. }) && entry.happened >= from);
    let deployed: Vec<Entry> = deployed.cloned().collect();
    for entry in deployed {
        let Kind::Deployed { service, version, .. } = &entry.kind else { continue };
        let key = format!("policy:{}", entry.key.as_ref().map_or_else(|| entry.id.to_string(), ToString::to_string));
        if room.recorded.contains(key.as_str()) || is_rollback(room, &entry) {
            continue;
        }
        let change = Change::of(service, version);
        let Some((slo, zone)) = zone_at(room, entry.happened).filter(|(_, zone)| zone.forbids(change)) else {
            continue;
        };
        let why = match (zone, change) {
            (Zone::Freeze | Zone::Exhausted, Change::Feature) => {
                "only reliability work may: the process did not ask".to_owned()
            }
            _ => format!("a {} may not: the process did not stop it", change.word()),
        };
        let text = format!("{service} {version} went out while {slo} was {}; {why}", zone.state());
        let kind = Kind::OutOfPolicy { change: entry.id, slo, zone: zone.word().into() };
        let event = Event { happened: entry.happened, author: "auto", origin: Origin::System, kind, text, key };
        record(room, event, out);
    }
}

/// Back to a version that ran before an earlier change.
fn is_rollback(room: &Room, entry: &Entry) -> bool {
    let Kind::Deployed { service, version, .. } = &entry.kind else { return false };
    room.timeline.timeline.effective().filter(|earlier| earlier.happened < entry.happened).any(|earlier| {
        matches!(&earlier.kind, Kind::Deployed { service: of, previous: Some(before), .. } if of == service && before == version)
    })
}

/// The worst zone that any SLO was in at a moment, as far as it was seen: by the record, or since this program looks.
fn zone_at(room: &Room, at: Timestamp) -> Option<(Symbol, Zone)> {
    let recorded = |name: &Symbol| {
        let before = room.timeline.timeline.effective().filter(|entry| entry.happened <= at);
        let mut zones = before.filter_map(|entry| match &entry.kind {
            Kind::ZoneChanged { slo, zone } if slo == name => Some((entry.happened, zone.parse::<Zone>().ok()?)),
            _ => None,
        });
        zones.next_back()
    };
    let known = room.gauges.gauges.iter().filter_map(|gauge| {
        let name = &gauge.slo().name;
        let seen = room.first_zones.get(name).copied().filter(|(since, _)| *since <= at);
        let (_, zone) = seen.into_iter().chain(recorded(name)).max_by_key(|(since, _)| *since)?;
        Some((name.clone(), zone))
    });
    known.max_by_key(|(_, zone)| *zone)
}

/// Remembers the zone in which an SLO was first seen: from then on it is known. A part of the truth shows no zone.
pub(super) fn first_zone(room: &mut Room, slo: &Symbol) {
    let judgement = room.gauges.judgements.iter().find(|judgement| judgement.slo == *slo && !judgement.partial);
    if let Some(budget) = judgement.and_then(|judgement| judgement.budget) {
        room.first_zones.entry(slo.clone()).or_insert((budget.at, budget.zone()));
    }
}
