//! What records itself: alerts, the start of an impact, zones, deploys. Each has a key, so that a restart, or a second
//! program on the same journal, records it once.

use std::time::Duration;

use super::super::effect::Effects;
use super::super::fact::{ImpactSample, Target};
use super::super::pane::Pane;
use super::super::room::Room;
use super::super::toast::ToastKind;
use super::event::{Event, record};
use super::ledger;
use crate::domain::incident::{Alert, AlertChange, AlertState, Change, Entry, Kind, Origin, diff};
use crate::domain::signal::{Sample, Series};
use crate::domain::slo::{Cost, Impact, State, Unit, ZoneChange, duration_text};
use crate::domain::{Labels, Symbol, Timestamp};

/// An impact that begins this soon after the recorded one is the same one, seen more exactly.
const SAME_IMPACT: Duration = Duration::from_secs(30 * 60);
/// SLOs that begin to fire within this time of each other tell of one moment.
const LONG_BEFORE: Duration = Duration::from_secs(5 * 60);
/// Two sightings of one version within this time are one deploy.
const SAME_DEPLOY: Duration = Duration::from_secs(10 * 60);
/// What an alert said when it fired is not known any more so long afterwards.
const LATE: Duration = Duration::from_secs(120);
/// Over how much of the past "now" fails.
const NOW: Duration = Duration::from_secs(60);

/// What was told before the record was read.
pub(super) fn catch_up(room: &mut Room, out: &mut Effects) {
    for (source, told) in std::mem::take(&mut room.early_alerts) {
        alerts(room, source, told, out);
    }
    record_impact(room, out);
}

pub(super) fn alerts(room: &mut Room, source: Symbol, polled: Vec<Alert>, out: &mut Effects) {
    let known: Vec<Alert> = if room.alerts_heard.contains(&source) {
        room.alerts.iter().filter(|alert| alert.source == source).cloned().collect()
    } else {
        recorded_alerts(room, &source)
    };
    room.alerts.retain(|alert| alert.source != source);
    room.alerts.extend(polled.iter().cloned());
    if !room.is_record_read {
        room.early_alerts.insert(source, polled);
        return;
    }
    room.alerts_heard.insert(source);
    for change in diff(&known, &polled, room.now) {
        let Some(kind) = change.kind() else { continue };
        let name = change.alert.name().to_string();
        let text = match (change.change, change.alert.annotations.first_of(&["summary", "description"])) {
            (AlertChange::Cleared, _) => format!("{name} cleared"),
            (_, Some(summary)) => {
                // A server tells an alert's numbers as they are now, whenever it fired.
                let late = room.now.elapsed_since(change.at);
                let late = if late >= LATE { format!(" (told {} later)", duration_text(late)) } else { String::new() };
                format!("{name}: {summary}{late}")
            }
            (_, None) => format!("{name} fires"),
        };
        let key = change.key().to_string();
        let event = Event { happened: change.at, author: "am", origin: Origin::Alertmanager, kind, text, key };
        record(room, event, out);
    }
    backdate(room);
    find_target(room);
}

/// The alerts that fire by the record: those that were never seen to clear.
fn recorded_alerts(room: &Room, source: &Symbol) -> Vec<Alert> {
    let fired = room.timeline.timeline.effective().filter_map(|entry| {
        let Kind::AlertFired { fingerprint, severity } = &entry.kind else { return None };
        let stem = entry.key.as_ref()?.strip_suffix(":fired")?;
        let (told_by, starts) = stem.rsplit_once(':').and_then(|(head, starts)| {
            Some((head.strip_suffix(fingerprint.as_str())?.strip_suffix(':')?, starts.parse().ok()?))
        })?;
        let is_open = *told_by == **source && !room.recorded.contains(format!("{stem}:cleared").as_str());
        let name = entry.text.split([':', ' ']).next().unwrap_or_default();
        is_open.then(|| Alert {
            fingerprint: fingerprint.clone(),
            labels: Labels::from_iter([("alertname", name), ("severity", severity.as_str())]),
            annotations: Labels::default(),
            starts: Timestamp::from_nanos(starts),
            state: AlertState::Active,
            source: source.clone(),
        })
    });
    fired.collect()
}

