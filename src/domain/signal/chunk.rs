//! Some thousand log lines in a few long columns and one text, so that a million of them cost little more than their
//! bytes. Not the book that the chunks make up: that is `logbook.rs`.

use std::ops::Range;
use std::sync::Arc;

use super::line::{Level, Line, Message};
use super::names::Names;
use crate::domain::filter::Searched;
use crate::domain::{Labels, SpanId, Symbol, Timestamp, TraceId};

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

/// One line, read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LineView<'a> {
    pub time: Timestamp,
    pub level: Level,
    pub service: &'a Symbol,
    pub stream: &'a Arc<Labels>,
    /// What a person reads first; not cleaned for drawing.
    pub text: &'a str,
    /// The whole line as it came.
    pub raw: &'a str,
    pub trace: Option<TraceId>,
    pub span: Option<SpanId>,
}

/// A line that is in no book is read, searched and drawn like one that is.
impl<'a> From<&'a Line> for LineView<'a> {
    fn from(line: &'a Line) -> Self {
        Self {
            time: line.time,
            level: line.level,
            service: &line.service,
            stream: &line.stream,
            text: line.text(),
            raw: &line.raw,
            trace: line.trace,
            span: line.span,
        }
    }
}

/// A line of its own, out of the book.
impl From<&LineView<'_>> for Line {
    fn from(view: &LineView<'_>) -> Self {
        let is_whole = view.text.as_ptr() == view.raw.as_ptr() && view.text.len() == view.raw.len();
        Self {
            time: view.time,
            level: view.level,
            service: view.service.clone(),
            stream: Arc::clone(view.stream),
            trace: view.trace,
            span: view.span,
            raw: Arc::from(view.raw),
            message: if is_whole { Message::Raw } else { Message::Extracted(Arc::from(view.text)) },
        }
    }
}

impl Searched for LineView<'_> {
    fn any_text(&self, accept: &mut dyn FnMut(&str) -> bool) -> bool {
        // Mostly the message is a part of the raw line, and has been looked at with it.
        let apart = !self.raw.as_bytes().as_ptr_range().contains(&self.text.as_ptr());
        accept(self.raw) || (apart && accept(self.text))
    }

    fn any_value(&self, key: &str, accept: &mut dyn FnMut(&str) -> bool) -> bool {
        let known = match key {
            "service" | "service_name" | "service.name" => accept(self.service),
            "level" | "severity" => accept(self.level.word()),
            "trace_id" | "trace" => self.trace.is_some_and(|id| accept(&id.to_string())),
            "span_id" | "span" => self.span.is_some_and(|id| accept(&id.to_string())),
            _ => false,
        };
        known || self.stream.get(key).is_some_and(|value| accept(value))
    }

    fn any_message(&self, accept: &mut dyn FnMut(&str) -> bool) -> bool {
        accept(self.text)
    }
}

/// Whether lines have values of their own under this key, whatever their texts say.
pub(super) fn is_known(key: &str) -> bool {
    matches!(
        key,
        "service" | "service_name" | "service.name" | "level" | "severity" | "trace_id" | "trace" | "span_id" | "span"
    )
}

