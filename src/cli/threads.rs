//! Threads that nobody waits for: when the responder has left, or the program panicked, what they still do is of no use.

use std::future::Future;
use std::io;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

/// A thread that had nothing long to do for this time ends, and gives its memory back.
const RESTS: Duration = Duration::from_secs(5);

pub(super) struct Threads {
    /// There until the end.
    runtime: Option<Runtime>,
}

impl Threads {
    /// One that answers and asks, and at most so many for what takes long: a burst waits its turn, and each thread would
    /// keep memory of its own.
    pub fn asking(name: &str, blocking: usize) -> io::Result<Self> {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(1).max_blocking_threads(blocking).thread_keep_alive(RESTS).thread_name(name);
        builder.enable_all().build().map(|runtime| Self { runtime: Some(runtime) })
    }

    /// The thread that is here already.
    pub fn here() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(Self { runtime: Some(runtime) })
    }

    /// Runs the work here, and what it starts on these threads.
    pub fn run<T>(&self, work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
        match &self.runtime {
            Some(runtime) => runtime.block_on(work),
            None => Err(io::Error::other("no threads to run on")),
        }
    }

    pub fn start<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> Option<JoinHandle<T>> {
        self.runtime.as_ref().map(|runtime| runtime.spawn(work))
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
