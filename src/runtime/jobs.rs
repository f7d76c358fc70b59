//! One job a slot: a new question in a slot ends the job of the one before, and its connection with it.

use std::collections::BTreeMap;
use std::future::Future;

use tokio::task::JoinHandle;

use crate::room::Slot;

/// Dropping it ends every job.
#[derive(Default)]
pub struct Jobs {
    running: BTreeMap<Slot, JoinHandle<()>>,
}

impl Jobs {
    pub fn start(&mut self, slot: Slot, job: impl Future<Output = ()> + Send + 'static) {
        self.end(slot);
        self.running.insert(slot, tokio::spawn(job));
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
