//! What the clients make of a server's answers, through their ports from loopback: a trace of 20,000 spans as protobuf and as
//! JSON, 5,000 log lines, twenty series of 2,000 points. Beside each stands the limit, measured in the same run: the parser
//! alone, on the same bytes without a network.
#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up has no figure")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use prost::Message;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::runtime::{Builder, Runtime};
use warroom::backend::{Endpoint, Loki, Prometheus, Tempo};
use warroom::domain::{Timestamp, TraceId, Window};
use warroom::port::{Logs, Metrics, Traces};

#[path = "limits/json.rs"]
#[expect(dead_code, reason = "it is read, and that is all")]
mod json;
#[path = "limits/otlp.rs"]
mod otlp;

const SPANS: u64 = 20_000;
const LINES: u64 = 5_000;
const SERIES: u64 = 20;
const POINTS: u64 = 2_000;
const TRACE: &str = "5af7183fb1d4cf5f41e6c9d2ab3e77aa";
const START: u64 = 1_773_423_000;

/// Answers every request of every connection with the same bytes.
fn server(kind: &'static str, body: Vec<u8>) -> Endpoint {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let body = Arc::new(body);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let body = Arc::clone(&body);
            thread::spawn(move || answer(stream, kind, &body));
        }
    });
    Endpoint::new("measured", format!("http://{address}").parse().expect("a url"))
}

fn answer(mut stream: TcpStream, kind: &str, body: &[u8]) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut requests = BufReader::new(stream.try_clone().ok()?);
    loop {
        let mut length = 0_u64;
        loop {
            let mut line = String::new();
            if requests.read_line(&mut line).ok()? == 0 {
                return None;
            }
            if let Some(told) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = told.trim().parse().ok()?;
            }
            if line.trim().is_empty() {
                break;
            }
        }
        std::io::copy(&mut std::io::Read::take(&mut requests, length), &mut std::io::sink()).ok()?;
        let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(body).ok()?;
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn window() -> Window {
    let end = Timestamp::from_seconds(i64::try_from(START).unwrap_or(0) + 3_600);
    Window::ending(end, Duration::from_secs(7_200))
}

fn trace_proto() -> Vec<u8> {
    let trace_id: Vec<u8> = TRACE.parse::<TraceId>().expect("an id").to_string().into_bytes();
    let trace_id: Vec<u8> =
        trace_id.chunks(2).filter_map(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok()).collect();
    let text = |key: &str, value: String| otlp::KeyValue {
        key: key.into(),
        value: Some(otlp::AnyValue { held: Some(otlp::Held::Text(value)) }),
    };
    let span = |number: u64| otlp::Span {
        trace_id: trace_id.clone(),
        span_id: number.to_be_bytes().to_vec(),
        parent_span_id: if number > 1 { ((number + 6) / 8).to_be_bytes().to_vec() } else { Vec::new() },
        name: format!("step {}", number % 97),
        kind: 2,
        start: START * 1_000_000_000 + number * 1_000,
        end: (START + 60) * 1_000_000_000 - number * 1_000,
        attributes: vec![
            text("http.request.method", "POST".into()),
            text("http.route", format!("/orders/{}", number % 31)),
            text("order_id", number.to_string()),
            text("server.address", format!("node-{}.internal", number % 17)),
        ],
        status: None,
    };
    let scope = otlp::ScopeSpans { spans: (1..=SPANS).map(span).collect() };
    let resource = otlp::Resource { attributes: vec![text("service.name", "orders".into())] };
    let spans = otlp::ResourceSpans { resource: Some(resource), scope_spans: vec![scope] };
    otlp::Answer { trace: Some(otlp::Traces { resource_spans: vec![spans] }) }.encode_to_vec()
}

