//! One search for an id: over traces, lines, the record and its evidence; and for a value of an attribute, everything with it.

use std::time::Duration;

use super::super::command::Command;
use super::super::effect::{Ask, Effect, Effects, PlacesAsk};
use super::super::fact::{Places, Target};
use super::super::keys::{Code, Key};
use super::super::mode::{Mode, PlaceRow, PlacesView};
use super::super::pane::{Cursor, Finding, Pane, WaterfallView};
use super::super::room::Room;
use super::super::ticket::Slot;
use super::super::toast::ToastKind;
use super::{ask, pivot, selection, tail, time, way};
use crate::domain::signal::{Line, Summary};
use crate::domain::trace::{ABSENT, TraceReference, is_half_of, parse_reference};
use crate::domain::{Failure, SpanId, Symbol, TraceId, Window};

/// How far back an id is looked for, each time that nothing was found nearer; a longer window of the lens begins further back.
const BACK: [Duration; 3] =
    [Duration::from_secs(3_600), Duration::from_secs(6 * 3_600), Duration::from_secs(24 * 3_600)];
/// An id has so many letters at least: less would be found everywhere.
const SHORTEST: usize = 4;
/// A longer text is a header or a line: what is looked for is the id in it.
const LONGEST: usize = 128;
/// Of the record at most so many rows.
const ENTRIES: usize = 50;

/// What was typed after `@`: a time, else an id.
pub(super) fn answered(room: &mut Room, text: &str, out: &mut Effects) -> Result<(), String> {
    let problem = match time::answered(room, text, out) {
        Ok(()) => return Ok(()),
        Err(problem) => problem,
    };
    let text = text.trim().trim_start_matches('@').trim();
    if text.eq_ignore_ascii_case("start") || is_like_a_time(text) || text.chars().count() < SHORTEST {
        return Err(problem.to_owned());
    }
    let reference = parse_reference(text);
    if reference.is_none() && text.len() > LONGEST {
        return Err("no id can be read out of this".to_owned());
    }
    seek(room, text, reference, out);
    Ok(())
}

/// Wrongly written times are to be mended, not looked for.
fn is_like_a_time(text: &str) -> bool {
    let hours = text.split_once(':').map(|(hours, _)| hours);
    let is_clock = hours.is_some_and(|hours| hours.len() <= 2 && hours.bytes().all(|byte| byte.is_ascii_digit()));
    text.starts_with(['-', '−']) || (is_clock && text.len() <= 12)
}

/// What the program was started on and no alert is called.
pub(super) fn from_target(room: &mut Room, out: &mut Effects) {
    if let Some(Target::Id(text)) = room.target.take_if(|target| matches!(target, Target::Id(_))) {
        let reference = parse_reference(&text);
        seek(room, &text, reference, out);
    }
}

fn seek(room: &mut Room, text: &str, reference: Option<TraceReference>, out: &mut Effects) {
    let keys = room.settings.business_keys.clone();
    // Of a header only the id in it is to be found elsewhere.
    let is_header = reference.is_some() && text.contains([' ', ':', ';', '"', '{']);
    let wanted = reference.filter(|_| is_header).map_or_else(|| text.to_owned(), |found| found.trace.to_string());
    open(room, text, wanted, reference, keys, (None, false), out);
}

/// Everything that has this value of this attribute: traces, lines, what people wrote.
pub(super) fn everything(room: &mut Room, service: Option<Symbol>, key: Symbol, value: &str, out: &mut Effects) {
    let shown = format!("{key} = {value}");
    open(room, &shown, value.to_owned(), None, vec![key], (service, true), out);
}

/// The value of the finding under the cursor.
pub(super) fn of_finding(room: &mut Room, out: &mut Effects) -> bool {
    let Some(Finding::Outlier(at)) = room.waterfall.findings.selected() else { return false };
    let outlier = room.attribution.as_ref().and_then(|found| found.findings.outliers.get(*at).cloned());
    let Some(outlier) = outlier else { return false };
    if outlier.value == ABSENT || outlier.value.contains(" to ") {
        room.explain("servers cannot be asked for what is absent, nor for a range");
    } else {
        everything(room, outlier.key.service.clone(), outlier.key.name.clone(), &outlier.value, out);
    }
    true
}

