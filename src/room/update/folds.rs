//! Folding: spans under their parent, sections of a runbook under their heading.

use super::super::pane::{Pane, WaterfallView};
use super::super::room::Room;
use super::follow;
use crate::domain::runbook::Block;

pub(super) fn fold(room: &mut Room, is_fold: bool) {
    match room.focus {
        Pane::Waterfall if room.waterfall.view == WaterfallView::Trace => fold_span(room, is_fold),
        Pane::Runbook if room.runbook.page.is_some() => fold_section(room, is_fold),
        pane => nothing(room, pane),
    }
}

fn nothing(room: &mut Room, pane: Pane) {
    room.explain(format!(
        "nothing folds in the {}",
        if pane == Pane::Waterfall { "list of traces" } else { pane.word() }
    ));
}

/// What has nothing to fold takes the cursor to its parent, as in any tree.
fn fold_span(room: &mut Room, is_fold: bool) {
    let (Some(row), Some(tree)) = (room.waterfall.selected_row(), room.waterfall.tree.clone()) else { return };
    let Some(node) = tree.row(row) else { return };
    let is_folded = room.waterfall.rows.as_ref().is_some_and(|rows| rows.is_folded(row));
    room.waterfall.chosen = true;
    if is_fold && (is_folded || !node.has_children()) {
        match node.parent {
            Some(parent) => {
                room.waterfall.select(parent);
                follow::selection_moved(room);
            }
            None => room.explain("this is the topmost span"),
        }
    } else if is_fold {
        room.waterfall.refold(|rows| rows.fold(row));
    } else if is_folded {
        room.waterfall.refold(|rows| rows.unfold(row));
    } else {
        room.explain("nothing is folded here");
    }
}

/// A row under a heading folds that heading.
fn fold_section(room: &mut Room, is_fold: bool) {
    let (Some((at, _)), Some(page)) = (room.runbook.selected(), room.runbook.page.clone()) else { return };
    let above = page.blocks.iter().take(at + 1).rposition(|block| matches!(block, Block::Heading { .. }));
    let Some(heading) = above else {
        room.explain("no heading stands above this");
        return;
    };
    let changed = if is_fold { room.runbook.folded.insert(heading) } else { room.runbook.folded.remove(&heading) };
    if !changed {
        room.explain(if is_fold { "folded already" } else { "nothing is folded here" });
        return;
    }
    room.runbook.lay_out();
}

/// Enter in a runbook: the other state of the section.
pub(super) fn toggle_section(room: &mut Room) {
    let folded = room.runbook.selected().is_some_and(|(at, _)| room.runbook.folded.contains(&at));
    fold_section(room, !folded);
}

pub(super) fn fold_all(room: &mut Room, is_fold: bool) {
    match room.focus {
        Pane::Waterfall if room.waterfall.view == WaterfallView::Trace && room.waterfall.tree.is_some() => {
            room.waterfall.chosen = true;
            room.waterfall.refold(|rows| if is_fold { rows.fold_all() } else { rows.unfold_all() });
            follow::selection_moved(room);
        }
        Pane::Runbook if room.runbook.page.is_some() => {
            room.runbook.folded.clear();
            if is_fold && let Some(page) = &room.runbook.page {
                let headings = page.blocks.iter().enumerate();
                let inner = headings.filter(|(_, block)| matches!(block, Block::Heading { level, .. } if *level > 1));
                room.runbook.folded.extend(inner.map(|(at, _)| at));
            }
            room.runbook.lay_out();
        }
        pane => nothing(room, pane),
    }
}

/// Whether the pane shows rows of a trace that can be hidden; where it shows something else, says so.
fn shows_spans(room: &mut Room, what: &str) -> bool {
    let view = match room.waterfall.view {
        WaterfallView::Trace | WaterfallView::Investigation => return true,
        WaterfallView::List => "the list of traces",
        WaterfallView::Findings => "the findings",
        WaterfallView::Twin => "the comparison of two traces",
    };
    room.explain(format!("{what} is not for {view}: it needs one trace"));
    false
}

pub(super) fn critical_only(room: &mut Room) {
    if room.waterfall.tree.is_none() {
        room.explain("no trace is open: the critical path is a trace's");
        return;
    }
    if !shows_spans(room, "the critical path") {
        return;
    }
    let only = !room.waterfall.critical_only;
    room.waterfall.critical_only = only;
    room.waterfall.refold(|rows| rows.critical_only(only));
    follow::note_span(room);
    room.explain(if only { "critical path only" } else { "all spans" });
}

pub(super) fn hide_small(room: &mut Room) {
    if room.waterfall.tree.is_none() {
        room.explain("no trace is open: spans are hidden in a trace");
        return;
    }
    if !shows_spans(room, "hiding small spans") {
        return;
    }
    let without = !room.waterfall.without_small;
    room.waterfall.without_small = without;
    room.waterfall.refold(|rows| rows.without_small(without));
    follow::note_span(room);
    let hidden = room.waterfall.rows.as_ref().map_or(0, crate::domain::trace::Rows::small_hidden);
    room.explain(match (without, hidden) {
        (false, _) => "all spans".to_owned(),
        (true, 0) => "no span takes less than 2.5 % of the trace".to_owned(),
        (true, hidden) => format!("{hidden} spans of less than 2.5 % hidden"),
    });
}

pub(super) fn raw_clocks(room: &mut Room) {
    room.waterfall.raw_clocks = !room.waterfall.raw_clocks;
    room.explain(if room.waterfall.raw_clocks {
        "times as each host's clock told them"
    } else {
        "clocks adjusted by the parent's"
    });
}
