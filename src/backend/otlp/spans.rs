//! From OTLP, however it was written, to the domain's spans. `otlp_json.rs` and `otlp_proto.rs` read; this assembles.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::mem;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::lenient::MOST;
use super::recent::Recent;
use crate::domain::signal::{Attributes, Event, Kind, Link, Span, Status, Value};
use crate::domain::{Interner, SpanId, Symbol, Timestamp, TraceId};

const INTERNED: usize = 50_000;
/// Bytes of one value, and of one name or key, that are kept: more than anybody reads, less than a trace of such would hold.
pub(in crate::backend) const LONGEST_VALUE: usize = 64 * 1_024;
pub(in crate::backend) const LONGEST_NAME: usize = 4 * 1_024;

/// Spans of one answer that are kept.
pub(in crate::backend) const MOST_SPANS: usize = 250_000;

/// The beginning of a text, and whether that is not all of it.
pub(in crate::backend) fn beginning(text: &str, most: usize) -> (&str, bool) {
    if text.len() <= most {
        return (text, false);
    }
    (text.get(..text.floor_char_boundary(most)).unwrap_or_default(), true)
}

/// For a span's details.
pub(in crate::backend) fn cut_in_words(cut: usize) -> Option<String> {
    (cut > 0).then(|| format!("{cut} texts of more than {} KiB are cut", LONGEST_VALUE / 1_024))
}

/// OTLP `AnyValue`.
#[derive(Debug, Default)]
pub(in crate::backend) enum Any<'a> {
    #[default]
    Empty,
    Text(Cow<'a, str>),
    Bool(bool),
    Integer(i64),
    Float(f64),
    Bytes(Cow<'a, [u8]>),
    List(Vec<Self>),
    Map(Vec<(Cow<'a, str>, Self)>),
}

pub(in crate::backend) type Pair<'a> = (Cow<'a, str>, Any<'a>);

/// Time, name, attributes.
pub(in crate::backend) type RawEvent<'a> = (u64, Cow<'a, str>, Vec<Pair<'a>>);
/// Ids as far as they are valid, attributes.
pub(in crate::backend) type RawLink<'a> = (Option<TraceId>, Option<SpanId>, Vec<Pair<'a>>);

/// An OTLP span, ids already read. Times are unsigned nanoseconds, enums their numbers.
#[derive(Debug, Default)]
pub(in crate::backend) struct Raw<'a> {
    pub trace: Option<TraceId>,
    pub id: Option<SpanId>,
    pub parent: Option<SpanId>,
    pub name: Cow<'a, str>,
    pub kind: i32,
    pub start: u64,
    pub end: u64,
    pub status: i32,
    pub message: Cow<'a, str>,
    pub attributes: Vec<Pair<'a>>,
    pub events: Vec<RawEvent<'a>>,
    pub links: Vec<RawLink<'a>>,
    /// Attributes, events and links that the program itself left out.
    pub dropped: u64,
    /// The same that were left out here, for their number.
    pub left_out: u64,
}

impl Raw<'_> {
    /// Whether it becomes a span.
    pub(in crate::backend) const fn is_valid(&self) -> bool {
        self.trace.is_some() && self.id.is_some()
    }

    /// Ready for the next span, which will need as much room for its lists.
    pub(in crate::backend) fn clear(&mut self) {
        let (mut attributes, mut events, mut links) =
            (mem::take(&mut self.attributes), mem::take(&mut self.events), mem::take(&mut self.links));
        attributes.clear();
        events.clear();
        links.clear();
        *self = Self { attributes, events, links, ..Self::default() };
    }
}

/// All spans of an answer, and what the server says is missing.
#[derive(Debug, Default)]
pub(in crate::backend) struct Decoded {
    pub spans: Vec<Span>,
    /// Those that another thread read, which stand behind the others; see [`Self::joined`].
    pub later: Vec<Span>,
    pub partial: Option<String>,
    /// Spans without a valid trace id or span id.
    pub skipped: usize,
    /// Spans that came after [`MOST_SPANS`] others.
    pub beyond: usize,
    /// The server said that it has no such trace, in words of its protocol rather than by an empty answer.
    pub is_unknown: bool,
}

