//! What the open trace is tied to: links and proposals, followed with a way back; and its healthy twin.

use std::sync::Arc;
use std::time::Duration;

use super::super::command::Command;
use super::super::effect::{Ask, Effect, Effects};
use super::super::pane::{Loading, Pane, Twin, WaterfallView};
use super::super::room::Room;
use super::super::ticket::Slot;
use super::{ask, findings, follow, way};
use crate::domain::trace::{Arrival, Attached, Comparison, Propagation, Tie, Tree};
use crate::domain::{Symbol, Timestamp, Window};

/// Traces on the way back that are remembered.
const TRAIL: usize = 32;
const HALF_AN_HOUR: Duration = Duration::from_secs(30 * 60);
const A_LITTLE: Duration = Duration::from_secs(5 * 60);
/// A larger trace is compared only when asked: both have to be walked.
const LARGE: usize = 20_000;

/// For a trace that has just been read: its links, its gaps, and for one that failed or was slow a healthy twin.
pub(super) fn ask(room: &mut Room, out: &mut Effects) {
    let Some(tree) = room.waterfall.tree.clone() else { return };
    room.waterfall.attached.clear();
    room.waterfall.propagation = Propagation::default();
    room.waterfall.twin = None;
    room.waterfall.twin_state = Loading::Idle;
    let ticket = room.tickets.draw(Slot::Ties);
    room.waterfall.ties_state = Loading::Asked { since: room.now };
    let ask = Ask::Ties {
        tree: Arc::clone(&tree),
        traced: traced(room),
        entrypoints: room.settings.entrypoints.clone(),
        business_keys: room.settings.business_keys.clone(),
    };
    out.push(Effect::Fetch { ticket, ask });
    let is_slow = u128::try_from(tree.duration_nanos()).is_ok_and(|nanos| nanos >= ask::SLOW.as_nanos());
    if (tree.errors() > 0 || is_slow) && tree.len() <= LARGE {
        ask_twin(room, tree, out);
    }
}

/// The services that are known to send spans.
fn traced(room: &Room) -> Vec<Symbol> {
    let through = room.attribution.iter().flat_map(|found| found.findings.through.keys().cloned());
    let listed = room.waterfall.list.iter().flat_map(|summary| summary.services.iter().cloned());
    let mut traced: Vec<Symbol> = through.chain(listed).collect();
    traced.sort();
    traced.dedup();
    traced
}

fn ask_twin(room: &mut Room, tree: Arc<Tree>, out: &mut Effects) {
    let ticket = room.tickets.draw(Slot::Twin);
    room.waterfall.twin_state = Loading::Asked { since: room.now };
    let around = tree.around(HALF_AN_HOUR, A_LITTLE);
    let window = findings::before_impact(room).filter(|window| window.end < tree.end()).unwrap_or(around);
    out.push(Effect::Fetch { ticket, ask: Ask::Twin { tree, window } });
}

pub(super) fn take(room: &mut Room, attached: Vec<Attached>, propagation: Propagation) {
    let anchors = attached.iter().map(|attached| attached.row).collect();
    room.waterfall.attached = attached;
    room.waterfall.propagation = propagation;
    room.waterfall.ties_state = Loading::Ready { at: room.now };
    room.waterfall.refold(|rows| rows.attach(anchors));
    findings::refresh(room);
}

pub(super) fn take_twin(room: &mut Room, twin: Option<Arc<Tree>>) {
    room.waterfall.twin_state = Loading::Ready { at: room.now };
    room.waterfall.twin = twin.zip(room.waterfall.tree.clone()).map(|(twin, tree)| {
        let comparison = Comparison::of(&tree, &twin);
        Twin { tree: twin, comparison }
    });
    let lines = room.waterfall.twin.as_ref().map_or(0, |twin| twin.comparison.pairs.len());
    room.waterfall.twin_cursor.reanchor(0, lines);
    if lines == 0 && room.waterfall.view == WaterfallView::Twin {
        room.waterfall.view = WaterfallView::Trace;
        room.explain("no healthy trace of this kind was found");
    }
}

