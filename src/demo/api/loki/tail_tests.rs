//! The simulated Loki's tail over a real websocket. Not its queries: that is `tests.rs`.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::{Limits, router_with};
use crate::demo::api::rehearsal;
use crate::demo::api::shape::shape;
use crate::demo::fault::{Fault, Flooded, Schedule, Target};
use crate::demo::fixture::Fixture;
use crate::demo::server::Server;
use crate::demo::site::{Clock, Site};
use crate::domain::Timestamp;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

const SELECTOR: &str = "query=%7Bservice_name%3D~%22.%2B%22%7D";

/// Noise at this rate for ever, a second of the company being a second here.
fn site(per_second: u32) -> Arc<Site> {
    let begin = Timestamp::from_seconds(1_795_348_800);
    let company = Flooded::new(Arc::new(Fixture::default()), per_second, Timestamp::EPOCH, Duration::ZERO, None);
    Arc::new(Site { company: Arc::new(company), clock: Clock::new(begin, 1.0) })
}

async fn serve(per_second: u32, limits: Limits) -> Server {
    rehearsal::serve(router_with(site(per_second), limits)).await
}

fn quick() -> Limits {
    Limits { tick: Duration::from_millis(20), ..Limits::default() }
}

async fn tail(server: &Server, query: &str, header: Option<(&'static str, &'static str)>) -> Result<Socket, Error> {
    let url = format!("{}/loki/api/v1/tail?{query}", server.url().replace("http", "ws"));
    let mut request = url.into_client_request().expect("a URL");
    if let Some((name, value)) = header {
        request.headers_mut().insert(name, value.parse().expect("a value"));
    }
    connect_async(request).await.map(|(socket, _)| socket)
}

async fn refusal(server: &Server, query: &str) -> (u16, String) {
    match tail(server, query, Some(("x-scope-orgid", if query.contains("two") { "a|b" } else { "a" }))).await {
        Err(Error::Http(answer)) => {
            let body = answer.body().clone().unwrap_or_default();
            (answer.status().as_u16(), String::from_utf8(body).expect("UTF-8"))
        }
        other => panic!("expected a refusal, not {other:?}"),
    }
}

/// The next text frame; pings and what else comes is passed over.
async fn frame(socket: &mut Socket) -> Value {
    loop {
        match socket.next().await.expect("not the end").expect("a frame") {
            Message::Text(text) => return serde_json::from_str(&text).expect("JSON"),
            Message::Close(frame) => panic!("closed: {frame:?}"),
            _ => {}
        }
    }
}

async fn close_reason(socket: &mut Socket) -> (CloseCode, String) {
    loop {
        if let Message::Close(frame) = socket.next().await.expect("not the end").expect("a frame") {
            let frame = frame.expect("a reason");
            return (frame.code, frame.reason.to_string());
        }
    }
}

fn recorded_frame(name: &str) -> Value {
    let frames = name.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let text = frames.filter_map(|frame| frame["text"].as_str().map(str::to_owned)).next().expect("a text frame");
    serde_json::from_str(&text).expect("JSON")
}

#[tokio::test]
async fn lines_come_as_recorded_with_and_without_categories() {
    let server = serve(500, quick()).await;
    let mut plain = tail(&server, SELECTOR, None).await.expect("an upgrade");
    let recorded = recorded_frame(include_str!("../../../../tests/recorded/loki-3.7.6/tail_live.frames.jsonl"));
    let keys = |frame: &Value| {
        shape(frame)
            .into_iter()
            .map(|path| path.replace(".app", ".service_name").replace(".env", ".service_name"))
            .collect::<std::collections::BTreeSet<_>>()
    };
    let first = frame(&mut plain).await;
    assert_eq!(keys(&first), keys(&recorded), "metadata is dropped");
    assert!(
        first["streams"]
            .as_array()
            .expect("a list")
            .iter()
            .all(|stream| stream["values"].as_array().map(Vec::len) == Some(1))
    );
    let header = Some(("x-loki-response-encoding-flags", "categorize-labels"));
    let mut apart = tail(&server, SELECTOR, header).await.expect("an upgrade");
    let recorded =
        recorded_frame(include_str!("../../../../tests/recorded/loki-3.7.6/tail_live_categorized.frames.jsonl"));
    assert_eq!(keys(&frame(&mut apart).await), keys(&recorded));
}

#[tokio::test]
async fn no_line_is_lost_or_doubled_after_the_history() {
    let server = serve(500, quick()).await;
    let mut socket = tail(&server, &format!("{SELECTOR}&limit=30"), None).await.expect("an upgrade");
    let mut times: Vec<i64> = Vec::new();
    while times.len() < 200 {
        let frame = frame(&mut socket).await;
        let streams = frame["streams"].as_array().expect("a list").clone();
        if times.is_empty() {
            assert_eq!(streams.len(), 30, "the limit holds for the history");
        }
        let time = |stream: &Value| -> i64 {
            stream["values"][0][0].as_str().and_then(|text| text.parse().ok()).expect("nanos")
        };
        times.extend(streams.iter().map(time));
    }
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] == 2_000_000), "{times:?}");
}

