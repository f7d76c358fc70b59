//! What was changed: told by servers, kept by source, recorded once each, and shown in full on request with the first suspects
//! on top. Which of them are suspects is the domain's to say.

use super::super::effect::Effects;
use super::super::mode::{Mode, ValueView};
use super::super::room::Room;
use super::auto;
use super::event::{self, Event};
use crate::domain::incident::{
    Change, ChangeKind, Kind, LOOKED_BACK, Origin, SUSPECT, merged, seen_in_words, suspects,
};
use crate::domain::slo::duration_text;
use crate::domain::{Symbol, Timestamp};

/// All that this source knows, in place of what it told before.
pub(super) fn take(room: &mut Room, source: Symbol, changes: Vec<Change>, out: &mut Effects) {
    for change in &changes {
        record(room, change, out);
    }
    room.changes.insert(source, changes);
}

/// What was told before the record was read.
pub(super) fn catch_up(room: &mut Room, out: &mut Effects) {
    for change in room.changes.values().flatten().cloned().collect::<Vec<_>>() {
        record(room, &change, out);
    }
}

fn record(room: &mut Room, change: &Change, out: &mut Effects) {
    if change.kind == ChangeKind::Deploy && change.service.is_some() && change.version.is_some() {
        return auto::record_deploy(room, change, out);
    }
    let text = match change.kind {
        ChangeKind::Flag => format!("flag {}", change.text),
        _ => change.text.clone(),
    };
    let teller = change.seen.first().map(|sighting| sighting.source.clone()).unwrap_or_default();
    let event = Event {
        happened: change.at,
        author: match change.kind {
            ChangeKind::Silence => "am",
            ChangeKind::Scale => "k8s",
            ChangeKind::Deploy | ChangeKind::Flag | ChangeKind::Other => "ci",
        },
        origin: Origin::Change,
        kind: Kind::Changed { what: change.kind, service: change.service.clone() },
        key: format!("change:{teller}:{}:{}:{}", change.kind.word(), change.at.seconds(), change.text),
        text,
    };
    event::record(room, event, out);
}

/// The lane of changes as text: the first suspects, the rest of the hour before, and what came since.
pub(super) fn show(room: &mut Room) {
    let impact = room.impact_start();
    let changes = merged(room.changes.values().flatten());
    let responsible =
        room.attribution.as_ref().and_then(|found| found.findings.ranking.first()).map(|first| first.service.clone());
    let reference = impact.unwrap_or(room.now);
    let found = suspects(&changes, reference, responsible.as_deref());
    let mut text = String::new();
    let mut heading = "";
    for change in found {
        let under = match impact {
            Some(impact) if change.is_first_suspect(impact) => "First suspects: the 30 min before the impact",
            Some(impact) if change.at > impact => "Since the impact began",
            Some(_) => "Earlier in the hour before",
            None => "The last hour",
        };
        if heading != under {
            let air = if heading.is_empty() { "" } else { "\n" };
            text.push_str(&format!("{air}{under}\n"));
            heading = under;
        }
        text.push_str(&row(room, change, impact, responsible.as_deref()));
    }
    if text.is_empty() {
        let hours = LOOKED_BACK.as_secs() / 60;
        text = format!("Nothing that we know of was changed within the {hours} min before.\n");
    }
    if !room.health.sources.iter().any(|source| source.kind == super::super::health::SourceKind::Grafana) {
        text.push_str("\nFlags and deploys that are marked on dashboards are not read: no [[source]] is a grafana.\n");
    }
    let title = match impact {
        Some(impact) => format!("What changed before {}", clock(room, impact)),
        None => "What changed: no impact is known".to_owned(),
    };
    room.mode = Mode::ValueView(ValueView { title, text, offset: 0 });
}

/// What changed, and below it whose it is, who did it and where it was seen.
fn row(room: &Room, change: &Change, impact: Option<Timestamp>, responsible: Option<&str>) -> String {
    let sign = if impact.is_some_and(|impact| change.is_first_suspect(impact)) { SUSPECT } else { " " };
    let away = match impact {
        Some(impact) if change.at <= impact => format!("{} before", duration_text(impact.elapsed_since(change.at))),
        // When an impact began is known to some minutes: what came within them may have caused it.
        Some(impact) if change.is_first_suspect(impact) => "about its start".to_owned(),
        Some(impact) => format!("{} after", duration_text(change.at.elapsed_since(impact))),
        None => format!("{} ago", duration_text(room.now.elapsed_since(change.at))),
    };
    let whose = match &change.service {
        Some(service) if !change.text.contains(service.as_str()) => format!("{service}: "),
        _ => String::new(),
    };
    let is_own = responsible.is_some() && change.service.as_deref() == responsible;
    let own = if is_own { "the responsible service; " } else { "" };
    let by = change.author.as_ref().map_or(String::new(), |author| format!("by {author}; "));
    let doubt = match change.after {
        Some(after) => format!("; not yet at {}", clock(room, after)),
        None => String::new(),
    };
    let seen = seen_in_words(&change.seen);
    let (time, word) = (clock(room, change.at), change.kind.word());
    format!("{sign} {time}  {away:<16} {word:<8}{whose}{}\n└ {own}{by}seen: {seen}{doubt}\n", change.text)
}

/// `18:10:00` on the clock that is shown.
fn clock(room: &Room, at: Timestamp) -> String {
    let local = at.shifted(i64::from(room.offset_seconds(at)).saturating_mul(1_000_000_000));
    local.to_utc().format("%H:%M:%S").to_string()
}
