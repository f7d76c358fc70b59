//! Following Loki: over a websocket that is connected again for ever, without a gap and without a line given twice; by
//! asking where websockets do not get through, as `asking.rs` has it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use futures_util::stream::{self, BoxStream, StreamExt};
use futures_util::{FutureExt, SinkExt};
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::super::loki_line::Lines;
use super::super::loki_query::Client;
use super::super::loki_seen::Seen;
use super::super::{http, loki_wire as wire, words};
use super::passed::Passed;
use super::socket::{self, Closed, Early, Socket, has_room};
use crate::domain::signal::{Line, Unknown};
use crate::domain::{Cause, Failure, Timestamp, Window};
use crate::port::{History, Refill, Reply, Tailed};

/// Lines that are remembered so as not to be given again.
const REMEMBERED: usize = 20_000;
/// The most that a refill brings back of a gap.
pub(super) const MOST_REFILLED: usize = 5_000;
/// How long the first frame is waited for that tells how far back a connection goes.
const FIRST_FRAME: Duration = Duration::from_secs(2);
/// Refusals of the websocket after which a query tells whether the server is ill, or the websocket alone.
const DOUBTED: u32 = 2;
/// Loki pings every second: so long a silence is asked about, twice as long is a dead connection.
const SILENCE: Duration = Duration::from_secs(15);
/// A refusal comes at once; what closes later was a working connection.
const REFUSAL: Duration = Duration::from_secs(5);
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// See [`crate::port::Logs::tail`].
pub(in crate::backend) fn tail(
    client: Arc<Client>,
    query: String,
    from: Timestamp,
) -> BoxStream<'static, Reply<Tailed>> {
    let tail = Tail {
        client,
        query,
        from,
        seen: Seen::with_bound(REMEMBERED),
        lines: Lines::new(),
        link: Link::Down { wait: Duration::ZERO },
        failed: 0,
        waits: waits(),
        lost: None,
        counted: from,
        passed: Passed::new(),
        again: None,
    };
    stream::unfold(tail, |mut tail| async move { tail.next().await.map(|item| (item, tail)) }).boxed()
}

pub(super) fn waits() -> ExponentialBackoff {
    let waits = ExponentialBuilder::default().with_min_delay(FIRST_WAIT).with_max_delay(LONGEST_WAIT);
    waits.without_max_times().with_jitter().build()
}

pub(super) struct Tail {
    pub(super) client: Arc<Client>,
    pub(super) query: String,
    pub(super) from: Timestamp,
    pub(super) seen: Seen,
    pub(super) lines: Lines,
    pub(super) link: Link,
    pub(super) failed: u32,
    pub(super) waits: ExponentialBackoff,
    /// When a connection that had stood was lost.
    pub(super) lost: Option<Instant>,
    /// Up to here what is missing has been told.
    pub(super) counted: Timestamp,
    pub(super) passed: Passed,
    /// While lines are asked for: when the websocket is tried again.
    pub(super) again: Option<Instant>,
}

/// How many lines are missing, and why nobody knows.
type Counted = (Option<u64>, Option<Unknown>);

pub(super) enum Link {
    Down { wait: Duration },
    Up(Box<Standing>),
    Polling { wait: Duration },
    Over,
}

pub(super) struct Standing {
    socket: Socket,
    since: Instant,
    /// Came while a refill was on its way.
    early: Early,
    /// What a query found of the time before.
    first: Vec<Line>,
    asked: bool,
}

impl Tail {
    async fn next(&mut self) -> Option<Reply<Tailed>> {
        loop {
            let item = match std::mem::replace(&mut self.link, Link::Over) {
                Link::Over => return None,
                Link::Down { wait } => {
                    sleep(wait).await;
                    Some(self.connect().await)
                }
                Link::Up(standing) => self.read(standing).await,
                Link::Polling { wait } => {
                    sleep(wait).await;
                    match self.reopened().await {
                        Some(connected) => Some(Ok(connected)),
                        None => self.poll().await,
                    }
                }
            };
            if let Some(item) = item {
                return Some(item);
            }
        }
    }

    async fn connect(&mut self) -> Reply<Tailed> {
        let start = self.seen.resume(self.from);
        match socket::open(&self.client.http, &self.query, start).await {
            Ok(socket) => Ok(self.connected(socket, start).await),
            Err(Closed::ForGood(cause)) => Err(self.client.http.fail(cause)),
            Err(Closed::Passing(cause)) => {
                let is_slow = matches!(cause, Cause::TimedOut(_));
                let is_doubted = is_slow || (self.failed >= DOUBTED && !matches!(cause, Cause::Throttled(_)));
                if is_doubted { self.doubt(start).await } else { Ok(self.broken(cause, false)) }
            }
            Err(Closed::Unsure) => self.doubt(start).await,
        }
    }

