//! A war room that is opened late: the zones that a budget went through since the impact began, recorded with the times at
//! which they did. Not a change that is seen as it happens: `auto.rs`.

use super::super::effect::Effects;
use super::super::room::Room;
use super::auto;
use crate::domain::incident::Kind;
use crate::domain::slo::{Method, ZoneChange};
use crate::domain::{Symbol, Timestamp};

/// Once an SLO, as soon as its budget, its past and the record are known.
pub(super) fn catch_up(room: &mut Room, out: &mut Effects) {
    let Some(impact) = room.impact_start().filter(|_| room.is_record_read) else { return };
    let missed: Vec<(Symbol, Vec<ZoneChange>)> =
        room.first_zones.keys().filter_map(|slo| Some((slo.clone(), missed(room, slo, impact)?))).collect();
    for (slo, changes) in missed {
        room.caught_up.insert(slo.clone());
        for change in changes {
            auto::zone_changed(room, slo.clone(), change, out);
        }
    }
}

/// `None` while something is not known.
fn missed(room: &Room, slo: &Symbol, impact: Timestamp) -> Option<Vec<ZoneChange>> {
    let (seen_since, _) = room.first_zones.get(slo)?;
    // Only of events is what failed since known one by one.
    if room.caught_up.contains(slo) || room.gauges.slo(slo)?.method != Method::Occurrences {
        return None;
    }
    let budget = room.gauges.judgements.iter().find(|judgement| judgement.slo == *slo && !judgement.partial)?.budget?;
    let past = room.pasts.get(slo)?;
    // A past that begins after the impact does not tell what was left then.
    past.first().filter(|first| first.end <= impact)?;
    past.last().filter(|last| last.end >= *seen_since)?;
    let steps: Vec<(Timestamp, f64)> = past.iter().map(|sample| (sample.end, sample.bad)).collect();
    let mut changes = budget.crossings(&steps, impact);
    changes.retain(|change| change.at <= *seen_since && !is_recorded(room, slo, change, impact));
    Some(changes)
}

fn is_recorded(room: &Room, slo: &Symbol, change: &ZoneChange, impact: Timestamp) -> bool {
    let mut since = room.timeline.timeline.effective().filter(|entry| entry.happened >= impact);
    since.any(|entry| {
        matches!(&entry.kind, Kind::ZoneChanged { slo: of, zone } if of == slo && zone.as_str() == change.to.word())
    })
}
