//! Following a Loki by asking every two seconds, where websockets do not get through, and how that is found out. Not the
//! websocket: `follow.rs`.

use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::follow::{Link, MOST_REFILLED, Tail, mends, waits};
use super::socket;
use crate::domain::{Cause, Timestamp, Window};
use crate::port::{History, Refill, Reply, Tailed};

const POLL: Duration = Duration::from_secs(2);
/// How long lines are asked for before the websocket is tried again.
const SOCKET_AGAIN: Duration = Duration::from_secs(300);

impl Tail {
    /// The same question as a query: if it is answered, the websocket is what does not get through.
    pub(super) async fn doubt(&mut self, start: Timestamp) -> Reply<Tailed> {
        match self.client.page(&self.query, start, None, 1, &mut self.lines).await {
            Ok(_) => {
                self.link = Link::Polling { wait: Duration::ZERO };
                self.again = Some(Instant::now() + SOCKET_AGAIN);
                let mut told = None;
                if self.lost.take().is_some() || self.failed > 0 {
                    // The first answer fills the hole, and says so.
                    self.failed = self.failed.max(1);
                    told = self.poll().await;
                }
                told.unwrap_or(Ok(Tailed::Connected { refilled: None }))
            }
            Err(cause) => {
                let failure = self.client.http.fail(cause);
                if mends(&failure) { Ok(self.broken(failure.cause, false)) } else { Err(failure) }
            }
        }
    }

    /// The websocket, if it is time to try it again and it stands now.
    pub(super) async fn reopened(&mut self) -> Option<Tailed> {
        self.again.filter(|again| Instant::now() >= *again)?;
        self.again = Some(Instant::now() + SOCKET_AGAIN);
        let start = self.seen.resume(self.from);
        let opening = socket::open(&self.client.http, &self.query, start);
        let socket = timeout(POLL, opening).await.ok()?.ok()?;
        Some(self.connected(socket, start).await)
    }

    pub(super) async fn poll(&mut self) -> Option<Reply<Tailed>> {
        let start = self.seen.resume(self.from);
        match self.client.pages(&self.query, start, None, MOST_REFILLED).await {
            Ok(History { mut lines, more }) => {
                self.link = Link::Polling { wait: POLL };
                let (missing, why) = if more { self.missing(start, &lines, &[]).await } else { (Some(0), None) };
                let missing = self.passed.missing(missing);
                self.passed.hear();
                self.passed.forget();
                lines.retain(|line| self.seen.is_new(line));
                let was_lost = std::mem::take(&mut self.failed) > 0;
                if was_lost {
                    self.waits = waits();
                }
                // More lines came than one asking brings: that must be as visible as after a lost connection.
                if was_lost || more {
                    let gap = Window { start, end: lines.last().map_or(start, |line| line.time.shifted(1)) };
                    let refill = Refill { gap, lines, twice: 0, missing, why };
                    return Some(Ok(Tailed::Connected { refilled: Some(refill) }));
                }
                (!lines.is_empty()).then_some(Ok(Tailed::Lines { lines, dropped: 0 }))
            }
            Err(cause) => {
                if matches!(cause, Cause::TooLarge(_)) {
                    self.pass_over();
                }
                let failure = self.client.http.fail(cause);
                if !mends(&failure) {
                    return Some(Err(failure));
                }
                let Tailed::Broken { failure, attempt, retry_after } = self.broken(failure.cause, false) else {
                    return None;
                };
                self.link = Link::Polling { wait: retry_after };
                Some(Ok(Tailed::Broken { failure, attempt, retry_after }))
            }
        }
    }
}