/// An alert knows since when an SLO fires, also from before this program started.
fn backdate(room: &mut Room) {
    for gauge in &mut room.gauges.gauges {
        let name = gauge.slo().name.clone();
        let of_it = |alert: &&Alert| alert.labels.first_of(&["slo", "sloth_slo"]) == Some(&name);
        if let Some(starts) = room.alerts.iter().filter(of_it).map(|alert| alert.starts).min() {
            gauge.backdate(starts);
        }
    }
    room.gauges.judge(room.now);
}

/// The alert that the program was started on, once it is known.
pub(super) fn find_target(room: &mut Room) {
    let Some(Target::Alert(wanted)) = &room.target else { return };
    let answers = |alert: &&Alert| alert.fingerprint.starts_with(wanted.as_str()) || *alert.name() == wanted.as_str();
    if let Some(alert) = room.alerts.iter().find(answers).cloned() {
        room.target = None;
        select_alert(room, &alert);
    } else if room.is_record_read && !room.alerts_heard.is_empty() {
        // Then it may be the id of something else.
        let wanted = wanted.clone();
        let text = format!("no alert `{wanted}` is held by {}", show_sources(room));
        room.target = Some(Target::Id(wanted));
        room.say(ToastKind::Warning, text);
    }
}

fn show_sources(room: &Room) -> String {
    room.alerts_heard.iter().map(Symbol::as_str).collect::<Vec<_>>().join(", ")
}

fn select_alert(room: &mut Room, alert: &Alert) {
    let fired = |entry: &&Entry| matches!(&entry.kind, Kind::AlertFired { fingerprint, .. } if *fingerprint == alert.fingerprint);
    let found = room.timeline.timeline.iter().rev().find(fired).map(|entry| entry.id);
    if let Some(row) = found.and_then(|id| room.timeline.row_of(id)) {
        room.focus = Pane::Timeline;
        room.timeline.cursor.select(row);
    }
    let slo = alert.labels.first_of(&["slo", "sloth_slo"]).and_then(|slo| room.gauges.row_of(slo));
    if let Some(row) = slo {
        room.gauges.cursor.select(row);
    }
}

/// One deploy, told by whatever place first; what tells of it later is no other one.
pub(super) fn record_deploy(room: &mut Room, change: &Change, out: &mut Effects) {
    let Change { service: Some(service), version: Some(version), previous, at, .. } = change else { return };
    let (from, to) = (change.earliest().minus(SAME_DEPLOY), at.plus(SAME_DEPLOY));
    let seen = room.timeline.timeline.iter().any(|entry| {
        matches!(&entry.kind, Kind::Deployed { service: known, version: of, .. } if known == service && of == version)
            && entry.happened > from
            && entry.happened < to
    });
    if seen {
        return;
    }
    let text = match previous {
        Some(previous) => format!("{service} {previous} → {version}"),
        None => format!("{service} {version}"),
    };
    let kind = Kind::Deployed { service: service.clone(), version: version.clone(), previous: previous.clone() };
    let key = format!("deploy:{service}:{version}:{}", at.seconds());
    record(room, Event { happened: *at, author: "ci", origin: Origin::Change, kind, text, key }, out);
}

pub(super) fn zone_changed(room: &mut Room, slo: Symbol, change: ZoneChange, out: &mut Effects) {
    let ZoneChange { to, at, .. } = change;
    let text = format!("{slo} {}", change.text());
    let key = format!("zone:{slo}:{to}:{}", at.seconds());
    let kind = Kind::ZoneChanged { slo, zone: to.word().into() };
    record(room, Event { happened: at, author: "auto", origin: Origin::System, kind, text, key }, out);
}

pub(super) fn impact(room: &mut Room, slo: Symbol, samples: Vec<ImpactSample>, out: &mut Effects) {
    room.pasts.insert(slo, samples);
    price(room);
    record_impact(room, out);
    ledger::derive(room);
}

