//! Which lines of a chunk a responder looks at, and a search through many chunks that others may do in their own time.
//! Not where the answers are put together: `logview.rs`.

use std::ops::Range;
use std::sync::Arc;

use super::chunk::Chunk;
use super::line::Level;
use super::line_view::{LineView, is_known};
use super::text::LOST;
use crate::domain::Labels;
use crate::domain::filter::{Filter, Probe};

/// What is looked at of a book.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Look {
    pub filter: Filter,
    /// The mildest level; `Unknown` lets every line through.
    pub least: Level,
    /// Lines of this stream alone.
    pub stream: Option<Arc<Labels>>,
}

impl Look {
    #[must_use]
    pub fn matches(&self, line: &LineView<'_>) -> bool {
        line.level >= self.least
            && self.stream.as_ref().is_none_or(|stream| stream == line.stream)
            && self.filter.matches(line)
    }

    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.filter.is_empty() && self.least == Level::Unknown && self.stream.is_none()
    }
}

/// Some thousand lines of a book, which stay as they are whatever becomes of the book.
#[derive(Clone, Debug)]
pub struct Slice {
    pub(super) first: u64,
    pub(super) chunk: Arc<Chunk>,
}

/// The same lines, not others that read alike.
impl PartialEq for Slice {
    fn eq(&self, other: &Self) -> bool {
        self.first == other.first && Arc::ptr_eq(&self.chunk, &other.chunk)
    }
}

/// A search through slices, in their order, that can be done on any thread.
#[derive(Clone, Debug, PartialEq)]
pub struct Scan {
    pub look: Look,
    pub slices: Vec<Slice>,
}

/// What a search found among the lines of one slice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The lines that were looked at.
    pub(super) seen: Range<u64>,
    pub(super) seqs: Vec<u64>,
}

impl Slice {
    /// `room` is where lines of a file are read to: one for many slices.
    #[must_use]
    pub fn search(&self, look: &Look, room: &mut Vec<u8>) -> Found {
        let seen = self.first..self.first.saturating_add(self.chunk.len() as u64);
        let seqs = self.chunk.select(look, 0..self.chunk.len(), room);
        Found { seen, seqs: seqs.into_iter().map(|at| self.first.saturating_add(at as u64)).collect() }
    }
}

impl Chunk {
    /// The lines of the range that are looked at, ascending.
    pub(super) fn select(&self, look: &Look, lines: Range<usize>, room: &mut Vec<u8>) -> Vec<usize> {
        if self.worst < look.least {
            return Vec::new();
        }
        let stream = match &look.stream {
            None => None,
            Some(wanted) => match self.label_sets.iter().position(|set| set == wanted) {
                Some(number) => Some(u16::try_from(number).unwrap_or(u16::MAX)),
                None => return Vec::new(),
            },
        };
        let may = |at: usize| {
            self.levels.get(at).is_some_and(|level| *level >= look.least)
                && stream.is_none_or(|number| self.stream(at) == number)
        };
        if look.filter.is_empty() {
            return lines.filter(|at| may(*at)).collect();
        }
        let Some(mut whole) = self.whole(room) else {
            // A part of the file is gone: what is left of it is looked at block by block.
            let matches = |at: usize| self.read(at).is_some_and(|line| line.raw != LOST && look.filter.matches(&line));
            return lines.filter(|at| may(*at) && matches(*at)).collect();
        };
        let probe = look.filter.probe(|key| is_known(key) || self.label_sets.iter().any(|set| set.get(key).is_some()));
        let candidates = match probe {
            Some(probe) => self.candidates(probe, lines, whole.text),
            None => lines.collect(),
        };
        let matches = |at: &usize| may(*at) && whole.get(*at).is_some_and(|line| look.filter.matches(&line));
        candidates.into_iter().filter(matches).collect()
    }

    /// The lines in whose raw text or metadata the probe finds something, and those whose message stands elsewhere: one
    /// search over a whole text, not one a line.
    fn candidates(&self, probe: Probe<'_>, lines: Range<usize>, text: &str) -> Vec<usize> {
        let mut apart = self.apart.iter().map(|at| *at as usize).filter(|at| lines.contains(at)).peekable();
        let start = |line: usize| self.starts.get(line).map_or(text.len(), |start| *start as usize);
        let (mut from, end) = (start(lines.start), start(lines.end));
        // Without the end of the last line, so that nothing is found behind it.
        let Some(text) = text.get(..end.saturating_sub(1)) else { return Vec::new() };
        let mut found = Vec::new();
        while from <= text.len() {
            let Some(place) = probe.find(text, from) else { break };
            let after = self.starts.partition_point(|known| *known as usize <= place);
            let Some(at) = after.checked_sub(1).filter(|at| *at < lines.end) else { break };
            while let Some(before) = apart.next_if(|before| *before <= at) {
                found.push(before);
            }
            if found.last() != Some(&at) {
                found.push(at);
            }
            from = start(at + 1).max(from + 1);
        }
        found.extend(apart);
        let beside = self.metadata.lines(|text, from| probe.find(text, from));
        let before = found.len();
        found.extend(beside.into_iter().filter(|at| lines.contains(at)));
        if found.len() > before {
            found.sort_unstable();
            found.dedup();
        }
        found
    }
}
