//! Pane 4: the tail of a query, filtered, and the lines of one trace when they are asked for. Not the kinds of lines:
//! `patterns.rs`.

use std::collections::BTreeSet;

use super::{Around, Beside, Cursor, Loading, PatternsPart};
use crate::domain::filter::Filter;
use crate::domain::signal::{Found, GapNote, Level, Line, LineView, LogBook, LogView, Look, Row, Seq, Sheaf};
use crate::domain::{Failure, SpanId, Timestamp, TraceId};

/// What the book may hold, in bytes.
pub const BOOK_BOUND: usize = 256 * 1024 * 1024;

#[derive(Clone, Debug, Default, PartialEq)]
pub enum TailState {
    #[default]
    Connecting,
    Live,
    Broken {
        failure: Failure,
        since: Timestamp,
        attempt: u32,
        retry_at: Timestamp,
    },
}

/// The lines of a trace, oldest first.
#[derive(Clone, Debug)]
pub struct TraceLines {
    pub trace: TraceId,
    /// Its lines are marked.
    pub span: Option<SpanId>,
    pub lines: Vec<Line>,
    /// The server had more.
    pub more: bool,
    pub state: Loading,
    pub cursor: Cursor,
}

impl TraceLines {
    /// Before any line has come.
    #[must_use]
    pub fn asked(trace: TraceId, span: Option<SpanId>, now: Timestamp, height: usize) -> Self {
        let cursor = Cursor { height, ..Cursor::default() };
        Self { trace, span, lines: Vec::new(), more: false, state: Loading::Asked { since: now }, cursor }
    }
}

#[derive(Debug)]
pub struct LogsPane {
    pub book: LogBook,
    /// The rows that the filter and the level let through.
    pub view: LogView,
    pub cursor: Cursor,
    /// The least that is shown.
    pub level: Level,
    pub query: String,
    pub tail: TailState,
    /// Lines that the server says it left out.
    pub dropped: u64,
    /// Lines that came faster than they could be taken here.
    pub overrun: u64,
    pub per_second: f64,
    /// Shows in place of the tail while it is `Some`.
    pub of_trace: Option<TraceLines>,
    /// Rows that came behind a freeze.
    pub waiting: u64,
    /// Bytes of a long file that are still to be read, and of how many; none when all are.
    pub unread: Option<(u64, u64)>,
    /// Columns by which the text is moved to the left.
    pub sideways: u16,
    /// Of the trace that is open, once known.
    pub trace_line_count: Option<usize>,
    pub marks: BTreeSet<Seq>,
    /// The lines of the trace that is open, as soon as they are known; `of_trace` is made of them.
    pub lines_of_open: Option<TraceLines>,
    /// The line that the lines of a trace are to be shown on.
    pub(in crate::room) wanted_line: Option<Line>,
    /// The server refused the tail for good: only a new one helps.
    pub is_tail_over: bool,
    /// What kinds of lines there are; shows beside the lines or in place of them.
    pub patterns: PatternsPart,
    pub around: Option<Around>,
    /// Lines are read back from their file, since then.
    pub recalling: Option<Timestamp>,
    /// Another thread goes on looking further back.
    pub is_searching: bool,
    /// What is looked for has changed since that began.
    pub(in crate::room) is_other: bool,
    /// When lines came that were new then, and which.
    arrivals: Vec<(Timestamp, std::ops::Range<Seq>)>,
    /// Since when what comes is new: the first lines are of before.
    counts_from: Option<Timestamp>,
}

/// Older lines that one growth of the view looks at itself; what lies further back is left to another thread.
const BUDGET: usize = 1;
/// Over how long the rate is counted.
const RATE_OVER: std::time::Duration = std::time::Duration::from_secs(10);
const SHORTEST_RATE: std::time::Duration = std::time::Duration::from_secs(1);

impl LogsPane {
    #[must_use]
    pub fn new(query: String, level: Level) -> Self {
        Self {
            book: LogBook::with_bound(BOOK_BOUND),
            view: LogView::new(Look { least: level, ..Look::default() }),
            cursor: Cursor::following(),
            level,
            query,
            tail: TailState::default(),
            dropped: 0,
            overrun: 0,
            per_second: 0.0,
            of_trace: None,
            waiting: 0,
            unread: None,
            sideways: 0,
            trace_line_count: None,
            marks: BTreeSet::new(),
            lines_of_open: None,
            wanted_line: None,
            is_tail_over: false,
            patterns: PatternsPart::default(),
            around: None,
            recalling: None,
            is_searching: false,
            is_other: false,
            arrivals: Vec::new(),
            counts_from: None,
        }
    }

    /// Looks at what is new in the book, and further back if that is not finished. The same line stays selected. Gives how
    /// many rows came at the end.
    pub fn grow(&mut self) -> usize {
        let growth = self.view.grow(&self.book, BUDGET);
        let row = self.cursor.selected.saturating_sub(growth.removed_front).saturating_add(growth.added_front);
        self.cursor.reanchor(row, self.view.len());
        self.waiting = 0;
        let first = self.book.first_seq();
        self.marks = self.marks.split_off(&first);
        growth.added_back
    }

    /// The connection stands again and nobody filled the hole.
    pub fn close_gap(&mut self, now: Timestamp) {
        if let Some((_, last)) = self.book.gaps().last().filter(|(_, last)| last.open) {
            let closed = GapNote { to: now, open: false, ..last.clone() };
            self.book.push_gap(closed);
        }
    }

    /// What a search on another thread found. The same line stays selected.
    pub(in crate::room) fn take_found(&mut self, found: Vec<Found>) {
        let added: usize = found.into_iter().map(|found| self.view.take(&self.book, found)).sum();
        self.cursor.reanchor(self.cursor.selected.saturating_add(added), self.view.len());
    }

