//! What the clients make of a server's answers, through their ports from loopback: 5,000 log lines, twenty series of 2,000
//! points. Beside each stands the limit, measured in the same run: the parser alone, on the same bytes without a network.
//! Traces have their own: `traces.rs`.
#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up has no figure")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::runtime::{Builder, Runtime};
use warroom::backend::{Endpoint, Loki, Prometheus};
use warroom::domain::{Timestamp, Window};
use warroom::port::{Logs, Metrics};

const LINES: u64 = 5_000;
const SERIES: u64 = 20;
const POINTS: u64 = 2_000;
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

criterion_group!(benches, lines, numbers);
criterion_main!(benches);
