//! The lines of a book that a responder looks at: those bad enough, that answer to a filter, and the gaps between them.
//! A view grows by what is new; a new filter goes back through the book piece by piece, the newest first.

use std::collections::VecDeque;
use std::ops::Range;

use super::line::Level;
use super::logbook::{GapNote, LogBook, Seq};
use crate::domain::Filter;

/// What a row of the log pane shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Row<'a> {
    Line(Seq),
    Gap(&'a GapNote),
}

/// How a view changed, so that a selection can stay on its row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Growth {
    /// Rows that went at the front, because the book forgot their lines.
    pub removed_front: usize,
    /// Rows that came at the front, of older lines; counted after the removal.
    pub added_front: usize,
    pub added_back: usize,
    /// Nothing older is left to be looked at.
    pub complete: bool,
}

/// Knows names only: the lines stay in the book, which must be the same one in every call.
#[derive(Clone, Debug)]
pub struct LogView {
    filter: Filter,
    least: Level,
    seqs: VecDeque<u64>,
    /// What has been looked at.
    seen: Range<u64>,
    /// Gaps of the book at the last look, as the names that they stand before.
    gaps: Vec<u64>,
    started: bool,
}

impl LogView {
    /// Empty until it is grown. `least` is the mildest level shown; `Unknown` shows everything.
    #[must_use]
    pub fn new(filter: Filter, least: Level) -> Self {
        Self { filter, least, seqs: VecDeque::new(), seen: 0..0, gaps: Vec::new(), started: false }
    }

    #[must_use]
    pub const fn filter(&self) -> &Filter {
        &self.filter
    }

    #[must_use]
    pub const fn least(&self) -> Level {
        self.least
    }

    /// Rows: matching lines and gaps.
    #[must_use]
    pub fn len(&self) -> usize {
        self.seqs.len() + self.gaps.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Matching lines alone.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.seqs.len()
    }

    /// Whether every line of the book has been looked at.
    #[must_use]
    pub fn is_complete(&self, book: &LogBook) -> bool {
        self.started && self.seen.start <= book.first_seq().0 && self.seen.end >= book.end_seq().0
    }

    /// Looks at all new lines, then at older ones until `budget` of those have been looked at (whole chunks, at least one).
    pub fn grow(&mut self, book: &LogBook, budget: usize) -> Growth {
        let (first, end) = (book.first_seq().0, book.end_seq().0);
        let mut growth = Growth::default();
        if !self.started {
            self.started = true;
            self.seen = end..end;
        }
        growth.removed_front = self.forget(first);
        let gaps_before = self.gaps.len();
        self.gaps = book.gaps().iter().map(|(seq, _)| seq.0).collect();
        growth.added_back += self.gaps.len().saturating_sub(gaps_before);
        while self.seen.end < end {
            let from = self.seen.end;
            let Some(bounds) = book.chunk_bounds(Seq(from)) else { break };
            let found = book.select(&self.filter, self.least, from..bounds.end);
            growth.added_back += found.len();
            self.seqs.extend(found);
            self.seen.end = bounds.end;
        }
        let mut looked = 0;
        while self.seen.start > first && looked < budget.max(1) {
            let Some(bounds) = book.chunk_bounds(Seq(self.seen.start - 1)) else { break };
            let found = book.select(&self.filter, self.least, bounds.start..self.seen.start);
            growth.added_front += found.len();
            for seq in found.into_iter().rev() {
                self.seqs.push_front(seq);
            }
            looked += usize::try_from(self.seen.start - bounds.start).unwrap_or(usize::MAX);
            self.seen.start = bounds.start;
        }
        growth.complete = self.is_complete(book);
        growth
    }

    /// `None` beyond the last row, and for a gap that the book has forgotten since the view last grew.
    #[must_use]
    pub fn row<'a>(&self, book: &'a LogBook, row: usize) -> Option<Row<'a>> {
        // Gap k stands after all matching lines of smaller names and after k gaps.
        let before = self.gaps_before(row);
        if let Some(gap) = self.gaps.get(before)
            && self.gap_row(before, *gap) == row
        {
            return book.gaps().get(before).map(|(_, note)| Row::Gap(note));
        }
        self.seqs.get(row.checked_sub(before)?).map(|seq| Row::Line(Seq(*seq)))
    }

    /// The line at a row, or the next one after a gap.
    #[must_use]
    pub fn seq(&self, row: usize) -> Option<Seq> {
        let before = self.gaps_before(row);
        self.seqs.get(row.checked_sub(before)?).map(|seq| Seq(*seq))
    }

    /// The row of a line; of one that does not match, the row of the next that does.
    #[must_use]
    pub fn position(&self, seq: Seq) -> usize {
        let lines = self.seqs.partition_point(|known| *known < seq.0);
        let gaps = self.gaps.partition_point(|gap| *gap <= seq.0);
        lines + gaps
    }

    /// How many gaps stand before the row.
    fn gaps_before(&self, row: usize) -> usize {
        let (mut low, mut high) = (0, self.gaps.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            let above = self.gaps.get(middle).is_some_and(|gap| self.gap_row(middle, *gap) < row);
            if above { low = middle + 1 } else { high = middle }
        }
        low
    }

    fn gap_row(&self, number: usize, gap: u64) -> usize {
        self.seqs.partition_point(|seq| *seq < gap) + number
    }

    /// Drops what the book has forgotten, lines and gaps; gives how many rows went.
    fn forget(&mut self, first: u64) -> usize {
        let lines = self.seqs.partition_point(|seq| *seq < first);
        self.seqs.drain(..lines);
        let gaps = self.gaps.len();
        self.gaps.retain(|gap| *gap >= first);
        self.seen.start = self.seen.start.max(first);
        self.seen.end = self.seen.end.max(self.seen.start);
        lines + gaps - self.gaps.len()
    }
}
