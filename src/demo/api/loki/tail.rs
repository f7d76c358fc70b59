//! The websocket that sends lines as they happen. Not the frames' text: that is `frame.rs`.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::sync::Semaphore;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role};

use super::frame::frames;
use super::limits::Limits;
use super::range::{categorized, limit, parsed};
use super::times::{bad, query_window};
use super::walk::{Direction, walk};
use crate::demo::api::answer::{Refusal, text};
use crate::demo::api::params::Params;
use crate::demo::company::LogRecord;
use crate::demo::duration;
use crate::demo::logql::{Kept, LogQuery, Query};
use crate::demo::site::Site;
use crate::domain::{Timestamp, Window};

const PING: Duration = Duration::from_secs(1);
const LONGEST_DELAY: Duration = Duration::from_secs(5);
/// A reader that takes nothing for this long is gone.
const SEND: Duration = Duration::from_secs(60);
/// Lines of the past that a tail begins with at most, whatever its limit.
const MOST_HISTORY: usize = 100_000;
const HANDSHAKE: Duration = Duration::from_secs(10);

type Socket = WebSocketStream<TokioIo<Upgraded>>;

#[derive(Clone)]
pub struct Ground {
    pub site: Arc<Site>,
    pub limits: Limits,
    pub tails: Arc<Semaphore>,
}

pub async fn tail(State(ground): State<Ground>, mut request: Request) -> Response {
    let key = websocket_key(request.headers());
    let upgrade = hyper::upgrade::on(&mut request);
    let params = match Params::from_request(request, &()).await {
        Ok(params) => params,
        Err(refusal) => return refusal.into_response(),
    };
    let tail = match Tail::new(&ground, &params) {
        Ok(tail) => tail,
        Err(Refusal(message)) => return text(StatusCode::BAD_REQUEST, message),
    };
    let Some(key) = key else { return text(StatusCode::BAD_REQUEST, "Bad Request\n") };
    tokio::spawn(serve(ground, tail, upgrade));
    let headers = [
        (header::UPGRADE, "websocket".to_owned()),
        (header::CONNECTION, "Upgrade".to_owned()),
        (header::SEC_WEBSOCKET_ACCEPT, derive_accept_key(key.as_bytes())),
    ];
    (StatusCode::SWITCHING_PROTOCOLS, headers, Body::empty()).into_response()
}

fn websocket_key(headers: &HeaderMap) -> Option<String> {
    let upgrade = headers.get(header::UPGRADE)?.to_str().ok()?;
    let key = headers.get(header::SEC_WEBSOCKET_KEY)?.to_str().ok()?;
    upgrade.eq_ignore_ascii_case("websocket").then(|| key.to_owned())
}

/// What one client asked for. `query` is nothing for a metric query, which fails only after the upgrade.
struct Tail {
    query: Option<Arc<LogQuery>>,
    categorized: bool,
    limit: usize,
    start: Timestamp,
}

impl Tail {
    fn new(ground: &Ground, params: &Params) -> Result<Self, Refusal> {
        if params.header("x-scope-orgid").contains('|') {
            return Err(bad("multiple org IDs present\n"));
        }
        let query = match parsed(params)? {
            Query::Log(query) => Some(Arc::new(query)),
            Query::Metric(_) => None,
        };
        if let Some(value) = params.get("delay_for") {
            let delay = value.parse().ok().map(Duration::from_secs).or_else(|| duration::parse(value));
            match delay {
                Some(delay) if delay <= LONGEST_DELAY => {}
                Some(_) => return Err(bad("delay_for can't be greater than 5")),
                None => return Err(bad(format!("strconv.Atoi: parsing {value:?}: invalid syntax"))),
            }
        }
        let start = query_window(params, ground.site.clock.now())?.start;
        Ok(Self { query, categorized: categorized(params), limit: limit(params)?.min(MOST_HISTORY), start })
    }
}

