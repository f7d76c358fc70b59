//! The lines of a book that a responder looks at: those bad enough, that answer to a filter, and the gaps between them.
//! A view grows by what is new; a new filter goes back through the book piece by piece, the newest first.

use std::collections::VecDeque;
use std::ops::Range;

use super::line::Level;
use super::logbook::{GapNote, LogBook, Seq};
use super::scan::{Found, Look, Scan};
use super::seek::Near;

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
    look: Look,
    chosen: Chosen,
    /// What has been looked at.
    seen: Range<u64>,
    /// Gaps of the book at the last look, as the names that they stand before, and the number of the first.
    gaps: Vec<u64>,
    first_gap: u64,
    started: bool,
    /// Where lines of a file are read to.
    room: Vec<u8>,
}

impl LogView {
    /// Empty until it is grown.
    #[must_use]
    pub fn new(look: Look) -> Self {
        let chosen = if look.is_everything() { Chosen::All(0..0) } else { Chosen::Some(VecDeque::new()) };
        Self { look, chosen, seen: 0..0, gaps: Vec::new(), first_gap: 0, started: false, room: Vec::new() }
    }

    #[must_use]
    pub const fn look(&self) -> &Look {
        &self.look
    }

    /// Rows: matching lines and gaps.
    #[must_use]
    pub fn len(&self) -> usize {
        self.chosen.len() + self.gaps.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Matching lines alone.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.chosen.len()
    }

    /// Whether every line of the book has been looked at.
    #[must_use]
    pub fn is_complete(&self, book: &LogBook) -> bool {
        self.started && self.seen.start <= book.first_seq().0 && self.seen.end >= book.end_seq().0
    }

    /// Whether older lines are left to be looked at.
    #[must_use]
    pub fn is_behind(&self, book: &LogBook) -> bool {
        self.started && self.seen.start > book.first_seq().0
    }

    /// Looks at all new lines, then at older ones until `budget` of those have been looked at (whole chunks, at least one).
    /// Lines that stand in a file are left to [`Self::rest`], unless all are let through.
    pub fn grow(&mut self, book: &LogBook, budget: usize) -> Growth {
        let (first, end) = (book.first_seq().0, book.end_seq().0);
        if !self.started {
            self.started = true;
            self.seen = end..end;
        }
        let known_gap = self.first_gap;
        let mut growth = Growth { removed_front: self.forget(first, book.first_gap()), ..Growth::default() };
        let gaps_before = self.gaps.len();
        self.gaps = book.gaps().map(|(seq, _)| seq.0).collect();
        let new_gaps = self.gaps.len().saturating_sub(gaps_before);
        if known_gap > 0 {
            let in_front = usize::try_from(known_gap.saturating_sub(self.first_gap)).unwrap_or(usize::MAX);
            growth.added_front += in_front.min(new_gaps);
        }
        growth.added_back += new_gaps - growth.added_front;
        let takes_all = matches!(self.chosen, Chosen::All(_));
        while self.seen.end < end {
            let from = self.seen.end;
            if !takes_all && book.is_away(Seq(from)) {
                // Nobody waits for a file here: all that came so far becomes something to look back at.
                growth.removed_front += self.chosen.forget(u64::MAX);
                self.seen = end..end;
                break;
            }
            let Some(bounds) = book.chunk_bounds(Seq(from)) else { break };
            growth.added_back += self.search(book, from..bounds.end);
            self.seen.end = bounds.end;
        }
        let mut looked = 0;
        // To take everything costs nothing.
        let budget = if takes_all { usize::MAX } else { budget.max(1) };
        while self.seen.start > first && looked < budget && (takes_all || !book.is_away(Seq(self.seen.start - 1))) {
            let Some(bounds) = book.chunk_bounds(Seq(self.seen.start - 1)) else { break };
            growth.added_front += self.search(book, bounds.start..self.seen.start);
            looked += usize::try_from(self.seen.start - bounds.start).unwrap_or(usize::MAX);
            self.seen.start = bounds.start;
        }
        growth.complete = self.is_complete(book);
        growth
    }

    /// The search that is left to be done, for another thread; `None` when nothing is left.
    #[must_use]
    pub fn rest(&self, book: &LogBook) -> Option<Scan> {
        let slices = book.slices_before(Seq(self.seen.start));
        (self.started && !slices.is_empty()).then(|| Scan { look: self.look.clone(), slices })
    }

    /// Takes what a search found, if it lies right before what has been looked at. Gives how many rows came at the front.
    pub fn take(&mut self, book: &LogBook, found: Found) -> usize {
        let first = book.first_seq().0;
        let fits = found.seen.end >= self.seen.start && found.seen.start < self.seen.start && found.seen.end > first;
        let Chosen::Some(chosen) = &mut self.chosen else { return 0 };
        if !fits {
            return 0;
        }
        let new = found.seen.start.max(first)..self.seen.start;
        let before = chosen.len();
        found.seqs.into_iter().rev().filter(|seq| new.contains(seq)).for_each(|seq| chosen.push_front(seq));
        self.seen.start = new.start;
        chosen.len() - before
    }

    /// Takes what it is looking for among lines of one chunk, at either end of what has been looked at.
    fn search(&mut self, book: &LogBook, seqs: Range<u64>) -> usize {
        let front = seqs.end <= self.seen.start && seqs.start < self.seen.start;
        match &mut self.chosen {
            Chosen::All(all) => {
                let length = usize::try_from(seqs.end.saturating_sub(seqs.start)).unwrap_or(usize::MAX);
                *all = if all.is_empty() { seqs } else { all.start.min(seqs.start)..all.end.max(seqs.end) };
                length
            }
            Chosen::Some(some) => {
                let found = book.select(&self.look, seqs, &mut self.room);
                let count = found.len();
                if front {
                    found.into_iter().rev().for_each(|seq| some.push_front(seq));
                } else {
                    some.extend(found);
                }
                count
            }
        }
    }

