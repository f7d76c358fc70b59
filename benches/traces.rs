//! A trace of 100,000 spans from a server on loopback to its first frame, by protobuf and by JSON: fetched, decoded, made
//! into a tree, taken by the room, drawn. Beside each stands the limit, measured in turns with it: the same bytes through
//! prost or serde_json alone. At the end what each takes of memory at its peak against the length of the JSON, each in a
//! process of its own. Also one way and nothing else, so many times, for counting instructions:
//!
//! ```sh
//! cargo bench --bench traces                 # 15 turns; a number: so many
//! CARGO_PROFILE_BENCH_STRIP=none cargo bench --bench traces --no-run
//! valgrind --tool=callgrind --toggle-collect='*counted*' target/release/deps/traces-* only limit-protobuf 1
//! ```
#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up has no figure")]
#![expect(clippy::print_stdout, reason = "what it finds out is said there")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::header;
use axum::routing::get;
use prost::Message as _;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tokio::runtime::Runtime;
use url::Url;
use warroom::backend::{Endpoint, Tempo};
use warroom::domain::TraceId;
use warroom::domain::trace::{SkewOptions, Tree};
use warroom::port::Traces;
use warroom::room::{Fact, Keymap, Message, Room, Settings, Slot, update};
use warroom::ui::{Glyphs, Scene, Theme, draw};

#[path = "limits/json.rs"]
#[expect(dead_code, reason = "it is read, and that is all")]
mod json;
#[path = "limits/otlp.rs"]
mod otlp;
#[path = "limits/written.rs"]
mod written;

use written::{SPANS, TRACE, written};

const TURNS: usize = 15;

/// Answers every question with these bytes; gives where.
async fn serve(body: Vec<u8>, kind: &'static str) -> Url {
    let body = axum::body::Bytes::from(body);
    let answer = move || std::future::ready(([(header::CONTENT_TYPE, kind)], body.clone()));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = Router::new().fallback(get(answer));
    tokio::spawn(async move { axum::serve(listener, router).await });
    Url::parse(&format!("http://{address}")).expect("a URL")
}

fn client(url: Url) -> Tempo {
    Tempo::connect(Endpoint::new("bench", url)).expect("a client")
}

/// From the question to a frame that shows the trace; gives what is kept of it.
async fn shown(client: &Tempo) -> Room {
    let trace: TraceId = TRACE.parse().expect("an id");
    let fetched = client.trace(trace, None).await.expect("a trace");
    let build = move || Tree::build(trace, fetched.spans, fetched.partial, SkewOptions::default());
    let tree = tokio::task::spawn_blocking(build).await.expect("a tree");
    assert_eq!(tree.len() as u64, SPANS);
    let mut room = Room::new(Settings::default(), Vec::new(), Keymap::default(), tree.end());
    room.lens.trace = Some(trace);
    let ticket = room.tickets.draw(Slot::Trace);
    drop(update(&mut room, Message::Fact(Fact::Trace { ticket, tree: Arc::new(tree) })));
    let theme = Theme::embedded("dark").expect("embedded");
    let mut buffer = Buffer::empty(Rect::new(0, 0, 120, 40));
    let scene = Scene { room: &room, theme: &theme, glyphs: Glyphs::Unicode };
    let (drawn, _) = draw(&mut buffer, &scene);
    black_box(drawn);
    room
}

struct Ways {
    runtime: Runtime,
    proto: Vec<u8>,
    json: String,
    by_proto: Url,
    by_json: Url,
    clients: [Tempo; 2],
}

const WAYS: [&str; 4] = ["limit-protobuf", "protobuf", "limit-json", "json"];

impl Ways {
    fn new() -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let runtime = Runtime::new().expect("a runtime");
        let (proto, json) = written();
        let by_proto = runtime.block_on(serve(proto.clone(), "application/protobuf"));
        let by_json = runtime.block_on(serve(json.clone().into_bytes(), "application/json"));
        let clients = [client(by_proto.clone()), client(by_json.clone())];
        Self { runtime, proto, json, by_proto, by_json, clients }
    }

    /// How long it takes until there is something; what it takes to let go of it is not counted. A name that a profile can
    /// be limited to.
    #[inline(never)]
    fn counted(&self, way: &str) -> Duration {
        fn taken<T>(made: impl FnOnce() -> T) -> Duration {
            let begun = Instant::now();
            let made = black_box(made());
            let taken = begun.elapsed();
            drop(made);
            taken
        }
        let [by_proto, by_json] = &self.clients;
        match way {
            "limit-protobuf" => taken(|| otlp::Answer::decode(self.proto.as_slice()).expect("a trace")),
            "limit-json" => taken(|| serde_json::from_str::<json::Answer<'_>>(&self.json).expect("a trace")),
            "protobuf" => taken(|| self.runtime.block_on(shown(by_proto))),
            _ => taken(|| self.runtime.block_on(shown(by_json))),
        }
    }
}

fn median(mut taken: Vec<Duration>) -> Duration {
    taken.sort();
    taken.get(taken.len() / 2).copied().unwrap_or_default()
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let first = arguments.next();
    match first.as_deref() {
        Some("only") => {
            let (way, count) = (arguments.next().unwrap_or_default(), arguments.next());
            let ways = Ways::new();
            for _ in 0..count.and_then(|count| count.parse().ok()).unwrap_or(1) {
                ways.counted(&way);
            }
        }
        Some("peak") => peak(&arguments.next().unwrap_or_default()),
        turns => compare(turns.and_then(|turns| turns.parse().ok()).unwrap_or(TURNS)),
    }
}

fn compare(turns: usize) {
    let ways = Ways::new();
    println!(
        "{SPANS} spans: protobuf {} bytes, JSON {} bytes; medians of {turns} turns",
        ways.proto.len(),
        ways.json.len()
    );
    let mut taken = WAYS.map(|_| Vec::new());
    for turn in 0..=turns {
        for (way, taken) in WAYS.iter().zip(&mut taken) {
            let once = ways.counted(way);
            // The first turn warms up.
            if turn > 0 {
                taken.push(once);
            }
        }
    }
    let [limit_proto, proto, limit_json, json] = taken.map(median);
    for (name, limit, whole) in [("prost", limit_proto, proto), ("serde_json", limit_json, json)] {
        let ratio = whole.as_secs_f64() / limit.as_secs_f64();
        println!("{name} alone {limit:.1?}, from loopback to the first frame {whole:.1?}: {ratio:.2} times");
    }
    for (name, url) in [("protobuf", &ways.by_proto), ("JSON", &ways.by_json)] {
        let program = std::env::current_exe().expect("a path");
        let told = std::process::Command::new(program).args(["peak", url.as_str()]).output().expect("a process");
        let peak: usize = String::from_utf8_lossy(&told.stdout).trim().parse().expect("a number");
        let ratio = peak as f64 / ways.json.len() as f64;
        println!("peak of memory by {name}: {peak} bytes, {ratio:.2} times the JSON");
    }
}

/// In a process of its own: how much more memory there was at the most than before the question.
fn peak(url: &str) {
    drop(rustls::crypto::ring::default_provider().install_default());
    let runtime = Runtime::new().expect("a runtime");
    let client = client(Url::parse(url).expect("a URL"));
    let before = resident("VmRSS");
    drop(runtime.block_on(shown(&client)));
    println!("{}", resident("VmHWM").saturating_sub(before));
}

/// Bytes, by the kernel's count; 0 where it tells none.
fn resident(key: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default();
    line.trim_start_matches(':').split_whitespace().next().and_then(|kilo| kilo.parse::<usize>().ok()).unwrap_or(0)
        * 1_024
}