    /// Another filter or level; the selected line stays selected, or the next one that shows.
    pub fn look(&mut self, filter: Filter, level: Level) {
        let selected = self.view.seq(self.cursor.selected);
        self.level = level;
        // A filter is one for the lines that are here.
        self.around.iter_mut().for_each(|around| around.beside = None);
        let stream = self.around.as_ref().map(|around| std::sync::Arc::clone(&around.stream));
        self.view = LogView::new(Look { filter, least: level, stream });
        self.is_other = true;
        self.view.grow(&self.book, BUDGET);
        let row = selected.map_or(usize::MAX, |seq| self.view.position(seq));
        self.cursor.reanchor(row, self.view.len());
        self.waiting = 0;
    }

    /// Lines from the tail. While frozen they wait in the book.
    pub fn take(&mut self, lines: Vec<Line>, is_frozen: bool, now: Timestamp) {
        let seqs = self.book.append(lines);
        self.came(seqs, is_frozen, now);
    }

    /// Lines that were bound together where they were read.
    pub fn take_sheaves(&mut self, sheaves: Vec<Sheaf>, is_frozen: bool, now: Timestamp) {
        let start = self.book.end_seq();
        for sheaf in sheaves {
            self.book.append_sheaf(sheaf);
        }
        self.came(start..self.book.end_seq(), is_frozen, now);
    }

    /// Lines from before all others.
    pub fn take_older(&mut self, sheaves: Vec<Sheaf>, is_frozen: bool) {
        for sheaf in sheaves.into_iter().rev() {
            self.book.prepend_sheaf(sheaf);
        }
        if !is_frozen {
            self.grow();
        }
    }

    fn came(&mut self, seqs: std::ops::Range<Seq>, is_frozen: bool, now: Timestamp) {
        if is_frozen {
            let look = self.view.look();
            let shown = |line: &LineView<'_>| look.matches(line);
            let rows = (seqs.start.0..seqs.end.0).filter_map(|seq| self.book.get(Seq(seq))).filter(shown).count();
            self.waiting = self.waiting.saturating_add(rows as u64);
        } else {
            self.grow();
        }
        if self.counts_from.is_some() {
            self.arrivals.push((now, seqs));
        }
        self.counts_from.get_or_insert(now);
        self.measure(now);
    }

    /// Lines of a hole that was filled: they came at once and were not written at once.
    pub fn take_refilled(&mut self, lines: Vec<Line>, is_frozen: bool, now: Timestamp) {
        let seqs = self.book.append(lines);
        let before = std::mem::take(&mut self.counts_from);
        self.came(seqs, is_frozen, now);
        self.counts_from = before.or(self.counts_from);
    }

    /// The rate of the lines that show, over the last seconds; to be measured again when nothing comes, and when others
    /// show. While the tail is broken the rate before is kept: what is missed is estimated by it.
    pub fn measure(&mut self, now: Timestamp) {
        let Some(from) = self.counts_from.filter(|_| !matches!(self.tail, TailState::Broken { .. })) else { return };
        self.arrivals.retain(|(at, _)| now.elapsed_since(*at) < RATE_OVER);
        let shown = |seqs: &std::ops::Range<Seq>| self.view.lines_between(seqs.start, seqs.end);
        let count: usize = self.arrivals.iter().map(|(_, seqs)| shown(seqs)).sum();
        let over = now.elapsed_since(from).clamp(SHORTEST_RATE, RATE_OVER);
        self.per_second = count as f64 / over.as_secs_f64();
    }

    /// The line under the cursor, of the tail or of the trace that shows in its place.
    #[must_use]
    pub fn selected(&self) -> Option<LineView<'_>> {
        match &self.of_trace {
            Some(of) => of.lines.get(of.cursor.selected).map(LineView::from),
            None if self.patterns.has_cursor() => None,
            None => match self.beside() {
                Some(beside) => beside.lines.get(beside.cursor.selected).map(LineView::from),
                None => self.line_at(self.cursor.selected),
            },
        }
    }

    /// `None` for a gap, and for a line that the book has forgotten.
    #[must_use]
    pub fn line_at(&self, row: usize) -> Option<LineView<'_>> {
        match self.view.row(&self.book, row)? {
            Row::Line(seq) => self.book.get(seq),
            Row::Gap(_) => None,
        }
    }

    /// The last row at or before a moment.
    #[must_use]
    pub fn row_at(&self, at: Timestamp) -> usize {
        let (mut low, mut high) = (0, self.view.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            let time = self.view.seq(middle).and_then(|seq| self.book.time(seq));
            if time.is_some_and(|time| time <= at) { low = middle + 1 } else { high = middle }
        }
        low.saturating_sub(1)
    }

    /// Whether its lines are those of the tail: not those of a trace, not kinds of lines, and no others of the server.
    #[must_use]
    pub fn shows_tail(&self) -> bool {
        self.of_trace.is_none() && !self.patterns.has_cursor() && self.beside().is_none()
    }

    /// The lines of the server around one line, while they show.
    #[must_use]
    pub fn beside(&self) -> Option<&Beside> {
        let is_hidden = self.of_trace.is_some() || self.patterns.has_cursor();
        self.around.as_ref()?.beside.as_ref().filter(|_| !is_hidden)
    }

    /// The cursor of what shows.
    pub fn cursor_mut(&mut self) -> &mut Cursor {
        match &mut self.of_trace {
            Some(of) => &mut of.cursor,
            None if self.patterns.has_cursor() => &mut self.patterns.cursor,
            None => match self.around.as_mut().and_then(|around| around.beside.as_mut()) {
                Some(beside) => &mut beside.cursor,
                None => &mut self.cursor,
            },
        }
    }
}