impl Decoded {
    /// What was gathered elsewhere of the same answer, behind what is here.
    pub(in crate::backend) fn append(&mut self, mut other: Self) {
        if self.later.is_empty() {
            self.later = mem::take(&mut other.spans);
        } else {
            self.later.append(&mut other.spans);
        }
        self.partial = other.partial.or_else(|| self.partial.take());
        self.skipped += other.skipped;
        self.beyond += other.beyond;
    }

    /// All spans in one list.
    pub(in crate::backend) fn joined(mut self) -> Self {
        self.spans.append(&mut mem::take(&mut self.later));
        self
    }

    /// What is missing, in words: the server's and ours.
    pub(in crate::backend) fn partial_in_words(&self) -> Option<String> {
        let skipped = (self.skipped > 0).then(|| format!("{} spans without a valid id left out", self.skipped));
        let beyond = (self.beyond > 0).then(|| format!("{} spans after {MOST_SPANS} others left out", self.beyond));
        let told: Vec<String> = [self.partial.clone(), skipped, beyond].into_iter().flatten().collect();
        (!told.is_empty()).then(|| told.join("; "))
    }
}

/// What the spans of one process share.
#[derive(Clone, Debug, Default)]
pub(in crate::backend) struct Process {
    service: Symbol,
    resource: Arc<Attributes>,
    /// Texts of it that were cut: for its first span to tell.
    cut: usize,
}

impl Process {
    /// For spans of it that are not the first to tell what was cut.
    pub(in crate::backend) fn again(&self) -> Self {
        Self { cut: 0, ..self.clone() }
    }

    pub(in crate::backend) const fn has_cuts(&self) -> bool {
        self.cut > 0
    }
}

/// Gathers spans, sharing names and resources.
pub(in crate::backend) struct Assembler {
    interner: Interner,
    recent: Recent,
    process: Process,
    /// Texts that were cut since the last span.
    cut: usize,
    pub decoded: Decoded,
}

impl Assembler {
    pub(in crate::backend) fn new() -> Self {
        Self {
            interner: Interner::with_bound(INTERNED),
            recent: Recent::new(),
            process: Process::default(),
            cut: 0,
            decoded: Decoded::default(),
        }
    }

    /// The process that the spans which follow belong to.
    pub(in crate::backend) fn resource(&mut self, mut attributes: Vec<Pair<'_>>) -> Process {
        self.cut = 0;
        let attributes = self.attributes(&mut attributes);
        let service = attributes.iter().find(|(key, _)| key == "service.name");
        let service = service.map(|(_, value)| value.to_string());
        let service = service.map(|service| self.name(&service)).unwrap_or_default();
        let process = Process { service, resource: Arc::new(attributes), cut: mem::take(&mut self.cut) };
        self.of(process.clone());
        process
    }

    /// The spans which follow belong to one that was read before.
    pub(in crate::backend) fn of(&mut self, process: Process) {
        self.cut = process.cut;
        self.process = process;
    }

    /// Whether the next span has to tell of texts that were cut.
    pub(in crate::backend) const fn has_cuts(&self) -> bool {
        self.cut > 0
    }

    /// A span that somebody else reads: one that counts tells there what there is to tell of its process.
    pub(in crate::backend) const fn pass_over(&mut self, is_valid: bool) {
        if is_valid {
            self.cut = 0;
        }
    }

    pub(in crate::backend) const fn is_full(&self) -> bool {
        self.decoded.spans.len() >= MOST_SPANS
    }

    pub(in crate::backend) fn leave_out(&mut self, spans: u64) {
        let spans = usize::try_from(spans).unwrap_or(usize::MAX);
        self.decoded.beyond = self.decoded.beyond.saturating_add(spans);
    }