/// Columns that are all as long as there are lines, or empty when no line has a value.
#[derive(Clone, Debug, Default)]
pub(super) struct Chunk {
    pub(super) times: Vec<Timestamp>,
    pub(super) levels: Vec<Level>,
    services: Vec<u16>,
    pub(super) streams: Vec<u16>,
    /// Where each raw line starts in `text`.
    pub(super) starts: Vec<u32>,
    /// Start and length of each message, in `text` or in `extras`.
    messages: Vec<(u32, u32)>,
    traces: Vec<[u64; 2]>,
    spans: Vec<u64>,
    /// Raw lines, each with an [`END`].
    pub(super) text: String,
    extras: String,
    /// The lines whose messages stand in `extras`.
    pub(super) apart: Vec<u32>,
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
        self.len() >= LINES || self.text.len() + self.extras.len() >= TEXT
    }

    /// Whether a line has one of the wanted levels.
    pub(super) fn has_level(&self, is_wanted: impl Fn(Level) -> bool) -> bool {
        Level::ALL.iter().any(|level| self.present & (1 << *level as u8) != 0 && is_wanted(*level))
    }

    /// Bytes on the heap, label sets aside: they are shared between chunks.
    pub(super) fn bytes(&self) -> usize {
        self.text.capacity()
            + self.extras.capacity()
            + self.times.capacity() * size_of::<Timestamp>()
            + self.levels.capacity() * size_of::<Level>()
            + (self.services.capacity() + self.streams.capacity()) * size_of::<u16>()
            + (self.starts.capacity() + self.apart.capacity()) * size_of::<u32>()
            + self.messages.capacity() * size_of::<(u32, u32)>()
            + self.traces.capacity() * size_of::<[u64; 2]>()
            + self.spans.capacity() * size_of::<u64>()
            + self.service_names.capacity() * size_of::<Symbol>()
            + self.label_sets.capacity() * size_of::<Arc<Labels>>()
    }

    pub(super) fn raw_bytes(&self) -> usize {
        self.text.len() - self.len()
    }

    /// Gives back what growing took too much; a little too much is less trouble than giving it back.
    pub(super) fn seal(&mut self) {
        fit(&mut self.times);
        fit(&mut self.levels);
        fit(&mut self.services);
        fit(&mut self.streams);
        fit(&mut self.starts);
        fit(&mut self.messages);
        fit(&mut self.traces);
        fit(&mut self.spans);
        fit(&mut self.apart);
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
        self.extras.clear();
        self.apart.clear();
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
        let at = self.len();
        let start = offset(self.text.len());
        let needed = line.raw.len() + END.len_utf8();
        if self.text.capacity() - self.text.len() < needed {
            self.text.reserve_exact(needed.max(self.text.len() / GROWTH).max(LEAST));
        }
        self.text.push_str(line.raw);
        self.text.push(END);
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
        self.starts.push(start);
        self.messages.push(message);
        self.times.push(line.time);
        self.levels.push(line.level);
        self.worst = self.worst.max(line.level);
        self.present |= 1 << line.level as u8;
        self.services.push(names.service(line.service, &mut self.service_names));
        self.streams.push(names.stream(line.stream, &mut self.label_sets));
        if let Some(trace) = line.trace {
            self.traces.resize(at, [0, 0]);
            self.traces.push(halves(trace.value()));
        } else if !self.traces.is_empty() {
            self.traces.push([0, 0]);
        }
        if let Some(span) = line.span {
            self.spans.resize(at, 0);
            self.spans.push(span.value());
        } else if !self.spans.is_empty() {
            self.spans.push(0);
        }
    }

    pub(super) fn get(&self, at: usize) -> Option<LineView<'_>> {
        let (place, length) = self.messages.get(at).copied()?;
        let raw = self.text.get(self.raw_range(at)?)?;
        let holder = if place & ELSEWHERE == 0 { &self.text } else { &self.extras };
        let from = (place & !ELSEWHERE) as usize;
        Some(LineView {
            time: *self.times.get(at)?,
            level: *self.levels.get(at)?,
            service: self.service_names.get(usize::from(*self.services.get(at)?))?,
            stream: self.label_sets.get(usize::from(*self.streams.get(at)?))?,
            text: holder.get(from..from + length as usize)?,
            raw,
            trace: self.traces.get(at).and_then(|[high, low]| TraceId::new(u128::from(*high) << 64 | u128::from(*low))),
            span: self.spans.get(at).and_then(|span| SpanId::new(*span)),
        })
    }

    pub(super) fn time(&self, at: usize) -> Option<Timestamp> {
        self.times.get(at).copied()
    }

    pub(super) fn raw_range(&self, at: usize) -> Option<Range<usize>> {
        let start = *self.starts.get(at)? as usize;
        let next = self.starts.get(at + 1).map_or(self.text.len(), |next| *next as usize);
        Some(start..next.checked_sub(END.len_utf8())?)
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

fn halves(id: u128) -> [u64; 2] {
    [u64::try_from(id >> 64).unwrap_or(0), u64::try_from(id & u128::from(u64::MAX)).unwrap_or(0)]
}
