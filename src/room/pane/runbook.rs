//! Pane 5: one page of the runbooks, and which of its steps are done.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Cursor;
use crate::domain::Symbol;
use crate::domain::runbook::{Block, Catalog, Page};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepState {
    Ticked,
    /// Why it was passed over.
    Passed(String),
}

#[derive(Debug, Default)]
pub struct RunbookPane {
    pub page: Option<Arc<Page>>,
    pub catalog: Arc<Catalog>,
    /// Over `rows`; over the pages of the catalog while no page is open.
    pub cursor: Cursor,
    /// The blocks of the page that show, by their place in it.
    pub rows: Vec<usize>,
    /// By page and step; read from the record.
    pub ticked: BTreeMap<(Symbol, u16), StepState>,
    /// The heading at which an address pointed.
    pub anchor: Option<String>,
    pub open: bool,
    /// Headings whose section is folded, by their place in the page.
    pub folded: BTreeSet<usize>,
}

impl RunbookPane {
    /// Opens a page at the heading of the anchor, else at its first step that is still open; at its top when all are done.
    pub fn show(&mut self, page: Arc<Page>, anchor: Option<String>) {
        self.folded.clear();
        let at = anchor.as_deref().and_then(|anchor| heading(&page, anchor));
        self.page = Some(page);
        self.anchor = anchor;
        self.open = true;
        self.cursor = Cursor { height: self.cursor.height, ..Cursor::default() };
        self.lay_out();
        let at = at.or_else(|| self.first_open_step());
        if let Some(row) = at.and_then(|block| self.rows.iter().position(|row| *row == block)) {
            self.cursor.select(row);
        }
    }

    /// By its place in the page.
    fn first_open_step(&self) -> Option<usize> {
        let page = self.page.as_ref()?;
        page.blocks.iter().position(|block| match block {
            Block::Step { number, .. } => !self.ticked.contains_key(&(page.id.clone(), *number)),
            _ => false,
        })
    }

    /// Which blocks show: all but those under a folded heading.
    pub fn lay_out(&mut self) {
        let Some(page) = &self.page else {
            self.rows.clear();
            self.cursor.set_total(self.catalog.pages().len());
            return;
        };
        let selected = self.rows.get(self.cursor.selected).copied();
        self.rows.clear();
        let mut folded_from: Option<u8> = None;
        for (at, block) in page.blocks.iter().enumerate() {
            if let Block::Heading { level, .. } = block
                && folded_from.is_none_or(|from| *level <= from)
            {
                folded_from = self.folded.contains(&at).then_some(*level);
                self.rows.push(at);
            } else if folded_from.is_none() {
                self.rows.push(at);
            }
        }
        let wanted = selected.unwrap_or(0);
        let row = self.rows.partition_point(|row| *row <= wanted).saturating_sub(1);
        self.cursor.reanchor(row, self.rows.len());
    }

    /// The block under the cursor and its place in the page.
    #[must_use]
    pub fn selected(&self) -> Option<(usize, &Block)> {
        let at = *self.rows.get(self.cursor.selected)?;
        self.page.as_ref()?.blocks.get(at).map(|block| (at, block))
    }

    /// Done and all steps of the open page.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        let Some(page) = &self.page else { return (0, 0) };
        let steps = page.blocks.iter().filter(|block| matches!(block, Block::Step { .. })).count();
        (self.ticked.keys().filter(|(of, _)| *of == page.id).count().min(steps), steps)
    }
}

/// The heading at which an address points.
fn heading(page: &Page, wanted: &str) -> Option<usize> {
    page.blocks.iter().position(|block| matches!(block, Block::Heading { anchor, .. } if anchor == wanted))
}
