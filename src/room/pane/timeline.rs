//! Pane 2: the record, in the order in which things happened, its long silences compressed.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use uuid::Uuid;

use super::Cursor;
use crate::domain::Timestamp;
use crate::domain::incident::{Entry, Kind, Timeline};

/// A silence that is longer than this becomes one row.
pub const GAP: Duration = Duration::from_secs(10 * 60);

/// Why an entry is not safe yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pending {
    Writing,
    /// In the journal's words; it is tried again by itself and on `refresh`.
    Failed(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimelineRow {
    Entry(Uuid),
    /// How long nothing happened.
    Gap(Duration),
    Now,
}

#[derive(Debug, Default)]
pub struct TimelinePane {
    pub timeline: Timeline,
    /// Entries that the journal has not taken yet.
    pub pending: BTreeMap<Uuid, Pending>,
    pub cursor: Cursor,
    pub rows: Vec<TimelineRow>,
    pub marks: BTreeSet<Uuid>,
}

/// What only takes another entry back is told by that entry's own row, if there is one.
fn is_mark(timeline: &Timeline, entry: &Entry) -> bool {
    entry.kind == Kind::Undone && entry.supersedes.is_some_and(|target| timeline.get(target).is_some())
}

impl TimelinePane {
    /// Empty, and at its end, which is now.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        let mut pane = Self { cursor: Cursor::following(), ..Self::default() };
        pane.lay_out(now);
        pane
    }

    /// Lays the rows out anew; the same row stays selected, by its entry.
    pub fn lay_out(&mut self, now: Timestamp) {
        let selected = self.rows.get(self.cursor.selected).copied();
        self.rows.clear();
        let mut before: Option<Timestamp> = None;
        let mut now_stands = false;
        for entry in self.timeline.iter().filter(|entry| !is_mark(&self.timeline, entry)) {
            if !now_stands && entry.happened > now {
                self.rows.push(TimelineRow::Now);
                now_stands = true;
            }
            if let Some(before) = before
                && entry.happened.elapsed_since(before) >= GAP
            {
                self.rows.push(TimelineRow::Gap(entry.happened.elapsed_since(before)));
            }
            before = Some(entry.happened);
            self.rows.push(TimelineRow::Entry(entry.id));
        }
        if !now_stands {
            self.rows.push(TimelineRow::Now);
        }
        let row = match selected {
            Some(TimelineRow::Entry(id)) => self.row_of(id),
            Some(TimelineRow::Now) => self.rows.iter().position(|row| *row == TimelineRow::Now),
            _ => None,
        };
        self.cursor.reanchor(row.unwrap_or(self.cursor.selected), self.rows.len());
    }

    #[must_use]
    pub fn row_of(&self, id: Uuid) -> Option<usize> {
        self.rows.iter().position(|row| *row == TimelineRow::Entry(id))
    }

    /// The entry of a row; `None` for gaps and now.
    #[must_use]
    pub fn entry_at(&self, row: usize) -> Option<&Entry> {
        match self.rows.get(row)? {
            TimelineRow::Entry(id) => self.timeline.get(*id),
            TimelineRow::Gap(_) | TimelineRow::Now => None,
        }
    }

    #[must_use]
    pub fn selected(&self) -> Option<&Entry> {
        self.entry_at(self.cursor.selected)
    }
}