/// Start, loss and price, from the samples; the loss by the gauge where it has counted it, which is exact.
pub(super) fn price(room: &mut Room) {
    let worst = room.gauges.worst().map(|judgement| judgement.slo.clone());
    if let Some((slo, samples)) = worst.and_then(|slo| room.pasts.get_key_value(&slo)) {
        room.impact.slo = Some(slo.clone());
        room.impact.samples.clone_from(samples);
    }
    let impact = &mut room.impact;
    let Some(slo) = impact.slo.as_ref().and_then(|name| room.gauges.slo(name)) else { return };
    let latest = impact.samples.last().map_or(Timestamp::EPOCH, |sample| sample.end);
    let recent = impact.samples.iter().filter(|sample| latest.elapsed_since(sample.end) < NOW);
    let (bad, total) = recent.fold((0.0, 0.0), |(bad, total), sample| (bad + sample.bad, total + sample.total));
    impact.share_now = (total > 0.0).then(|| bad / total);
    let found = find(&impact.samples, slo);
    impact.start = found.map(|found| found.start);
    let counted = room.gauges.judgements.iter().find(|judgement| judgement.slo == slo.name);
    let cost = counted
        .and_then(|judgement| judgement.lost.as_ref())
        .map(|lost| lost.cost.clone())
        .or_else(|| found.map(|found| Cost::of(slo, found.bad)));
    impact.lost = cost.as_ref().map(|cost| cost.lost);
    impact.money_micro = cost.and_then(|cost| cost.money).map(|money| money.micro);
}

fn find(samples: &[ImpactSample], slo: &crate::domain::slo::Slo) -> Option<Impact> {
    let (first, second) = (samples.first()?, samples.get(1)?);
    let step = second.end.elapsed_since(first.end);
    let factor = slo.policy.rules().first()?.factor_milli;
    let series = |value: fn(&ImpactSample) -> f64| Series {
        labels: Labels::default(),
        samples: samples.iter().map(|sample| Sample { time: sample.end, value: value(sample) }).collect(),
    };
    Impact::find(&series(|sample| sample.bad), &series(|sample| sample.total), Unit::Count, step, slo.objective, factor)
}

/// When it began, and by which SLO: the one that tells of the impact, unless another that fires as well began long before.
/// `None` while the past of one that fires has not come.
fn began_first(room: &Room) -> Option<(Timestamp, Symbol)> {
    let worst = (room.impact.start?, room.impact.slo.clone()?);
    let mut first = worst.clone();
    for judgement in room.gauges.judgements.iter().filter(|judgement| judgement.state.is_firing()) {
        let (samples, slo) = (room.pasts.get(&judgement.slo)?, room.gauges.slo(&judgement.slo)?);
        if let Some(found) = find(samples, slo).filter(|found| found.start < first.0) {
            first = (found.start, judgement.slo.clone());
        }
    }
    Some(if first.0.plus(LONG_BEFORE) < worst.0 { first } else { worst })
}

/// One entry an impact: not while an incident goes on that has a start, nor for the same impact seen again.
fn record_impact(room: &mut Room, out: &mut Effects) {
    // While an SLO has not been heard of, the worst of those that were may not be the worst.
    if room.gauges.judgements.iter().any(|judgement| matches!(judgement.state, State::Loading)) {
        return;
    }
    let Some((start, slo)) = began_first(room) else { return };
    if room.incident.as_ref().is_some_and(|incident| incident.impact_start.is_some()) {
        return;
    }
    let known = room.timeline.timeline.effective().filter(|entry| entry.kind == Kind::ImpactStarted);
    if known.map(|entry| entry.happened).max().is_some_and(|last| start <= last.plus(SAME_IMPACT)) {
        return;
    }
    let journey = room.gauges.slo(&slo).map_or_else(|| slo.clone(), |slo| slo.journey.clone());
    let text = format!("impact starts on {journey}");
    let key = format!("impact:{slo}:{}", start.seconds());
    let kind = Kind::ImpactStarted;
    record(room, Event { happened: start, author: "auto", origin: Origin::System, kind, text, key }, out);
}
