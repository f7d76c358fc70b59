//! What may be asked of a trace server: Tempo or Jaeger.

use std::time::Duration;

use futures_util::future::BoxFuture;

use super::{Probe, Reply};
use crate::domain::signal::{Listing, Span};
use crate::domain::{SpanId, Symbol, TraceId, Window};

/// All spans of a trace in no order, as decoded; `partial` in the server's words when it says that some are missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fetched {
    pub spans: Vec<Span>,
    pub partial: Option<String>,
}

/// What to look for. Empty fields do not restrict.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Search {
    pub service: Option<Symbol>,
    pub errors_only: bool,
    pub longer_than: Option<Duration>,
    /// Attribute and value, on span or resource.
    pub attribute: Option<(Symbol, Symbol)>,
    /// Has a link to this trace. A server that cannot be asked that finds nothing.
    pub linked_to: Option<TraceId>,
}

pub trait Traces: Send + Sync {
    fn name(&self) -> &Symbol;

    fn probe(&self) -> BoxFuture<'_, Reply<Probe>>;

    /// `NotFound` when the server has no span of it. `around` helps servers that store by time.
    fn trace(&self, id: TraceId, around: Option<Window>) -> BoxFuture<'_, Reply<Fetched>>;

    /// Traces that answer to a query in the server's own language, newest first, at most `limit`.
    fn query<'a>(&'a self, query: &'a str, window: Window, limit: usize) -> BoxFuture<'a, Reply<Listing>>;

    /// Newest first, at most `limit`.
    fn search<'a>(&'a self, search: &'a Search, window: Window, limit: usize) -> BoxFuture<'a, Reply<Listing>>;

    /// The traces that have this span, at most `limit`; `None` from a server that cannot search by a span's id.
    fn holding(&self, span: SpanId, window: Window, limit: usize) -> BoxFuture<'_, Reply<Option<Listing>>>;

    /// Every service that has spans in the window; a server that keeps no such list by time tells all that it knows.
    fn services(&self, window: Window) -> BoxFuture<'_, Reply<Vec<Symbol>>>;
}
