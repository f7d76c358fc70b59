//! The runbook of what is selected, and its steps. Nothing is run here.

use super::super::command::Command;
use super::super::effect::Effects;
use super::super::mode::{Mode, Prompt, PromptKind};
use super::super::pane::{Pane, StepState};
use super::super::room::Room;
use super::super::toast::ToastKind;
use super::ledger;
use crate::domain::Symbol;
use crate::domain::incident::{Alert, Entry, Incident, Kind, Origin};
use crate::domain::runbook::{Block, Found, Match};

pub(super) fn open(room: &mut Room, out: &mut Effects) {
    match find(room) {
        Ok(found) => show(room, found, out),
        Err(of) => room.say(
            ToastKind::Warning,
            format!("no runbook for {of}: name it in a page's `alerts`, or as `runbook` of the SLO"),
        ),
    }
}

/// By the alert or the SLO under the cursor, else by what is worst now; else what has none. What the worst SLO or a page
/// names itself goes before what the pages of the catalog claim.
fn find(room: &Room) -> Result<Found, String> {
    let catalog = &room.runbook.catalog;
    let of_alert = |alert: &Alert| catalog.find(alert).ok_or_else(|| alert.name().to_string());
    let of_slo = |name: &Symbol| -> Result<Found, String> {
        let slo = room.gauges.slo(name).ok_or_else(|| name.to_string())?;
        let named = slo.runbook.as_ref().and_then(|runbook| catalog.find_named(runbook));
        let alert = || room.alerts.iter().find(|alert| alert.labels.first_of(&["slo", "sloth_slo"]) == Some(name));
        named.or_else(|| alert().and_then(|alert| catalog.find(alert))).ok_or_else(|| name.to_string())
    };
    if room.focus == Pane::Timeline
        && let Some(entry) = room.timeline.selected()
    {
        match &entry.kind {
            Kind::AlertFired { fingerprint, .. } | Kind::AlertCleared { fingerprint, .. } => {
                if let Some(alert) = room.alerts.iter().find(|alert| alert.fingerprint == *fingerprint) {
                    return of_alert(alert);
                }
            }
            Kind::RunbookOpened { runbook } | Kind::RunbookStep { runbook, .. } => {
                return catalog.find_named(runbook).ok_or_else(|| runbook.to_string());
            }
            Kind::ZoneChanged { slo, .. } => return of_slo(slo),
            _ => {}
        }
    }
    if room.focus == Pane::Gauges
        && let Some(judgement) = room.gauges.selected()
    {
        return of_slo(&judgement.slo);
    }
    let firing = room.gauges.judgements.iter().find(|judgement| judgement.state.is_firing());
    if let Some(named) =
        firing.and_then(|judgement| catalog.find_named(room.gauges.slo(&judgement.slo)?.runbook.as_ref()?))
    {
        return Ok(named);
    }
    let pages = || room.alerts.iter().filter(|alert| matches!(alert.severity(), "page" | "critical"));
    let linked = pages().filter_map(|alert| catalog.find(alert)).find(|found| found.by == Match::Url);
    if let Some(found) = linked.or_else(|| pages().find_map(|alert| catalog.find(alert))) {
        return Ok(found);
    }
    let worst = room.gauges.worst().map(|judgement| judgement.slo.clone());
    worst.map_or_else(|| Err("this: nothing fires and no SLO is configured".to_owned()), |name| of_slo(&name))
}

/// Opens a page and says so in the record, once an incident.
fn show(room: &mut Room, found: Found, out: &mut Effects) {
    let page = found.page;
    room.runbook.show(page.clone(), found.anchor);
    room.focus = Pane::Runbook;
    let since = room.incident.as_ref().and_then(Incident::zero);
    let told = room.timeline.timeline.effective().any(|entry| {
        matches!(&entry.kind, Kind::RunbookOpened { runbook } if *runbook == page.id)
            && since.is_none_or(|since| entry.happened >= since)
    });
    // Reading on a wall is no deed of a responder.
    if !told && room.incident.is_some() && !room.settings.board {
        let kind = Kind::RunbookOpened { runbook: page.id.clone() };
        let text = format!("opened runbook {}", page.id);
        add(room, kind, text, out);
        room.say(ToastKind::Good, "runbook opened, noted");
    }
}

