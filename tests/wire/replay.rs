//! A server on loopback that answers what the test tells it to, and remembers what it was asked.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, Response};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use url::Url;
use warroom::backend::Endpoint;

/// One request as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: Method,
    pub path: String,
    pub pairs: Vec<(String, String)>,
    pub headers: HeaderMap,
}

impl Asked {
    pub fn pair(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// One answer.
#[derive(Clone, Debug)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Answer {
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: body.into() }
    }

    /// The same with another body.
    pub fn with(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}

/// A recorded answer: `recorded("tempo-3.0.3", "trace_v1_404")`.
pub fn recorded(server: &str, call: &str) -> Answer {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded").join(server);
    let head = std::fs::read_to_string(folder.join(format!("{call}.headers"))).expect("recorded headers");
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
    let mut answer = Answer::new(status.expect("a status line"), body(server, call));
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        if name.eq_ignore_ascii_case("content-type") {
            answer = answer.header(name, value);
        }
    }
    answer
}

/// The body of a recorded answer.
pub fn body(server: &str, call: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded").join(server);
    let found = ["json", "txt", "pb"].iter().find_map(|kind| std::fs::read(folder.join(format!("{call}.{kind}"))).ok());
    found.unwrap_or_default()
}

pub struct Replay {
    pub base: Url,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Replay {
    /// Answers every request by `answer`, until the test ends.
    pub async fn serve(answer: impl Fn(&Asked) -> Answer + Clone + Send + Sync + 'static) -> Self {
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let memory = Arc::clone(&asked);
        let router = Router::new().fallback(move |request: Request| {
            let (answer, memory) = (answer.clone(), Arc::clone(&memory));
            async move {
                let asked = read(request).await;
                let answer = answer(&asked);
                memory.lock().expect("a lock").push(asked);
                let head = Response::builder().status(answer.status);
                let head = answer.headers.iter().fold(head, |head, (name, value)| head.header(name, value));
                head.body(Body::from(answer.body)).expect("an answer")
            }
        });
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let base = base(&listener);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { base, asked }
    }

    pub fn endpoint(&self) -> Endpoint {
        endpoint(&self.base)
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("a lock").clone()
    }
}

pub fn endpoint(base: &Url) -> Endpoint {
    Endpoint { timeout: Duration::from_secs(20), ..Endpoint::new("lab", base.clone()) }
}

pub fn base(listener: &TcpListener) -> Url {
    let address = listener.local_addr().expect("an address");
    Url::parse(&format!("http://{address}/")).expect("a URL")
}

async fn read(request: Request) -> Asked {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.expect("a body");
    let query = head.uri.query().unwrap_or("").as_bytes();
    let parse = url::form_urlencoded::parse;
    let pairs = parse(query).chain(parse(&body)).map(|(name, value)| (name.into(), value.into())).collect();
    Asked { method: head.method, path: head.uri.path().to_owned(), pairs, headers: head.headers }
}

/// Writes these bytes to everyone who asks, and closes; `None` never answers.
pub async fn raw(bytes: Option<Vec<u8>>) -> Url {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let base = base(&listener);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let bytes = bytes.clone();
            tokio::spawn(async move {
                let mut request = [0; 4096];
                drop(stream.read(&mut request).await);
                match bytes {
                    Some(bytes) => drop(stream.write_all(&bytes).await),
                    None => std::future::pending().await,
                }
            });
        }
    });
    base
}
