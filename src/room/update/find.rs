//! The Find group: the filter, and going from one thing of a kind to the next.

use super::super::command::Command;
use super::super::effect::Effects;
use super::super::mode::{Mode, Prompt, PromptKind};
use super::super::pane::{Pane, TimelineRow, WaterfallView};
use super::super::room::Room;
use super::ask::{self, SLOW};
pub(super) use super::wanted::Wanted;
use super::wanted::{SLOW_SHARE, Words, answers as answers_to};
use super::{follow, investigation, query, steps};
use crate::domain::filter::Filter;
use crate::domain::incident::Kind;
use crate::domain::runbook::Block;
use crate::domain::signal::{Level, Row};
use crate::domain::slo::State;

pub(super) fn next(room: &mut Room, wanted: Wanted, back: bool) {
    if wanted == Wanted::Match && room.lens.filter.is_empty() {
        let key = room.key_of(Command::Filter);
        room.explain(format!("no filter is set: {key} sets one"));
        return;
    }
    let pane = room.focus;
    let found = match pane {
        Pane::Waterfall if room.waterfall.view == WaterfallView::Trace => {
            let found = next_span(room, wanted, back);
            if let Some(row) = found {
                room.waterfall.chosen = true;
                room.waterfall.select(row);
            }
            found.is_some()
        }
        Pane::Logs if room.logs.of_trace.is_some() || !room.logs.patterns.has_cursor() => {
            let found = next_line(room, wanted, back);
            if let Some(row) = found {
                steps::cursor(room, pane).select(row);
            }
            found.is_some()
        }
        _ => {
            let cursor = *steps::cursor(room, pane);
            let found = seek(cursor.selected, cursor.total, back, |row| is_wanted(room, pane, wanted, row));
            if let Some(row) = found {
                steps::cursor(room, pane).select(row);
            }
            found.is_some()
        }
    };
    if found {
        follow::selection_moved(room);
    } else {
        let side = if back { "before" } else { "after" };
        room.explain(format!("no {} {side} this in the {}", wanted.word(), pane.word()));
    }
}

fn seek(from: usize, total: usize, back: bool, is_wanted: impl Fn(usize) -> bool) -> Option<usize> {
    if back {
        (0..from.min(total)).rev().find(|row| is_wanted(*row))
    } else {
        (from.saturating_add(1)..total).find(|row| is_wanted(*row))
    }
}

/// Over all spans, those under a fold too.
fn next_span(room: &Room, wanted: Wanted, back: bool) -> Option<u32> {
    let tree = room.waterfall.tree.as_ref()?;
    // What hangs on a row stands behind it.
    let from = room.waterfall.selected_attached().map(|attached| attached.row).or(room.waterfall.selected_row())?;
    let from = from as usize;
    let slow = tree.duration_nanos() / SLOW_SHARE;
    let found = seek(from, tree.len(), back, |row| {
        let Some(node) = u32::try_from(row).ok().and_then(|row| tree.row(row)) else { return false };
        match wanted {
            Wanted::Match => room.lens.filter.matches(&node),
            Wanted::Error => node.is_error,
            Wanted::Warning => !node.warnings.is_empty() || node.missing.is_some() || node.client_error,
            Wanted::Slow => slow > 0 && node.self_nanos >= slow,
            Wanted::Gap => room.waterfall.propagation.at(node.row).is_some(),
            Wanted::Mark => node.span.is_some_and(|span| room.waterfall.marks.contains(&span.id)),
        }
    });
    found.and_then(|row| u32::try_from(row).ok())
}

fn is_wanted(room: &Room, pane: Pane, wanted: Wanted, row: usize) -> bool {
    let answers = |text: &str| answers_to(room, text);
    match pane {
        Pane::Gauges => room.gauges.judgements.get(row).is_some_and(|judgement| match wanted {
            Wanted::Match => answers(&judgement.slo),
            Wanted::Error => judgement.state == State::Page,
            Wanted::Warning => matches!(judgement.state, State::Notify | State::Rising),
            Wanted::Slow | Wanted::Gap | Wanted::Mark => false,
        }),
        Pane::Timeline => room.timeline.entry_at(row).is_some_and(|entry| match (wanted, &entry.kind) {
            (Wanted::Match, _) => answers(&entry.text),
            (Wanted::Error, Kind::AlertFired { severity, .. }) => matches!(severity.as_str(), "page" | "critical"),
            (Wanted::Warning, Kind::AlertFired { severity, .. }) => !matches!(severity.as_str(), "page" | "critical"),
            (Wanted::Mark, _) => room.timeline.marks.contains(&entry.id),
            _ => false,
        }),
        Pane::Waterfall if investigation::shows(room) => investigation::is_wanted(room, wanted, row),
        Pane::Waterfall if room.waterfall.view != WaterfallView::List => false,
        Pane::Waterfall => room.waterfall.list.get(row).is_some_and(|summary| match wanted {
            Wanted::Match => answers(&format!("{} {}", summary.root_service, summary.root_name)),
            Wanted::Error => summary.errors.is_some_and(|errors| errors > 0),
            Wanted::Slow => u128::try_from(summary.duration_nanos).is_ok_and(|nanos| nanos >= SLOW.as_nanos()),
            Wanted::Warning => summary.root_service.is_empty(),
            Wanted::Gap | Wanted::Mark => false,
        }),
        Pane::Logs if room.logs.patterns.has_cursor() => room.logs.patterns.at(row).is_some_and(|kind| match wanted {
            Wanted::Match => answers(&kind.template.to_string()),
            Wanted::Error => kind.level >= Level::Error,
            Wanted::Warning => kind.level == Level::Warn,
            Wanted::Gap | Wanted::Slow | Wanted::Mark => false,
        }),
        // Those have a way of their own: `next_line`.
        Pane::Logs => false,
        Pane::Runbook => room.runbook.rows.get(row).is_some_and(|at| {
            let block = room.runbook.page.as_ref().and_then(|page| page.blocks.get(*at));
            wanted == Wanted::Match && block.is_some_and(|block| answers(&block_text(block)))
        }),
    }
}

