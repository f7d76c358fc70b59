//! A million log lines and more, in chunks, under a bound of bytes. Not which of them are looked at: `logview.rs`.
//!
//! Lines stand in the order of arrival: those that come together are sorted by time, and a line that comes later than
//! it should stands where it arrived, with its own time. A [`Seq`] once given names its line for ever.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::chunk::Chunk;
use super::holdings::Holdings;
use super::line::Line;
use super::line_view::LineView;
use super::names::Names;
use super::scan::{Look, Slice};
use super::sheaf::Sheaf;
use crate::domain::{Cause, Timestamp};

/// The name of a line. Consecutive; older lines that are put in front later get smaller ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Seq(pub u64);

/// Room in front for lines that are older than the first that came.
const FIRST: u64 = 1 << 40;
/// Notes of gaps that are kept; what comes beyond is told by the last one.
const GAPS: usize = 1_000;
/// A chunk is kept for its room if it takes no more than this part of the bound.
const SPARE_PART: usize = 64;
/// The number of the first note, so that notes in front of it have numbers too.
const FIRST_GAP: u64 = 1 << 40;

/// Why lines are missing between two others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum GapKind {
    /// The tail was broken.
    #[default]
    Lost,
    /// Nobody has asked for them yet.
    Unread,
    /// More came than the tail could catch up with; with a reason when they could not be counted.
    Behind,
    /// The question for what came before the tail failed; the reason says how.
    Refused,
}

/// Why nobody knows how many lines a hole has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unknown {
    /// The question for its lines failed.
    Unread(Cause),
    /// The question for their number failed.
    Uncounted(Cause),
}

/// A hole between two lines, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GapNote {
    pub kind: GapKind,
    pub from: Timestamp,
    pub to: Timestamp,
    /// Lines that were asked for afterwards and filled the hole.
    pub filled: u64,
    /// Lines that are missing still; `None` when there are some and nobody knows how many.
    pub missing: Option<u64>,
    /// Lines that came twice and were taken once.
    pub twice: u64,
    /// The connection is still lost.
    pub open: bool,
    pub reason: String,
}

/// See the words at the head of this file.
#[derive(Debug)]
pub struct LogBook {
    bound: usize,
    pub(super) sealed: VecDeque<Slice>,
    open: Chunk,
    names: Names,
    /// The name of the first line of `open`.
    open_first: u64,
    sealed_bytes: usize,
    /// An emptied chunk with room for another: memory that is used again cannot fall to pieces.
    spare: Option<Chunk>,
    /// Label sets that sealed chunks use.
    holdings: Holdings,
    evicted: u64,
    /// Each stands before the line of this name.
    gaps: VecDeque<(Seq, GapNote)>,
    /// Notes forgotten with the lines around them: the number of the first that is kept.
    first_gap: u64,
    /// Blocks that were read back from files, in the order in which they were.
    pub(super) warm: VecDeque<(u64, usize)>,
    /// Lines of some chunk stand in a file.
    pub(super) is_backed: bool,
}

impl LogBook {
    /// Keeps at most about `bytes` (a chunk more at times), the newest lines; everything forgotten is counted.
    #[must_use]
    pub fn with_bound(bytes: usize) -> Self {
        Self {
            bound: bytes,
            sealed: VecDeque::new(),
            open: Chunk::default(),
            names: Names::default(),
            open_first: FIRST,
            sealed_bytes: 0,
            spare: None,
            holdings: Holdings::default(),
            evicted: 0,
            gaps: VecDeque::new(),
            first_gap: FIRST_GAP,
            warm: VecDeque::new(),
            is_backed: false,
        }
    }

    /// Sorts the lines by time and puts them at the end. Gives their names.
    pub fn append(&mut self, lines: Vec<Line>) -> Range<Seq> {
        let mut lines = lines;
        lines.sort_by_key(|line| line.time);
        let first = self.end_seq();
        for line in &lines {
            self.open.push_line(line, &mut self.names);
            if self.open.is_full() {
                self.seal();
            }
        }
        self.evict();
        first..self.end_seq()
    }

    /// Puts lines that were bound together elsewhere at the end, in their order. Gives their names.
    pub fn append_sheaf(&mut self, sheaf: Sheaf) -> Range<Seq> {
        let first = self.end_seq();
        let chunk = sheaf.into_chunk();
        if chunk.is_away() || chunk.is_full() || self.open.len() == 0 && chunk.len() > super::chunk::LINES / 2 {
            if self.open.len() > 0 {
                self.seal();
            }
            self.hold(chunk);
        } else {
            for line in (0..chunk.len()).filter_map(|at| chunk.get(at)) {
                self.open.push(&line, &mut self.names);
                if self.open.is_full() {
                    self.seal();
                }
            }
        }
        self.evict();
        first..self.end_seq()
    }