fn trace_json() -> String {
    let mut text = r#"{"trace":{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"orders"}}]},"scopeSpans":[{"spans":["#.to_owned();
    for number in 1..=SPANS {
        let parent = if number > 1 { format!(r#""parentSpanId":"{:016x}","#, (number + 6) / 8) } else { String::new() };
        let comma = if number > 1 { "," } else { "" };
        let (start, end) = (START * 1_000_000_000 + number * 1_000, (START + 60) * 1_000_000_000 - number * 1_000);
        write!(
            text,
            r#"{comma}{{"traceId":"{TRACE}","spanId":"{number:016x}",{parent}"name":"step {}","kind":"SPAN_KIND_SERVER","startTimeUnixNano":"{start}","endTimeUnixNano":"{end}","attributes":[{{"key":"http.request.method","value":{{"stringValue":"POST"}}}},{{"key":"http.route","value":{{"stringValue":"/orders/{}"}}}},{{"key":"order_id","value":{{"stringValue":"{number}"}}}},{{"key":"server.address","value":{{"stringValue":"node-{}.internal"}}}}],"status":{{}}}}"#,
            number % 97,
            number % 31,
            number % 17,
        )
        .expect("written");
    }
    text + "]}]}]},\"metrics\":{}}"
}

fn traces(criterion: &mut Criterion) {
    let (runtime, id) = (runtime(), TRACE.parse::<TraceId>().expect("an id"));
    let (proto, json) = (trace_proto(), trace_json());
    let mut group = criterion.benchmark_group("a trace of 20,000 spans");
    group.sample_size(20);
    group.bench_function("limit: prost alone", |bench| {
        bench.iter(|| black_box(otlp::Answer::decode(proto.as_slice()).expect("decoded")));
    });
    group.bench_function("limit: serde_json alone, borrowed", |bench| {
        bench.iter(|| drop(black_box(serde_json::from_str::<json::Answer<'_>>(&json).expect("read"))));
    });
    for (name, kind, body) in [
        ("Tempo, protobuf", "application/protobuf", proto.clone()),
        ("Tempo, JSON", "application/json", json.clone().into()),
    ] {
        let tempo = Tempo::connect(server(kind, body)).expect("a client");
        let fetched = runtime.block_on(tempo.trace(id, None)).expect("a trace");
        assert_eq!(fetched.spans.len() as u64, SPANS);
        group.bench_function(name, |bench| bench.iter(|| runtime.block_on(tempo.trace(id, None)).expect("a trace")));
    }
    group.finish();
}

/// Any answer as bare nesting: what serde_json needs to see where each value ends.
#[derive(Deserialize)]
struct Streams<'a> {
    #[serde(borrow)]
    data: StreamsData<'a>,
}

#[derive(Deserialize)]
struct StreamsData<'a> {
    #[serde(borrow)]
    result: Vec<Stream<'a>>,
}

#[derive(Deserialize)]
struct Stream<'a> {
    #[serde(borrow)]
    values: Vec<[std::borrow::Cow<'a, str>; 2]>,
}

fn lines(criterion: &mut Criterion) {
    let runtime = runtime();
    let mut text = r#"{"status":"success","data":{"resultType":"streams","result":["#.to_owned();
    for stream in 0..5 {
        let comma = if stream > 0 { "," } else { "" };
        write!(text, r#"{comma}{{"stream":{{"service_name":"service-{stream}","detected_level":"warn"}},"values":["#)
            .expect("written");
        for number in (0..LINES / 5).rev() {
            let comma = if number + 1 < LINES / 5 { "," } else { "" };
            let at = START * 1_000_000_000 + (number * 5 + stream) * 1_000_000;
            write!(
                text,
                r#"{comma}["{at}","{{\"level\":\"warn\",\"order_id\":\"{number}\",\"msg\":\"order {number} rejected: quote unavailable; not requeued\"}}"]"#
            )
            .expect("written");
        }
        text += "]}";
    }
    text += "]}}";
    let mut group = criterion.benchmark_group("5,000 lines");
    group.sample_size(20);
    group.bench_function("limit: serde_json alone, borrowed", |bench| {
        bench.iter(|| {
            let read = serde_json::from_str::<Streams<'_>>(&text).expect("read");
            black_box(read.data.result.iter().map(|stream| stream.values.len()).sum::<usize>())
        });
    });
    let loki = Loki::connect(server("application/json", text.clone().into())).expect("a client");
    let ask = || runtime.block_on(loki.history("{}", window(), 4_999)).expect("lines");
    assert!(ask().lines.len() >= 4_999);
    group.bench_function("Loki", |bench| bench.iter(ask));
    group.finish();
}

#[derive(Deserialize)]
struct Matrix<'a> {
    #[serde(borrow)]
    data: MatrixData<'a>,
}

#[derive(Deserialize)]
struct MatrixData<'a> {
    #[serde(borrow)]
    result: Vec<OneSeries<'a>>,
}

#[derive(Deserialize)]
struct OneSeries<'a> {
    #[serde(borrow)]
    metric: &'a RawValue,
    #[serde(borrow)]
    values: Vec<(f64, &'a str)>,
}

fn numbers(criterion: &mut Criterion) {
    let runtime = runtime();
    let mut text = r#"{"status":"success","data":{"resultType":"matrix","result":["#.to_owned();
    for series in 0..SERIES {
        let comma = if series > 0 { "," } else { "" };
        write!(text, r#"{comma}{{"metric":{{"__name__":"requests","pod":"pod-{series}"}},"values":["#)
            .expect("written");
        for point in 0..POINTS {
            let comma = if point > 0 { "," } else { "" };
            write!(text, r#"{comma}[{},"{}.25"]"#, START + point, point * 31 % 1_009).expect("written");
        }
        text += "]}";
    }
    text += "]}}";
    let mut group = criterion.benchmark_group("20 series of 2,000 points");
    group.sample_size(20);
    group.bench_function("limit: serde_json alone, borrowed", |bench| {
        bench.iter(|| {
            let read = serde_json::from_str::<Matrix<'_>>(&text).expect("read");
            let value = |(at, value): &(f64, &str)| at + value.parse::<f64>().unwrap_or(0.0);
            let sum: f64 = read.data.result.iter().flat_map(|one| &one.values).map(value).sum();
            black_box((sum, read.data.result.iter().map(|one| one.metric.get().len()).sum::<usize>()))
        });
    });
    let prometheus = Prometheus::connect(server("application/json", text.clone().into())).expect("a client");
    let ask = || runtime.block_on(prometheus.range("up", window(), Duration::from_secs(1))).expect("an answer");
    black_box(ask());
    group.bench_function("Prometheus", |bench| bench.iter(ask));
    group.finish();
}

criterion_group!(benches, traces, lines, numbers);
criterion_main!(benches);
