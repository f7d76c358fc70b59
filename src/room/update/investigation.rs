//! The view of one trace on one timeline: opened from wherever a trace is named, laid out anew when what it is made of
//! changed, walked, shifted and zoomed, left for what the cursor stands on.

use std::time::Duration;

use super::super::command::Command;
use super::super::effect::Effects;
use super::super::mode::{Mode, ValueView};
use super::super::pane::{Happening, MadeOf, Pane, Thing, WaterfallView, Zoom, line_time};
use super::super::room::Room;
use super::selection::nanos_text;
use super::wanted::{SLOW_SHARE, Wanted, answers};
use super::{ask, follow, pivot, selection, tail, way};
use crate::domain::incident::Kind;
use crate::domain::signal::{Level, Line, LineView};
use crate::domain::{Timestamp, Window};

/// What came so long before the trace, or before the impact, may have to do with it.
const BEFORE: Duration = Duration::from_secs(3_600);
/// Entries of the record that are walked at most, the latest.
const ENTRIES: usize = 400;
/// Of its length a window has so much air on both sides: one part of so many.
const AIR: i64 = 24;
/// How much longer or shorter a window gets at once.
const FACTOR: i64 = 4;
const SHORTEST: i64 = 1_000;
const LONGEST: i64 = 24 * 3_600 * 1_000_000_000;

pub(super) fn shows(room: &Room) -> bool {
    room.waterfall.view == WaterfallView::Investigation
}

/// The trace under the cursor on one timeline; from there back to where one came from.
pub(super) fn open(room: &mut Room, out: &mut Effects) {
    if room.focus == Pane::Waterfall && shows(room) {
        return leave(room, out);
    }
    let Some((trace, span)) = selection::trace(room).or_else(|| room.lens.trace.map(|trace| (trace, room.lens.span)))
    else {
        return room.explain("no trace is named here: one timeline is a trace's");
    };
    way::remember(room);
    let around = selection::around(room);
    room.waterfall.chosen = true;
    ask::open_trace(room, trace, span, around, out);
    room.waterfall.view = WaterfallView::Investigation;
    room.waterfall.investigation = Default::default();
    room.focus = Pane::Waterfall;
    room.zoom = Zoom::Full;
    let height = room.heights.get(&Pane::Waterfall).copied().unwrap_or(0);
    room.waterfall.investigation.cursor.set_height(height);
}

/// Back to where it was opened from, or to the trace alone.
fn leave(room: &mut Room, out: &mut Effects) {
    if !way::back(room, out) {
        room.waterfall.view = WaterfallView::Trace;
        room.zoom = Zoom::Normal;
    }
}

/// What means something else while this view has the keys. True when the command is done.
pub(super) fn run(room: &mut Room, command: Command, out: &mut Effects) -> bool {
    if room.focus != Pane::Waterfall || !shows(room) {
        return false;
    }
    match command {
        Command::ShiftBack | Command::ShiftForward => shift(room, command == Command::ShiftBack),
        Command::ZoomIn | Command::ZoomOut => zoom(room, command == Command::ZoomIn),
        Command::CentreHere => fit(room),
        Command::PreviousEvent | Command::NextEvent => event(room, command == Command::PreviousEvent),
        Command::Close if room.problems.is_empty() => leave(room, out),
        Command::Details => details(room),
        _ => return false,
    }
    true
}

