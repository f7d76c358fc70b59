//! The tail of the log query: lines gathered into batches, so that a flood costs one fact in 50 ms and not one a line.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

use super::inbox::Sender;
use super::means::later;
use crate::domain::signal::Line;
use crate::domain::{Cause, Failure, Timestamp};
use crate::port::{Ports, Refill, Tailed};
use crate::room::{Fact, RefillNote, Ticket};

/// A batch leaves when it has this many lines or is this old.
const BATCH: usize = 512;
const AGE: Duration = Duration::from_millis(50);
/// So much older may it be while time is frozen.
const FROZEN: Duration = Duration::from_secs(5);
/// Lines gathered while the inbox is full, and their bytes; past either the oldest are dropped and counted.
const GATHERED: usize = 50_000;
const BYTES: usize = 64 * 1024 * 1024;
/// Facts that may wait when lines are added to them, so that no more lines wait there than are gathered here.
const WAITING: usize = 16;
/// A heavier batch waits until nothing else does.
const HEAVY: usize = 4 * 1024 * 1024;
/// How soon it is looked again whether the inbox has become short.
const AGAIN: Duration = Duration::from_millis(2);

#[derive(Default)]
struct Gathered {
    lines: Vec<Line>,
    bytes: usize,
    /// What the server says it left out.
    dropped: u64,
    /// What there was no room for here.
    overrun: u64,
    due: Option<Instant>,
    /// When lines were last handed over.
    left: Option<Instant>,
}

/// While time is `frozen` nobody sees the lines: they are handed over in larger batches, and at once when it goes on.
pub(super) async fn run(
    ports: Arc<Ports>,
    (ticket, mut frozen): (Ticket, watch::Receiver<bool>),
    query: String,
    from: Timestamp,
    inbox: Sender,
) {
    let Some(logs) = ports.logs.first() else {
        let failure = Failure::new("logs", Cause::NotConfigured);
        inbox.send(Fact::Failed { ticket, failure }).await;
        return;
    };
    let mut tail = logs.tail(query, from);
    let mut gathered = Gathered::default();
    loop {
        let is_frozen = *frozen.borrow_and_update();
        let due = gathered.due.map(|due| if is_frozen { due + FROZEN } else { due });
        let told = tokio::select! {
            told = tail.next() => told,
            Ok(()) = frozen.changed() => continue,
            () = async { match due { Some(due) => sleep_until(due).await, None => std::future::pending().await } } => {
                gathered.leave(ticket, &inbox);
                continue;
            }
        };
        let fact = match told {
            Some(Ok(Tailed::Lines { lines, dropped })) => {
                gathered.take(lines, dropped);
                if gathered.lines.len() >= BATCH || gathered.bytes >= HEAVY || (gathered.is_due() && !is_frozen) {
                    gathered.leave(ticket, &inbox);
                }
                continue;
            }
            Some(Ok(Tailed::Sheaves(sheaves))) => {
                gathered.leave_all(ticket, &inbox).await;
                // They can wait where they are, and many of them are many megabytes.
                while inbox.waiting() >= WAITING {
                    sleep(AGAIN).await;
                }
                inbox.send(Fact::Sheaves { ticket, sheaves }).await;
                continue;
            }
            Some(Ok(Tailed::Older { sheaves, left, total })) => {
                gathered.leave_all(ticket, &inbox).await;
                while inbox.waiting() >= WAITING {
                    sleep(AGAIN).await;
                }
                Fact::Older { ticket, sheaves, left, total }
            }
            Some(Ok(Tailed::Broken { failure, attempt, retry_after })) => {
                let retry_at = later(ports.clock.as_ref(), retry_after);
                Fact::TailBroken { ticket, failure, attempt, retry_at }
            }
            Some(Ok(Tailed::Connected { refilled })) => {
                let (refill, lines) = match refilled {
                    None => (None, Vec::new()),
                    Some(Refill { gap, lines, twice, missing, why }) => {
                        let filled = u64::try_from(lines.len()).unwrap_or(u64::MAX);
                        (Some(RefillNote { gap, filled, missing, why: why.map(Box::new), twice }), lines)
                    }
                };
                Fact::TailConnected { ticket, refill, lines }
            }
            Some(Err(failure)) => {
                gathered.leave_all(ticket, &inbox).await;
                inbox.send(Fact::Failed { ticket, failure }).await;
                return;
            }
            None => {
                gathered.leave_all(ticket, &inbox).await;
                return;
            }
        };
        gathered.leave_all(ticket, &inbox).await;
        inbox.send(fact).await;
    }
}

impl Gathered {
    fn take(&mut self, lines: Vec<Line>, dropped: u64) {
        self.bytes += lines.iter().map(weight).sum::<usize>();
        self.lines.extend(lines);
        self.dropped = self.dropped.saturating_add(dropped);
        let mut over = self.lines.len().saturating_sub(GATHERED);
        let mut left = self.bytes.saturating_sub(self.lines.iter().take(over).map(weight).sum());
        while left > BYTES
            && let Some(line) = self.lines.get(over)
        {
            left = left.saturating_sub(weight(line));
            over += 1;
        }
        self.bytes = left;
        if over > 0 {
            self.lines.drain(..over);
            self.overrun = self.overrun.saturating_add(u64::try_from(over).unwrap_or(u64::MAX));
        }
        // After a pause they are handed over at once: a quiet tail needs no timer.
        let due = || self.left.map_or_else(Instant::now, |left| left + AGE);
        self.due.get_or_insert_with(due);
    }

