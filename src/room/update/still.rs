//! While time is frozen the responder reads: numbers that go on stand still until a key, and only news changes the picture: a
//! page, a state, a zone, a server, the record. Not what is behind the freeze: that is kept and counted.

use std::collections::BTreeSet;
use std::mem::discriminant;
use std::time::Duration;

use super::super::command::Command;
use super::super::pane::Loading;
use super::super::room::Room;
use super::super::toast::ToastKind;
use super::super::told::{Told, WAITS};
use crate::domain::incident::{Alert, Incident, Severity};
use crate::domain::{Symbol, Timestamp};

fn told(room: &Room) -> Told {
    let waiting = |state: &Loading| matches!(state, Loading::Asked { since } if room.now >= since.plus(WAITS));
    let incident = room.incident.as_ref();
    let loads = [&room.waterfall.list_state, &room.waterfall.tree_state];
    Told {
        mode: discriminant(&room.mode),
        toast: room.toast.as_ref().map(|toast| toast.text.clone()),
        problems: room.problems.len(),
        is_incident: incident.is_some(),
        severity: incident.and_then(|incident| incident.severity),
        commander: incident.and_then(|incident| incident.commander.clone()),
        is_mitigated: incident.is_some_and(|incident| incident.mitigated.is_some()),
        is_resolved: incident.is_some_and(|incident| incident.resolved.is_some()),
        is_update_due: incident.is_some_and(|incident| is_update_due(incident, room.now)),
        slos: room
            .gauges
            .judgements
            .iter()
            .map(|judged| (judged.slo.clone(), judged.state.rank(), judged.zone, judged.partial))
            .collect(),
        responsible: room
            .attribution
            .as_ref()
            .and_then(|found| found.findings.ranking.first())
            .map(|first| first.service.clone()),
        firing: firing(room),
        sources: room
            .health
            .sources
            .iter()
            .map(|source| (discriminant(&source.state), source.ahead_seconds != 0))
            .collect(),
        journal: discriminant(&room.health.journal),
        entries: room.timeline.timeline.len(),
        pending: room.timeline.pending.len(),
        tail: discriminant(&room.logs.tail),
        is_dropped: room.logs.dropped > 0 || room.logs.overrun > 0,
        waits: loads.into_iter().filter(|state| waiting(state)).count(),
        is_thrifty: room.is_thrifty(),
    }
}

/// The pages that are held now.
fn firing(room: &Room) -> BTreeSet<Symbol> {
    room.alerts.iter().filter(|alert| alert.is_page()).map(|alert| alert.fingerprint.clone()).collect()
}

/// Whether others should have heard something by now.
fn is_update_due(incident: &Incident, now: Timestamp) -> bool {
    let minutes = match incident.severity {
        Some(Severity::Sev1) => 15,
        Some(Severity::Sev2) => 30,
        Some(Severity::Sev3) | None => return false,
    };
    let since = incident.last_comms.or(incident.declared).filter(|_| incident.resolved.is_none());
    since.is_some_and(|since| now >= since.plus(Duration::from_secs(minutes * 60)))
}

/// After every message: whether the picture is another one now. `by_itself`: nobody asked for it just now.
pub(super) fn look(room: &mut Room, by_itself: bool) {
    if !room.lens.is_frozen() {
        room.told = None;
        room.picture = room.picture.wrapping_add(1);
        return;
    }
    let before = room.told.take();
    if let Some(before) = before.as_ref().filter(|_| by_itself) {
        tell_of_pages(room, &before.firing);
    }
    let now = told(room);
    if !by_itself || before.as_ref() != Some(&now) {
        room.picture = room.picture.wrapping_add(1);
    }
    room.told = Some(now);
}

/// Eyes that read the past do not look at the edges of the screen.
fn tell_of_pages(room: &mut Room, known: &BTreeSet<Symbol>) {
    let new = |alert: &&Alert| alert.is_page() && !known.contains(&alert.fingerprint);
    let names: Vec<String> = room.alerts.iter().filter(new).map(|alert| alert.name().to_string()).collect();
    let Some((first, others)) = names.split_first() else { return };
    let more = if others.is_empty() { String::new() } else { format!(" and {} more", others.len()) };
    let key = room.key_of(Command::Live);
    room.say(ToastKind::Warning, format!("new page while frozen: {first}{more}; {key} goes back to now"));
}
