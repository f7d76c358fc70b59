//! The Signals group: looking deeper into what the cursor stands on, and the same thing in the other signal.

use super::super::command::Command;
use super::super::effect::Effects;
use super::super::mode::{Mode, ValueView};
use super::super::pane::{Loading, Pane, WaterfallView, blame_text, blamed_by};
use super::super::room::Room;
use super::awaited::awaited;
use super::{
    ask, budget, find, findings, folds, investigation, patterns, pivot, places, reach, runbook, selection, tail, ties,
    time, values, way,
};
use crate::domain::Window;
use crate::domain::signal::Level;
use crate::domain::slo::{query, window_text, windows};

pub(super) fn drill(room: &mut Room, out: &mut Effects) {
    if room.focus == Pane::Logs && reach::read_hole(room, out) {
        return;
    }
    match room.focus {
        Pane::Gauges => view(room, queries),
        Pane::Logs if room.logs.patterns.has_cursor() => patterns::open(room),
        Pane::Timeline | Pane::Logs => details(room, out),
        Pane::Waterfall if room.waterfall.view == WaterfallView::Findings => findings::drill(room, out),
        Pane::Waterfall if room.waterfall.view == WaterfallView::Twin => ties::drill_twin(room),
        Pane::Waterfall if investigation::shows(room) => investigation::drill(room, out),
        Pane::Waterfall if room.waterfall.view == WaterfallView::Trace => {
            if !ties::follow_link(room, out) {
                details(room, out);
            }
        }
        Pane::Waterfall => match room.waterfall.selected_summary().cloned() {
            Some(summary) => {
                room.waterfall.chosen = true;
                ask::open_summary(room, &summary, out);
            }
            None => room.explain("no trace is on this row"),
        },
        Pane::Runbook if room.runbook.page.is_some() => folds::toggle_section(room),
        Pane::Runbook => runbook::open_selected(room, out),
    }
}

pub(super) fn details(room: &mut Room, out: &mut Effects) {
    match room.focus {
        Pane::Waterfall if room.waterfall.view == WaterfallView::Trace => {
            room.waterfall.details = !room.waterfall.details;
        }
        Pane::Waterfall => view(room, summary),
        Pane::Gauges => budget::open(room, out),
        Pane::Timeline => view(room, entry),
        Pane::Logs if room.logs.patterns.has_cursor() => view(room, pattern),
        Pane::Logs => view(room, line),
        Pane::Runbook => view(room, block),
    }
}

type Words = Option<(String, String)>;

fn view(room: &mut Room, words: fn(&Room) -> Words) {
    match words(room) {
        Some((title, text)) => room.mode = Mode::ValueView(ValueView { title, text, offset: 0 }),
        None => room.explain("nothing is on this row"),
    }
}

fn queries(room: &Room) -> Words {
    let slo = room.gauges.slo(&room.gauges.selected()?.slo)?;
    let mut text = String::new();
    for window in windows(slo) {
        let [first, total] = [slo.sli.first(), slo.sli.total()].map(|template| query(template, window));
        text.push_str(&format!("{}\n{first}\n{total}\n\n", window_text(window)));
    }
    Some((format!("Queries of {}", slo.name), text))
}

fn entry(room: &Room) -> Words {
    let entry = room.timeline.selected()?;
    let mut text =
        format!("{}\n\nhappened {}\nrecorded {}\nby {}", entry.text, entry.happened, entry.recorded, entry.author);
    for evidence in &entry.evidence {
        let trace = evidence.trace.map(|trace| format!("  trace {trace}")).unwrap_or_default();
        text.push_str(&format!("\n\n⇢ {}: {}{trace}", evidence.about, evidence.text));
    }
    let found = room.attribution.as_ref();
    if let Some((found, ranking)) =
        found.and_then(|found| Some((found, blamed_by(&room.alerts, &found.findings, entry)?)))
    {
        text.push_str(&format!("\n\nResponsible, {}:", found.findings.read_words()));
        for line in ranking.iter().take(5) {
            let percent = line.share() * 100.0;
            text.push_str(&format!("\n  {:<28} {percent:>5.1} %  {} of {}", blame_text(line), line.traces, line.of));
        }
    }
    Some(("Entry".to_owned(), text))
}

fn line(room: &Room) -> Words {
    let line = room.logs.selected()?;
    Some((selection::line_title(room, line.service, line.time), line.in_full()))
}

fn pattern(room: &Room) -> Words {
    let pattern = room.logs.patterns.selected()?;
    let (level, service) = (pattern.level.word(), &pattern.service);
    let book = &room.logs.book;
    // Nobody has asked what was before the lines that are here.
    let here = book.time(book.first_seq()).map(|time| format!(" among the lines here, which begin at {time}"));
    let text = format!(
        "{}\n\n{} lines\nfirst {}{}\nlast {}",
        pattern.template,
        pattern.count,
        pattern.first,
        here.unwrap_or_default(),
        pattern.last
    );
    Some((format!("Lines of one kind, {level} {service}"), text))
}

fn summary(room: &Room) -> Words {
    let summary = room.waterfall.selected_summary()?;
    let services: Vec<&str> = summary.services.iter().map(|service| service.as_str()).collect();
    let strange = room.lens.window.strange(summary.start, room.now);
    let text = format!(
        "{} {}\nstarted {}{}\ntook {}\nservices {}",
        summary.root_service,
        summary.root_name,
        summary.start,
        strange.map_or_else(String::new, |words| format!("  {words}")),
        selection::nanos_text(summary.duration_nanos),
        services.join(", ")
    );
    Some((format!("Trace {}", summary.trace), text))
}

fn block(room: &Room) -> Words {
    let (_, block) = room.runbook.selected()?;
    Some(("Runbook".to_owned(), find::block_text(block)))
}

