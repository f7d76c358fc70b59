//! The one door for facts: bounded, and what it cannot hold is counted. Not for keys, which never wait behind telemetry.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::mpsc;

use crate::room::Fact;

/// Facts that wait to be read; a batch is 64, so a full inbox is sixteen frames' work.
const BOUND: usize = 1_024;

/// Where jobs leave their facts; cloned into each.
#[derive(Clone)]
pub struct Sender {
    facts: mpsc::Sender<Fact>,
    lost: Arc<AtomicU64>,
}

impl Sender {
    /// Waits for room; for answers that someone asked for. `false` when the war room has closed.
    pub async fn send(&self, fact: Fact) -> bool {
        self.facts.send(fact).await.is_ok()
    }

    /// Gives the fact back when there is no room: the caller gathers on, or counts it as lost.
    pub fn offer(&self, fact: Fact) -> Result<(), Option<Fact>> {
        self.facts.try_send(fact).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(fact) => Some(fact),
            mpsc::error::TrySendError::Closed(_) => None,
        })
    }

    pub fn count_lost(&self, lines: u64) {
        self.lost.fetch_add(lines, Ordering::Relaxed);
    }
}

pub struct Inbox {
    facts: mpsc::Receiver<Fact>,
    lost: Arc<AtomicU64>,
    told: u64,
}

impl Inbox {
    #[must_use]
    pub fn new() -> (Sender, Self) {
        let (sender, facts) = mpsc::channel(BOUND);
        let lost = Arc::new(AtomicU64::new(0));
        (Sender { facts: sender, lost: Arc::clone(&lost) }, Self { facts, lost, told: 0 })
    }

    /// Fills `batch` with up to `most` facts; waits for the first.
    pub async fn receive(&mut self, batch: &mut Vec<Fact>, most: usize) -> usize {
        self.facts.recv_many(batch, most).await
    }

    /// How many were lost since the last call.
    pub fn newly_lost(&mut self) -> u64 {
        let lost = self.lost.load(Ordering::Relaxed);
        let new = lost.saturating_sub(self.told);
        self.told = lost;
        new
    }
}
