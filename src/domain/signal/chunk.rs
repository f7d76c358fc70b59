//! Some thousand log lines in a few long columns and one text, so that a million of them cost little more than their
//! bytes. Not the book that the chunks make up: that is `logbook.rs`.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::line::{Level, Line, Message};
use crate::domain::filter::{Filter, Needle, Searched};
use crate::domain::{Labels, SpanId, Symbol, Timestamp, TraceId};

/// The lines of a full chunk.
pub(super) const LINES: usize = 4_096;
/// A chunk of long lines is full sooner: it is forgotten as a whole.
const TEXT: usize = 4 * 1024 * 1024;
/// Marks a message that is not a part of its raw line: it stands in `extras`.
const ELSEWHERE: u32 = 1 << 31;

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
}

/// Columns that are all as long as there are lines, or empty when no line has a value.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    times: Vec<Timestamp>,
    levels: Vec<Level>,
    services: Vec<u16>,
    streams: Vec<u16>,
    /// Where each raw line starts in `text`.
    starts: Vec<u32>,
    /// Start and length of each message, in `text` or in `extras`.
    messages: Vec<(u32, u32)>,
    traces: Vec<[u64; 2]>,
    spans: Vec<u64>,
    text: String,
    extras: String,
    service_names: Vec<Symbol>,
    label_sets: Vec<Arc<Labels>>,
}

impl Chunk {
    pub(super) fn len(&self) -> usize {
        self.times.len()
    }

    pub(super) fn is_full(&self) -> bool {
        self.len() >= LINES || self.text.len() + self.extras.len() >= TEXT
    }

    /// Bytes on the heap, label sets aside: they are shared with the server's streams.
    pub(super) fn bytes(&self) -> usize {
        self.text.capacity()
            + self.extras.capacity()
            + self.times.capacity() * size_of::<Timestamp>()
            + self.levels.capacity() * size_of::<Level>()
            + (self.services.capacity() + self.streams.capacity()) * size_of::<u16>()
            + self.starts.capacity() * size_of::<u32>()
            + self.messages.capacity() * size_of::<(u32, u32)>()
            + self.traces.capacity() * size_of::<[u64; 2]>()
            + self.spans.capacity() * size_of::<u64>()
            + self.service_names.capacity() * size_of::<Symbol>()
            + self.label_sets.capacity() * size_of::<Arc<Labels>>()
    }

    pub(super) fn raw_bytes(&self) -> usize {
        self.text.len()
    }

    /// Gives back what growing took too much.
    pub(super) fn seal(&mut self) {
        self.times.shrink_to_fit();
        self.levels.shrink_to_fit();
        self.services.shrink_to_fit();
        self.streams.shrink_to_fit();
        self.starts.shrink_to_fit();
        self.messages.shrink_to_fit();
        self.traces.shrink_to_fit();
        self.spans.shrink_to_fit();
        self.text.shrink_to_fit();
        self.extras.shrink_to_fit();
        self.service_names.shrink_to_fit();
        self.label_sets.shrink_to_fit();
    }

    pub(super) fn push(&mut self, line: &Line, names: &mut Names) {
        let at = self.len();
        let start = offset(self.text.len());
        self.text.push_str(&line.raw);
        let message = match &line.message {
            Message::Raw => (start, offset(line.raw.len())),
            Message::Extracted(text) => match line.raw.find(text.as_ref()) {
                Some(inside) => (start.saturating_add(offset(inside)), offset(text.len())),
                None => {
                    let place = offset(self.extras.len()) | ELSEWHERE;
                    self.extras.push_str(text);
                    (place, offset(text.len()))
                }
            },
        };
        self.starts.push(start);
        self.messages.push(message);
        self.times.push(line.time);
        self.levels.push(line.level);
        self.services.push(names.service(&line.service, &mut self.service_names));
        self.streams.push(names.stream(&line.stream, &mut self.label_sets));
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

    fn raw_range(&self, at: usize) -> Option<Range<usize>> {
        let start = *self.starts.get(at)? as usize;
        let end = self.starts.get(at + 1).map_or(self.text.len(), |end| *end as usize);
        Some(start..end)
    }

    /// The lines of the range that are at least so bad and answer to the filter, ascending.
    pub(super) fn select(&self, filter: &Filter, least: Level, lines: Range<usize>) -> Vec<usize> {
        let bad_enough = |at: usize| self.levels.get(at).is_some_and(|level| *level >= least);
        let matches = |at: usize| self.get(at).is_some_and(|line| filter.matches(&line));
        match filter.needle() {
            // The needle could also stand in a message whose escapes were undone: then every line is looked at.
            Some(needle) if self.extras.is_empty() => {
                self.candidates(needle, lines).into_iter().filter(|at| bad_enough(*at) && matches(*at)).collect()
            }
            _ if filter.is_empty() => lines.filter(|at| bad_enough(*at)).collect(),
            _ => lines.filter(|at| bad_enough(*at) && matches(*at)).collect(),
        }
    }

    /// The lines in whose raw text the needle begins: one search over the whole text, not one a line.
    fn candidates(&self, needle: &Needle, lines: Range<usize>) -> Vec<usize> {
        let end = lines.end.checked_sub(1).and_then(|last| self.raw_range(last)).map_or(0, |range| range.end);
        let mut from = self.raw_range(lines.start).map_or(end, |range| range.start);
        let Some(text) = self.text.get(..end) else { return Vec::new() };
        let mut found = Vec::new();
        while let Some(range) = needle.find(text, from) {
            let after = self.starts.partition_point(|start| *start as usize <= range.start);
            let Some(at) = after.checked_sub(1).filter(|at| *at < lines.end) else { break };
            found.push(at);
            let Some(line) = self.raw_range(at) else { break };
            // An empty line's range does not move; the start of the next line does.
            from = line.end.max(range.start + 1);
        }
        found
    }
}

/// Offsets stay far below this: a chunk is full at 4 MiB, and one line is bounded by what a client reads.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX) & !ELSEWHERE
}

fn halves(id: u128) -> [u64; 2] {
    [u64::try_from(id >> 64).unwrap_or(0), u64::try_from(id & u128::from(u64::MAX)).unwrap_or(0)]
}

/// Finds the number that a name has in the open chunk.
#[derive(Debug, Default)]
pub(super) struct Names {
    services: HashMap<Symbol, u16>,
    streams: HashMap<Arc<Labels>, u16>,
    last: Option<(Arc<Labels>, u16)>,
}

impl Names {
    fn service(&mut self, name: &Symbol, names: &mut Vec<Symbol>) -> u16 {
        if let Some(number) = self.services.get(name) {
            return *number;
        }
        let number = u16::try_from(names.len()).unwrap_or(u16::MAX);
        names.push(name.clone());
        self.services.insert(name.clone(), number);
        number
    }

    fn stream(&mut self, labels: &Arc<Labels>, sets: &mut Vec<Arc<Labels>>) -> u16 {
        if let Some((_, number)) = self.last.as_ref().filter(|(last, _)| Arc::ptr_eq(last, labels)) {
            return *number;
        }
        let number = self.streams.get(labels).copied().unwrap_or_else(|| {
            let number = u16::try_from(sets.len()).unwrap_or(u16::MAX);
            sets.push(Arc::clone(labels));
            self.streams.insert(Arc::clone(labels), number);
            number
        });
        self.last = Some((Arc::clone(labels), number));
        number
    }
}