fn open(
    room: &mut Room,
    shown: &str,
    text: String,
    reference: Option<TraceReference>,
    keys: Vec<Symbol>,
    (service, under_key): (Option<Symbol>, bool),
    out: &mut Effects,
) {
    let mut local = recorded(room, &text, reference.map(|found| found.trace));
    let is_it = |summary: &&Summary| reference.is_some_and(|half| is_half_of(half.trace, summary.trace));
    local.extend(room.waterfall.list.iter().filter(is_it).map(|summary| PlaceRow::Trace(Box::new(summary.clone()))));
    let cursor = Cursor { height: room.overlay_height, ..Cursor::default() };
    let start = BACK.first().map_or(room.now, |back| room.now.minus(*back)).min(room.lens.window.start);
    let window = Window { start, end: room.now };
    let log_query = room.settings.log_query.clone();
    let span = bare_span(&text).filter(|_| !under_key);
    let ask = PlacesAsk { text, reference, span, keys, under_key, service, log_query, window };
    let mut view = PlacesView {
        wanted: shown.to_owned(),
        span: reference.and_then(|found| found.span),
        rows: Vec::new(),
        cursor,
        ask: ask.clone(),
        from: start,
        asked: room.now,
        waits_for: 2,
        more: false,
        troubles: Vec::new(),
        holders: Vec::new(),
        limits: Vec::new(),
    };
    view.add(local);
    room.mode = Mode::Places(Box::new(view));
    fetch(room, ask, out);
}

/// An id of 16 digits may be one of a trace as well as one of a span.
fn bare_span(text: &str) -> Option<SpanId> {
    if text.len() == 16 { text.parse().ok() } else { None }
}

fn fetch(room: &mut Room, ask: PlacesAsk, out: &mut Effects) {
    let ticket = room.tickets.draw(Slot::Places);
    out.push(Effect::Fetch { ticket, ask: Ask::Places(ask.clone()) });
    let ticket = room.tickets.draw(Slot::PlaceLines);
    out.push(Effect::Fetch { ticket, ask: Ask::PlaceLines(ask) });
}

/// Looks further back when all have answered and none has it. After a refusal nothing is known, and nothing is widened.
fn widen(room: &mut Room, out: &mut Effects) {
    let Mode::Places(view) = &mut room.mode else { return };
    if view.waits_for > 0 || view.has_answers() || !view.troubles.is_empty() {
        return;
    }
    let earlier = BACK.iter().map(|back| view.asked.minus(*back)).find(|start| *start < view.from);
    let Some(start) = earlier else { return };
    let ask = PlacesAsk { window: Window { start, end: view.from }, ..view.ask.clone() };
    (view.from, view.waits_for) = (start, 2);
    view.ask = ask.clone();
    fetch(room, ask, out);
}

/// What the record says of it: entries by their words, evidence by its words or its trace.
fn recorded(room: &Room, text: &str, trace: Option<TraceId>) -> Vec<PlaceRow> {
    let text = text.to_lowercase();
    let holds = |words: &str| words.to_lowercase().contains(&text);
    let mut rows = Vec::new();
    for entry in room.timeline.timeline.effective().rev() {
        if holds(&entry.text) {
            rows.push(PlaceRow::Entry(entry.id));
        }
        for (at, evidence) in entry.evidence.iter().enumerate() {
            let is_of_it = trace.is_some() && evidence.trace == trace;
            let is_span = evidence.span.is_some_and(|span| span.to_string() == text);
            if is_of_it || is_span || holds(&evidence.text) {
                rows.push(PlaceRow::Evidence(entry.id, at));
            }
        }
        if rows.len() >= ENTRIES {
            break;
        }
    }
    rows
}