    /// `None` beyond the last row, and for a gap that the book has forgotten since the view last grew.
    #[must_use]
    pub fn row<'a>(&self, book: &'a LogBook, row: usize) -> Option<Row<'a>> {
        // Gap k stands after all matching lines of smaller names and after k gaps.
        let before = self.gaps_before(row);
        if let Some(gap) = self.gaps.get(before)
            && self.gap_row(before, *gap) == row
        {
            return book.gap(self.first_gap.saturating_add(before as u64)).map(Row::Gap);
        }
        self.chosen.get(row.checked_sub(before)?).map(|seq| Row::Line(Seq(seq)))
    }

    /// The line at a row, or the next one after a gap.
    #[must_use]
    pub fn seq(&self, row: usize) -> Option<Seq> {
        let before = self.gaps_before(row);
        self.chosen.get(row.checked_sub(before)?).map(Seq)
    }

    /// The row of a line; of one that does not match, the row of the next that does.
    #[must_use]
    pub fn position(&self, seq: Seq) -> usize {
        let lines = self.chosen.before(seq.0);
        let gaps = self.gaps.partition_point(|gap| *gap <= seq.0);
        lines + gaps
    }

    /// Lines that show, from one up to and without another.
    #[must_use]
    pub fn lines_between(&self, from: Seq, to: Seq) -> usize {
        self.chosen.before(to.0).saturating_sub(self.chosen.before(from.0))
    }

    /// The next row behind `from`, or the one before it, whose line has a wanted level. Without looking at the lines' texts,
    /// so that a million rows cost little.
    #[must_use]
    pub fn seek_level(
        &self,
        book: &LogBook,
        from: usize,
        back: bool,
        is_wanted: impl Fn(Level) -> bool,
    ) -> Option<usize> {
        // A gap's row is told by the line behind it.
        let is_gap =
            self.gaps.get(self.gaps_before(from)).is_some_and(|gap| self.gap_row(self.gaps_before(from), *gap) == from);
        let at = from.checked_sub(self.gaps_before(from))?;
        let behind = if is_gap { at } else { at.saturating_add(1) };
        let seq = match &self.chosen {
            Chosen::All(all) => {
                let middle = |at: usize| all.start.saturating_add(at as u64).min(all.end);
                let seqs = if back { all.start..middle(at) } else { middle(behind)..all.end };
                book.seek_level(seqs, back, is_wanted)
            }
            Chosen::Some(some) => {
                let mut near = Near::default();
                let is_found = |seq: &u64| near.level(book, *seq).is_some_and(&is_wanted);
                if back {
                    some.range(..at.min(some.len())).rev().copied().find(is_found)
                } else {
                    some.range(behind.min(some.len())..).copied().find(is_found)
                }
            }
        };
        seq.map(|seq| self.position(Seq(seq)))
    }

    /// The next gap's row behind `from`, or the one before it.
    #[must_use]
    pub fn seek_gap(&self, from: usize, back: bool) -> Option<usize> {
        let before = self.gaps_before(from);
        let row = |number: usize| self.gaps.get(number).map(|gap| self.gap_row(number, *gap));
        if back {
            return before.checked_sub(1).and_then(row);
        }
        if row(before) == Some(from) { row(before + 1) } else { row(before) }
    }

    /// The row of a line, if it shows.
    #[must_use]
    pub fn row_of(&self, seq: Seq) -> Option<usize> {
        let row = self.position(seq);
        (self.seq(row) == Some(seq)).then_some(row)
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
        self.chosen.before(gap) + number
    }

    /// Drops what the book has forgotten, lines and gaps; gives how many rows went.
    fn forget(&mut self, first: u64, first_gap: u64) -> usize {
        let lines = self.chosen.forget(first);
        let gone = usize::try_from(first_gap.saturating_sub(self.first_gap)).unwrap_or(usize::MAX);
        let gaps = gone.min(self.gaps.len());
        self.gaps.drain(..gaps);
        self.first_gap = first_gap;
        self.seen.start = self.seen.start.max(first);
        self.seen.end = self.seen.end.max(self.seen.start);
        lines + gaps
    }
}

/// The names of matching lines, ascending.
#[derive(Clone, Debug)]
enum Chosen {
    /// Nothing is asked for, so that a million names need not be listed.
    All(Range<u64>),
    Some(VecDeque<u64>),
}

impl Chosen {
    fn len(&self) -> usize {
        match self {
            Self::All(all) => usize::try_from(all.end.saturating_sub(all.start)).unwrap_or(usize::MAX),
            Self::Some(some) => some.len(),
        }
    }

    fn get(&self, at: usize) -> Option<u64> {
        match self {
            Self::All(all) => Some(all.start.saturating_add(at as u64)).filter(|seq| *seq < all.end),
            Self::Some(some) => some.get(at).copied(),
        }
    }

    /// How many names are smaller.
    fn before(&self, seq: u64) -> usize {
        match self {
            Self::All(all) => {
                usize::try_from(seq.clamp(all.start, all.end.max(all.start)) - all.start).unwrap_or(usize::MAX)
            }
            Self::Some(some) => some.partition_point(|known| *known < seq),
        }
    }

    fn forget(&mut self, first: u64) -> usize {
        let gone = self.before(first);
        match self {
            Self::All(all) => all.start = all.start.saturating_add(gone as u64),
            Self::Some(some) => drop(some.drain(..gone)),
        }
        gone
    }
}