/// `D`: beside the twin, and back.
pub(super) fn compare(room: &mut Room, out: &mut Effects) {
    let Some(tree) = room.waterfall.tree.clone() else {
        return room.explain("no trace is open: a twin is a trace's");
    };
    room.focus = Pane::Waterfall;
    room.waterfall.chosen = true;
    if room.waterfall.view == WaterfallView::Twin {
        room.waterfall.view = WaterfallView::Trace;
        return;
    }
    if let Some(twin) = &room.waterfall.twin {
        let row = room.waterfall.selected_row();
        let at = twin.comparison.pairs.iter().position(|pair| pair.here.is_some() && pair.here == row).unwrap_or(0);
        room.waterfall.twin_cursor.select(at);
        room.waterfall.view = WaterfallView::Twin;
    } else if room.waterfall.twin_state.is_asked() {
        room.explain("a healthy twin is being looked for");
    } else {
        ask_twin(room, tree, out);
        room.explain("looking for a healthy trace of the same kind");
    }
}

/// Enter on a line of the comparison: the span itself.
pub(super) fn drill_twin(room: &mut Room) {
    let at = room.waterfall.twin_cursor.selected;
    let pair = room.waterfall.twin.as_ref().and_then(|twin| twin.comparison.pairs.get(at));
    match pair.and_then(|pair| pair.here) {
        Some(row) => {
            room.waterfall.view = WaterfallView::Trace;
            room.waterfall.select(row);
            follow::note_span(room);
        }
        None => room.explain("this span is in the twin alone"),
    }
}

/// Enter on a row that hangs on the tree. False when the cursor stands on a span.
pub(super) fn follow_link(room: &mut Room, out: &mut Effects) -> bool {
    let Some(attached) = room.waterfall.selected_attached().cloned() else { return false };
    if let Some(tree) = room.waterfall.tree.clone() {
        // The row of a link is no span: the way back leads to the one that it hangs on.
        room.lens.span = tree.row(attached.row).and_then(|node| node.span).map(|span| span.id);
        way::remember(room);
        room.waterfall.trail.push((tree.trace(), room.lens.span));
        let extra = room.waterfall.trail.len().saturating_sub(TRAIL);
        room.waterfall.trail.drain(..extra);
    }
    room.waterfall.chosen = true;
    ask::open_trace(room, attached.trace, attached.span, around(attached.other.as_ref().map(|other| other.start)), out);
    let key = room.key_of(Command::Close);
    let said = match &attached.tie {
        Tie::Proposed(stitch) if !stitch.linked => format!("a guess, score {:.2}; ", stitch.score),
        Tie::Proposed(stitch) => format!("inferred, score {:.2}; ", stitch.score),
        Tie::To | Tie::From => String::new(),
    };
    room.explain(format!("{said}{key} goes back"));
    true
}

fn around(at: Option<Timestamp>) -> Option<Window> {
    at.map(|at| Window { start: at.minus(A_LITTLE), end: at.plus(A_LITTLE) })
}

/// One trace back on the way that links were followed. False at its beginning.
pub(super) fn back(room: &mut Room, out: &mut Effects) -> bool {
    let Some((trace, span)) = room.waterfall.trail.pop() else { return false };
    way::forget(room, trace);
    ask::open_trace(room, trace, span, None, out);
    true
}

/// A trace whose spans still come in is asked for once more when all should be there.
pub(super) fn ask_when_settled(room: &mut Room, out: &mut Effects) {
    let Some(tree) = room.waterfall.tree.clone() else { return };
    let Some(read) = room.waterfall.read_at else { return };
    if let Arrival::Arriving { until } = Arrival::of(&tree, read)
        && room.now >= until
        && room.lens.trace == Some(tree.trace())
        && matches!(room.waterfall.tree_state, Loading::Ready { .. })
    {
        ask::ask_again(room, out);
    }
}
