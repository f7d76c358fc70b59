//! The tail of the log query: lines gathered into batches, so that a flood costs one fact in 50 ms and not one a line.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::{Instant, sleep_until};

use super::inbox::Sender;
use super::means::later;
use crate::domain::signal::Line;
use crate::domain::{Cause, Failure, Timestamp};
use crate::port::{Ports, Tailed};
use crate::room::{Fact, RefillNote, Ticket};

/// A batch leaves when it has this many lines or is this old.
const BATCH: usize = 512;
const AGE: Duration = Duration::from_millis(50);
/// Lines gathered while the inbox is full; past it the oldest are dropped and counted.
const GATHERED: usize = 50_000;

#[derive(Default)]
struct Gathered {
    lines: Vec<Line>,
    dropped: u64,
    due: Option<Instant>,
}

pub(super) async fn run(ports: Arc<Ports>, ticket: Ticket, query: String, from: Timestamp, inbox: Sender) {
    let Some(logs) = ports.logs.first() else {
        let failure = Failure::new("logs", Cause::NotConfigured);
        inbox.send(Fact::Failed { ticket, failure }).await;
        return;
    };
    let mut tail = logs.tail(query, from);
    let mut gathered = Gathered::default();
    loop {
        let due = gathered.due;
        let told = tokio::select! {
            told = tail.next() => told,
            () = async { match due { Some(due) => sleep_until(due).await, None => std::future::pending().await } } => {
                gathered.leave(ticket, &inbox);
                continue;
            }
        };
        let fact = match told {
            Some(Ok(Tailed::Lines { lines, dropped })) => {
                gathered.take(lines, dropped, &inbox);
                if gathered.lines.len() >= BATCH {
                    gathered.leave(ticket, &inbox);
                }
                continue;
            }
            Some(Ok(Tailed::Sheaves(sheaves))) => {
                gathered.leave(ticket, &inbox);
                inbox.send(Fact::Sheaves { ticket, sheaves }).await;
                continue;
            }
            Some(Ok(Tailed::Broken { failure, attempt, retry_after })) => {
                let retry_at = later(ports.clock.as_ref(), retry_after);
                Fact::TailBroken { ticket, failure, attempt, retry_at }
            }
            Some(Ok(Tailed::Connected { refilled })) => {
                let (refill, lines) = match refilled {
                    None => (None, Vec::new()),
                    Some(refill) => {
                        let filled = u64::try_from(refill.lines.len()).unwrap_or(u64::MAX);
                        let note =
                            RefillNote { gap: refill.gap, filled, twice: refill.twice, complete: refill.complete };
                        (Some(note), refill.lines)
                    }
                };
                Fact::TailConnected { ticket, refill, lines }
            }
            Some(Err(failure)) => {
                gathered.leave(ticket, &inbox);
                inbox.send(Fact::Failed { ticket, failure }).await;
                return;
            }
            None => return,
        };
        gathered.leave(ticket, &inbox);
        inbox.send(fact).await;
    }
}

impl Gathered {
    fn take(&mut self, lines: Vec<Line>, dropped: u64, inbox: &Sender) {
        self.lines.extend(lines);
        self.dropped = self.dropped.saturating_add(dropped);
        let over = self.lines.len().saturating_sub(GATHERED);
        if over > 0 {
            self.lines.drain(..over);
            let over = u64::try_from(over).unwrap_or(u64::MAX);
            self.dropped = self.dropped.saturating_add(over);
            inbox.count_lost(over);
        }
        self.due.get_or_insert_with(|| Instant::now() + AGE);
    }

    /// Offers what was gathered; keeps it, and comes again, when there is no room.
    fn leave(&mut self, ticket: Ticket, inbox: &Sender) {
        self.due = None;
        if self.lines.is_empty() && self.dropped == 0 {
            return;
        }
        let lines = std::mem::take(&mut self.lines);
        let dropped = std::mem::take(&mut self.dropped);
        if let Err(Some(Fact::Lines { lines, dropped, .. })) = inbox.offer(Fact::Lines { ticket, lines, dropped }) {
            self.lines = lines;
            self.dropped = dropped;
            self.due = Some(Instant::now() + AGE);
        }
    }
}