async fn serve(ground: Ground, tail: Tail, upgrade: OnUpgrade) {
    let Ok(Ok(upgraded)) = timeout(HANDSHAKE, upgrade).await else { return };
    let mut socket: Socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, None).await;
    let reason = match (&tail.query, ground.tails.clone().try_acquire_owned()) {
        (None, _) => Some("only log selector is supported".to_owned()),
        (Some(_), Err(_)) => {
            let most = ground.limits.most_tails;
            Some(format!("max concurrent tail requests limit exceeded, count > limit ({} > {most})", most + 1))
        }
        (Some(query), Ok(_permit)) => run(&ground, &tail, query.clone(), &mut socket).await,
    };
    if let Some(reason) = reason {
        let close = CloseFrame { code: CloseCode::Error, reason: reason.into() };
        let _gone = timeout(HANDSHAKE, socket.close(Some(close))).await;
        // The connection must stay until the client has read the frame.
        let _echo = timeout(HANDSHAKE, async { while let Some(Ok(_)) = socket.next().await {} }).await;
    }
}

/// Returns the words with which to close, or nothing when the client is gone.
async fn run(ground: &Ground, tail: &Tail, query: Arc<LogQuery>, socket: &mut Socket) -> Option<String> {
    let begun = Instant::now();
    let mut pings = interval_at(begun + PING, PING);
    let mut ticks = interval_at(begun + ground.limits.tick, ground.limits.tick);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut next = ground.site.clock.now().shifted(1);
    let history = Window { start: tail.start, end: next };
    let (site, limit, asked) = (ground.site.clone(), tail.limit, query.clone());
    let lines = tokio::task::spawn_blocking(move || backfill(&site, &asked, history, limit)).await.ok()?;
    send_all(socket, frames(&lines, &[], tail.categorized)).await?;
    loop {
        tokio::select! {
            _ = pings.tick() => send(socket, Message::Ping(Vec::new().into())).await?,
            _ = ticks.tick() => {
                let window = Window { start: next, end: ground.site.clock.now().shifted(1) };
                next = window.end.max(next);
                let (site, query, most) = (ground.site.clone(), query.clone(), ground.limits.lines_a_tick);
                let work = move || gather(&site, &query, window, most);
                let (lines, dropped) = tokio::task::spawn_blocking(work).await.ok()?;
                send_all(socket, frames(&lines, &dropped, tail.categorized)).await?;
            }
            message = socket.next() => match message {
                None | Some(Err(_) | Ok(Message::Close(_))) => {
                    let _gone = timeout(HANDSHAKE, socket.flush()).await;
                    return None;
                }
                Some(Ok(_)) => {}
            },
            () = sleep_until(begun + ground.limits.longest_tail) => {
                return Some("reached tail max duration limit".to_owned());
            }
        }
    }
}

/// The newest `limit` lines of the past, oldest first.
fn backfill(site: &Site, query: &LogQuery, window: Window, limit: usize) -> Vec<Kept> {
    let mut lines = Vec::new();
    let _best_effort = walk(
        &*site.company,
        window,
        window.end,
        Direction::Backward,
        &|stream, level| query.may_keep(stream, level),
        |record| {
            lines.extend(query.keep(record));
            lines.len() < limit
        },
    );
    lines.reverse();
    lines
}

/// The lines since the last tick: those that fit, and the older ones that do not.
fn gather(site: &Site, query: &LogQuery, window: Window, most: usize) -> (Vec<Kept>, Vec<LogRecord>) {
    let mut lines: Vec<Kept> = site
        .company
        .lines_where(window, &|stream, level| query.may_keep(stream, level))
        .into_iter()
        .filter_map(|record| query.keep(record))
        .collect();
    let fitting = lines.split_off(lines.len().saturating_sub(most));
    (fitting, lines.into_iter().map(|kept| kept.record).collect())
}

async fn send_all(socket: &mut Socket, frames: Vec<String>) -> Option<()> {
    for frame in frames {
        send(socket, Message::Text(frame.into())).await?;
    }
    Some(())
}

async fn send(socket: &mut Socket, message: Message) -> Option<()> {
    timeout(SEND, socket.send(message)).await.ok()?.ok()
}
