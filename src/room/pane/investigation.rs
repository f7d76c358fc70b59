//! One timeline for one trace: its spans, its lines and what the record tells of that time, in one order and under one
//! window of time. A view of pane 3. Not where anything stands on the screen: that is the axis that the view is drawn with.

use uuid::Uuid;

use super::Cursor;
use crate::domain::signal::Line;
use crate::domain::trace::Tree;
use crate::domain::{Timestamp, TraceId, Window};

/// What the cursor can stand on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// Of the record.
    Entry(Uuid),
    /// A row of the tree.
    Span(u32),
    /// By its place among the trace's lines.
    Line(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Happening {
    /// A span's beginning.
    pub at: Timestamp,
    pub thing: Thing,
}

/// What a lay-out was made of: as long as that is the same, so is the lay-out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::room) struct MadeOf {
    pub trace: Option<TraceId>,
    pub read: Option<Timestamp>,
    pub rows: usize,
    pub lines: usize,
    pub entries: usize,
    pub raw: bool,
}

#[derive(Clone, Debug)]
pub struct Investigation {
    /// In the order of time.
    pub happenings: Vec<Happening>,
    /// Over the happenings.
    pub cursor: Cursor,
    /// What the axis shows; both ends belong to it.
    pub window: Window,
    /// The responder moved or stretched the window: it goes along with the cursor, and is not stretched by itself.
    pub by_hand: bool,
    pub(in crate::room) made_of: MadeOf,
    /// What was selected when the window was last looked at.
    pub(in crate::room) shown: Option<Happening>,
}

impl Default for Investigation {
    fn default() -> Self {
        Self {
            happenings: Vec::new(),
            cursor: Cursor::default(),
            window: Window { start: Timestamp::EPOCH, end: Timestamp::EPOCH },
            by_hand: false,
            made_of: MadeOf::default(),
            shown: None,
        }
    }
}

impl Investigation {
    #[must_use]
    pub fn selected(&self) -> Option<Happening> {
        self.happenings.get(self.cursor.selected).copied()
    }

    /// Takes new happenings in the order of time; the same thing stays selected, or `usual` is.
    pub(in crate::room) fn take(&mut self, mut happenings: Vec<Happening>, usual: Option<Thing>) {
        let selected = self.selected().map(|happening| happening.thing);
        happenings.sort_unstable();
        self.happenings = happenings;
        let row_of = |thing: Thing| self.happenings.iter().position(|happening| happening.thing == thing);
        let row = selected.and_then(row_of).or_else(|| usual.and_then(row_of)).unwrap_or(0);
        let total = self.happenings.len();
        self.cursor.reanchor(row, total);
    }
}

/// When a line was written, by the clock that the tree is shown in: the host of its span may have told another time.
#[must_use]
pub fn line_time(tree: &Tree, line: &Line, raw_clocks: bool) -> Timestamp {
    let node = line.span.filter(|_| !raw_clocks).and_then(|span| tree.row(tree.by_id(span)?));
    node.map_or(line.time, |node| line.time.shifted(node.skew_nanos))
}
