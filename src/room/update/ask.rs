//! Questions to the world: traces, a trace, its lines, the history of the log query.

use std::time::Duration;

use super::super::effect::{Ask, Effect, Effects, SearchAsk};
use super::super::fact::Target;
use super::super::health::SourceKind;
use super::super::pane::{Loading, Pane, ROWS_OF_A_KIND, TraceLines, WaterfallView};
use super::super::room::Room;
use super::super::ticket::Slot;
use super::{auto, follow};
use crate::domain::signal::{Listing, Summary};
use crate::domain::trace::held_up;
use crate::domain::{SpanId, Symbol, Timestamp, TraceId, Window};

/// From which duration on a trace is slow.
pub(super) const SLOW: Duration = Duration::from_secs(2);
/// Lines of the log query that are asked for at once.
const LINES: usize = 2_000;
/// How much longer than a trace its lines are looked for, on both sides.
const AROUND: Duration = Duration::from_secs(60);
/// How often the list of traces is asked for while live.
pub(super) const SEARCH_EVERY: Duration = Duration::from_secs(15);

/// The traces of the lens's window; while time is frozen those until the moment that is looked at, as far back. What shows until
/// they come knows of nothing later either.
pub(super) fn search(room: &mut Room, out: &mut Effects) {
    room.waterfall.narrowed = None;
    let mut window = room.lens.window;
    if let Some(at) = room.lens.cursor {
        window = Window::ending(at, window.length());
        room.waterfall.forget_after(at);
    }
    fetch_list(room, window, None, None, out);
}

/// Asks for the traces of the moment that is looked at, unless they are those that show, or a responder narrowed the list.
pub(super) fn search_moment(room: &mut Room, out: &mut Effects) {
    let at = room.lens.moment(room.now);
    let stands = |until: Timestamp| until <= at && at.elapsed_since(until) <= SEARCH_EVERY;
    if room.waterfall.narrowed.is_none() && room.waterfall.list_until.is_some_and(|until| !stands(until)) {
        search(room, out);
    }
}

/// Other traces than those of the lens, until the next [`search`].
pub(super) fn search_narrow(room: &mut Room, window: Window, service: Option<Symbol>, words: &str, out: &mut Effects) {
    room.waterfall.narrowed = Some(words.to_owned());
    fetch_list(room, window, service, None, out);
}

/// As [`search_narrow`], for traces with this value of this attribute.
pub(super) fn search_value(
    room: &mut Room,
    window: Window,
    service: Option<Symbol>,
    value: (Symbol, Symbol),
    words: &str,
    out: &mut Effects,
) {
    room.waterfall.narrowed = Some(words.to_owned());
    fetch_list(room, window, service, Some(value), out);
}

fn fetch_list(
    room: &mut Room,
    window: Window,
    service: Option<Symbol>,
    attribute: Option<(Symbol, Symbol)>,
    out: &mut Effects,
) {
    let ticket = room.tickets.draw(Slot::Search);
    room.waterfall.list_state = Loading::Asked { since: room.now };
    room.waterfall.list_until = Some(window.end);
    let slow_from = burning_bound(room).unwrap_or(SLOW);
    let ask = SearchAsk { window, service, attribute, slow_from, limit: ROWS_OF_A_KIND };
    out.push(Effect::Fetch { ticket, ask: Ask::Search(ask) });
}

/// From which duration on requests burn the budget of the worst SLO, where durations burn it.
pub(super) fn burning_bound(room: &Room) -> Option<Duration> {
    let worst = room.gauges.worst().filter(|judgement| judgement.state.is_firing())?;
    room.gauges.slo(&worst.slo)?.slow_from()
}

/// Opens a trace on a span, or where its gravest error starts. One that is open already is not asked for again.
pub(super) fn open_trace(
    room: &mut Room,
    id: TraceId,
    span: Option<SpanId>,
    around: Option<Window>,
    out: &mut Effects,
) {
    let is_open = room.waterfall.tree.as_ref().is_some_and(|tree| tree.trace() == id);
    if is_open && room.lens.trace != Some(id) {
        // It shows already: nobody waits any more for the one that was asked for in its place.
        stop_trace(room, out);
    }
    room.lens.trace = Some(id);
    room.lens.span = span;
    room.waterfall.line_time = None;
    room.waterfall.view = WaterfallView::Trace;
    room.logs.trace_line_count = None;
    room.logs.lines_of_open = None;
    if is_open && matches!(room.waterfall.tree_state, Loading::Ready { .. }) {
        select_span(room);
        ask_lines(room, out);
        return;
    }
    ask_trace(room, id, around, out);
}

fn ask_trace(room: &mut Room, id: TraceId, around: Option<Window>, out: &mut Effects) {
    let ticket = room.tickets.draw(Slot::Trace);
    room.waterfall.tree_state = Loading::Asked { since: room.now };
    room.waterfall.around = around;
    out.push(Effect::Fetch { ticket, ask: Ask::Trace { id, around } });
}

/// The trace of a line that was just written, until it is there.
pub(super) fn look_again(room: &mut Room, out: &mut Effects) {
    let due = room.waterfall.looks_again_at(room.now).is_some_and(|due| due <= room.now);
    if let Some(id) = room.lens.trace.filter(|_| due) {
        ask_trace(room, id, room.waterfall.around, out);
    }
}

/// The trace of the lens once more: a failed question, or one whose spans still come in.
pub(super) fn ask_again(room: &mut Room, out: &mut Effects) {
    if let Some(id) = room.lens.trace {
        ask_trace(room, id, None, out);
    }
}

