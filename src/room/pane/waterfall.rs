//! Pane 3: the traces of the moment, and one of them as a tree.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Cursor, Loading};
use crate::domain::signal::Summary;
use crate::domain::trace::{Rows, Tree};
use crate::domain::{SpanId, Timestamp, TraceId};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WaterfallView {
    #[default]
    List,
    Trace,
}

#[derive(Debug, Default)]
pub struct WaterfallPane {
    /// Errors first, then slow ones, then the rest; the newest first in each.
    pub list: Vec<Summary>,
    pub list_state: Loading,
    pub list_cursor: Cursor,
    /// The last good one; it stays while another is asked for, and `lens.trace` says which that is.
    pub tree: Option<Arc<Tree>>,
    /// Which rows of the tree show; `Some` as long as `tree` is.
    pub rows: Option<Rows>,
    pub tree_state: Loading,
    /// Over the visible rows.
    pub cursor: Cursor,
    pub view: WaterfallView,
    pub critical_only: bool,
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

    #[must_use]
    pub fn selected_summary(&self) -> Option<&Summary> {
        self.list.get(self.list_cursor.selected)
    }

    /// The cursor of the view that shows.
    pub fn cursor_mut(&mut self) -> &mut Cursor {
        match self.view {
            WaterfallView::List => &mut self.list_cursor,
            WaterfallView::Trace => &mut self.cursor,
        }
    }

    /// Shows a tree from its top, all unfolded.
    pub fn show(&mut self, tree: Arc<Tree>, now: Timestamp) {
        let mut rows = Rows::new(&tree);
        rows.critical_only(self.critical_only);
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
        }
    }

    /// Selects a row of the tree, unfolding what hides it. False when it cannot show.
    pub fn select(&mut self, wanted: u32) -> bool {
        self.refold(|rows| rows.reveal(wanted));
        let found = self.rows.as_ref().and_then(|rows| rows.visible().binary_search(&wanted).ok());
        if let Some(row) = found {
            self.cursor.select(row);
        }
        found.is_some()
    }

    /// Replaces the list; the same trace stays selected.
    pub fn take_list(&mut self, list: Vec<Summary>, now: Timestamp) {
        let selected = self.selected_summary().map(|summary| summary.trace);
        self.list = list;
        let row = selected.and_then(|trace| self.row_of(trace)).unwrap_or(0);
        self.list_cursor.reanchor(row, self.list.len());
        self.list_state = Loading::Ready { at: now };
    }

    #[must_use]
    pub fn row_of(&self, trace: TraceId) -> Option<usize> {
        self.list.iter().position(|summary| summary.trace == trace)
    }
}
