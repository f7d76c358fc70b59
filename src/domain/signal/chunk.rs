//! Some thousand log lines in a few long columns and one text, so that a million of them cost little more than their
//! bytes. Not the book that the chunks make up: that is `logbook.rs`.

use std::sync::Arc;

use super::line::{Level, Line, Message};
use super::line_view::LineView;
use super::metadata::Metadata;
use super::names::Names;
use super::text::{Away, BLOCK, Backing, LOST, PENDING, Resident};
use super::traced::Traced;
use crate::domain::{Labels, SpanId, Symbol, Timestamp};

/// The lines of a full chunk.
pub(super) const LINES: usize = 4_096;
/// A chunk of long lines is full sooner: it is forgotten as a whole.
const TEXT: usize = 4 * 1024 * 1024;
/// Marks a message that is not a part of its raw line: it stands in `extras`.
const ELSEWHERE: u32 = 1 << 31;
/// Parts the raw lines in `text`, so that what is looked for at the beginning or the end of a line is found in all of
/// them at once.
const END: char = '\n';
/// A text grows by this part of itself, at least by so many bytes: doubling it would leave half of it to be given back.
const GROWTH: usize = 8;
const LEAST: usize = 16 * 1024;
/// The part by which chunks of much the same lines differ in length.
const MARGIN: usize = 64;

/// Columns that are all as long as there are lines, or empty when no line has a value.
#[derive(Clone, Debug, Default)]
pub(super) struct Chunk {
    pub(super) times: Vec<Timestamp>,
    pub(super) levels: Vec<Level>,
    services: Vec<u16>,
    /// Empty while all lines are of the first one.
    streams: Vec<u16>,
    /// Where each raw line starts in `text`.
    pub(super) starts: Vec<u32>,
    /// Start and length of each message, in `text` or in `extras`.
    messages: Vec<(u32, u32)>,
    traces: Traced,
    spans: Vec<u64>,
    /// Raw lines, each with an [`END`]; empty when they stand in a file.
    text: String,
    away: Option<Away>,
    extras: String,
    /// The lines whose messages stand in `extras`.
    pub(super) apart: Vec<u32>,
    /// The lines that belong to the one before, a bit each; up to the last of them.
    going_on: Vec<u64>,
    pub(super) metadata: Metadata,
    service_names: Vec<Symbol>,
    pub(super) label_sets: Vec<Arc<Labels>>,
    /// The worst level.
    pub(super) worst: Level,
    /// Every level that a line has, a bit each.
    present: u8,
}

impl Chunk {
    pub(super) fn len(&self) -> usize {
        self.times.len()
    }

    pub(super) fn is_full(&self) -> bool {
        self.len() >= LINES || self.text_length() + self.extras.len() + self.metadata.len() >= TEXT
    }

    /// Whether a line has one of the wanted levels.
    pub(super) fn has_level(&self, is_wanted: impl Fn(Level) -> bool) -> bool {
        Level::ALL.iter().any(|level| self.present & (1 << *level as u8) != 0 && is_wanted(*level))
    }

    /// Bytes on the heap, label sets aside: they are shared between chunks.
    pub(super) fn bytes(&self) -> usize {
        self.text.capacity()
            + self.extras.capacity()
            + self.metadata.bytes()
            + self.times.capacity() * size_of::<Timestamp>()
            + self.levels.capacity() * size_of::<Level>()
            + (self.services.capacity() + self.streams.capacity()) * size_of::<u16>()
            + (self.starts.capacity() + self.apart.capacity()) * size_of::<u32>()
            + self.messages.capacity() * size_of::<(u32, u32)>()
            + self.traces.bytes()
            + (self.spans.capacity() + self.going_on.capacity()) * size_of::<u64>()
            + self.service_names.capacity() * size_of::<Symbol>()
            + self.label_sets.capacity() * size_of::<Arc<Labels>>()
            + self.away.as_ref().map_or(0, Away::bytes)
    }

    pub(super) fn raw_bytes(&self) -> usize {
        self.text_length().saturating_sub(self.len())
    }

    fn text_length(&self) -> usize {
        self.away.as_ref().map_or(self.text.len(), Away::len)
    }

    pub(super) const fn is_away(&self) -> bool {
        self.away.is_some()
    }

    /// Forgets a block that was read back from a file.
    pub(super) fn cool(&mut self, block: usize) {
        if let Some(away) = &mut self.away {
            away.cool(block);
        }
    }

    /// The block of a line that has to be read back before it shows.
    pub(super) fn cold_block(&self, line: usize) -> Option<usize> {
        self.away.as_ref().filter(|away| away.is_cold(line / BLOCK)).map(|_| line / BLOCK)
    }