pub(super) fn pivot(room: &mut Room, out: &mut Effects) {
    let finds = room.focus == Pane::Waterfall && room.waterfall.view == WaterfallView::Findings;
    if finds && places::of_finding(room, out) {
        return;
    }
    match room.focus {
        Pane::Gauges => pivot::ask_exemplar(room, out),
        Pane::Timeline => {
            if !pivot::evidence(room, out) {
                room.explain("this entry carries no evidence");
            }
        }
        Pane::Waterfall => match room.waterfall.view {
            WaterfallView::Trace if is_unread(room) || awaited(room).is_some() => back_to_line(room),
            WaterfallView::Investigation => investigation::pivot(room, out),
            WaterfallView::Trace if room.waterfall.tree.is_some() => {
                way::remember(room);
                tail::show_trace_lines(room, out);
                room.focus = Pane::Logs;
            }
            WaterfallView::Findings | WaterfallView::Twin if room.waterfall.tree.is_some() => {
                way::remember(room);
                tail::show_trace_lines(room, out);
                room.focus = Pane::Logs;
            }
            WaterfallView::Findings | WaterfallView::Twin => room.explain("no trace is open"),
            WaterfallView::Trace => room.explain("the trace has not come yet: its lines are asked for with it"),
            WaterfallView::List => {
                way::remember(room);
                drill(room, out);
                let key = room.key_of(Command::Pivot);
                room.explain(format!("{key} again shows its lines"));
            }
        },
        Pane::Logs => match selection::trace(room) {
            Some((trace, span)) => {
                let line_time = selection::time(room);
                way::remember(room);
                room.waterfall.chosen = true;
                let row = room.logs.cursor.selected;
                room.left_line =
                    room.logs.view.seq(row).filter(|_| room.logs.of_trace.is_none()).map(|seq| (trace, seq));
                ask::open_trace(room, trace, span, selection::around(room), out);
                room.waterfall.line_time = line_time;
                room.focus = Pane::Waterfall;
            }
            None => room.explain("this line names no trace"),
        },
        Pane::Runbook => room.explain("a runbook has no other signal"),
    }
}

/// Whether the trace that was asked for last could not be read; the one before may still show.
fn is_unread(room: &Room) -> bool {
    let shown = room.waterfall.tree.as_ref().map(|tree| tree.trace());
    matches!(room.waterfall.tree_state, Loading::Failed { .. }) && shown != room.lens.trace
}

/// To the line from which the trace was asked for.
fn back_to_line(room: &mut Room) {
    match room.left_line {
        Some((trace, seq)) if room.lens.trace == Some(trace) => {
            let row = room.logs.view.position(seq);
            room.logs.of_trace = None;
            room.logs.cursor.follow = false;
            room.logs.cursor.select(row);
            room.focus = Pane::Logs;
        }
        _ if let Some(trace) = awaited(room) => room.explain(format!("waiting for trace {}", trace.short())),
        _ => {
            let key = room.key_of(Command::Refresh);
            room.explain(format!("the trace could not be read: {key} tries again"));
        }
    }
}

pub(super) fn pivot_wide(room: &mut Room, out: &mut Effects) {
    match room.focus {
        Pane::Timeline => match selection::time(room) {
            Some(at) => time::go_to(room, at, out),
            None => room.explain("nothing is on this row"),
        },
        Pane::Waterfall if room.waterfall.view == WaterfallView::Trace => {
            let (Some(service), Some(at)) = (selection::service(room), selection::time(room)) else {
                return room.explain("no span is on this row");
            };
            room.logs.of_trace = None;
            filter_service(room, &service);
            time::go_to(room, at, out);
            room.focus = Pane::Logs;
            room.explain(format!("all lines of {service} around this span"));
        }
        Pane::Gauges => search_wide(room, None, room.lens.window, "traces of this window", out),
        Pane::Waterfall | Pane::Logs => {
            let Some(service) = selection::service(room) else {
                return room.explain("no service is on this row");
            };
            let window = selection::around(room).unwrap_or(room.lens.window);
            let words = format!("traces of {service} around this");
            search_wide(room, Some(service), window, &words, out);
        }
        Pane::Runbook => room.explain("a runbook has no other signal"),
    }
}

fn search_wide(
    room: &mut Room,
    service: Option<crate::domain::Symbol>,
    window: Window,
    words: &str,
    out: &mut Effects,
) {
    ask::search_narrow(room, window, service, words, out);
    room.waterfall.chosen = true;
    room.waterfall.view = WaterfallView::List;
    room.focus = Pane::Waterfall;
    room.explain(words);
}

fn filter_service(room: &mut Room, service: &str) {
    let quoted = if service.contains(char::is_whitespace) { format!("\"{service}\"") } else { service.to_owned() };
    find::set_filter(room, &format!("service={quoted}"));
}

pub(super) fn filter_by_value(room: &mut Room, out: &mut Effects) {
    if room.focus == Pane::Waterfall && room.waterfall.view == WaterfallView::Findings {
        return findings::filter(room, out);
    }
    if room.focus == Pane::Waterfall && room.waterfall.view == WaterfallView::Trace && room.waterfall.details {
        return values::choose(room);
    }
    match selection::service(room) {
        Some(service) => {
            filter_service(room, &service);
            let key = room.key_of(Command::ClearFilter);
            let level = room.logs.level;
            if room.logs.view.is_empty() && level > Level::Unknown {
                let below = level.word();
                return room.explain(format!(
                    "only {service}: lines below {below} are hidden, :show-all shows them; {key} clears"
                ));
            }
            room.explain(format!("only {service}; {key} clears"));
        }
        None => room.explain("no value to filter by is under the cursor"),
    }
}
