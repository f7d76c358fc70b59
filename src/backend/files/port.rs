//! Files behind the port of a log server: there is no query and no past to ask for, only lines as they are read.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use chrono::Utc;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt};
use tokio::sync::mpsc;

use super::bind::Binder;
use super::follow::{self, Source};
use super::input;
use crate::domain::signal::Line;
use crate::domain::{Cause, Failure, Labels, Symbol, Timestamp, TraceId, Window};
use crate::port::{History, Logs, Probe, Reply, Tailed};

/// Bound lines that wait to be shown; reading waits with them.
const WAITING: usize = 8;

/// Some files and, when it is asked for, the standard input.
pub struct Files {
    name: Symbol,
    sources: Arc<Mutex<Vec<Source>>>,
    with_input: bool,
}

impl Files {
    /// Opens all of them; `-` is the standard input.
    ///
    /// # Errors
    /// The first that cannot be opened, by its name.
    pub fn open(paths: &[PathBuf]) -> io::Result<Self> {
        let now = Timestamp::from_utc(Utc::now());
        let mut sources = Vec::new();
        let mut with_input = false;
        for path in paths {
            if path.as_os_str() == "-" {
                with_input = true;
                continue;
            }
            let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
            sources.push(Source::open(path.clone(), now).map_err(named)?);
        }
        let name = match paths {
            [only] if with_input => format!("stdin{}", only.display().to_string().trim_start_matches('-')),
            [only] => only.file_name().map_or_else(|| "file".to_owned(), |name| name.to_string_lossy().into_owned()),
            several => format!("{} files", several.len()),
        };
        Ok(Self { name: name.into(), sources: Arc::new(Mutex::new(sources)), with_input })
    }
}

impl Logs for Files {
    fn name(&self) -> &Symbol {
        &self.name
    }

    fn probe(&self) -> BoxFuture<'_, Reply<Probe>> {
        Box::pin(async { Ok(Probe { version: String::new(), latency: Duration::ZERO }) })
    }

    fn history<'a>(&'a self, _query: &'a str, _window: Window, _limit: usize) -> BoxFuture<'a, Reply<History>> {
        Box::pin(async { Ok(History::default()) })
    }

    fn of_trace(&self, _trace: TraceId, _window: Window, _limit: usize) -> BoxFuture<'_, Reply<History>> {
        Box::pin(async { Ok(History::default()) })
    }

    fn around<'a>(&'a self, _stream: &'a Labels, _at: Timestamp, _limit: usize) -> BoxFuture<'a, Reply<Vec<Line>>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn count<'a>(&'a self, _query: &'a str, _window: Window) -> BoxFuture<'a, Reply<u64>> {
        // Its lines are all here: whoever wants to know how many counts them.
        Box::pin(async { Err(Failure::new(self.name.clone(), Cause::NotConfigured)) })
    }

    fn by_service<'a>(&'a self, _query: &'a str, _window: Window) -> BoxFuture<'a, Reply<Vec<(Symbol, u64)>>> {
        Box::pin(async { Err(Failure::new(self.name.clone(), Cause::NotConfigured)) })
    }

    fn versions(&self, _window: Window) -> BoxFuture<'_, Reply<Vec<(Symbol, Symbol)>>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn tail(&self, _query: String, _from: Timestamp) -> BoxStream<'static, Reply<Tailed>> {
        let (sender, told) = mpsc::channel(WAITING);
        let now = Timestamp::from_utc(Utc::now());
        let sources = std::mem::take(&mut *self.sources.lock().unwrap_or_else(PoisonError::into_inner));
        if self.with_input {
            let binder = Binder::new(sender.clone(), now);
            thread::spawn(move || input::follow(std::io::stdin(), binder, now));
        }
        if !sources.is_empty() {
            let binder = Binder::new(sender, now);
            thread::spawn(move || follow::files(sources, binder, now));
        }
        let connected = stream::once(async { Ok(Tailed::Connected { refilled: None }) });
        let lines = stream::unfold(told, |mut told| async move { told.recv().await.map(|item| (item, told)) });
        // A tail does not end, though all that could be read has been.
        connected.chain(lines).chain(stream::pending()).boxed()
    }
}