/// `d`: the words of what the cursor stands on, in full.
fn details(room: &mut Room) {
    let view = match room.waterfall.investigation.selected().map(|happening| happening.thing) {
        Some(Thing::Line(place)) => lines(room).get(place).map(|line| {
            let title = selection::line_title(room, &line.service, line.time);
            ValueView { title, text: LineView::from(line).in_full(), offset: 0 }
        }),
        Some(Thing::Entry(id)) => room.timeline.timeline.get(id).map(|entry| {
            let text = format!("{}\n\nhappened {}\nby {}", entry.text, entry.happened, entry.author);
            ValueView { title: "Entry".to_owned(), text, offset: 0 }
        }),
        Some(Thing::Span(row)) => room.waterfall.tree.as_ref().and_then(|tree| tree.row(row)).map(|node| {
            let pairs = node.span.map(|span| span.attributes.iter().chain(span.resource.iter()));
            let pairs = pairs.into_iter().flatten().map(|(key, value)| format!("\n{key}  {value}"));
            let title = format!("{} {}", node.service, node.name);
            ValueView {
                title,
                text: format!("took {}\n{}", nanos_text(node.duration_nanos), pairs.collect::<String>()),
                offset: 0,
            }
        }),
        None => None,
    };
    match view {
        Some(view) => room.mode = Mode::ValueView(view),
        None => room.explain("nothing is on this row"),
    }
}

/// After every message: the lay-out is that of what is known now, and the window holds what is selected.
pub(super) fn keep(room: &mut Room) {
    if !shows(room) {
        return;
    }
    let made_of = made_of(room);
    if made_of != room.waterfall.investigation.made_of {
        lay_out(room);
        room.waterfall.investigation.made_of = made_of;
        room.waterfall.investigation.shown = None;
    }
    let selected = room.waterfall.investigation.selected();
    if selected == room.waterfall.investigation.shown {
        return;
    }
    room.waterfall.investigation.shown = selected;
    if let Some(Happening { thing: Thing::Span(row), .. }) = selected {
        note(room, row);
    }
    show(room);
}

fn made_of(room: &Room) -> MadeOf {
    let pane = &room.waterfall;
    let lines = lines(room).len();
    MadeOf {
        trace: pane.tree.as_ref().map(|tree| tree.trace()),
        read: pane.read_at,
        rows: pane.rows.as_ref().map_or(0, |rows| rows.visible().len()),
        lines,
        entries: room.timeline.timeline.len(),
        raw: pane.raw_clocks,
    }
}

fn lines(room: &Room) -> &[Line] {
    let open = room.waterfall.tree.as_ref().map(|tree| tree.trace());
    let of = room.logs.lines_of_open.as_ref().filter(|of| Some(of.trace) == open);
    of.map_or(&[], |of| &of.lines)
}

fn lay_out(room: &mut Room) {
    let (Some(tree), Some(rows)) = (room.waterfall.tree.clone(), room.waterfall.rows.as_ref()) else {
        return room.waterfall.investigation.take(Vec::new(), None);
    };
    let raw = room.waterfall.raw_clocks;
    let mut found: Vec<Happening> = Vec::new();
    found.extend(rows.visible().iter().filter_map(|row| tree.row(*row)).map(|node| {
        let at = if raw { node.raw_start } else { node.start };
        Happening { at, thing: Thing::Span(node.row) }
    }));
    found.extend(lines(room).iter().enumerate().map(|(place, line)| {
        let at = line_time(&tree, line, raw);
        Happening { at, thing: Thing::Line(place) }
    }));
    let first = room.impact_start().map_or(tree.start(), |impact| impact.min(tree.start())).minus(BEFORE);
    let entries = room.timeline.timeline.effective().rev().filter(|entry| entry.happened >= first).take(ENTRIES);
    found.extend(entries.map(|entry| Happening { at: entry.happened, thing: Thing::Entry(entry.id) }));
    let usual = room.lens.span.and_then(|span| tree.by_id(span)).or_else(|| tree.error_roots().first().copied());
    room.waterfall.investigation.take(found, usual.map(Thing::Span));
}

/// The trace pane's own cursor goes along, so that notes and the way back are about the same span.
fn note(room: &mut Room, row: u32) {
    if let Some(at) = room.waterfall.rows.as_ref().and_then(|rows| rows.position(row)) {
        room.waterfall.cursor.select(at);
    }
    let span = room.waterfall.tree.as_ref().and_then(|tree| tree.row(row)?.span).map(|span| span.id);
    if span.is_some() {
        room.lens.span = span;
    }
}

