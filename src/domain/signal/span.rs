//! A span as OpenTelemetry defines it, whatever server it came from. Not a trace: `trace/tree.rs` builds that.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::{SpanId, Symbol, Timestamp, TraceId};

/// OTLP `Span.SpanKind`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    #[default]
    Unspecified,
    Internal,
    Server,
    Client,
    Producer,
    Consumer,
}

/// OTLP `Status`. The text of an error is empty when the span gives none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    #[default]
    Unset,
    Ok,
    Error(Symbol),
}

/// OTLP `AnyValue`; arrays, maps and bytes are kept as text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(Arc<str>),
}

impl Value {
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value}"),
            Self::Text(value) => f.write_str(value),
        }
    }
}

pub type Attributes = Vec<(Symbol, Value)>;

/// Something that happened inside a span; an exception is the event `exception`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub time: Timestamp,
    pub name: Symbol,
    pub attributes: Attributes,
}

/// A pointer to a span of another trace (or of the same one) that is not the parent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    pub trace: TraceId,
    pub span: Option<SpanId>,
    pub attributes: Attributes,
}

/// `end` may lie before `start`, a parent may be missing or the span itself: nothing is checked here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Span {
    pub trace: TraceId,
    pub id: SpanId,
    pub parent: Option<SpanId>,
    pub service: Symbol,
    pub name: Symbol,
    pub kind: Kind,
    pub start: Timestamp,
    pub end: Timestamp,
    pub status: Status,
    pub attributes: Attributes,
    /// Shared by all spans of one process: `service.version`, `k8s.pod.name`, `host.name`, ..
    pub resource: Arc<Attributes>,
    pub events: Vec<Event>,
    pub links: Vec<Link>,
    /// What the decoder had to repair or leave out, in words.
    pub warnings: Vec<String>,
}

impl Span {
    /// The attribute of the span, else of its resource.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<&Value> {
        let of = |pairs: &'_ Attributes| pairs.iter().position(|(name, _)| name.as_str() == key);
        match of(&self.attributes) {
            Some(at) => self.attributes.get(at).map(|(_, value)| value),
            None => of(&self.resource).and_then(|at| self.resource.get(at)).map(|(_, value)| value),
        }
    }

    #[must_use]
    pub const fn is_error(&self) -> bool {
        matches!(self.status, Status::Error(_))
    }
}

/// One row of a search for traces.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    pub trace: TraceId,
    /// Empty when the root has not been received.
    pub root_service: Symbol,
    pub root_name: Symbol,
    pub start: Timestamp,
    pub duration_nanos: i64,
    pub spans: Option<u32>,
    pub errors: Option<u32>,
    pub services: Vec<Symbol>,
}

/// What a search for traces found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    pub rows: Vec<Summary>,
    /// A search stopped at its limit: there may be more traces that answer to it.
    pub more: bool,
    /// Not all was looked at for another reason, in words: `2 of 3 jobs`.
    pub partial: Option<String>,
}

impl Listing {
    /// The rows of a search that could give so many at most.
    #[must_use]
    pub const fn limited(rows: Vec<Summary>, limit: usize) -> Self {
        Self { more: rows.len() >= limit, rows, partial: None }
    }

    /// Whether there may be traces that answer and are not among the rows.
    #[must_use]
    pub const fn is_part(&self) -> bool {
        self.more || self.partial.is_some()
    }
}

/// All that there are.
impl From<Vec<Summary>> for Listing {
    fn from(rows: Vec<Summary>) -> Self {
        Self { rows, ..Self::default() }
    }
}
