//! A trace of 100,000 spans from a server on loopback to its first frame, by protobuf and by JSON: decoded, made into a tree,
//! taken by the room, drawn. Beside each stands the limit, measured in the same run: the same bytes through a decoder that
//! does nothing else. At the end the peak of memory against the length of the JSON.
#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up has no figure")]
#![expect(clippy::print_stdout, reason = "what it finds out is said there")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::header;
use axum::routing::get;
use criterion::{Criterion, criterion_group, criterion_main};
use prost::Message as _;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use serde::Deserialize;
use tokio::runtime::Runtime;
use url::Url;
use warroom::backend::{Endpoint, Tempo};
use warroom::domain::TraceId;
use warroom::domain::trace::{SkewOptions, Tree};
use warroom::port::Traces;
use warroom::room::{Drawn, Fact, Keymap, Message, Room, Settings, Slot, update};
use warroom::ui::{Glyphs, Scene, Theme, draw};

const SPANS: u64 = 100_000;
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const KEYS: [&str; 6] =
    ["order_id", "http.request.method", "http.route", "server.address", "cache.hit", "http.response.status_code"];

/// OTLP, as far as the benchmark needs it: the limit of protobuf.
mod otlp {
    use prost::Message;

    #[derive(Clone, PartialEq, Message)]
    pub struct ById {
        #[prost(message, optional, tag = "1")]
        pub trace: Option<Traces>,
    }
    #[derive(Clone, PartialEq, Message)]
    pub struct Traces {
        #[prost(message, repeated, tag = "1")]
        pub resources: Vec<Process>,
    }
    #[derive(Clone, PartialEq, Message)]
    pub struct Process {
        #[prost(message, optional, tag = "1")]
        pub resource: Option<Resource>,
        #[prost(message, repeated, tag = "2")]
        pub scopes: Vec<Scope>,
    }
    #[derive(Clone, PartialEq, Message)]
    pub struct Resource {
        #[prost(message, repeated, tag = "1")]
        pub attributes: Vec<KeyValue>,
    }
    #[derive(Clone, PartialEq, Message)]
    pub struct Scope {
        #[prost(message, repeated, tag = "2")]
        pub spans: Vec<Span>,
    }
    #[derive(Clone, PartialEq, Message)]
    pub struct Span {
        #[prost(bytes = "vec", tag = "1")]
        pub trace_id: Vec<u8>,
        #[prost(bytes = "vec", tag = "2")]
        pub span_id: Vec<u8>,
        #[prost(bytes = "vec", tag = "4")]
        pub parent_span_id: Vec<u8>,
        #[prost(string, tag = "5")]
        pub name: String,
        #[prost(int32, tag = "6")]
        pub kind: i32,
        #[prost(fixed64, tag = "7")]
        pub start: u64,
        #[prost(fixed64, tag = "8")]
        pub end: u64,
        #[prost(message, repeated, tag = "9")]
        pub attributes: Vec<KeyValue>,
    }
    #[derive(Clone, PartialEq, Message)]
    pub struct KeyValue {
        #[prost(string, tag = "1")]
        pub key: String,
        #[prost(message, optional, tag = "2")]
        pub value: Option<Value>,
    }
    #[derive(Clone, PartialEq, Message)]
    pub struct Value {
        #[prost(string, optional, tag = "1")]
        pub text: Option<String>,
    }
}

/// The same as borrowed structs: the limit of JSON.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Root<'a> {
    #[serde(borrow)]
    resource_spans: Vec<Process<'a>>,
}
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Process<'a> {
    #[serde(borrow)]
    scope_spans: Vec<Scope<'a>>,
}
#[derive(Deserialize)]
struct Scope<'a> {
    #[serde(borrow)]
    spans: Vec<Borrowed<'a>>,
}
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Borrowed<'a> {
    trace_id: &'a str,
    span_id: &'a str,
    #[serde(borrow, default)]
    parent_span_id: Option<&'a str>,
    name: &'a str,
    kind: i32,
    start_time_unix_nano: &'a str,
    end_time_unix_nano: &'a str,
    attributes: Vec<Pair<'a>>,
}
#[derive(Deserialize)]
struct Pair<'a> {
    key: &'a str,
    #[serde(borrow)]
    value: Text<'a>,
}
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Text<'a> {
    string_value: &'a str,
}