/// Enter on a list of pages, while none is open.
pub(super) fn open_selected(room: &mut Room, out: &mut Effects) {
    let page = room.runbook.catalog.pages().get(room.runbook.cursor.selected).cloned();
    match page {
        Some(page) => show(room, Found { page, by: Match::Exact, anchor: None }, out),
        None => room.explain("no runbook is known: `[runbooks] paths` names their folders"),
    }
}

fn add(room: &mut Room, kind: Kind, text: String, out: &mut Effects) {
    let entry = ledger::own(room, Origin::Runbook, kind, text);
    ledger::add(room, entry, out);
}

/// The step under the cursor: of a row beneath it, the one that it belongs to.
fn selected_step(room: &Room) -> Option<(Symbol, u16)> {
    let (at, _) = room.runbook.selected()?;
    let page = room.runbook.page.as_ref()?;
    let number = page.blocks.iter().take(at + 1).rev().find_map(|block| match block {
        Block::Step { number, .. } => Some(Some(*number)),
        Block::Heading { .. } => Some(None),
        _ => None,
    });
    number.flatten().map(|number| (page.id.clone(), number))
}

fn step_or_explain(room: &mut Room) -> Option<(Symbol, u16)> {
    if room.focus != Pane::Runbook || room.runbook.page.is_none() {
        let key = room.key_of(Command::OpenRunbook);
        room.explain(format!("steps are ticked in a runbook: {key} opens it"));
        return None;
    }
    let step = selected_step(room);
    if step.is_none() {
        room.explain("no step is on this row");
    }
    step
}

/// A second tick takes the first back.
pub(super) fn tick(room: &mut Room, out: &mut Effects) {
    let Some((runbook, step)) = step_or_explain(room) else { return };
    let done = room.runbook.ticked.get(&(runbook.clone(), step)).cloned();
    if done == Some(StepState::Ticked) {
        return untick(room, &runbook, step, out);
    }
    let text = format!("{runbook}: step {step} done");
    add(room, Kind::RunbookStep { runbook, step, passed: false }, text, out);
    if room.runbook.cursor.is_last() {
        return;
    }
    next_step(room);
}

fn untick(room: &mut Room, runbook: &Symbol, step: u16, out: &mut Effects) {
    let is_it = |entry: &&Entry| matches!(&entry.kind, Kind::RunbookStep { runbook: of, step: number, .. } if of == runbook && *number == step);
    let Some(id) = room.timeline.timeline.effective().rfind(is_it).map(|entry| entry.id) else { return };
    let text = format!("took back: {runbook}: step {step}");
    let mut entry = ledger::own(room, Origin::Runbook, Kind::Undone, text);
    entry.supersedes = Some(id);
    ledger::add(room, entry, out);
    room.explain(format!("step {step} is open again"));
}

/// On to the next step, as one works a list.
fn next_step(room: &mut Room) {
    let Some(page) = &room.runbook.page else { return };
    let from = room.runbook.cursor.selected + 1;
    let is_step = |at: &usize| matches!(page.blocks.get(*at), Some(Block::Step { .. }));
    if let Some(offset) = room.runbook.rows.iter().skip(from).position(is_step) {
        room.runbook.cursor.select(from + offset);
    }
}

pub(super) fn ask_reason(room: &mut Room) {
    if let Some((runbook, step)) = step_or_explain(room) {
        room.mode = Mode::Asking(Box::new(Prompt::new(PromptKind::PassReason { runbook, step }, "")));
    }
}

/// Passing over needs a reason: who reads the record later asks for it.
pub(super) fn pass(
    room: &mut Room,
    runbook: Symbol,
    step: u16,
    reason: &str,
    out: &mut Effects,
) -> Result<(), &'static str> {
    if reason.trim().is_empty() {
        return Err("say why, in a few words");
    }
    let text = format!("{runbook}: step {step} passed over: {}", reason.trim());
    add(room, Kind::RunbookStep { runbook, step, passed: true }, text, out);
    next_step(room);
    Ok(())
}
