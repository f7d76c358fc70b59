//! What the steps of building a tree work on: its rows as plain numbers, and the stretches of its critical path.

use crate::domain::{SpanId, Timestamp};

/// The index of nothing: no parent, or no span behind a row.
pub(super) const NONE: u32 = u32::MAX;

/// One row in pre-order. `end` is the row after the subtree, so skipping one is a single step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    /// Into `Tree::spans`; `NONE` for a node that no span stands behind.
    pub span: u32,
    pub missing: Option<SpanId>,
    pub parent: u32,
    pub end: u32,
    pub depth: u16,
    pub start: Timestamp,
    pub finish: Timestamp,
    pub skew_nanos: i64,
    pub self_nanos: i64,
    pub critical_nanos: i64,
    pub error: bool,
    pub client_error: bool,
    pub error_root: bool,
    pub handled: bool,
}

impl Cell {
    pub(super) fn new(span: u32, missing: Option<SpanId>, start: Timestamp, finish: Timestamp) -> Self {
        Self {
            span,
            missing,
            parent: NONE,
            end: 0,
            depth: 0,
            start,
            finish,
            skew_nanos: 0,
            self_nanos: 0,
            critical_nanos: 0,
            error: false,
            client_error: false,
            error_root: false,
            handled: false,
        }
    }
}

/// A stretch of the critical path: while it lasts, `span` itself (and none of its children) holds up the trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// The row.
    pub span: u32,
    pub start: Timestamp,
    pub end: Timestamp,
}

impl Section {
    #[must_use]
    pub const fn nanos(&self) -> i64 {
        self.end.since(self.start)
    }
}

/// The rows directly below one, found by skipping from subtree to subtree.
pub(super) fn children(cells: &[Cell], row: u32) -> impl Iterator<Item = u32> {
    let end = cells.get(row as usize).map_or(0, |cell| cell.end);
    let first = row.saturating_add(1);
    std::iter::successors((first < end).then_some(first), move |child| {
        let next = cells.get(*child as usize).map_or(end, |cell| cell.end);
        (next > *child && next < end).then_some(next)
    })
}