impl Borrowed<'_> {
    fn read(&self) -> usize {
        let ids = self.trace_id.len() + self.span_id.len() + self.parent_span_id.map_or(0, str::len);
        let rest = self.name.len() + self.start_time_unix_nano.len() + self.end_time_unix_nano.len();
        let attributes = self.attributes.iter().map(|pair| pair.key.len() + pair.value.string_value.len());
        ids + rest + usize::from(self.kind > 0) + attributes.sum::<usize>()
    }
}

fn services() -> [&'static str; 4] {
    ["edge-gateway", "routing", "inventory", "pricing"]
}

/// Eight children a span, a process for each service.
fn written() -> (Vec<u8>, Vec<u8>) {
    let trace: TraceId = TRACE.parse().expect("an id");
    let text = |key: &str, value: String| otlp::KeyValue {
        key: key.to_owned(),
        value: Some(otlp::Value { text: Some(value) }),
    };
    let (mut resources, mut json) = (Vec::new(), Vec::new());
    for (place, service) in (0_u64..).zip(services()) {
        let (mut spans, mut as_json) = (Vec::new(), Vec::new());
        for number in (1..=SPANS).filter(|number| number % 4 == place) {
            let parent = (number > 1).then(|| (number + 6) / 8);
            let pairs: Vec<(&str, String)> =
                KEYS.iter().map(|key| (*key, format!("{key}-{}", number % 1_000))).collect();
            let (start, end) = (1_773_423_000_000_000_000 + number * 1_000, 1_773_423_002_000_000_000 - number * 1_000);
            spans.push(otlp::Span {
                trace_id: trace.to_bytes().to_vec(),
                span_id: number.to_be_bytes().to_vec(),
                parent_span_id: parent.map(|parent| parent.to_be_bytes().to_vec()).unwrap_or_default(),
                name: format!("operation {}", number % 50),
                kind: 1,
                start,
                end,
                attributes: pairs.iter().map(|(key, value)| text(key, value.clone())).collect(),
            });
            let pairs: Vec<String> = pairs
                .iter()
                .map(|(key, value)| format!("{{\"key\":\"{key}\",\"value\":{{\"stringValue\":\"{value}\"}}}}"))
                .collect();
            let parent = parent.map(|parent| format!("\"parentSpanId\":\"{parent:016x}\",")).unwrap_or_default();
            as_json.push(format!(
                "{{\"traceId\":\"{TRACE}\",\"spanId\":\"{number:016x}\",{parent}\"name\":\"operation {}\",\"kind\":1,\
                 \"startTimeUnixNano\":\"{start}\",\"endTimeUnixNano\":\"{end}\",\"attributes\":[{}]}}",
                number % 50,
                pairs.join(",")
            ));
        }
        let resource = Some(otlp::Resource { attributes: vec![text("service.name", service.to_owned())] });
        resources.push(otlp::Process { resource, scopes: vec![otlp::Scope { spans }] });
        json.push(format!(
            "{{\"resource\":{{\"attributes\":[{{\"key\":\"service.name\",\"value\":{{\"stringValue\":\"{service}\"}}}}]}},\
             \"scopeSpans\":[{{\"spans\":[{}]}}]}}",
            as_json.join(",")
        ));
    }
    let trace = otlp::ById { trace: Some(otlp::Traces { resources }) };
    (trace.encode_to_vec(), format!("{{\"resourceSpans\":[{}]}}", json.join(",")).into_bytes())
}

