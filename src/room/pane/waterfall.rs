//! Pane 3: the traces of the moment, and one of them as a tree.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::{Cursor, FindingsList, Investigation, Loading};
use crate::domain::signal::{Listing, Summary};
use crate::domain::trace::{Attached, Comparison, Propagation, Rows, Tree};
use crate::domain::{Cause, SpanId, Timestamp, TraceId, Window};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WaterfallView {
    #[default]
    List,
    Trace,
    /// What the trace and the failing traces together say.
    Findings,
    /// The trace beside a healthy one.
    Twin,
    /// All that is known of the trace under one axis of time.
    Investigation,
}

/// Traces of each kind that a search gives: those that failed, slow ones, any.
pub(in crate::room) const ROWS_OF_A_KIND: usize = 50;
/// So long after a line its trace may still be on its way, and how often it is looked for.
const SAMPLED_WITHIN: Duration = Duration::from_secs(60);
const AGAIN: Duration = Duration::from_secs(5);

/// A healthy trace of the same kind, and the two beside each other.
#[derive(Debug)]
pub struct Twin {
    pub tree: Arc<Tree>,
    pub comparison: Comparison,
}

#[derive(Debug, Default)]
pub struct WaterfallPane {
    /// Errors first, then slow ones, then the rest; the newest first in each.
    pub list: Vec<Summary>,
    /// The list is a sample: a search stopped at its limit.
    pub has_more: bool,
    /// The servers did not look at everything, in their words: `2 of 3 jobs`.
    pub list_partial: Option<String>,
    pub list_state: Loading,
    /// No trace that began later was asked for; `None` before the first question.
    pub list_until: Option<Timestamp>,
    /// The selected trace was left out of the list: the next one is shown from its first row.
    pub is_list_anew: bool,
    pub list_cursor: Cursor,
    /// The last good one; it stays while another is asked for, and `lens.trace` says which that is.
    pub tree: Option<Arc<Tree>>,
    /// Which rows of the tree show; `Some` as long as `tree` is.
    pub rows: Option<Rows>,
    pub tree_state: Loading,
    /// Where in time the trace was asked for; `None` when only its id was known.
    pub(in crate::room) around: Option<Window>,
    /// When the line was written that names it, if that is how it was asked for.
    pub(in crate::room) line_time: Option<Timestamp>,
    /// Over the visible rows.
    pub cursor: Cursor,
    pub view: WaterfallView,
    pub critical_only: bool,
    /// What takes less than 2.5 % of the trace is hidden.
    pub without_small: bool,
    /// What hangs on the rows of the tree, in the order of the rows that stand for it.
    pub attached: Vec<Attached>,
    /// Where the context of the tree was lost.
    pub propagation: Propagation,
    pub ties_state: Loading,
    pub twin: Option<Twin>,
    pub twin_state: Loading,
    /// Over the lines of the comparison.
    pub twin_cursor: Cursor,
    pub findings: FindingsList,
    pub investigation: Investigation,
    /// The traces from which links were followed, the last at the end.
    pub trail: Vec<(TraceId, Option<SpanId>)>,
    /// Times as the hosts told them, their clocks not adjusted.
    pub raw_clocks: bool,
    pub details: bool,
    /// Columns by which the divider stands right of its usual place.
    pub divider: i16,
    /// When the tree was read.
    pub read_at: Option<Timestamp>,
    pub marks: BTreeSet<SpanId>,
    /// What the list was narrowed to, in words; `None` when it holds the traces of the lens's window.
    pub narrowed: Option<String>,
    /// A responder chose what is shown, so nothing opens by itself any more.
    pub chosen: bool,
}

impl WaterfallPane {
    /// The row of the tree (not the visible row) that is selected.
    #[must_use]
    pub fn selected_row(&self) -> Option<u32> {
        self.rows.as_ref()?.visible().get(self.cursor.selected).copied()
    }

    /// What hangs on the tree and is selected.
    #[must_use]
    pub fn selected_attached(&self) -> Option<&Attached> {
        let row = self.selected_row().filter(|_| self.view == WaterfallView::Trace)?;
        self.attached.get(self.rows.as_ref()?.attached(row)?)
    }

    #[must_use]
    pub fn selected_summary(&self) -> Option<&Summary> {
        self.list.get(self.list_cursor.selected)
    }