    /// The blocks of a file that were read back.
    pub(super) fn warm_blocks(&self) -> impl Iterator<Item = usize> {
        let blocks = 0..self.len().div_ceil(BLOCK);
        self.away.iter().flat_map(move |away| blocks.clone().filter(|block| !away.is_cold(*block)))
    }

    /// Reads a block back; may wait for the file.
    pub(super) fn warm(&self, block: usize) {
        if let Some(away) = &self.away {
            away.block(block * BLOCK, &self.starts);
        }
    }

    /// Gives back what growing took too much; a little too much is less trouble than giving it back.
    pub(super) fn seal(&mut self) {
        fit(&mut self.times);
        fit(&mut self.levels);
        fit(&mut self.services);
        fit(&mut self.streams);
        fit(&mut self.starts);
        fit(&mut self.messages);
        self.traces.seal(fit);
        fit(&mut self.spans);
        fit(&mut self.apart);
        fit(&mut self.going_on);
        self.metadata.seal();
        fit(&mut self.service_names);
        fit(&mut self.label_sets);
        for text in [&mut self.text, &mut self.extras] {
            if is_loose(text.len(), text.capacity()) {
                text.shrink_to_fit();
            }
        }
    }

    /// Room for as many bytes as another chunk has, and a little more.
    pub(super) fn make_room(&mut self, like: &Self) {
        self.text.reserve_exact(like.text.len() + like.text.len() / MARGIN);
    }

    /// Without its lines, with its room.
    pub(super) fn emptied(mut self) -> Self {
        self.times.clear();
        self.levels.clear();
        self.services.clear();
        self.streams.clear();
        self.starts.clear();
        self.messages.clear();
        self.traces.clear();
        self.spans.clear();
        self.text.clear();
        self.away = None;
        self.extras.clear();
        self.apart.clear();
        self.going_on.clear();
        self.metadata.clear();
        self.service_names.clear();
        self.label_sets.clear();
        self.worst = Level::Unknown;
        self.present = 0;
        self
    }

    pub(super) fn push_line(&mut self, line: &Line, names: &mut Names) {
        let mut view = LineView::from(line);
        // A message that was copied out of its line is found in it again.
        if let Message::Extracted(text) = &line.message
            && let Some(inside) = line.raw.find(text.as_ref())
        {
            view.text = line.raw.get(inside..inside + text.len()).unwrap_or(text);
        }
        self.push(&view, names);
    }

    pub(super) fn push(&mut self, line: &LineView<'_>, names: &mut Names) {
        let start = self.text.len();
        let needed = line.raw.len() + END.len_utf8();
        if self.text.capacity() - self.text.len() < needed {
            self.text.reserve_exact(needed.max(self.text.len() / GROWTH).max(LEAST));
        }
        self.text.push_str(line.raw);
        self.text.push(END);
        self.push_at(line, start, names);
    }

    /// A line whose raw text stands at `start` of what a file has: see [`Self::leave_in`].
    pub(super) fn push_at(&mut self, line: &LineView<'_>, start: usize, names: &mut Names) {
        let (at, start) = (self.len(), offset(start));
        let (raw, text) = (line.raw.as_bytes().as_ptr_range(), line.text.as_bytes().as_ptr_range());
        let message = if raw.start <= text.start && text.end <= raw.end {
            // Both lie in one text: the distance of their beginnings is that of their addresses.
            (start.saturating_add(offset(text.start.addr() - raw.start.addr())), offset(line.text.len()))
        } else {
            let place = offset(self.extras.len()) | ELSEWHERE;
            self.extras.push_str(line.text);
            self.apart.push(u32::try_from(at).unwrap_or(u32::MAX));
            (place, offset(line.text.len()))
        };
        if line.goes_on {
            self.going_on.resize(at / 64 + 1, 0);
            self.going_on.last_mut().into_iter().for_each(|bits| *bits |= 1 << (at % 64));
        }
        self.starts.push(start);
        self.messages.push(message);
        self.times.push(line.time);
        self.levels.push(line.level);
        self.worst = self.worst.max(line.level);
        self.present |= 1 << line.level as u8;
        self.services.push(names.service(line.service, &mut self.service_names));
        let stream = names.stream(line.stream, &mut self.label_sets);
        if stream > 0 || !self.streams.is_empty() {
            self.streams.resize(at, 0);
            self.streams.push(stream);
        }
        self.traces.push(at, line.raw, line.trace);
        self.metadata.push(at, line.metadata, &mut names.metadata);
        if let Some(span) = line.span {
            self.spans.resize(at, 0);
            self.spans.push(span.value());
        } else if !self.spans.is_empty() {
            self.spans.push(0);
        }
    }

    /// The lines stand in a file, from `at` on: `text` is what is there.
    pub(super) fn leave_in(&mut self, backing: Arc<dyn Backing>, at: u64, text: &[u8]) {
        self.away = Some(Away::new(backing, at, text, &self.starts));
    }

