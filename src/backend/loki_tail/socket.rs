//! Opening the websocket of a tail, and what it means when it does not open.

use std::collections::VecDeque;

use reqwest::header::{HeaderValue, RETRY_AFTER};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::{Request, Response};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{Connector, MaybeTlsStream, WebSocketStream, connect_async_tls_with_config};

use super::super::http::{self, BODY_BOUND, Http};
use super::super::{retry, words};
use crate::domain::{Cause, Timestamp};

/// Lines that the server may send of the past before it follows.
const BACKFILL: &str = "1000";

pub(super) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Frames kept while something else is waited for.
const MOST_EARLY: usize = 64;
/// Their bytes; one more frame may come on top.
const MOST_EARLY_BYTES: usize = 8 * 1024 * 1024;

/// What a connection brought meanwhile, its end included.
pub(super) type Early = VecDeque<Result<Message, Error>>;

pub(super) fn has_room(early: &Early) -> bool {
    early.len() < MOST_EARLY && early.iter().flatten().map(Message::len).sum::<usize>() < MOST_EARLY_BYTES
}

/// Why there is no connection.
#[derive(Debug)]
pub(super) enum Closed {
    /// It would not help to ask again.
    ForGood(Cause),
    /// Later it may stand.
    Passing(Cause),
    /// The question or the websocket is not liked here: only a query tells which.
    Unsure,
}

/// Connects within the client's deadline. The stream starts at `start`.
pub(super) async fn open(http: &Http, query: &str, start: Timestamp) -> Result<Socket, Closed> {
    let request = request(http, query, start).map_err(Closed::ForGood)?;
    let mut config = WebSocketConfig::default();
    config.max_message_size = Some(BODY_BOUND);
    config.max_frame_size = Some(BODY_BOUND);
    let connector = Connector::Rustls(http.tls());
    let connecting = connect_async_tls_with_config(request, Some(config), true, Some(connector));
    match tokio::time::timeout(http.timeout(), connecting).await {
        Err(_) => Err(Closed::Passing(Cause::TimedOut(http.timeout()))),
        Ok(Ok((socket, _))) => Ok(socket),
        Ok(Err(Error::Http(response))) => Err(refused(&response)),
        // What answers is no websocket, or cuts the handshake.
        Ok(Err(Error::Protocol(_))) => Err(Closed::Unsure),
        Ok(Err(error)) => Err(Closed::Passing(Cause::Unreachable(http::reason(&error)))),
    }
}

fn request(http: &Http, query: &str, start: Timestamp) -> Result<Request, Cause> {
    let mut url = http.url(&["loki", "api", "v1", "tail"]);
    let scheme = if url.scheme() == "https" { "wss" } else { "ws" };
    let bad = || Cause::Unreachable("the URL cannot be one of a websocket".into());
    url.set_scheme(scheme).map_err(|()| bad())?;
    url.query_pairs_mut()
        .append_pair("query", query)
        .append_pair("start", &start.nanos().to_string())
        .append_pair("limit", BACKFILL);
    let mut request = url.as_str().into_client_request().map_err(|_| bad())?;
    let headers = request.headers_mut();
    headers.extend(http.headers().clone());
    headers.insert("x-loki-response-encoding-flags", HeaderValue::from_static("categorize-labels"));
    headers.insert("user-agent", HeaderValue::from_static(concat!("warroom/", env!("CARGO_PKG_VERSION"))));
    Ok(request)
}

fn refused(response: &Response) -> Closed {
    let status = response.status().as_u16();
    let message = words::of_error(response.body().as_deref().unwrap_or_default());
    let wait = response.headers().get(RETRY_AFTER).and_then(|wait| retry::after(wait.to_str().ok()?));
    match status {
        429 => Closed::Passing(Cause::Throttled(wait)),
        503 if wait.is_some() => Closed::Passing(Cause::Throttled(wait)),
        501 => Closed::Unsure,
        500.. => Closed::Passing(Cause::Failing { status, message }),
        // 401 and 403 too: a proxy may keep websockets out and let queries through.
        _ => Closed::Unsure,
    }
}