pub(super) fn take(room: &mut Room, found: Places, out: &mut Effects) {
    let Mode::Places(view) = &mut room.mode else { return };
    let mut rows: Vec<PlaceRow> = found.traces.into_iter().map(|summary| PlaceRow::Trace(Box::new(summary))).collect();
    let listed: Vec<TraceId> = view.traces().collect();
    let known = |rows: &[PlaceRow], id: TraceId| {
        let is_it = |known: TraceId| known == id || is_half_of(id, known);
        listed.iter().any(|known| is_it(*known))
            || rows.iter().any(|row| matches!(row, PlaceRow::Trace(summary) if is_it(summary.trace)))
    };
    for line in &found.lines {
        if let Some(trace) = line.trace.filter(|trace| !known(&rows, *trace)) {
            rows.push(PlaceRow::Trace(Box::new(Summary {
                trace,
                root_service: Symbol::default(),
                root_name: Symbol::default(),
                start: line.time,
                duration_nanos: 0,
                spans: None,
                errors: None,
                services: Vec::new(),
            })));
        }
    }
    view.holders.extend(found.holders);
    let of_span = |line: &&Line| line.span.is_some() && line.span == view.ask.span;
    view.holders.extend(found.lines.iter().filter(of_span).filter_map(|line| line.trace));
    rows.extend(found.lines.into_iter().map(|line| PlaceRow::Line(Box::new(line))));
    view.add(rows);
    view.more |= found.more;
    view.troubles.extend(found.troubles);
    for limit in found.limits {
        if !view.limits.contains(&limit) {
            view.limits.push(limit);
        }
    }
    view.waits_for = view.waits_for.saturating_sub(1);
    widen(room, out);
}

pub(super) fn failed(room: &mut Room, failure: &Failure) {
    if let Mode::Places(view) = &mut room.mode {
        view.troubles.push(failure.to_string());
        view.waits_for = view.waits_for.saturating_sub(1);
    }
}

pub(super) fn press(room: &mut Room, key: Key, out: &mut Effects) {
    let Mode::Places(view) = &mut room.mode else { return };
    match key.code() {
        Code::Char('j') | Code::Down => view.cursor.step(1),
        Code::Char('k') | Code::Up => view.cursor.step(-1),
        Code::Char('g') | Code::Home => view.cursor.first(),
        Code::Char('G') | Code::End => view.cursor.last(),
        Code::PageDown => view.cursor.page_down(1),
        Code::PageUp => view.cursor.page_up(1),
        Code::Enter => go(room, out),
        _ => {
            room.mode = Mode::Normal;
            for slot in [Slot::Places, Slot::PlaceLines] {
                room.tickets.draw(slot);
                out.push(Effect::Drop(slot));
            }
        }
    }
}

/// The place of the selected row.
fn go(room: &mut Room, out: &mut Effects) {
    let Mode::Places(view) = &room.mode else { return };
    let Some(row) = view.selected().cloned() else { return };
    let span = match &row {
        PlaceRow::Trace(summary) => view.span_in(summary.trace),
        _ => None,
    };
    room.mode = Mode::Normal;
    way::remember(room);
    room.zoom = super::super::pane::Zoom::Normal;
    match row {
        PlaceRow::Trace(summary) => {
            room.waterfall.chosen = true;
            ask::open_trace(room, summary.trace, span, Some(selection::on_both_sides(summary.start)), out);
            room.focus = Pane::Waterfall;
        }
        PlaceRow::Line(line) => match line.trace {
            Some(trace) => {
                room.waterfall.chosen = true;
                ask::open_trace(room, trace, line.span, Some(selection::on_both_sides(line.time)), out);
                room.waterfall.line_time = Some(line.time);
                tail::show_lines_of(room, &line);
                room.focus = Pane::Logs;
            }
            None => {
                room.logs.of_trace = None;
                time::go_to(room, line.time, out);
                room.focus = Pane::Logs;
            }
        },
        PlaceRow::Entry(id) => {
            leave_investigation(room);
            pivot::to_entry(room, id);
        }
        PlaceRow::Evidence(id, _) => {
            leave_investigation(room);
            pivot::to_entry(room, id);
            pivot::evidence(room, out);
        }
    }
    let key = room.key_of(Command::Back);
    room.say(ToastKind::Info, format!("{key} goes back"));
}

fn leave_investigation(room: &mut Room) {
    if room.waterfall.view == WaterfallView::Investigation {
        room.waterfall.view = WaterfallView::Trace;
    }
}
