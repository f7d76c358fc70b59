//! What the room wants done in the world: values, never deeds. Who does them is `runtime/effects.rs`.

use std::sync::Arc;
use std::time::Duration;

use super::ticket::{Slot, Ticket};
use crate::domain::incident::Entry;
use crate::domain::query::Language;
use crate::domain::signal::{Recall, Scan};
use crate::domain::slo::Slo;
use crate::domain::trace::{TraceReference, Tree};
use crate::domain::{Labels, SpanId, Symbol, Timestamp, TraceId, Window};

/// Which traces to look for: failing ones, slow ones, and the newest. The answer is in any order, a trace may come
/// twice: the room puts errors first, then slow ones, then the rest. A row that was found as failing has `errors` of one
/// at least.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchAsk {
    pub window: Window,
    pub service: Option<Symbol>,
    /// On a span or its resource.
    pub attribute: Option<(Symbol, Symbol)>,
    /// From which duration on a trace is worth showing though it has no error.
    pub slow_from: Duration,
    /// Rows of each kind: errors, slow ones, the rest.
    pub limit: usize,
}

/// What is looked for everywhere: an id in any form, or a value of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacesAsk {
    /// As it was typed, or the value.
    pub text: String,
    /// The trace that the text names, if it can be read so.
    pub reference: Option<TraceReference>,
    /// The span that the text may be the id of, without its trace.
    pub span: Option<SpanId>,
    /// The attributes that may hold it.
    pub keys: Vec<Symbol>,
    /// Whether lines are to hold it under one of the keys, not just anywhere.
    pub under_key: bool,
    /// Whose process, where the attribute is one of a process.
    pub service: Option<Symbol>,
    /// The query of the log pane, to which the search is added.
    pub log_query: String,
    pub window: Window,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    Search(SearchAsk),
    /// `around` helps servers that store by time.
    Trace {
        id: TraceId,
        around: Option<Window>,
    },
    /// What the trace is tied to: its links with what is at their other ends, and where its context was lost, which trace
    /// goes on there. `traced` are services known to send spans.
    Ties {
        tree: Arc<Tree>,
        traced: Vec<Symbol>,
        entrypoints: Vec<Symbol>,
        business_keys: Vec<Symbol>,
    },
    /// A healthy trace of the window that is the most like this one.
    Twin {
        tree: Arc<Tree>,
        window: Window,
    },
    /// All lines of the trace; `span` only says which of them matter most when there are too many.
    TraceLines {
        id: TraceId,
        span: Option<SpanId>,
        window: Window,
    },
    /// A trace behind a gauge: an exemplar that the metrics server kept, else the worst trace of the journey.
    Exemplar {
        slo: Arc<Slo>,
        window: Window,
    },
    /// The traces that an id, or a value of an attribute, stands in.
    Places(PlacesAsk),
    /// The lines that it stands in, which may take longer.
    PlaceLines(PlacesAsk),
    /// What a responder typed, in the server's own language; answered by `Fact::Queried` or `Fact::Failed`.
    Query {
        language: Language,
        text: String,
        window: Window,
    },
    /// So far back from now, in even steps.
    LookBack {
        slo: Arc<Slo>,
        over: Duration,
        step: Duration,
    },
    /// What each SLO lost between these moments, as it stood at the second; answered by `Fact::PricedLater`.
    Price {
        resolve: uuid::Uuid,
        since: Timestamp,
        until: Timestamp,
        slos: Vec<Arc<Slo>>,
    },
    /// The lines of exactly this stream before a moment, and from it on.
    Around {
        stream: Arc<Labels>,
        at: Timestamp,
        limit: usize,
    },
    /// How many lines `query` selects before a moment, further and further back.
    Earlier {
        query: String,
        until: Timestamp,
    },
    /// The latest lines of the window, oldest first in the answer.
    History {
        query: String,
        window: Window,
        limit: usize,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// The answer carries the ticket; a question before it in the same slot may be dropped.
    Fetch {
        ticket: Ticket,
        ask: Ask,
    },
    /// Starts the tail, in place of the one before.
    Tail {
        ticket: Ticket,
        query: String,
        from: Timestamp,
    },
    /// Search lines that are here, in this order, on another thread; answered by `Fact::Found`, piece by piece.
    Scan {
        ticket: Ticket,
        scan: Scan,
    },
    /// Read lines back from their file, which may hang, on another thread; answered by `Fact::Recalled`.
    Recall {
        ticket: Ticket,
        recall: Recall,
    },
    /// Count the kinds of lines that are here, in this order, on another thread; answered by `Fact::Patterns`.
    CountPatterns {
        ticket: Ticket,
        scan: Scan,
    },
    /// Into the journal; answered by `Fact::Appended` or `Fact::NotAppended`. The same id may come again: it is one entry.
    Append(Entry),
    /// The text that is being typed; empty forgets it. Only the last of a batch matters.
    KeepDraft(String),
    /// Nobody waits for the slot's answer any more.
    Drop(Slot),
    /// What every SLO lost is to be counted since then; `None` when there is no incident.
    CountSince(Option<Timestamp>),
    /// Poll everything now, back-offs included.
    Refresh,
    /// Text from outside, not yet cleaned, for the responder's clipboard.
    Copy(String),
    /// Give the terminal to `$EDITOR` with this text; what it leaves comes back as `Message::Edited`.
    OpenInEditor(String),
    Suspend,
    /// Draw everything anew.
    Redraw,
    Quit,
}

/// In the order in which they are to be done.
#[must_use]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effects(Vec<Effect>);

impl Effects {
    pub fn push(&mut self, effect: Effect) {
        self.0.push(effect);
    }

    pub fn extend(&mut self, more: Self) {
        self.0.extend(more.0);
    }

    pub fn iter(&self) -> std::slice::Iter<'_, Effect> {
        self.0.iter()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl IntoIterator for Effects {
    type Item = Effect;
    type IntoIter = std::vec::IntoIter<Effect>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