#[tokio::test]
async fn what_does_not_fit_a_tick_is_dropped_and_told() {
    let server = serve(5_000, Limits { lines_a_tick: 10, ..quick() }).await;
    let mut socket = tail(&server, SELECTOR, None).await.expect("an upgrade");
    let told = loop {
        let frame = frame(&mut socket).await;
        if !frame["dropped_entries"].is_null() {
            break frame;
        }
    };
    let entry = &told["dropped_entries"][0];
    assert!(entry["timestamp"].is_string() && entry["labels"]["service_name"] == "load-generator", "{told}");
}

#[tokio::test]
async fn pings_come_and_a_close_is_answered() {
    let server = serve(1, Limits::default()).await;
    let mut socket = tail(&server, SELECTOR, None).await.expect("an upgrade");
    loop {
        if let Message::Ping(payload) = socket.next().await.expect("not the end").expect("a frame") {
            assert!(payload.is_empty());
            break;
        }
    }
    socket.close(None).await.expect("sent");
    while let Some(message) = socket.next().await {
        message.expect("no error after the close");
    }
}

#[tokio::test]
async fn refusals_come_before_the_upgrade() {
    let server = serve(1, quick()).await;
    let recorded = include_str!("../../../../tests/recorded/loki-3.7.6/tail_bad_query.frames.jsonl");
    let bad = refusal(&server, "query=%7Bapp%3D").await;
    assert_eq!(bad.0, 400);
    assert!(recorded.contains(&bad.1), "{}", bad.1);
    assert!(refusal(&server, &format!("{SELECTOR}&delay_for=9")).await.1.contains("delay_for"));
    assert!(refusal(&server, &format!("{SELECTOR}&tenants=two")).await.1.contains("multiple org IDs"));
    let plain = reqwest::get(format!("{}/loki/api/v1/tail?{SELECTOR}", server.url())).await.expect("an answer");
    assert_eq!((plain.status().as_u16(), plain.text().await.expect("text").trim()), (400, "Bad Request"));
}

#[tokio::test]
async fn a_metric_query_an_old_tail_and_one_too_many_are_closed_with_words() {
    let server = serve(1, Limits { longest_tail: Duration::from_millis(50), ..quick() }).await;
    let mut metric = tail(&server, "query=rate(%7Ba%3D%22b%22%7D%5B1m%5D)", None).await.expect("an upgrade");
    assert_eq!(close_reason(&mut metric).await, (CloseCode::Error, "only log selector is supported".to_owned()));
    let mut old = tail(&server, SELECTOR, None).await.expect("an upgrade");
    assert_eq!(close_reason(&mut old).await, (CloseCode::Error, "reached tail max duration limit".to_owned()));
    let server = serve(1, Limits { most_tails: 1, ..quick() }).await;
    let mut first = tail(&server, SELECTOR, None).await.expect("an upgrade");
    frame(&mut first).await;
    let mut second = tail(&server, SELECTOR, None).await.expect("an upgrade");
    assert!(close_reason(&mut second).await.1.contains("max concurrent tail requests"));
}

/// A server that goes down that many milliseconds after its start, for a while, and the clock of it.
async fn serve_until(lead: u32) -> (Server, Clock) {
    let clock = Clock::new(Timestamp::from_seconds(1_795_348_800), 1.0);
    let faults: [Fault; 1] = [format!("loki:down@{lead}ms..{}ms", lead + 300).parse().expect("a fault")];
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let router = router_with(Arc::new(Site { clock, ..(*site(100)).clone() }), quick());
    (Server::serve(listener, router, Schedule::new(Target::Loki, clock, &faults)).expect("an address"), clock)
}

#[tokio::test]
async fn a_server_that_goes_down_cuts_its_tails_and_comes_back() {
    // A machine too busy to connect before the server goes down gets more time.
    let mut lead = 200;
    let (server, clock, mut socket) = loop {
        let (server, clock) = serve_until(lead).await;
        if let Ok(socket) = tail(&server, SELECTOR, None).await {
            break (server, clock, socket);
        }
        lead *= 2;
    };
    let end = loop {
        match socket.next().await {
            Some(Ok(message)) => assert!(!message.is_close(), "cut, not closed"),
            end => break end,
        }
    };
    assert!(matches!(end, Some(Err(_))), "{end:?}");
    assert!(clock.elapsed() >= Duration::from_millis(lead.into()), "not before its time");
    while tail(&server, SELECTOR, None).await.is_err() {
        tokio::task::yield_now().await;
    }
    assert!(clock.elapsed() >= Duration::from_millis(u64::from(lead) + 300), "it came back when it should");
}

#[tokio::test]
async fn a_stopped_server_ends_its_tails() {
    let server = serve(100, quick()).await;
    let mut socket = tail(&server, SELECTOR, None).await.expect("an upgrade");
    frame(&mut socket).await;
    server.stop().await;
    while let Some(Ok(_)) = socket.next().await {}
}