    pub(super) async fn connected(&mut self, mut socket: Socket, start: Timestamp) -> Tailed {
        self.failed = 0;
        let since = Instant::now();
        let mut early = VecDeque::new();
        let lost = self.lost.take();
        let history = self.refill(&mut socket, &mut early, start).await;
        let refill = self.refilled(history, &early, start, lost).await;
        // Nobody need be told that a first connection has caught up.
        let is_whole = lost.is_none() && refill.missing == Some(0);
        let (first, refilled) = if is_whole { (refill.lines, None) } else { (Vec::new(), Some(refill)) };
        self.link = Link::Up(Box::new(Standing { socket, since, early, first, asked: false }));
        Tailed::Connected { refilled }
    }

    /// Queries the gap while the new connection is read on, so that the server need not wait for us. The server itself
    /// begins with few lines of the past. If the query had more than it may bring, the first frame tells how far back
    /// the connection goes.
    async fn refill(&self, socket: &mut Socket, early: &mut Early, start: Timestamp) -> Result<History, Cause> {
        let asking = self.client.pages(&self.query, start, None, MOST_REFILLED).fuse();
        futures_util::pin_mut!(asking);
        let mut reads = true;
        let history = loop {
            tokio::select! {
                biased;
                history = &mut asking => break history?,
                message = socket.next(), if reads && has_room(early) => match message {
                    Some(message) => {
                        reads = message.is_ok();
                        early.push_back(message);
                    }
                    // Reading on will find the end again.
                    None => reads = false,
                },
            }
        };
        let is_told = |early: &Early| early.iter().flatten().any(Message::is_text);
        while history.more && reads && has_room(early) && !is_told(early) {
            match timeout(FIRST_FRAME, socket.next()).await {
                Ok(Some(message)) => {
                    reads = message.is_ok();
                    early.push_back(message);
                }
                _ => reads = false,
            }
        }
        Ok(history)
    }

    async fn refilled(
        &mut self,
        history: Result<History, Cause>,
        early: &Early,
        from: Timestamp,
        lost: Option<Instant>,
    ) -> Refill {
        let start = self.seen.last().unwrap_or(self.from);
        let (History { mut lines, more }, unread) = match history {
            Ok(history) => (history, None),
            Err(cause) => (History::default(), Some(Unknown::Unread(cause))),
        };
        let (mut missing, mut why) = (unread.is_none().then_some(0), unread);
        let oldest = lines.first().map_or(start, |line| line.time);
        if more {
            let brought = early.iter().flatten().filter_map(|message| message.to_text().ok());
            let brought: Vec<Line> =
                brought.flat_map(|text| wire::frame(text, &mut self.lines).unwrap_or_default().0).collect();
            (missing, why) = self.missing(from, &lines, &brought).await;
        }
        missing = self.passed.missing(missing);
        lines.retain(|line| self.seen.is_new(line));
        let newest = lines.last().map_or(start, |line| line.time.shifted(1));
        // What the new connection brought of the same lines is counted here and taken out when it is read.
        let mut twice = 0;
        for text in early.iter().flatten().filter_map(|message| message.to_text().ok()) {
            let brought = wire::frame(text, &mut self.lines).map(|(brought, _)| brought).unwrap_or_default();
            let again = brought.iter().filter(|line| lines.iter().any(|known| is_same(known, line))).count();
            twice += u64::try_from(again).unwrap_or(u64::MAX);
        }
        let end = match lost {
            Some(lost) => start.plus(lost.elapsed()).max(newest),
            // A first connection has a hole only before what could be read.
            None => oldest.max(start),
        };
        Refill { gap: Window { start, end }, lines, twice, missing, why }
    }

    /// How many lines from `from` on are neither given already, nor among those that a query found, nor brought by the
    /// connection, which brings every line from its first one on.
    pub(super) async fn missing(&mut self, from: Timestamp, found: &[Line], brought: &[Line]) -> Counted {
        let from = from.max(self.counted);
        let edge = found.iter().chain(brought).map(|line| line.time).min().unwrap_or(from);
        if edge < from {
            return (Some(0), None);
        }
        let all = match self.client.count(&self.query, from, edge).await {
            Ok(all) => all,
            Err(cause) => return (None, Some(Unknown::Uncounted(cause))),
        };
        let mut here = Seen::with_bound(usize::MAX);
        let is_here = |line: &&Line| line.time <= edge && line.time >= from && !self.seen.knows(line);
        let here = found.iter().chain(brought).filter(is_here).filter(|line| here.is_new(line)).count();
        let known = self.seen.between(from, edge).saturating_add(u64::try_from(here).unwrap_or(u64::MAX));
        self.counted = edge.shifted(1);
        (Some(all.saturating_sub(known)), None)
    }