/// A server that answers every question with these bytes.
async fn serve(body: Vec<u8>, kind: &'static str) -> Tempo {
    let body = axum::body::Bytes::from(body);
    let answer = move || std::future::ready(([(header::CONTENT_TYPE, kind)], body.clone()));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = Router::new().fallback(get(answer));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let endpoint = Endpoint::new("bench", Url::parse(&format!("http://{address}")).expect("a URL"));
    Tempo::connect(endpoint).expect("a client")
}

/// From the question to a frame that shows the trace.
async fn shown(client: &Tempo) -> usize {
    let trace: TraceId = TRACE.parse().expect("an id");
    let fetched = client.trace(trace, None).await.expect("a trace");
    let build = move || Tree::build(trace, fetched.spans, fetched.partial, SkewOptions::default());
    let tree = tokio::task::spawn_blocking(build).await.expect("a tree");
    let spans = tree.len();
    let settings = Settings::default();
    let mut room = Room::new(settings, Vec::new(), Keymap::default(), tree.end());
    room.lens.trace = Some(trace);
    let ticket = room.tickets.draw(Slot::Trace);
    drop(update(&mut room, Message::Fact(Fact::Trace { ticket, tree: Arc::new(tree) })));
    let theme = Theme::embedded("dark").expect("embedded");
    let mut terminal = Terminal::new(TestBackend::new(120, 40)).expect("a terminal");
    let mut drawn = Drawn::default();
    let scene = Scene { room: &room, theme: &theme, glyphs: Glyphs::Unicode };
    terminal.draw(|frame| drawn = draw(frame, &scene)).expect("a frame");
    black_box(drawn);
    spans
}

fn traces(criterion: &mut Criterion) {
    drop(rustls::crypto::ring::default_provider().install_default());
    let runtime = Runtime::new().expect("a runtime");
    let (proto, json) = written();
    println!("protobuf {} bytes, JSON {} bytes", proto.len(), json.len());
    let by_proto = runtime.block_on(serve(proto.clone(), "application/protobuf"));
    let by_json = runtime.block_on(serve(json.clone(), "application/json"));
    let mut group = criterion.benchmark_group("trace");
    group.sample_size(10).measurement_time(Duration::from_secs(6));
    group.bench_function("100k_protobuf_to_frame", |bench| {
        bench.iter(|| assert_eq!(runtime.block_on(shown(&by_proto)), usize::try_from(SPANS).unwrap_or(0)));
    });
    group.bench_function("100k_limit_prost_alone", |bench| {
        bench.iter(|| black_box(otlp::ById::decode(&*proto).expect("a trace")));
    });
    group.bench_function("100k_json_to_frame", |bench| {
        bench.iter(|| assert_eq!(runtime.block_on(shown(&by_json)), usize::try_from(SPANS).unwrap_or(0)));
    });
    group.bench_function("100k_limit_serde_json_alone", |bench| {
        bench.iter(|| {
            let root: Root<'_> = serde_json::from_slice(&json).expect("a trace");
            let spans =
                root.resource_spans.iter().flat_map(|process| &process.scope_spans).flat_map(|scope| &scope.spans);
            black_box(spans.map(Borrowed::read).sum::<usize>())
        });
    });
    group.finish();
    for (name, client) in [("protobuf", &by_proto), ("JSON", &by_json)] {
        let before = resident("VmRSS");
        // The peak starts from here.
        let reset = std::fs::write("/proc/self/clear_refs", "5").is_ok();
        runtime.block_on(shown(client));
        let peak = resident("VmHWM").saturating_sub(before);
        let ratio = peak as f64 / json.len() as f64;
        println!("peak of memory by {name}: {peak} bytes, {ratio:.2} times the JSON (reset {reset})");
    }
}

/// Bytes, by the kernel's count; 0 where it tells none.
fn resident(key: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default();
    line.trim_start_matches(':').split_whitespace().next().and_then(|kilo| kilo.parse::<usize>().ok()).unwrap_or(0)
        * 1_024
}

criterion_group!(benches, traces);
criterion_main!(benches);
