//! One job a slot: a new question in a slot ends the job of the one before, and its connection with it.

mod rest;

use std::collections::BTreeMap;
use std::future::Future;

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

pub(super) use self::rest::Rests;
use crate::room::Slot;

/// Dropping it ends every job.
pub struct Jobs {
    running: BTreeMap<Slot, JoinHandle<()>>,
    on: Handle,
}

impl Jobs {
    /// They run on the runtime that this is called in, wherever they are started from.
    pub fn new() -> Self {
        Self { running: BTreeMap::new(), on: Handle::current() }
    }

    pub fn start(&mut self, slot: Slot, job: impl Future<Output = ()> + Send + 'static) {
        self.end(slot);
        self.running.insert(slot, self.on.spawn(job));
    }

    pub fn end(&mut self, slot: Slot) {
        if let Some(job) = self.running.remove(&slot) {
            job.abort();
        }
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        for job in self.running.values() {
            job.abort();
        }
    }
}