/// Stops waiting for a trace; what was read before stays.
pub(super) fn stop_trace(room: &mut Room, out: &mut Effects) {
    room.tickets.draw(Slot::Trace);
    out.push(Effect::Drop(Slot::Trace));
    room.waterfall.line_time = None;
    room.lens.trace = room.waterfall.tree.as_ref().map(|tree| tree.trace());
    room.waterfall.tree_state = match room.waterfall.read_at {
        Some(at) => Loading::Ready { at },
        None => Loading::Idle,
    };
    if room.waterfall.tree.is_none() {
        room.waterfall.view = WaterfallView::List;
    }
    follow::note_span(room);
}

/// Selects the span of the lens, else where the gravest error starts, else what holds most of the time, else the root.
pub(super) fn select_span(room: &mut Room) {
    let Some(tree) = room.waterfall.tree.clone() else { return };
    let wanted = room.lens.span.and_then(|span| tree.by_id(span)).or_else(|| tree.error_roots().first().copied());
    let slow = burning_bound(room).is_some().then(|| held_up(&tree)).flatten().map(|held| held.span);
    let wanted = wanted.or(slow);
    room.waterfall.select(wanted.unwrap_or(0));
    follow::note_span(room);
}

/// The lines of the trace that is open: their number stands in the title, and `pivot` shows them.
pub(super) fn ask_lines(room: &mut Room, out: &mut Effects) {
    let Some(tree) = room.waterfall.tree.clone() else { return };
    let ticket = room.tickets.draw(Slot::TraceLines);
    let (id, span) = (tree.trace(), room.lens.span);
    let window = tree.around(AROUND, AROUND);
    let height = room.heights.get(&Pane::Logs).copied().unwrap_or(0);
    room.logs.lines_of_open = Some(TraceLines::asked(id, span, room.now, height));
    // Lines of a trace that is no longer open would wait for an answer that is not for them.
    if room.logs.of_trace.as_ref().is_some_and(|of| of.trace != id) {
        room.logs.of_trace.clone_from(&room.logs.lines_of_open);
    }
    out.push(Effect::Fetch { ticket, ask: Ask::TraceLines { id, span, window } });
}

/// The history of the log query, to which the tail is joined when it has come.
pub(super) fn history(room: &mut Room, out: &mut Effects) {
    let window = Window::ending(room.now, room.lens.window.length());
    ask_history(room, window, out);
}

pub(super) fn ask_history(room: &mut Room, window: Window, out: &mut Effects) {
    let ticket = room.tickets.draw(Slot::History);
    let query = room.logs.query.clone();
    out.push(Effect::Fetch { ticket, ask: Ask::History { query, window, limit: LINES } });
}

/// Errors first, then slow ones, then the rest; the newest first in each; each once. Where durations burn the budget and slow
/// ones are more by far, they come first.
pub(super) fn take_summaries(room: &mut Room, found: Listing, out: &mut Effects) {
    let Listing { rows: mut summaries, more, partial } = found;
    let bound = burning_bound(room);
    let slow_from = bound.unwrap_or(SLOW).as_nanos();
    let failed = |summary: &Summary| summary.errors.is_some_and(|errors| errors > 0);
    let is_slow = |nanos: i64| u128::try_from(nanos).is_ok_and(|nanos| nanos >= slow_from);
    let slow = |summary: &Summary| is_slow(summary.duration_nanos);
    let count = |wanted: &dyn Fn(&Summary) -> bool| summaries.iter().filter(|summary| wanted(summary)).count();
    let slow_first = bound.is_some() && count(&slow) > 2 * count(&failed);
    let rank = |summary: &Summary| match () {
        () if slow_first && slow(summary) => 0,
        () if failed(summary) => u8::from(slow_first),
        () if slow(summary) => 1,
        () => 2,
    };
    let mut seen = std::collections::HashSet::new();
    // Of two rows of one trace the one that knows of errors stays.
    summaries.sort_by_key(|summary| (rank(summary), std::cmp::Reverse(summary.start), summary.trace));
    summaries.retain(|summary| seen.insert(summary.trace));
    room.waterfall.take_list(Listing { rows: summaries, more, partial }, room.now);
    let first = room.waterfall.list.first().filter(|summary| rank(summary) == 0).cloned();
    // A failing trace that nobody chose says nothing of requests that are slow.
    let beside = slow_first && room.waterfall.tree.as_ref().is_some_and(|tree| !is_slow(tree.duration_nanos()));
    if let Some(summary) = first
        && !room.waterfall.chosen
        && (room.lens.trace.is_none() || beside)
    {
        open_summary(room, &summary, out);
    }
}

pub(super) fn open_summary(room: &mut Room, summary: &Summary, out: &mut Effects) {
    let length = Duration::from_nanos(u64::try_from(summary.duration_nanos).unwrap_or(0));
    let around = Window { start: summary.start.minus(AROUND), end: summary.start.plus(length).plus(AROUND) };
    open_trace(room, summary.trace, None, Some(around), out);
}

/// Whether a server is asked that may hold an alert of that name.
fn has_alerts(room: &Room) -> bool {
    room.health.sources.iter().any(|source| source.kind == SourceKind::Alertmanager)
}

/// What the program was started on.
pub(super) fn open_target(room: &mut Room, target: Target, out: &mut Effects) {
    match target {
        Target::Trace(reference) => {
            room.waterfall.chosen = true;
            room.focus = Pane::Waterfall;
            open_trace(room, reference.trace, reference.span, None, out);
        }
        target @ Target::Id(_) => room.target = Some(target),
        Target::Alert(text) if !has_alerts(room) => room.target = Some(Target::Id(text)),
        target @ Target::Alert(_) => {
            room.target = Some(target);
            auto::find_target(room);
        }
    }
}
