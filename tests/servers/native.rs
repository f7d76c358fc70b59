//! Native histograms, which no text format carries: a target of our own exposes one in Prometheus' protobuf, a real
//! Prometheus scrapes and keeps it, and the gauges are compared with what was counted there.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use chrono::Utc;
use prost::Message;
use tempfile::TempDir;
use warroom::backend::Prometheus;
use warroom::config::{Config, Surroundings};
use warroom::domain::Timestamp;
use warroom::port::Metrics;
use warroom::runtime::measure;

use crate::installed::{Real, program};
use crate::wait::eventually;

const KIND: &str = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";
/// The number of a histogram among the kinds of metrics.
const HISTOGRAM: i32 = 4;
const HALF_A_MINUTE: Duration = Duration::from_secs(30);

#[derive(Clone, PartialEq, Message)]
struct Family {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(int32, tag = "3")]
    kind: i32,
    #[prost(message, repeated, tag = "4")]
    metrics: Vec<Metric>,
}

#[derive(Clone, PartialEq, Message)]
struct Metric {
    #[prost(message, repeated, tag = "1")]
    labels: Vec<Label>,
    #[prost(message, optional, tag = "7")]
    histogram: Option<Histogram>,
}

#[derive(Clone, PartialEq, Message)]
struct Label {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "2")]
    value: String,
}

#[derive(Clone, PartialEq, Message)]
struct Histogram {
    #[prost(uint64, tag = "1")]
    count: u64,
    #[prost(double, tag = "2")]
    sum: f64,
    /// 0: each bound is twice the one before, and bucket 0 ends at 1.
    #[prost(sint32, tag = "5")]
    schema: i32,
    #[prost(double, tag = "6")]
    zero_threshold: f64,
    #[prost(uint64, tag = "7")]
    zero_count: u64,
    #[prost(message, repeated, tag = "12")]
    spans: Vec<Span>,
    /// Each bucket's count, but for the first one less the count before it.
    #[prost(sint64, repeated, tag = "13")]
    deltas: Vec<i64>,
}

#[derive(Clone, PartialEq, Message)]
struct Span {
    #[prost(sint32, tag = "1")]
    offset: i32,
    #[prost(uint32, tag = "2")]
    length: u32,
}

/// What each scrape adds: up to 0.5, 1, 2 and 4 s.
const WELL: [u64; 4] = [10, 60, 20, 10];
/// Failures come fast.
const FAILED: [u64; 4] = [50, 0, 0, 0];

fn metric(code: &str, each: [u64; 4], scrapes: u64) -> Metric {
    let counts = each.map(|count| i64::try_from(count * scrapes).expect("small"));
    let before = std::iter::once(0).chain(counts);
    Metric {
        labels: vec![Label { name: "code".to_owned(), value: code.to_owned() }],
        histogram: Some(Histogram {
            count: each.iter().sum::<u64>() * scrapes,
            sum: 1.0,
            schema: 0,
            zero_threshold: 1e-9,
            zero_count: 0,
            spans: vec![Span { offset: -1, length: 4 }],
            deltas: counts.iter().zip(before).map(|(count, before)| count - before).collect(),
        }),
    }
}

/// The address of a target that counts on with every scrape.
async fn target() -> String {
    let scrapes = Arc::new(AtomicU64::new(0));
    let page = move || {
        let scrape = scrapes.fetch_add(1, Ordering::Relaxed);
        let family = Family {
            name: "duration_seconds".to_owned(),
            kind: HISTOGRAM,
            metrics: vec![metric("200", WELL, scrape), metric("500", FAILED, scrape)],
        };
        async move { ([(CONTENT_TYPE, KIND)], family.encode_length_delimited_to_vec()) }
    };
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/metrics", get(page))).await });
    address
}

/// The lines of an `[[slo]]` beside its name, and the bad share that is true.
const CASES: [(&str, f64); 4] = [
    // The bounds of buckets: exact.
    ("faster_than = \"1s\"\ngood_when = 'code=\"200\"'", 80.0 / 150.0),
    ("faster_than = \"2s\"", 10.0 / 150.0),
    ("faster_than = \"500ms\"\ngood_when = 'code=\"200\"'", 140.0 / 150.0),
    // Within one: the part of it below the bound, as if its events lay evenly.
    ("faster_than = \"800ms\"\ngood_when = 'code=\"200\"'", (150.0 - 10.0 - 60.0 * 0.6) / 150.0),
];

/// With `--nocapture`: the true share of each case and the one that our query reads.
#[tokio::test]
async fn a_native_histogram_is_read_as_it_was_counted() {
    let Some(prometheus) = program(&["prometheus"], "prometheus") else { return };
    let address = target().await;
    let config = format!(
        "global:\n  scrape_interval: 1s\nscrape_configs:\n- job_name: native\n  static_configs:\n  - targets: ['{address}']\n"
    );
    let command = |port: u16, folder: &TempDir| {
        let mut command = Command::new(&prometheus);
        command
            .arg("--enable-feature=native-histograms")
            .arg(format!("--config.file={}", folder.path().join("config.yml").display()))
            .arg(format!("--storage.tsdb.path={}", folder.path().join("data").display()))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"));
        command
    };
    let real = Real::start(&config, command).await;
    let client = Prometheus::connect(real.endpoint()).expect("a client");
    let now = || Timestamp::from_utc(Utc::now());
    let scraped = "min(count_over_time(duration_seconds[1m]))";
    eventually("scrapes of the histogram", async || {
        let answer = client.instant(scraped, now()).await.expect("an answer");
        answer.series.first().and_then(|series| series.samples.first()).filter(|sample| sample.value >= 6.0).map(|_| ())
    })
    .await;

    let mut table = String::from("native histogram: bad share, true | read\n");
    for (lines, bad) in CASES {
        let text = format!(
            "[[slo]]\nname = \"native\"\nobjective = \"99\"\nhistogram = 'duration_seconds'\nnative = true\n{lines}\n"
        );
        let config = Config::parse("config.toml", &text, &std::env::temp_dir(), &Surroundings::default());
        let slo = config.unwrap_or_else(|problems| panic!("{problems}")).slos[0].clone();
        let read = measure(&client, &slo, HALF_A_MINUTE, now()).await;
        let share = read.ratio().unwrap_or_else(|| panic!("{lines}: {read:?}")).share();
        table.push_str(&format!("{}: {bad:.6} | {share:.6}\n", lines.replace('\n', ", ")));
        assert!((share - bad).abs() < 1e-6, "{table}");
    }
    std::io::Write::write_all(&mut std::io::stderr(), table.as_bytes()).expect("standard error");
}
