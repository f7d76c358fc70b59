//! The one door for facts: bounded, and what it cannot hold goes back to who counts it. Not for keys, which never wait behind telemetry.

use tokio::sync::mpsc;

use crate::room::Fact;

/// Facts that wait to be read; a batch is 64, so a full inbox is sixteen frames' work.
const BOUND: usize = 1_024;

/// Where jobs leave their facts; cloned into each.
#[derive(Clone)]
pub struct Sender {
    facts: mpsc::Sender<Fact>,
}

impl Sender {
    /// Waits for room; for answers that someone asked for. `false` when the war room has closed.
    pub async fn send(&self, fact: Fact) -> bool {
        self.facts.send(fact).await.is_ok()
    }

    /// How many facts wait to be read.
    pub fn waiting(&self) -> usize {
        self.facts.max_capacity().saturating_sub(self.facts.capacity())
    }

    /// Gives the fact back when there is no room: the caller gathers on, and counts what it loses.
    pub fn offer(&self, fact: Fact) -> Result<(), Option<Fact>> {
        self.facts.try_send(fact).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(fact) => Some(fact),
            mpsc::error::TrySendError::Closed(_) => None,
        })
    }
}

pub struct Inbox {
    facts: mpsc::Receiver<Fact>,
}

impl Inbox {
    #[must_use]
    pub fn new() -> (Sender, Self) {
        let (sender, facts) = mpsc::channel(BOUND);
        (Sender { facts: sender }, Self { facts })
    }

    /// Fills `batch` with up to `most` facts; waits for the first.
    pub async fn receive(&mut self, batch: &mut Vec<Fact>, most: usize) -> usize {
        self.facts.recv_many(batch, most).await
    }
}