    /// When the trace that was not found will be asked for again by itself: a line is there before its trace, which a tail
    /// sampler keeps back. `None` when it is old enough to be there.
    #[must_use]
    pub fn looks_again_at(&self, now: Timestamp) -> Option<Timestamp> {
        let Loading::Failed { failure, at, .. } = &self.tree_state else { return None };
        let line = self.line_time.filter(|_| matches!(failure.cause, Cause::NotFound(_)))?;
        (now.elapsed_since(line) < SAMPLED_WITHIN).then(|| at.plus(AGAIN))
    }

    /// The trace that is waited for since its line was just written, while another one shows in its place, or none.
    #[must_use]
    pub fn awaited(&self, wanted: Option<TraceId>, now: Timestamp) -> Option<TraceId> {
        let shown = self.tree.as_ref().map(|tree| tree.trace());
        let is_young = || self.line_time.is_some_and(|line| now.elapsed_since(line) < SAMPLED_WITHIN);
        let waits = match self.tree_state {
            Loading::Asked { .. } => is_young(),
            _ => self.looks_again_at(now).is_some(),
        };
        wanted.filter(|trace| waits && self.view != WaterfallView::List && Some(*trace) != shown)
    }

    /// The cursor of the view that shows.
    pub fn cursor_mut(&mut self) -> &mut Cursor {
        match self.view {
            WaterfallView::List => &mut self.list_cursor,
            WaterfallView::Trace => &mut self.cursor,
            WaterfallView::Findings => &mut self.findings.cursor,
            WaterfallView::Twin => &mut self.twin_cursor,
            WaterfallView::Investigation => &mut self.investigation.cursor,
        }
    }

    /// Shows a tree from its top, all unfolded.
    pub fn show(&mut self, tree: Arc<Tree>, now: Timestamp) {
        let mut rows = Rows::new(&tree);
        rows.critical_only(self.critical_only);
        rows.without_small(self.without_small);
        self.cursor = Cursor { height: self.cursor.height, ..Cursor::default() };
        self.cursor.set_total(rows.visible().len());
        self.rows = Some(rows);
        self.tree = Some(tree);
        self.read_at = Some(now);
        self.tree_state = Loading::Ready { at: now };
    }

    /// Changes which rows show; the same span stays selected, or the one that hides it.
    pub fn refold(&mut self, change: impl FnOnce(&mut Rows)) {
        let selected = self.selected_row();
        if let Some(rows) = &mut self.rows {
            change(rows);
            let row = selected.and_then(|row| rows.position(row)).unwrap_or(0);
            self.cursor.reanchor(row, rows.visible().len());
            self.critical_only = rows.is_critical_only();
            self.without_small = rows.is_without_small();
        }
    }

    /// Selects a row of the tree, unfolding what hides it. False when it cannot show.
    pub fn select(&mut self, wanted: u32) -> bool {
        self.refold(|rows| rows.reveal(wanted));
        let shown = |rows: &Rows| rows.position(wanted).filter(|at| rows.visible().get(*at) == Some(&wanted));
        let found = self.rows.as_ref().and_then(shown);
        if let Some(row) = found {
            self.cursor.select(row);
        }
        found.is_some()
    }

    /// Replaces the list; the same trace stays selected.
    pub fn take_list(&mut self, list: Listing, now: Timestamp) {
        let is_anew = std::mem::take(&mut self.is_list_anew);
        let selected = self.selected_summary().filter(|_| !is_anew).map(|summary| summary.trace);
        (self.list, self.has_more, self.list_partial) = (list.rows, list.more, list.partial);
        let row = selected.and_then(|trace| self.row_of(trace)).unwrap_or(0);
        self.list_cursor.reanchor(row, self.list.len());
        self.list_state = Loading::Ready { at: now };
    }

    /// Leaves out of the list what began after this moment.
    pub fn forget_after(&mut self, at: Timestamp) {
        let selected = self.selected_summary().map(|summary| summary.trace);
        self.list.retain(|summary| summary.start <= at);
        let row = selected.and_then(|trace| self.row_of(trace));
        self.is_list_anew |= row.is_none();
        self.list_cursor.reanchor(row.unwrap_or(0), self.list.len());
    }

    #[must_use]
    pub fn row_of(&self, trace: TraceId) -> Option<usize> {
        self.list.iter().position(|summary| summary.trace == trace)
    }
}
