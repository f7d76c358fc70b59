//! What the cursors stand on: its time, its words, its trace, and as evidence of a note.

use std::time::Duration;

use super::super::pane::{Pane, WaterfallView};
use super::super::room::Room;
use crate::domain::incident::Evidence;
use crate::domain::slo::{State, burn_text, duration_text};
use crate::domain::{SpanId, Symbol, Timestamp, TraceId, Window};

/// As many as a note carries.
const EVIDENCE: usize = 3;
/// Characters of a line that a note carries.
const LINE_WORDS: usize = 160;

/// When what the focused pane's cursor stands on happened.
pub(super) fn time(room: &Room) -> Option<Timestamp> {
    match room.focus {
        Pane::Timeline => room.timeline.selected().map(|entry| entry.happened),
        Pane::Waterfall => match room.waterfall.view {
            WaterfallView::List => room.waterfall.selected_summary().map(|summary| summary.start),
            WaterfallView::Trace => node_time(room),
            WaterfallView::Investigation => room.waterfall.investigation.selected().map(|happening| happening.at),
            WaterfallView::Findings | WaterfallView::Twin => None,
        },
        Pane::Logs => room.logs.selected().map(|line| line.time),
        Pane::Gauges | Pane::Runbook => None,
    }
}

/// On both sides of what is selected, for the traces around it.
const AROUND: Duration = Duration::from_secs(5 * 60);

/// The time around what the focused pane's cursor stands on.
pub(super) fn around(room: &Room) -> Option<Window> {
    time(room).map(on_both_sides)
}

pub(super) fn on_both_sides(at: Timestamp) -> Window {
    Window { start: at.minus(AROUND), end: at.plus(AROUND) }
}

fn node_time(room: &Room) -> Option<Timestamp> {
    let row = room.waterfall.selected_row()?;
    room.waterfall.tree.as_ref()?.row(row).map(|node| node.start)
}

/// The trace, and the span if one is meant, that the focused pane's cursor stands on.
pub(super) fn trace(room: &Room) -> Option<(TraceId, Option<SpanId>)> {
    match room.focus {
        Pane::Timeline => room
            .timeline
            .selected()?
            .evidence
            .iter()
            .find_map(|evidence| evidence.trace.map(|trace| (trace, evidence.span))),
        Pane::Waterfall => match room.waterfall.view {
            WaterfallView::List => room.waterfall.selected_summary().map(|summary| (summary.trace, None)),
            _ => room.waterfall.tree.as_ref().map(|tree| (tree.trace(), room.lens.span)),
        },
        Pane::Logs => room.logs.selected().and_then(|line| line.trace.map(|trace| (trace, line.span))),
        Pane::Gauges | Pane::Runbook => None,
    }
}

/// The service under the cursor.
pub(super) fn service(room: &Room) -> Option<Symbol> {
    let service = match room.focus {
        Pane::Waterfall => match room.waterfall.view {
            WaterfallView::List => room.waterfall.selected_summary().map(|summary| summary.root_service.clone()),
            WaterfallView::Trace | WaterfallView::Investigation => {
                let row = room.waterfall.selected_row()?;
                room.waterfall.tree.as_ref()?.row(row)?.span.map(|span| span.service.clone())
            }
            WaterfallView::Findings | WaterfallView::Twin => None,
        },
        Pane::Logs if room.logs.patterns.has_cursor() => {
            room.logs.patterns.selected().map(|pattern| pattern.service.clone())
        }
        Pane::Logs => room.logs.selected().map(|line| line.service.clone()),
        Pane::Gauges | Pane::Timeline | Pane::Runbook => None,
    };
    service.filter(|service| !service.is_empty())
}

/// What all panes' cursors stand on, the focused pane's first.
pub(super) fn evidence(room: &Room) -> Vec<Evidence> {
    let mut found: Vec<(Pane, Evidence)> = [
        span(room).map(|evidence| (Pane::Waterfall, evidence)),
        slo(room).map(|evidence| (Pane::Gauges, evidence)),
        line(room).map(|evidence| (Pane::Logs, evidence)),
        page(room).map(|evidence| (Pane::Runbook, evidence)),
    ]
    .into_iter()
    .flatten()
    .collect();
    found.sort_by_key(|(pane, _)| *pane != room.focus);
    found.into_iter().map(|(_, evidence)| evidence).take(EVIDENCE).collect()
}