/// The next row of the lines. Levels are looked at in columns, so that a key is quick with a million lines.
fn next_line(room: &Room, wanted: Wanted, back: bool) -> Option<usize> {
    let of_level = |level: Level| match wanted {
        Wanted::Error => level >= Level::Error,
        Wanted::Warning => level == Level::Warn,
        _ => false,
    };
    let logs = &room.logs;
    if let Some(of) = &logs.of_trace {
        return seek(of.cursor.selected, of.lines.len(), back, |row| {
            of.lines.get(row).is_some_and(|line| match wanted {
                Wanted::Match => room.lens.filter.matches(&Words(line.text())),
                _ => of_level(line.level),
            })
        });
    }
    let (view, book, from) = (&logs.view, &logs.book, logs.cursor.selected);
    let nearest = |rows: [Option<usize>; 2]| {
        let rows = rows.into_iter().flatten();
        if back { rows.max() } else { rows.min() }
    };
    match wanted {
        // Every line that shows is a match.
        Wanted::Match => seek(from, view.len(), back, |row| matches!(view.row(book, row), Some(Row::Line(_)))),
        Wanted::Error => view.seek_level(book, from, back, of_level),
        Wanted::Warning => nearest([view.seek_level(book, from, back, of_level), view.seek_gap(from, back)]),
        Wanted::Mark => {
            let rows = logs.marks.iter().filter_map(|seq| view.row_of(*seq));
            if back { rows.filter(|row| *row < from).max() } else { rows.filter(|row| *row > from).min() }
        }
        Wanted::Slow | Wanted::Gap => None,
    }
}

/// The words of a block, for searching.
pub(super) fn block_text(block: &Block) -> String {
    let words =
        |inlines: &[crate::domain::runbook::Inline]| inlines.iter().map(|inline| inline.text.as_str()).collect();
    match block {
        Block::Heading { text, .. } | Block::Code { text, .. } => text.clone(),
        Block::Paragraph(inlines) | Block::Quote(inlines) => words(inlines),
        Block::Item { inlines, .. } | Block::Step { inlines, .. } => words(inlines),
        Block::Table(rows) => rows.iter().map(|row| row.join(" ")).collect::<Vec<_>>().join("\n"),
        Block::Rule => String::new(),
    }
}

pub(super) fn mark(room: &mut Room) {
    let toggled = match room.focus {
        Pane::Logs if room.logs.shows_tail() => match room.logs.view.row(&room.logs.book, room.logs.cursor.selected) {
            Some(Row::Line(seq)) => Some(toggle(&mut room.logs.marks, seq)),
            _ => None,
        },
        Pane::Waterfall if room.waterfall.view == WaterfallView::Trace => {
            room.lens.span.map(|span| toggle(&mut room.waterfall.marks, span))
        }
        Pane::Timeline => match room.timeline.rows.get(room.timeline.cursor.selected) {
            Some(TimelineRow::Entry(id)) => Some(toggle(&mut room.timeline.marks, *id)),
            _ => None,
        },
        _ => None,
    };
    let walk = room.key_of(Command::NextMark);
    match toggled {
        Some(true) => room.explain(format!("marked; {walk} walks the marks")),
        Some(false) => room.explain("mark taken off"),
        None => room.explain("this row cannot be marked: lines, spans and entries can"),
    }
}

fn toggle<T: Ord + Copy>(marks: &mut std::collections::BTreeSet<T>, mark: T) -> bool {
    if marks.remove(&mark) { false } else { marks.insert(mark) }
}

pub(super) fn ask_filter(room: &mut Room) {
    let before = room.lens.filter.to_string();
    room.mode = Mode::Asking(Box::new(Prompt::new(PromptKind::Filter { before: before.clone() }, &before)));
}

/// The filter of all panes, at once: logs show what answers to it, the others go from match to match.
pub(super) fn set_filter(room: &mut Room, text: &str) {
    let filter = Filter::parse(text);
    if filter != room.lens.filter {
        room.lens.filter = filter.clone();
        room.logs.look(filter, room.logs.level);
        room.logs.measure(room.now);
    }
}

pub(super) fn clear(room: &mut Room, out: &mut Effects) {
    if room.waterfall.narrowed.is_some() {
        ask::search(room, out);
    } else if room.lens.filter.is_empty() && room.shows_typed_lines() {
        return query::close_lines(room, out);
    } else if room.lens.filter.is_empty() {
        room.explain("no filter is set");
        return;
    }
    set_filter(room, "");
    room.explain("filter cleared");
}

pub(super) fn level(room: &mut Room, command: Command) {
    let (level, words) = match command {
        Command::ShowAll => (Level::Unknown, "logs: every level"),
        Command::ShowInfo => (Level::Info, "logs: info and worse"),
        Command::ShowError => (Level::Error, "logs: error and worse"),
        _ => (Level::Warn, "logs: warn and worse"),
    };
    let filter = room.lens.filter.clone();
    room.logs.look(filter, level);
    room.logs.measure(room.now);
    room.explain(words);
}
