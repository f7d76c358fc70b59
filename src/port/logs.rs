//! What may be asked of a log server.

use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

use super::{Probe, Reply};
use crate::domain::signal::{Line, Sheaf, Unknown};
use crate::domain::{Labels, Symbol, Timestamp, TraceId, Window};

/// Lines, oldest first, and whether the server had more in the window than the limit let through.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    pub lines: Vec<Line>,
    pub more: bool,
}

/// What a tail tells. After a `Broken` the tail reconnects by itself, with back-off, from the last line it gave.
#[derive(Clone, Debug, PartialEq)]
pub enum Tailed {
    /// Lines in the order of arrival, none twice. `dropped` counts what the server said it left out; it may have left
    /// out more than it says.
    Lines { lines: Vec<Line>, dropped: u64 },
    /// Lines that were bound together where they were read, none twice and none left out: who cannot take them now lets
    /// them wait.
    Sheaves(Vec<Sheaf>),
    /// Lines that stand before all that were given so far, in their order: a long file is read backwards. `left` bytes of
    /// `total` are still to come; with 0 it is done.
    Older { sheaves: Vec<Sheaf>, left: u64, total: u64 },
    /// The connection was lost: `attempt` tries have failed so far, the next follows after `retry_after`.
    Broken { failure: crate::domain::Failure, attempt: u32, retry_after: std::time::Duration },
    /// The connection stands (again). For a reconnect: the gap that was refilled by a query, the lines that filled it,
    /// and how many are missing all the same. For a first connection only if lines are missing.
    Connected { refilled: Option<Refill> },
}

#[derive(Clone, Debug, PartialEq)]
pub struct Refill {
    pub gap: Window,
    pub lines: Vec<Line>,
    /// Lines that came twice, by the refill and by the new connection, and were given once.
    pub twice: u64,
    /// Lines of the gap that were not read; `None` when there may be some and nobody could count them.
    pub missing: Option<u64>,
    /// Which question failed, where that is why.
    pub why: Option<Unknown>,
}

pub trait Logs: Send + Sync {
    fn name(&self) -> &Symbol;

    fn probe(&self) -> BoxFuture<'_, Reply<Probe>>;

    /// The latest `limit` lines of the window that `query` (the server's own language) selects.
    fn history<'a>(&'a self, query: &'a str, window: Window, limit: usize) -> BoxFuture<'a, Reply<History>>;

    /// The lines of a trace, by structured metadata or, where the server has none, by the id in the text.
    fn of_trace(&self, trace: TraceId, window: Window, limit: usize) -> BoxFuture<'_, Reply<History>>;

    /// The lines of exactly this stream, oldest first: the latest `limit` of the hour before a moment, and the first `limit` of
    /// the hour from it on. A source that gives all its lines by its tail has none beside them.
    fn around<'a>(&'a self, stream: &'a Labels, at: Timestamp, limit: usize) -> BoxFuture<'a, Reply<Vec<Line>>>;

    /// How many lines `query` (the server's own language) selects in the window. Makes a server read all of them.
    fn count<'a>(&'a self, query: &'a str, window: Window) -> BoxFuture<'a, Reply<u64>>;

    /// Who wrote the lines that `query` (the server's own language) selects in the window, and how many each, in no order;
    /// the empty name stands for lines whose labels name nobody.
    fn by_service<'a>(&'a self, query: &'a str, window: Window) -> BoxFuture<'a, Reply<Vec<(Symbol, u64)>>>;

    /// Services, and versions of them, that wrote a line in the window; where lines carry no version, nobody.
    fn versions(&self, window: Window) -> BoxFuture<'_, Reply<Vec<(Symbol, Symbol)>>>;

    /// Lines as they come, from `from` on. Ends only when it is dropped, or with an `Err` when the server refuses the
    /// question for good (a query it cannot read, no permission).
    fn tail(&self, query: String, from: Timestamp) -> BoxStream<'static, Reply<Tailed>>;
}