fn about(word: &str, text: String, at: Timestamp) -> Evidence {
    Evidence { about: Symbol::from(word), text, trace: None, span: None, slo: None, at: Some(at) }
}

fn span(room: &Room) -> Option<Evidence> {
    let tree = room
        .waterfall
        .tree
        .as_ref()
        .filter(|_| matches!(room.waterfall.view, WaterfallView::Trace | WaterfallView::Investigation))
        .filter(|_| room.waterfall.awaited(room.lens.trace, room.now).is_none())?;
    let node = tree.row(room.waterfall.selected_row()?)?;
    let error = if node.is_error { ", error" } else { "" };
    let text = format!("{} {}, {}{error}", node.service, node.name, nanos_text(node.duration_nanos));
    let evidence = about("trace", text, tree.start());
    Some(Evidence { trace: Some(tree.trace()), span: node.span.map(|span| span.id), ..evidence })
}

/// A healthy SLO is evidence only for those who look at it.
fn slo(room: &Room) -> Option<Evidence> {
    let judgement = room.gauges.selected()?;
    if room.focus != Pane::Gauges && matches!(judgement.state, State::Healthy | State::Loading) {
        return None;
    }
    let burns = judgement.pairs.first().and_then(|pair| {
        let (long, short) = (pair.long_burn?, pair.short_burn?);
        let (in_long, in_short) = (duration_text(pair.long), duration_text(pair.short));
        Some(format!("{} over {in_long}, {} over {in_short}", burn_text(long), burn_text(short)))
    });
    let text = format!("{} {}", judgement.slo, burns.unwrap_or_else(|| judgement.state.word().to_owned()));
    Some(Evidence { slo: Some(judgement.slo.clone()), ..about("slo", text, judgement.at.unwrap_or(room.now)) })
}

/// The newest line of a tail that runs by is evidence of nothing.
fn line(room: &Room) -> Option<Evidence> {
    if room.focus != Pane::Logs && (room.logs.of_trace.is_some() || room.logs.cursor.follow) {
        return None;
    }
    let line = room.logs.selected()?;
    let words: String = line.text.chars().take(LINE_WORDS).collect();
    let evidence = about("line", format!("{} {words}", line.service), line.time);
    Some(Evidence { trace: line.trace, span: line.span, ..evidence })
}

fn page(room: &Room) -> Option<Evidence> {
    let page = room.runbook.page.as_ref().filter(|_| room.focus == Pane::Runbook)?;
    Some(about("runbook", page.id.to_string(), room.now))
}

/// `1.20 ms`, `360 ms`, `2.00 s`: three digits that count.
pub(super) fn nanos_text(nanos: i64) -> String {
    let (value, unit) = match nanos.unsigned_abs() {
        0..1_000 => (nanos as f64, "ns"),
        1_000..1_000_000 => (nanos as f64 / 1e3, "µs"),
        1_000_000..1_000_000_000 => (nanos as f64 / 1e6, "ms"),
        _ => (nanos as f64 / 1e9, "s"),
    };
    let digits = match value.abs() {
        value if value >= 100.0 || unit == "ns" => 0,
        value if value >= 10.0 => 1,
        _ => 2,
    };
    format!("{value:.digits$} {unit}")
}

/// The plain sentence of the selected SLO, its times in the room's clocks.
pub(super) fn sentence(room: &Room) -> Option<String> {
    let clock = |at: Timestamp| {
        let seconds = at.seconds().saturating_add(i64::from(room.offset_seconds(at))).rem_euclid(86_400);
        format!("{:02}:{:02}", seconds / 3_600, seconds / 60 % 60)
    };
    room.gauges.selected().map(|judgement| judgement.sentence(room.now, &clock))
}

/// Whose line it is, when it was, and that its clock can hardly be right.
pub(super) fn line_title(room: &Room, service: &str, time: Timestamp) -> String {
    let strange = room.lens.window.strange(time, room.now).map_or_else(String::new, |words| format!("  {words}"));
    format!("Line of {service} {time}{strange}")
}
