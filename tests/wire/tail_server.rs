//! A Loki that tails: plays a script for each connection, and answers queries from its store on the same port.

use std::sync::{Arc, Mutex};

use futures_util::SinkExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use url::Url;

use super::replay::base;

/// What a connection does before it ends.
#[derive(Clone, Debug)]
pub enum Act {
    /// Sends these lines of the store, named by their times, as one frame.
    Lines(Vec<i64>),
    Frame(String),
    Close(u16, &'static str),
    /// Answers the upgrade with this instead.
    Refuse(&'static str),
    /// Keeps the connection and says nothing more.
    Stay,
}

#[derive(Clone, Default)]
pub struct Script {
    /// One list of acts a connection, in order; a connection without one stays.
    pub connections: Vec<Vec<Act>>,
    /// The times of the lines that a query finds.
    pub store: Vec<i64>,
    /// What it finds before a second tail has connected, if that is less.
    pub store_before: Option<Vec<i64>>,
    /// The number that a query for a number finds; otherwise it counts the store.
    pub uncounted: bool,
    /// A query for lines is answered with one of so many bytes.
    pub huge: Option<usize>,
    /// A query is refused with this status and these words.
    pub refusal: Option<(&'static str, &'static str)>,
}

pub struct TailServer {
    pub base: Url,
    heads: Arc<Mutex<Vec<String>>>,
}

impl TailServer {
    pub async fn play(script: Script) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let base = base(&listener);
        let heads: Arc<Mutex<Vec<String>>> = Arc::default();
        let memory = Arc::clone(&heads);
        tokio::spawn(async move {
            let mut scenes = script.connections.clone().into_iter();
            while let Ok((stream, _)) = listener.accept().await {
                let head = peek(&stream).await;
                let is_tail = is_of_tail(&head);
                memory.lock().expect("a lock").push(head.clone());
                let script = script.clone();
                let tails = memory.lock().expect("a lock").iter().filter(|head| is_of_tail(head)).count();
                let acts = if is_tail { scenes.next().unwrap_or_else(|| vec![Act::Stay]) } else { Vec::new() };
                tokio::spawn(async move {
                    if is_tail { tail(stream, acts).await } else { query(stream, &head, &script, tails).await }
                });
            }
        });
        Self { base, heads }
    }

    /// The heads of the upgrade requests, in order.
    pub fn upgrades(&self) -> Vec<String> {
        let heads = self.heads.lock().expect("a lock");
        heads.iter().filter(|head| is_of_tail(head)).cloned().collect()
    }
}

fn is_of_tail(head: &str) -> bool {
    head.starts_with("GET /loki/api/v1/tail")
}

async fn peek(stream: &TcpStream) -> String {
    let mut head = vec![0; 4096];
    let length = stream.peek(&mut head).await.unwrap_or(0);
    String::from_utf8_lossy(&head[..length]).into_owned()
}

async fn tail(mut stream: TcpStream, acts: Vec<Act>) {
    if let Some(Act::Refuse(answer)) = acts.first() {
        drop(stream.read(&mut [0; 4096]).await);
        drop(stream.write_all(answer.as_bytes()).await);
        return;
    }
    let Ok(mut socket) = accept_async(stream).await else { return };
    for act in acts {
        let message = match act {
            Act::Lines(times) => Message::text(format!(
                r#"{{"streams":[{{"stream":{{"app":"live"}},"values":[{}]}}],"encodingFlags":["categorize-labels"]}}"#,
                values(&times)
            )),
            Act::Frame(text) => Message::text(text),
            Act::Close(code, reason) => Message::Close(Some(CloseFrame { code: code.into(), reason: reason.into() })),
            Act::Refuse(_) => return,
            Act::Stay => std::future::pending().await,
        };
        drop(socket.send(message).await);
    }
}

/// Backward, as many lines as were asked for; counts where a number is asked for.
async fn query(mut stream: TcpStream, head: &str, script: &Script, tails: usize) {
    drop(stream.read(&mut [0; 4096]).await);
    let path = head.split(' ').nth(1).unwrap_or("");
    let asked = Url::parse("http://lab/").expect("a URL").join(path).expect("a path");
    let of = |name: &str| asked.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned());
    let number = |name: &str| of(name).and_then(|value| value.parse::<i64>().ok());
    let store = script.store_before.as_ref().filter(|_| tails < 2).unwrap_or(&script.store);
    let (start, end) = (number("start").unwrap_or(0), number("end").unwrap_or(i64::MAX));
    let mut found: Vec<i64> = store.iter().copied().filter(|time| (start..end).contains(time)).collect();
    found.reverse();
    found.truncate(usize::try_from(number("limit").unwrap_or(100)).unwrap_or(0));
    let (status, body) = match script.refusal {
        Some((status, words)) => (status, words.to_owned()),
        None if path.starts_with("/loki/api/v1/query?") && script.uncounted => ("400 Bad Request", String::new()),
        None if path.starts_with("/loki/api/v1/query?") => {
            let (question, time) = (of("query").unwrap_or_default(), number("time").unwrap_or(0));
            let range = question.strip_prefix(r#"sum(count_over_time({app="live"} ["#).expect("a count");
            let range: i64 = range.strip_suffix("ns]))").and_then(|range| range.parse().ok()).expect("a range");
            let count = store.iter().filter(|known| (time - range + 1..=time).contains(known)).count();
            let value = format!(r#"{{"metric":{{}},"value":[{}.5,"{count}"]}}"#, time / 1_000_000_000);
            let value = if count == 0 { String::new() } else { value };
            ("200 OK", format!(r#"{{"status":"success","data":{{"resultType":"vector","result":[{value}]}}}}"#))
        }
        None => {
            let lines = script.huge.map_or_else(|| values(&found), |bytes| format!(r#"["5","{}"]"#, "x".repeat(bytes)));
            let body = format!(
                r#"{{"status":"success","data":{{"resultType":"streams","encodingFlags":["categorize-labels"],"result":[{{"stream":{{"app":"live"}},"values":[{lines}]}}]}}}}"#
            );
            ("200 OK", body)
        }
    };
    let answer = format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    drop(stream.write_all(answer.as_bytes()).await);
}

fn values(times: &[i64]) -> String {
    let values: Vec<String> = times.iter().map(|time| format!(r#"["{time}","line {time}",{{}}]"#)).collect();
    values.join(",")
}
