//! The lists of the calm screen: changes of today, the last entries of the record, the runbooks.

use super::runbook::{today, verified};
use crate::domain::Timestamp;
use crate::domain::incident::{Entry, Kind};
use crate::ui::clock;
use crate::ui::pen::Pen;
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::{clean, cut, width};
use crate::ui::widget::heading;

/// How many entries are looked at: older ones are not of today.
const LOOKED_AT: usize = 2_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Changes,
    Entries,
    Runbooks,
}

/// A list that has something to show.
#[derive(Clone, Copy)]
pub(super) struct Part {
    of: Of,
    pub is_at_right: bool,
}

/// In the order in which they are drawn.
pub(super) fn parts(scene: &Scene<'_>) -> Vec<Part> {
    let room = scene.room;
    let mut parts = Vec::new();
    if changes(scene, 1).next().is_some() {
        parts.push(Part { of: Of::Changes, is_at_right: false });
    }
    if room.timeline.timeline.effective().next().is_some() {
        parts.push(Part { of: Of::Entries, is_at_right: false });
    }
    if !room.runbook.catalog.pages().is_empty() {
        parts.push(Part { of: Of::Runbooks, is_at_right: true });
    }
    parts
}

/// Gives how many rows it took.
pub(super) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>, part: &Part) -> usize {
    let rows = pen.height().saturating_sub(1);
    match part.of {
        Of::Changes => draw_changes(pen, scene, rows),
        Of::Entries => draw_entries(pen, scene, rows),
        Of::Runbooks => draw_runbooks(pen, scene, rows),
    }
}

fn is_today(scene: &Scene<'_>, at: Timestamp) -> bool {
    let local = at.shifted(i64::from(scene.room.offset_seconds(at)) * 1_000_000_000);
    local.to_utc().date_naive() == today(scene)
}

/// Deploys of today, the last first.
fn changes<'a>(scene: &Scene<'a>, count: usize) -> impl Iterator<Item = &'a Entry> {
    let entries = scene.room.timeline.timeline.effective().rev().take(LOOKED_AT);
    let of_today =
        entries.filter(|entry| matches!(entry.kind, Kind::Deployed { .. }) && is_today(scene, entry.happened));
    of_today.take(count).collect::<Vec<_>>().into_iter()
}

fn draw_changes(pen: &mut Pen<'_>, scene: &Scene<'_>, rows: usize) -> usize {
    heading(pen, scene, 0, "Changes today", "");
    let mut shown: Vec<&Entry> = changes(scene, rows.min(8)).collect();
    shown.reverse();
    for (y, entry) in (1..).zip(&shown) {
        let Kind::Deployed { service, version, previous } = &entry.kind else { continue };
        pen.put(1, y, &clock::seconds(scene.room, entry.happened), scene.style(Role::Dim));
        let x = pen.put_cut(11, y, 20, &clean(service), scene.theme.service(service));
        let version = clean(version);
        let said = match previous {
            Some(previous) => format!("{} → {version}", cut(&clean(previous), 16)),
            None => version.into_owned(),
        };
        let x = pen.put_cut(x.max(24) + 2, y, 36, &said, scene.style(Role::Text));
        put_at_end(pen, y, x + 1, &clean(&entry.author), scene.style(Role::Dim));
    }
    1 + shown.len()
}

fn draw_entries(pen: &mut Pen<'_>, scene: &Scene<'_>, rows: usize) -> usize {
    heading(pen, scene, 0, "2 Last entries", "");
    let mut shown: Vec<&Entry> = scene.room.timeline.timeline.effective().rev().take(rows.min(8)).collect();
    shown.reverse();
    for (y, entry) in (1..).zip(&shown) {
        let time = if is_today(scene, entry.happened) {
            clock::seconds(scene.room, entry.happened)
        } else {
            format!("{:>8}", clock::day(scene.room, entry.happened))
        };
        pen.put(1, y, &time, scene.style(Role::Dim));
        pen.put_cut(11, y, 6, &clean(&entry.author), scene.style(Role::Note));
        let space = pen.width().saturating_sub(19);
        pen.put_cut(18, y, space, &words(entry), scene.style(Role::Text));
    }
    1 + shown.len()
}

/// Its text, or what it is when it has none.
fn words(entry: &Entry) -> String {
    let text = clean(&entry.text);
    if entry.text == entry.kind.words() {
        return text.into_owned();
    }
    match &entry.kind {
        Kind::Deployed { service, version, .. } if text.is_empty() => {
            format!("{} {} deployed", clean(service), clean(version))
        }
        Kind::RoleAssigned { role, person } if text.is_empty() => format!("{} = {}", clean(role), clean(person)),
        Kind::Declared { severity } => format!("declared {severity}  {text}"),
        Kind::SeverityChanged { severity } => format!("now {severity}  {text}"),
        Kind::ZoneChanged { slo, zone } if text.is_empty() => format!("{}: {}", clean(slo), clean(zone)),
        Kind::ImpactStarted if text.is_empty() => "impact starts".to_owned(),
        Kind::Acknowledged if text.is_empty() => "acknowledged".to_owned(),
        Kind::Mitigated if text.is_empty() => "mitigated".to_owned(),
        Kind::Resolved if text.is_empty() => "resolved".to_owned(),
        Kind::Reopened if text.is_empty() => "reopened".to_owned(),
        _ => text.into_owned(),
    }
}

fn draw_runbooks(pen: &mut Pen<'_>, scene: &Scene<'_>, rows: usize) -> usize {
    let pages = scene.room.runbook.catalog.pages();
    heading(pen, scene, 0, "5 Runbooks", "");
    let shown = pages.len().min(rows);
    let age = pen.width().saturating_sub(26).clamp(20, 31);
    for (y, page) in (1..).zip(pages.iter().take(shown)) {
        if y == rows && pages.len() > rows {
            pen.put(1, y, &format!("… {} more", pages.len() - rows + 1), scene.style(Role::Dim));
            continue;
        }
        pen.put_cut(1, y, age.saturating_sub(3), &clean(&page.id), scene.style(Role::Text));
        let (text, style) = verified(scene, page, false);
        pen.put_cut(age, y, usize::MAX, &text, style);
    }
    1 + shown
}

/// What is written at the right end of a row ends here.
fn put_at_end(pen: &mut Pen<'_>, y: usize, from: usize, text: &str, style: ratatui::style::Style) {
    let end = pen.width().saturating_sub(1);
    if from + width(text) < end {
        pen.put_right(end, y, text, style);
    }
}
