//! From OTLP, however it was written, to the domain's spans. `otlp_json.rs` and `otlp_proto.rs` read; this assembles.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::domain::signal::{Attributes, Event, Kind, Link, Span, Status, Value};
use crate::domain::{Interner, SpanId, Symbol, Timestamp, TraceId};

const INTERNED: usize = 50_000;

/// OTLP `AnyValue`.
#[derive(Debug)]
pub(in crate::backend) enum Any<'a> {
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
    pub events: Vec<(u64, Cow<'a, str>, Vec<Pair<'a>>)>,
    pub links: Vec<(Option<TraceId>, Option<SpanId>, Vec<Pair<'a>>)>,
    /// Attributes, events and links that the program itself left out.
    pub dropped: u64,
}

/// All spans of an answer, and what the server says is missing.
#[derive(Debug, Default)]
pub(in crate::backend) struct Decoded {
    pub spans: Vec<Span>,
    pub partial: Option<String>,
    /// Spans without a valid trace id or span id.
    pub skipped: usize,
    /// The server said that it has no such trace, in words of its protocol rather than by an empty answer.
    pub is_unknown: bool,
}

impl Decoded {
    /// What is missing, in words: the server's and ours.
    pub(in crate::backend) fn partial_in_words(&self) -> Option<String> {
        let ours = (self.skipped > 0).then(|| format!("{} spans without a valid id left out", self.skipped));
        match (self.partial.clone(), ours) {
            (Some(said), Some(ours)) => Some(format!("{said}; {ours}")),
            (said, ours) => said.or(ours),
        }
    }
}

/// Gathers spans, sharing names and resources.
pub(in crate::backend) struct Assembler {
    interner: Interner,
    service: Symbol,
    resource: Arc<Attributes>,
    pub decoded: Decoded,
}

impl Assembler {
    pub(in crate::backend) fn new() -> Self {
        Self {
            interner: Interner::with_bound(INTERNED),
            service: Symbol::default(),
            resource: Arc::default(),
            decoded: Decoded::default(),
        }
    }

    /// The process that the spans which follow belong to.
    pub(in crate::backend) fn resource(&mut self, attributes: Vec<Pair<'_>>) {
        let attributes = self.attributes(attributes);
        let service = attributes.iter().find(|(key, _)| key == "service.name");
        self.service = service.map(|(_, value)| self.interner.intern(&value.to_string())).unwrap_or_default();
        self.resource = Arc::new(attributes);
    }

    pub(in crate::backend) fn span(&mut self, raw: Raw<'_>) {
        let (Some(trace), Some(id)) = (raw.trace, raw.id) else {
            self.decoded.skipped += 1;
            return;
        };
        let mut warnings = Vec::new();
        if raw.dropped > 0 {
            warnings.push(format!("{} attributes, events or links were dropped by the program", raw.dropped));
        }
        let mut links = Vec::with_capacity(raw.links.len());
        for (trace, span, attributes) in raw.links {
            match trace {
                Some(trace) => links.push(Link { trace, span, attributes: self.attributes(attributes) }),
                None => warnings.push("a link without a valid trace id was left out".into()),
            }
        }
        let events = raw.events.into_iter();
        let events = events
            .map(|(time, name, attributes)| Event {
                time: Timestamp::from_unsigned_nanos(time),
                name: self.interner.intern(&name),
                attributes: self.attributes(attributes),
            })
            .collect();
        let span = Span {
            trace,
            id,
            parent: raw.parent,
            service: self.service.clone(),
            name: self.interner.intern(&raw.name),
            kind: kind(raw.kind),
            start: Timestamp::from_unsigned_nanos(raw.start),
            end: Timestamp::from_unsigned_nanos(raw.end),
            status: match raw.status {
                1 => Status::Ok,
                2 => Status::Error(self.interner.intern(&raw.message)),
                _ => Status::Unset,
            },
            attributes: self.attributes(raw.attributes),
            resource: Arc::clone(&self.resource),
            events,
            links,
            warnings,
        };
        self.decoded.spans.push(span);
    }

    fn attributes(&mut self, pairs: Vec<Pair<'_>>) -> Attributes {
        pairs.into_iter().map(|(key, any)| (self.interner.intern(&key), value(any))).collect()
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

fn value(any: Any<'_>) -> Value {
    match any {
        Any::Bool(value) => Value::Bool(value),
        Any::Integer(value) => Value::Integer(value),
        Any::Float(value) => Value::Float(value),
        Any::Text(text) => Value::Text(text.into()),
        Any::Empty => Value::Text("".into()),
        Any::Bytes(bytes) => Value::Text(STANDARD.encode(bytes).into()),
        any @ (Any::List(_) | Any::Map(_)) => {
            let mut text = String::new();
            as_json(&any, &mut text);
            Value::Text(text.into())
        }
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