    /// Waits for room: what comes next must not overtake the lines.
    async fn leave_all(&mut self, ticket: Ticket, inbox: &Sender) {
        self.due = None;
        if self.is_empty() {
            return;
        }
        self.left = Some(Instant::now());
        let (lines, dropped) = (std::mem::take(&mut self.lines), std::mem::take(&mut self.dropped));
        let overrun = std::mem::take(&mut self.overrun);
        self.bytes = 0;
        inbox.send(Fact::Lines { ticket, lines, dropped, overrun }).await;
    }

    fn is_due(&self) -> bool {
        self.due.is_some_and(|due| due <= Instant::now())
    }

    fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.dropped == 0 && self.overrun == 0
    }

    /// Offers what was gathered; keeps it, and comes again, when there is no room.
    fn leave(&mut self, ticket: Ticket, inbox: &Sender) {
        self.due = None;
        if self.is_empty() {
            return;
        }
        let most = if self.bytes >= HEAVY { 1 } else { WAITING };
        if inbox.waiting() >= most {
            self.due = Some(Instant::now() + AGE);
            return;
        }
        let (lines, bytes) = (std::mem::take(&mut self.lines), std::mem::take(&mut self.bytes));
        let (dropped, overrun) = (std::mem::take(&mut self.dropped), std::mem::take(&mut self.overrun));
        self.left = Some(Instant::now());
        let offered = inbox.offer(Fact::Lines { ticket, lines, dropped, overrun });
        if let Err(Some(Fact::Lines { lines, dropped, overrun, .. })) = offered {
            self.lines = lines;
            self.bytes = bytes;
            self.dropped = dropped;
            self.overrun = overrun;
            self.due = Some(Instant::now() + AGE);
        }
    }
}

/// About what a line holds on to.
fn weight(line: &Line) -> usize {
    size_of::<Line>() + line.raw.len() + line.metadata.as_ref().map_or(0, |pairs| pairs.len())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::super::inbox::Inbox;
    use super::*;
    use crate::domain::signal::{Level, Message};
    use crate::domain::{Labels, Symbol};
    use crate::room::Slot;

    const TICKET: Ticket = Ticket { slot: Slot::Tail, turn: 1 };

    fn lines(count: usize) -> Vec<Line> {
        let line = Line {
            time: Timestamp::EPOCH,
            level: Level::Info,
            service: Symbol::default(),
            stream: Arc::new(Labels::default()),
            trace: None,
            span: None,
            raw: "x".into(),
            metadata: None,
            message: Message::Raw,
        };
        vec![line; count]
    }

    #[test]
    fn megabyte_lines_are_bounded_in_bytes() {
        let (sender, _inbox) = Inbox::new();
        while sender.offer(Fact::Notice(String::new())).is_ok() {}
        let mut gathered = Gathered::default();
        let mut huge = lines(1);
        huge[0].raw = "\0".repeat(1024 * 1024).into();
        for _ in 0..200 {
            gathered.take(huge.clone(), 0);
            gathered.leave(TICKET, &sender);
            assert!(gathered.bytes <= BYTES);
        }
        assert_eq!(gathered.lines.len() as u64 + gathered.overrun, 200);
        assert!(gathered.lines.len() > 50, "what fits is kept");
    }

    async fn read(inbox: &mut Inbox) -> (u64, u64, u64) {
        let (mut batch, mut told) = (Vec::new(), (0, 0, 0));
        inbox.receive(&mut batch, 10_000).await;
        for fact in batch {
            if let Fact::Lines { lines, dropped, overrun, .. } = fact {
                told = (told.0 + lines.len() as u64, told.1 + dropped, told.2 + overrun);
            }
        }
        told
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn every_line_is_handed_over_or_counted(
            batches in prop::collection::vec((0_usize..30_000, 0_u64..50, any::<bool>()), 1..8),
            is_full in any::<bool>(),
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
            runtime.block_on(async {
                let (sender, mut inbox) = Inbox::new();
                while is_full && sender.offer(Fact::Notice(String::new())).is_ok() {}
                let mut gathered = Gathered::default();
                let (mut sent, mut by_server, mut told) = (0, 0, (0, 0, 0));
                let mut add = |(lines, dropped, overrun): (u64, u64, u64)| {
                    told = (told.0 + lines, told.1 + dropped, told.2 + overrun);
                };
                for (count, dropped, reads) in batches {
                    gathered.take(lines(count), dropped);
                    sent += count as u64;
                    by_server += dropped;
                    gathered.leave(TICKET, &sender);
                    if reads {
                        // Reading waits where there is nothing.
                        drop(sender.offer(Fact::Notice(String::new())));
                        add(read(&mut inbox).await);
                    }
                }
                while sender.offer(Fact::Notice(String::new())).is_err() {
                    add(read(&mut inbox).await);
                }
                gathered.leave_all(TICKET, &sender).await;
                add(read(&mut inbox).await);
                prop_assert_eq!((told.0 + told.2, told.1), (sent, by_server));
                Ok(())
            })?;
        }
    }
}
