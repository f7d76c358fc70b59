//! Lines of files, read and bound together, on their way to whoever listens. Not where they come from: `follow.rs`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::parse::{read, uncoloured};
use crate::domain::signal::{Level, LineView, Sheaf};
use crate::domain::{Interner, Labels, Symbol, Timestamp};
use crate::port::{Reply, Tailed};

/// Bound lines leave when they are so old, however few.
const AGE: Duration = Duration::from_millis(40);
/// The clock is looked at once in so many lines.
const LOOKED_AT: usize = 256;
/// Names of services that are shared.
const NAMES: usize = 10_000;

/// One file, or the standard input: what its lines have in common, and what the last of them said.
pub(super) struct Origin {
    pub stream: Arc<Labels>,
    pub service: Symbol,
    /// Of the last line; a line without a time goes on with it.
    pub last: (Timestamp, Level),
}

impl Origin {
    /// `name` is the file's, as it was asked for.
    pub(super) fn new(name: &str, service: &str, now: Timestamp) -> Self {
        let stream = Arc::new([("filename", name)].into_iter().collect());
        Self { stream, service: Symbol::from(service), last: (now, Level::Unknown) }
    }
}

pub(super) struct Binder {
    sheaf: Sheaf,
    sender: mpsc::Sender<Reply<Tailed>>,
    names: Interner,
    now: Timestamp,
    since: Instant,
    /// Nobody listens any more.
    pub is_over: bool,
}

impl Binder {
    pub(super) fn new(sender: mpsc::Sender<Reply<Tailed>>, now: Timestamp) -> Self {
        let names = Interner::with_bound(NAMES);
        Self { sheaf: Sheaf::default(), sender, names, now, since: Instant::now(), is_over: false }
    }

    /// A line as it stands in its file. An empty one is left out.
    pub(super) fn push(&mut self, origin: &mut Origin, line: &str) {
        let raw = uncoloured(line);
        if self.is_over || raw.trim().is_empty() {
            return;
        }
        let read = read(&raw, self.now);
        let (time, before) = match read.time {
            Some(time) => (time, Level::Unknown),
            None if raw.starts_with([' ', '\t']) => origin.last,
            None => (origin.last.0, Level::Unknown),
        };
        let level = read.told.level.unwrap_or(before);
        origin.last = (time, level);
        let service = match &read.told.service {
            Some(name) => self.names.intern(name),
            None => origin.service.clone(),
        };
        let text = read.told.message.as_deref().unwrap_or(read.text);
        self.sheaf.push(&LineView {
            time,
            level,
            service: &service,
            stream: &origin.stream,
            text: if text.is_empty() { &raw } else { text },
            raw: &raw,
            trace: read.told.trace,
            span: read.told.span,
        });
        let is_old = self.sheaf.len().is_multiple_of(LOOKED_AT) && self.since.elapsed() >= AGE;
        if is_old || self.sheaf.is_full() {
            self.leave();
        }
    }

    /// Words of our own between the lines: what a file did, which is no line of it.
    pub(super) fn note(&mut self, origin: &Origin, level: Level, words: &str) {
        let (time, service) = (origin.last.0, Symbol::from("warroom"));
        let (stream, raw) = (&origin.stream, words);
        self.sheaf.push(&LineView { time, level, service: &service, stream, text: raw, raw, trace: None, span: None });
        self.leave();
    }

    /// Sends what was bound; waits while the other side is full, so that a file is never read faster than it is shown.
    pub(super) fn leave(&mut self) {
        self.since = Instant::now();
        if self.sheaf.is_empty() {
            self.is_over |= self.sender.is_closed();
            return;
        }
        let next = self.sheaf.successor();
        let sheaf = std::mem::replace(&mut self.sheaf, next);
        self.is_over |= self.sender.blocking_send(Ok(Tailed::Sheaves(vec![sheaf]))).is_err();
    }
}
