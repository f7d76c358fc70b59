//! Which span held up the trace at each moment, and how long each span worked by itself. The walk goes back from the end
//! of a span through its last child to end, then through the child that ended last before that one started.

use std::cmp::Reverse;

use super::cell::{Cell, NONE, Section, children};
use crate::domain::signal::{Kind, Span};
use crate::domain::{SpanId, Timestamp};

/// A node whose children are being walked: the moment reached so far, and where its children lie on the shared stack.
struct Walk {
    row: u32,
    reached: Timestamp,
    bottom: usize,
}

/// The sections in time order; adds each to its row's `critical_nanos`.
pub(super) fn find(cells: &mut [Cell], spans: &[Span], end: Timestamp) -> Vec<Section> {
    let inside = clip(cells);
    let span = |row: u32| cells.get(row as usize).and_then(|cell| spans.get(cell.span as usize));
    let kind = |row: u32| span(row).map(|span| span.kind);
    let times = |row: u32| inside.get(row as usize).copied().unwrap_or_default();
    let id = |row: u32| -> Option<SpanId> {
        span(row).map(|span| span.id).or_else(|| cells.get(row as usize).and_then(|cell| cell.missing))
    };
    let push = |stack: &mut Vec<u32>, rows: &mut dyn Iterator<Item = u32>| -> usize {
        let bottom = stack.len();
        stack.extend(rows.filter(|row| times(*row).0 < times(*row).1));
        if let Some(new) = stack.get_mut(bottom..) {
            // Popped from the back: the last to end first.
            new.sort_by_key(|row| (times(*row).1, times(*row).0, id(*row), Reverse(*row)));
        }
        bottom
    };

    let mut sections = Vec::new();
    let mut stack: Vec<u32> = Vec::new();
    let mut tops = std::iter::successors((!cells.is_empty()).then_some(0), |row| {
        cells.get(*row as usize).map(|cell| cell.end).filter(|next| (*next as usize) < cells.len())
    });
    let bottom = push(&mut stack, &mut tops);
    // Stands for the trace itself, which holds nothing up.
    let mut walks = vec![Walk { row: NONE, reached: end, bottom }];
    while let Some(walk) = walks.last_mut() {
        let next = if stack.len() > walk.bottom { stack.pop() } else { None };
        let Some(child) = next else {
            let start = times(walk.row).0;
            if walk.row != NONE && start < walk.reached {
                sections.push(Section { span: walk.row, start, end: walk.reached });
            }
            walks.pop();
            continue;
        };
        let (child_start, child_end) = times(child);
        if child_end > walk.reached {
            // It ran beside a child that is on the path already.
            continue;
        }
        if child_end < walk.reached && walk.row != NONE {
            sections.push(Section { span: walk.row, start: child_end, end: walk.reached });
        }
        walk.reached = child_start;
        let waits = kind(child) == Some(Kind::Producer);
        let mut below = children(cells, child).filter(|row| !(waits && kind(*row) == Some(Kind::Consumer)));
        let bottom = push(&mut stack, &mut below);
        walks.push(Walk { row: child, reached: child_end, bottom });
    }
    sections.reverse();
    for section in &sections {
        if let Some(cell) = cells.get_mut(section.span as usize) {
            cell.critical_nanos = cell.critical_nanos.saturating_add(section.nanos());
        }
    }
    sections
}

/// Start and end of every row inside its parent; what lies outside ends before it starts, and with it all below.
fn clip(cells: &[Cell]) -> Vec<(Timestamp, Timestamp)> {
    let mut inside: Vec<(Timestamp, Timestamp)> = Vec::with_capacity(cells.len());
    for cell in cells {
        let times = match inside.get(cell.parent as usize) {
            Some((start, end)) => (cell.start.max(*start), cell.finish.min(*end)),
            None => (cell.start, cell.finish),
        };
        inside.push(times);
    }
    inside
}

/// Sets every row's `self_nanos`. A node without a span does no work that anyone knows of.
pub(super) fn self_times(cells: &mut [Cell], spans: &[Span]) {
    for row in 0..u32::try_from(cells.len()).unwrap_or(NONE) {
        let Some(cell) = cells.get(row as usize) else { continue };
        let Some(span) = spans.get(cell.span as usize) else { continue };
        let (start, end) = (cell.start, cell.finish);
        let mut busy = 0_i64;
        let mut reached = start;
        // By start, so that one look at each child is enough.
        for child in children(cells, row).filter_map(|child| cells.get(child as usize)) {
            let below = spans.get(child.span as usize).map(|span| span.kind);
            if span.kind == Kind::Producer && below == Some(Kind::Consumer) {
                continue;
            }
            let (from, to) = (child.start.max(reached), child.finish.min(end));
            if from < to {
                busy = busy.saturating_add(to.since(from));
                reached = to;
            }
        }
        if let Some(cell) = cells.get_mut(row as usize) {
            cell.self_nanos = end.since(start).saturating_sub(busy);
        }
    }
}