    /// Never waits for a file: a line that was not read back, or is lost, says so.
    pub(super) fn get(&self, at: usize) -> Option<LineView<'_>> {
        let Some(away) = &self.away else { return self.view(at, &self.text, 0) };
        match away.resident(at, &self.starts) {
            Resident::There(text, base) => self.view(at, text, base),
            Resident::Pending => self.view_of(at, PENDING, PENDING),
            Resident::Lost => self.view_of(at, LOST, LOST),
        }
    }

    /// Of a line that stands in a file: read back now, with some others, which may wait for the file.
    pub(super) fn read(&self, at: usize) -> Option<LineView<'_>> {
        let Some(away) = &self.away else { return self.view(at, &self.text, 0) };
        match away.block(at, &self.starts) {
            Some((text, base)) => self.view(at, text, base),
            None => self.view_of(at, LOST, LOST),
        }
    }

    /// The line in `text`, which begins at `base` of the chunk's.
    fn view<'a>(&'a self, at: usize, text: &'a str, base: usize) -> Option<LineView<'a>> {
        let (place, length) = self.messages.get(at).copied()?;
        let raw = self.raw(at, text, base)?;
        let (holder, base) = if place & ELSEWHERE == 0 { (text, base) } else { (self.extras.as_str(), 0) };
        let from = ((place & !ELSEWHERE) as usize).checked_sub(base)?;
        self.view_of(at, holder.get(from..from + length as usize)?, raw)
    }

    fn view_of<'a>(&'a self, at: usize, text: &'a str, raw: &'a str) -> Option<LineView<'a>> {
        Some(LineView {
            time: *self.times.get(at)?,
            level: *self.levels.get(at)?,
            service: self.service_names.get(usize::from(*self.services.get(at)?))?,
            stream: self.label_sets.get(usize::from(self.stream(at)))?,
            text,
            raw,
            trace: self.traces.get(at, raw),
            span: self.spans.get(at).and_then(|span| SpanId::new(*span)),
            metadata: self.metadata.get(at),
            goes_on: self.going_on.get(at / 64).is_some_and(|bits| bits >> (at % 64) & 1 != 0),
        })
    }

    /// A file may have more between two lines than one end.
    fn raw<'a>(&self, at: usize, text: &'a str, base: usize) -> Option<&'a str> {
        let start = (*self.starts.get(at)? as usize).checked_sub(base)?;
        let next =
            self.starts.get(at + 1).map_or(text.len(), |next| (*next as usize).saturating_sub(base)).min(text.len());
        if self.away.is_none() {
            return text.get(start..next.checked_sub(END.len_utf8())?);
        }
        let line = text.get(start..next)?;
        let line = line.split_once(END).map_or(line, |(line, _)| line);
        Some(line.strip_suffix('\r').unwrap_or(line))
    }

    pub(super) fn stream(&self, at: usize) -> u16 {
        self.streams.get(at).copied().unwrap_or(0)
    }

    pub(super) fn time(&self, at: usize) -> Option<Timestamp> {
        self.times.get(at).copied()
    }

    /// All lines at once: `room` is where those of a file are read to. `None` when that cannot be read as a whole.
    pub(super) fn whole<'a>(&'a self, room: &'a mut Vec<u8>) -> Option<Whole<'a>> {
        let text = match &self.away {
            None => &self.text,
            Some(away) => away.whole(room)?,
        };
        Some(Whole { chunk: self, text, same: 0 })
    }
}

/// A chunk whose text is at hand.
pub(super) struct Whole<'a> {
    chunk: &'a Chunk,
    pub(super) text: &'a str,
    /// Blocks that were compared with what they had been, a bit each.
    same: u64,
}

impl<'a> Whole<'a> {
    /// `None` for a line that is lost.
    pub(super) fn get(&mut self, at: usize) -> Option<LineView<'a>> {
        if let Some(away) = &self.chunk.away {
            let bit = u32::try_from(at / BLOCK).ok().and_then(|block| 1_u64.checked_shl(block)).unwrap_or(0);
            if self.same & bit == 0 {
                if !away.is_same(self.text, at, &self.chunk.starts) {
                    return None;
                }
                self.same |= bit;
            }
        }
        self.chunk.view(at, self.text, 0)
    }
}

fn fit<T>(column: &mut Vec<T>) {
    if is_loose(column.len(), column.capacity()) {
        column.shrink_to_fit();
    }
}

const fn is_loose(length: usize, capacity: usize) -> bool {
    capacity - length > length / GROWTH
}

/// Offsets stay far below this: a chunk is full at 4 MiB, and one line is bounded by what a client reads.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX) & !ELSEWHERE
}