    /// Takes what is in its lists out of them.
    pub(in crate::backend) fn span(&mut self, raw: &mut Raw<'_>) {
        let (Some(trace), Some(id)) = (raw.trace, raw.id) else {
            self.decoded.skipped += 1;
            return;
        };
        let mut warnings = Vec::new();
        if raw.dropped > 0 {
            warnings.push(format!("{} attributes, events or links were dropped by the program", raw.dropped));
        }
        if raw.left_out > 0 {
            warnings.push(format!("{} attributes, events or links after {MOST} others are left out", raw.left_out));
        }
        let mut links = Vec::with_capacity(raw.links.len());
        for (trace, span, mut attributes) in raw.links.drain(..) {
            match trace {
                Some(trace) => links.push(Link { trace, span, attributes: self.attributes(&mut attributes) }),
                None => warnings.push("a link without a valid trace id was left out".into()),
            }
        }
        let events = raw.events.drain(..);
        let events = events
            .map(|(time, name, mut attributes)| Event {
                time: Timestamp::from_unsigned_nanos(time),
                name: self.name(&name),
                attributes: self.attributes(&mut attributes),
            })
            .collect();
        let name = self.name(&raw.name);
        let status = match raw.status {
            1 => Status::Ok,
            2 => Status::Error(self.name(&raw.message)),
            _ => Status::Unset,
        };
        let attributes = self.attributes(&mut raw.attributes);
        warnings.extend(cut_in_words(mem::take(&mut self.cut)));
        let span = Span {
            trace,
            id,
            parent: raw.parent,
            service: self.process.service.clone(),
            name,
            kind: kind(raw.kind),
            start: Timestamp::from_unsigned_nanos(raw.start),
            end: Timestamp::from_unsigned_nanos(raw.end),
            status,
            attributes,
            resource: Arc::clone(&self.process.resource),
            events,
            links,
            warnings,
        };
        self.decoded.spans.push(span);
    }

    /// Drained and not consumed: the pairs are wider than what becomes of them, and would be shrunk one by one.
    fn attributes(&mut self, pairs: &mut Vec<Pair<'_>>) -> Attributes {
        let pairs = pairs.drain(..).enumerate();
        pairs.map(|(at, (key, any))| (self.key(at, &key), self.value(any))).collect()
    }

    /// Programs write the same keys in the same order: the span before has it in the same place, more often than not.
    fn key(&mut self, at: usize, text: &str) -> Symbol {
        let before = self.decoded.spans.last().and_then(|span| span.attributes.get(at));
        match before.filter(|(key, _)| key.as_str() == text) {
            Some((key, _)) => key.clone(),
            None => self.name(text),
        }
    }

    fn name(&mut self, text: &str) -> Symbol {
        let (text, is_cut) = beginning(text, LONGEST_NAME);
        self.cut += usize::from(is_cut);
        self.interner.intern(text)
    }

    fn value(&mut self, any: Any<'_>) -> Value {
        let text: Cow<'_, str> = match any {
            Any::Bool(value) => return Value::Bool(value),
            Any::Integer(value) => return Value::Integer(value),
            Any::Float(value) => return Value::Float(value),
            Any::Text(text) => text,
            Any::Empty => Cow::Borrowed(""),
            Any::Bytes(bytes) => {
                // Four letters for three bytes: what lies beyond would be cut anyway.
                let most = bytes.len().min(LONGEST_VALUE / 4 * 3);
                self.cut += usize::from(most < bytes.len());
                Cow::Owned(STANDARD.encode(bytes.get(..most).unwrap_or_default()))
            }
            any @ (Any::List(_) | Any::Map(_)) => {
                let mut text = String::new();
                as_json(&any, &mut text);
                Cow::Owned(text)
            }
        };
        let (text, is_cut) = beginning(&text, LONGEST_VALUE);
        self.cut += usize::from(is_cut);
        Value::Text(self.recent.share(text))
    }
}

const fn kind(number: i32) -> Kind {
    match number {
        1 => Kind::Internal,
        2 => Kind::Server,
        3 => Kind::Client,
        4 => Kind::Producer,
        5 => Kind::Consumer,
        _ => Kind::Unspecified,
    }
}

/// Compact, as Jaeger writes an array into a tag. The depth is bounded by the decoders.
fn as_json(any: &Any<'_>, text: &mut String) {
    match any {
        Any::Empty => text.push_str("null"),
        Any::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        // Writing into a String does not fail.
        Any::Integer(value) => drop(write!(text, "{value}")),
        Any::Float(value) if value.is_finite() => drop(write!(text, "{value}")),
        Any::Float(value) => drop(write!(text, "\"{value}\"")),
        Any::Text(value) => quote(value, text),
        Any::Bytes(bytes) => quote(&STANDARD.encode(bytes), text),
        Any::List(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                as_json(item, text);
            }
            text.push(']');
        }
        Any::Map(pairs) => {
            text.push('{');
            for (at, (key, item)) in pairs.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                quote(key, text);
                text.push(':');
                as_json(item, text);
            }
            text.push('}');
        }
    }
}

fn quote(value: &str, text: &mut String) {
    // Text always serialises.
    text.push_str(&serde_json::to_string(value).unwrap_or_default());
}