/// The window holds the whole trace, its lines and what is selected; one that was chosen by hand only goes along.
fn show(room: &mut Room) {
    let Some(whole) = whole(room) else { return };
    let selected = room.waterfall.investigation.selected();
    let view = &mut room.waterfall.investigation;
    let at = selected.map(|happening| happening.at);
    if view.by_hand {
        if let Some(at) = at.filter(|at| *at < view.window.start || *at > view.window.end) {
            let length = view.window.end.since(view.window.start);
            view.window = around(at, length);
        }
        return;
    }
    view.window = match at {
        Some(at) => aired(Window { start: whole.start.min(at), end: whole.end.max(at) }),
        None => aired(whole),
    };
}

/// From the first to the last of the trace and its lines.
fn whole(room: &Room) -> Option<Window> {
    let tree = room.waterfall.tree.as_ref()?;
    let times = room
        .waterfall
        .investigation
        .happenings
        .iter()
        .filter(|happening| matches!(happening.thing, Thing::Line(_) | Thing::Span(_)));
    let (first, last) = times
        .fold((tree.start(), tree.end()), |(first, last), happening| (first.min(happening.at), last.max(happening.at)));
    Some(Window { start: first, end: last })
}

fn aired(window: Window) -> Window {
    let air = (window.end.since(window.start) / AIR).max(SHORTEST);
    Window { start: window.start.shifted(-air), end: window.end.shifted(air) }
}

fn around(at: Timestamp, length: i64) -> Window {
    Window { start: at.shifted(-(length / 2)), end: at.shifted(length - length / 2) }
}

/// `[` and `]`: by half of what shows.
fn shift(room: &mut Room, back: bool) {
    let now = room.now;
    let view = &mut room.waterfall.investigation;
    let length = view.window.end.since(view.window.start);
    let by = if back { -(length / 2) } else { length / 2 };
    if !back && view.window.end > now {
        return room.explain("this is now: nothing is later");
    }
    view.window = Window { start: view.window.start.shifted(by), end: view.window.end.shifted(by) };
    view.by_hand = true;
}

/// `+` and `-`: around what is selected.
fn zoom(room: &mut Room, shorter: bool) {
    let view = &mut room.waterfall.investigation;
    let length = view.window.end.since(view.window.start);
    let next = if shorter { length / FACTOR } else { length.saturating_mul(FACTOR) };
    if !(SHORTEST..=LONGEST).contains(&next) {
        return room.explain(if shorter { "no window is shorter" } else { "no window is longer" });
    }
    let middle = view.window.start.shifted(length / 2);
    let at = view.selected().map_or(middle, |happening| happening.at);
    let at = if at < view.window.start || at > view.window.end { middle } else { at };
    view.window = around(at, next);
    view.by_hand = true;
}

/// `.`: all of the trace, and what is selected.
fn fit(room: &mut Room) {
    room.waterfall.investigation.by_hand = false;
    show(room);
}

/// `{` and `}`: what the record tells, before or after the cursor.
fn event(room: &mut Room, back: bool) {
    let view = &mut room.waterfall.investigation;
    let is_entry = |happening: &Happening| matches!(happening.thing, Thing::Entry(_));
    let from = view.cursor.selected;
    let found = if back {
        view.happenings.iter().take(from).rposition(is_entry)
    } else {
        view.happenings.iter().skip(from + 1).position(is_entry).map(|at| at + from + 1)
    };
    match found {
        Some(at) => view.cursor.select(at),
        None => room.explain(if back { "no event before this" } else { "no event after this" }),
    }
}