    /// Puts older lines in front of all, as far as the bound has room: of what does not fit the oldest are left out and
    /// not counted. Gives their names.
    pub fn prepend(&mut self, lines: Vec<Line>) -> Range<Seq> {
        let mut lines = lines;
        lines.sort_by_key(|line| line.time);
        let last = self.first_seq();
        let mut end = lines.len();
        while end > 0 && self.bytes() < self.bound {
            let from = end.saturating_sub(super::chunk::LINES);
            let (mut chunk, mut names) = (Chunk::default(), Names::default());
            for line in lines.get(from..end).unwrap_or(&[]) {
                chunk.push_line(line, &mut names);
            }
            chunk.seal();
            self.push_front(chunk);
            end = from;
        }
        self.first_seq()..last
    }

    /// Puts lines that were bound together elsewhere in front of all. What there is no room for is left out and counted.
    pub fn prepend_sheaf(&mut self, sheaf: Sheaf) {
        let mut chunk = sheaf.into_chunk();
        let count = chunk.len() as u64;
        if self.bytes() >= self.bound {
            self.evicted = self.evicted.saturating_add(count);
        } else if count > 0 {
            chunk.seal();
            self.push_front(chunk);
        }
    }

    fn push_front(&mut self, chunk: Chunk) {
        let first = self.first_seq().0.saturating_sub(chunk.len() as u64);
        self.sealed_bytes += chunk.bytes();
        self.hold_warm(first, &chunk);
        self.holdings.take(&chunk.label_sets);
        self.sealed.push_front(Slice { first, chunk: Arc::new(chunk) });
    }

    /// Forgets what stands before a line. It is not counted as evicted: whoever asks for it does not want it any more.
    pub fn forget_before(&mut self, seq: Seq) {
        let keeps = |slice: &Slice| slice.first.saturating_add(slice.chunk.len() as u64) > seq.0;
        while let Some(oldest) = self.sealed.pop_front_if(|slice| !keeps(slice)) {
            self.let_go(&oldest);
        }
        self.forget_gaps();
    }

    /// Lines that are kept now.
    #[must_use]
    pub fn len(&self) -> usize {
        usize::try_from(self.end_seq().0.saturating_sub(self.first_seq().0)).unwrap_or(usize::MAX)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[must_use]
    pub fn first_seq(&self) -> Seq {
        Seq(self.sealed.front().map_or(self.open_first, |sealed| sealed.first))
    }

    /// The name that the next line will get.
    #[must_use]
    pub fn end_seq(&self) -> Seq {
        Seq(self.open_first.saturating_add(self.open.len() as u64))
    }

    /// `None` for a line that was forgotten or has not come. Never waits for a file: what stands in one and was not read
    /// back says so.
    #[must_use]
    pub fn get(&self, seq: Seq) -> Option<LineView<'_>> {
        let (first, chunk) = self.chunk_of(seq)?;
        chunk.get(usize::try_from(seq.0.checked_sub(first)?).ok()?)
    }

    #[must_use]
    pub fn time(&self, seq: Seq) -> Option<Timestamp> {
        let (first, chunk) = self.chunk_of(seq)?;
        chunk.time(usize::try_from(seq.0.checked_sub(first)?).ok()?)
    }

    /// Lines forgotten for the bound's sake, ever.
    #[must_use]
    pub const fn evicted(&self) -> u64 {
        self.evicted
    }