    async fn read(&mut self, mut standing: Box<Standing>) -> Option<Reply<Tailed>> {
        if !standing.first.is_empty() {
            let lines = std::mem::take(&mut standing.first);
            self.link = Link::Up(standing);
            return Some(Ok(Tailed::Lines { lines, dropped: 0 }));
        }
        let message = match standing.early.pop_front() {
            Some(message) => Some(message),
            None => match timeout(SILENCE, standing.socket.next()).await {
                Ok(message) => message,
                Err(_) if standing.asked => return Some(Ok(self.broken(Cause::TimedOut(SILENCE * 2), true))),
                Err(_) => {
                    standing.asked = true;
                    let ping = standing.socket.send(Message::Ping(Vec::new().into()));
                    // A ping that cannot be sent is found by the next read.
                    drop(timeout(SILENCE, ping).await);
                    self.link = Link::Up(standing);
                    return None;
                }
            },
        };
        let text = match message {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Close(Some(close)))) if close.code == CloseCode::Error => {
                return Some(self.closed(words::clean(&close.reason), standing.since.elapsed()));
            }
            Some(Ok(Message::Close(_))) | None => {
                return Some(Ok(self.broken(Cause::Unreachable("the server closed the tail".into()), true)));
            }
            Some(Ok(_)) => {
                standing.asked = false;
                self.link = Link::Up(standing);
                return None;
            }
            Some(Err(Error::Capacity(_))) => {
                let bound = u64::try_from(http::BODY_BOUND).unwrap_or(u64::MAX);
                self.pass_over();
                return Some(Ok(self.broken(Cause::TooLarge(bound), true)));
            }
            Some(Err(error)) => return Some(Ok(self.broken(Cause::Unreachable(http::reason(&error)), true))),
        };
        match wire::frame(&text, &mut self.lines) {
            Ok((mut lines, dropped)) => {
                lines.retain(|line| self.seen.is_new(line));
                standing.asked = false;
                self.passed.hear();
                // What is too large comes again soon after the connection stands.
                if self.passed.is_none() || standing.since.elapsed() > REFUSAL {
                    self.waits = waits();
                    self.passed.forget();
                }
                self.link = Link::Up(standing);
                (!lines.is_empty() || dropped > 0).then_some(Ok(Tailed::Lines { lines, dropped }))
            }
            Err(cause) => Some(Ok(self.broken(cause, true))),
        }
    }

    /// What is too large to be read would come again with every connection: the next one begins behind it, and further
    /// behind each time, but not in the time to come: whose lines are not there yet. The hole is told as any other.
    pub(super) fn pass_over(&mut self) {
        let last = self.seen.last().unwrap_or(self.from);
        self.from = last.plus(self.passed.over()).max(self.from);
    }

    /// Closed by an error. At once, that is the answer to our question; later, only the end of this connection, as
    /// after the hour that a tail may last.
    fn closed(&mut self, reason: String, stood: Duration) -> Reply<Tailed> {
        if stood > REFUSAL || reason.contains("duration limit") || self.seen.last().is_some() {
            return Ok(self.broken(Cause::Failing { status: 1011, message: reason }, true));
        }
        Err(self.client.http.fail(Cause::Refused { status: 1011, message: reason }))
    }

    pub(super) fn broken(&mut self, cause: Cause, stood: bool) -> Tailed {
        if stood {
            self.lost.get_or_insert_with(Instant::now);
        } else {
            self.failed = self.failed.saturating_add(1);
        }
        let retry_after = self.waits.next().unwrap_or(LONGEST_WAIT);
        let retry_after = match cause {
            Cause::Throttled(Some(asked)) => retry_after.max(asked),
            _ => retry_after,
        };
        self.link = Link::Down { wait: retry_after };
        Tailed::Broken { failure: self.client.http.fail(cause), attempt: self.failed, retry_after }
    }
}

/// Whether the same question may have an answer later: a login page in the server's place goes away, a query that is wrong
/// stays wrong.
pub(super) const fn mends(failure: &Failure) -> bool {
    failure.is_passing() || matches!(failure.cause, Cause::Malformed(_) | Cause::TooLarge(_))
}

fn is_same(one: &Line, other: &Line) -> bool {
    one.time == other.time && one.stream == other.stream && one.raw == other.raw
}