/// Whether the happening of a row is one of those that are gone to by key.
pub(super) fn is_wanted(room: &Room, wanted: Wanted, row: usize) -> bool {
    let Some(happening) = room.waterfall.investigation.happenings.get(row) else { return false };
    match happening.thing {
        Thing::Span(row) => room.waterfall.tree.as_ref().and_then(|tree| tree.row(row)).is_some_and(|node| {
            let whole = room.waterfall.tree.as_ref().map_or(0, |tree| tree.duration_nanos());
            match wanted {
                Wanted::Match => room.lens.filter.matches(&node),
                Wanted::Error => node.is_error,
                Wanted::Warning => !node.warnings.is_empty() || node.missing.is_some() || node.client_error,
                Wanted::Slow => whole > 0 && node.self_nanos >= whole / SLOW_SHARE,
                Wanted::Gap => room.waterfall.propagation.gaps.iter().any(|gap| gap.row == node.row),
                Wanted::Mark => node.span.is_some_and(|span| room.waterfall.marks.contains(&span.id)),
            }
        }),
        Thing::Line(place) => lines(room).get(place).is_some_and(|line| match wanted {
            Wanted::Match => answers(room, line.text()),
            Wanted::Error => line.level >= Level::Error,
            Wanted::Warning => line.level == Level::Warn,
            Wanted::Slow | Wanted::Gap | Wanted::Mark => false,
        }),
        Thing::Entry(id) => room.timeline.timeline.get(id).is_some_and(|entry| match wanted {
            Wanted::Match => answers(room, &entry.text),
            Wanted::Mark => room.timeline.marks.contains(&id),
            Wanted::Error => matches!(&entry.kind, Kind::AlertFired { .. } | Kind::ImpactStarted),
            Wanted::Warning | Wanted::Slow | Wanted::Gap => false,
        }),
    }
}

/// Enter: what the cursor stands on, in the pane that it is of.
pub(super) fn drill(room: &mut Room, out: &mut Effects) {
    let Some(selected) = room.waterfall.investigation.selected() else {
        return room.explain("nothing is on this row");
    };
    way::remember(room);
    room.zoom = Zoom::Normal;
    match selected.thing {
        Thing::Span(row) => {
            room.waterfall.view = WaterfallView::Trace;
            room.waterfall.select(row);
            follow::note_span(room);
        }
        Thing::Line(place) => {
            let span = lines(room).get(place).and_then(|line| line.span);
            room.waterfall.view = WaterfallView::Trace;
            room.lens.span = span.or(room.lens.span);
            tail::show_trace_lines(room, out);
            if let Some(of) = &mut room.logs.of_trace {
                of.cursor.select(place);
            }
            room.focus = Pane::Logs;
        }
        Thing::Entry(id) => {
            room.waterfall.view = WaterfallView::Trace;
            pivot::to_entry(room, id);
        }
    }
    let key = room.key_of(Command::Back);
    room.explain(format!("{key} goes back to the one timeline"));
}

/// `x`: a span's lines, a line's span, an entry's evidence.
pub(super) fn pivot(room: &mut Room, out: &mut Effects) {
    match room.waterfall.investigation.selected().map(|happening| happening.thing) {
        Some(Thing::Span(row)) => {
            let span = room.waterfall.tree.as_ref().and_then(|tree| tree.row(row)?.span).map(|span| span.id);
            let first = lines(room).iter().position(|line| line.span.is_some() && line.span == span);
            match first {
                Some(place) => select(room, Thing::Line(place)),
                None => room.explain("no line of this span is known"),
            }
        }
        Some(Thing::Line(place)) => {
            let tree = room.waterfall.tree.clone();
            let span = lines(room).get(place).and_then(|line| line.span);
            match tree.zip(span).and_then(|(tree, span)| tree.by_id(span)) {
                Some(row) => select(room, Thing::Span(row)),
                None => room.explain("this line names no span of the trace"),
            }
        }
        Some(Thing::Entry(id)) => {
            way::remember(room);
            room.zoom = Zoom::Normal;
            room.waterfall.view = WaterfallView::Trace;
            pivot::to_entry(room, id);
            if !pivot::evidence(room, out) {
                way::back(room, out);
                room.explain("this entry carries no evidence");
            }
        }
        None => room.explain("nothing is on this row"),
    }
}

fn select(room: &mut Room, thing: Thing) {
    let found = room.waterfall.investigation.happenings.iter().position(|happening| happening.thing == thing);
    match found {
        Some(at) => room.waterfall.investigation.cursor.select(at),
        None => room.explain("that span is folded away"),
    }
}