    /// Memory held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let spare = self.spare.as_ref().map_or(0, Chunk::bytes);
        let open = self.open.bytes() + Holdings::bytes_of(&self.open.label_sets);
        self.sealed_bytes + self.holdings.bytes() + open + spare
    }

    /// The part of it that is the lines themselves.
    #[must_use]
    pub fn raw_bytes(&self) -> usize {
        self.sealed.iter().map(|sealed| sealed.chunk.raw_bytes()).sum::<usize>() + self.open.raw_bytes()
    }

    /// Notes a gap at the end. A note of a gap that is still open is replaced where it stands.
    pub fn push_gap(&mut self, gap: GapNote) {
        let full = self.gaps.len() >= GAPS;
        match self.gaps.back_mut() {
            Some((_, last)) if last.open => *last = gap,
            Some((_, last)) if full => {
                let missing = last.missing.zip(gap.missing).map(|(one, other)| one.saturating_add(other));
                let filled = last.filled.saturating_add(gap.filled);
                let twice = last.twice.saturating_add(gap.twice);
                *last = GapNote { from: last.from, filled, missing, twice, ..gap };
            }
            _ => self.gaps.push_back((self.end_seq(), gap)),
        }
    }

    /// Takes back a note that stands before the first line.
    pub fn pop_gap_front(&mut self) -> Option<GapNote> {
        let first = self.first_seq();
        let (_, gap) = self.gaps.pop_front_if(|(seq, _)| *seq <= first)?;
        self.first_gap += 1;
        Some(gap)
    }

    /// Notes a gap before the first line; older lines then go before it. Nothing is noted when there are too many.
    pub fn push_gap_front(&mut self, gap: GapNote) {
        if self.gaps.len() < GAPS {
            self.gaps.push_front((self.first_seq(), gap));
            self.first_gap = self.first_gap.saturating_sub(1);
        }
    }

    /// In order, each with the name of the line before which it stands.
    pub fn gaps(&self) -> impl ExactSizeIterator<Item = (Seq, &GapNote)> {
        self.gaps.iter().map(|(seq, gap)| (*seq, gap))
    }

    /// Gaps are numbered from 0 in the order in which they came.
    pub(super) const fn first_gap(&self) -> u64 {
        self.first_gap
    }

    pub(super) fn gap(&self, number: u64) -> Option<&GapNote> {
        let at = usize::try_from(number.checked_sub(self.first_gap)?).ok()?;
        self.gaps.get(at).map(|(_, gap)| gap)
    }

    /// The chunk of a line, as names, clipped to the kept ones; `None` when the line is not kept.
    pub(super) fn chunk_bounds(&self, seq: Seq) -> Option<Range<u64>> {
        let (first, chunk) = self.chunk_of(seq)?;
        Some(first..first.saturating_add(chunk.len() as u64))
    }

    /// The lines among `seqs`, which lie in one chunk, that are looked at; ascending.
    pub(super) fn select(&self, look: &Look, seqs: Range<u64>, room: &mut Vec<u8>) -> Vec<u64> {
        let Some((first, chunk)) = self.chunk_of(Seq(seqs.start)) else { return Vec::new() };
        let place = |seq: u64| usize::try_from(seq.saturating_sub(first)).unwrap_or(usize::MAX).min(chunk.len());
        let lines = place(seqs.start)..place(seqs.end);
        chunk.select(look, lines, room).into_iter().map(|at| first.saturating_add(at as u64)).collect()
    }

    /// The chunks that lie before a line, the newest first.
    #[must_use]
    pub fn slices_before(&self, seq: Seq) -> Vec<Slice> {
        let count = self.sealed.partition_point(|slice| slice.first < seq.0);
        self.sealed.iter().take(count).rev().cloned().collect()
    }

    /// All that is sealed, oldest first, and a copy of the open rest.
    #[must_use]
    pub fn slices(&self) -> Vec<Slice> {
        let open = Slice { first: self.open_first, chunk: Arc::new(self.open.clone()) };
        self.sealed.iter().cloned().chain([open]).collect()
    }

    pub(super) fn chunk_of(&self, seq: Seq) -> Option<(u64, &Chunk)> {
        if seq.0 >= self.open_first {
            return (seq < self.end_seq()).then_some((self.open_first, &self.open));
        }
        let after = self.sealed.partition_point(|sealed| sealed.first <= seq.0);
        let sealed = self.sealed.get(after.checked_sub(1)?)?;
        Some((sealed.first, sealed.chunk.as_ref()))
    }

    fn seal(&mut self) {
        let chunk = std::mem::replace(&mut self.open, self.spare.take().unwrap_or_default());
        self.names = Names::default();
        self.hold(chunk);
    }

    fn hold(&mut self, mut chunk: Chunk) {
        chunk.seal();
        self.sealed_bytes += chunk.bytes();
        let first = self.open_first;
        self.hold_warm(first, &chunk);
        self.holdings.take(&chunk.label_sets);
        self.open_first = first.saturating_add(chunk.len() as u64);
        self.sealed.push_back(Slice { first, chunk: Arc::new(chunk) });
    }

    fn let_go(&mut self, slice: &Slice) {
        self.sealed_bytes = self.sealed_bytes.saturating_sub(slice.chunk.bytes());
        self.holdings.give_back(&slice.chunk.label_sets);
    }

    fn evict(&mut self) {
        while self.bytes() > self.bound {
            let Some(oldest) = self.sealed.pop_front() else { break };
            self.let_go(&oldest);
            self.evicted = self.evicted.saturating_add(oldest.chunk.len() as u64);
            if self.spare.is_none() {
                let usual = |chunk: &Chunk| chunk.bytes() <= self.bound / SPARE_PART;
                self.spare = Arc::into_inner(oldest.chunk).filter(usual).map(Chunk::emptied);
            }
        }
        self.forget_gaps();
    }

    fn forget_gaps(&mut self) {
        let first = self.first_seq();
        while self.gaps.front().is_some_and(|(seq, gap)| *seq < first && !gap.open) {
            self.gaps.pop_front();
            self.first_gap += 1;
        }
        // One that is still open stays, at the beginning of what is left.
        if let Some((seq, _)) = self.gaps.front_mut() {
            *seq = first.max(*seq);
        }
    }
}
