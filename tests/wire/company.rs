//! The clients against the simulated company: what one server tells, the others confirm.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use url::Url;
use warroom::backend::{Alertmanager, Endpoint, Jaeger, Loki, Prometheus, Tempo};
use warroom::demo::scenario::by_name;
use warroom::demo::{Fault, Options, Running, start_company};
use warroom::domain::signal::{Line, Span};
use warroom::domain::{SpanId, Symbol, Timestamp, TraceId, Window};
use warroom::port::{Alerts, Logs, Metrics, Search, Tailed, Traces};

const IMPACT: Timestamp = Timestamp::from_seconds(1_773_423_000);

async fn demo(speed: f64, faults: Vec<Fault>) -> Running {
    let options = Options {
        scenario: "lost-orders".into(),
        seed: 7,
        seek: 600.0,
        speed,
        anchor: Some(IMPACT),
        faults,
        port_base: None,
        broken_propagation: false,
    };
    let company = by_name("lost-orders", options.seed, IMPACT).expect("a scenario");
    start_company(company, &options, IMPACT).await.expect("a demo")
}

fn at(url: &str) -> Endpoint {
    Endpoint::new("demo", Url::parse(url).expect("a URL"))
}

fn during() -> Window {
    Window { start: IMPACT, end: IMPACT.plus(Duration::from_secs(540)) }
}

fn ids(spans: &[Span]) -> BTreeSet<(SpanId, Option<SpanId>)> {
    spans.iter().map(|span| (span.id, span.parent)).collect()
}

#[tokio::test]
async fn a_failed_trace_is_the_same_everywhere_and_has_its_lines() {
    let demo = demo(1.0, Vec::new()).await;
    let tempo = Tempo::connect(at(&demo.urls.tempo)).expect("a client");
    let jaeger = Jaeger::connect(at(&demo.urls.jaeger)).expect("a client");
    let loki = Loki::connect(at(&demo.urls.loki)).expect("a client");
    assert!(tempo.probe().await.is_ok() && jaeger.probe().await.is_ok() && loki.probe().await.is_ok());
    let failed = Search { errors_only: true, ..Search::default() };
    let found = tempo.search(&failed, during(), 20).await.expect("rows").rows;
    assert!(!found.is_empty() && found.iter().all(|row| row.errors.is_some_and(|errors| errors > 0)), "{found:?}");
    let trace = found[0].trace;
    let one = tempo.trace(trace, Some(during())).await.expect("a trace");
    let other = jaeger.trace(trace, Some(during())).await.expect("a trace");
    assert_eq!(ids(&one.spans), ids(&other.spans));
    assert!(one.spans.iter().any(Span::is_error));
    let around = Window { start: IMPACT.minus(Duration::from_secs(60)), end: IMPACT.plus(Duration::from_secs(600)) };
    let lines = loki.of_trace(trace, around, 500).await.expect("lines").lines;
    assert!(!lines.is_empty() && lines.iter().all(|line| line.trace == Some(trace)), "{lines:?}");
    let rows = jaeger.search(&failed, during(), 5).await.expect("rows").rows;
    assert!(rows.len() <= 5 && rows.iter().all(|row| row.errors.is_some_and(|errors| errors > 0)));
    demo.stop().await;
}

#[tokio::test]
async fn history_is_whole_at_any_page() {
    let demo = demo(1.0, Vec::new()).await;
    let loki = Loki::connect(at(&demo.urls.loki)).expect("a client");
    let window = Window { start: IMPACT, end: IMPACT.plus(Duration::from_secs(30)) };
    let all = loki.history(r#"{service_name=~".+"}"#, window, 20_000).await.expect("lines");
    assert!(!all.more && all.lines.len() > 100, "{}", all.lines.len());
    assert!(all.lines.is_sorted_by_key(|line| line.time) && all.lines.iter().all(|line| window.contains(line.time)));
    let some = loki.history(r#"{service_name=~".+"}"#, window, 100).await.expect("lines");
    assert_eq!((some.lines.len(), some.more), (100, true));
    demo.stop().await;
}

#[tokio::test]
async fn a_tail_gives_what_a_query_gives_later() {
    let demo = demo(20.0, Vec::new()).await;
    let loki = Loki::connect(at(&demo.urls.loki)).expect("a client");
    let query = r#"{service_name=~".+"}"#;
    let from = IMPACT.plus(Duration::from_secs(600));
    let mut tail = loki.tail(query.into(), from);
    let mut told = Vec::new();
    // The last frame may be a part of its moment.
    let mut whole_before = from;
    while told.len() < 400 {
        match tail.next().await.expect("no end").expect("no refusal") {
            Tailed::Lines { lines, dropped } => {
                assert_eq!(dropped, 0);
                whole_before = lines.iter().map(|line| line.time).min().expect("a line");
                told.extend(lines);
            }
            Tailed::Sheaves(_) | Tailed::Older { .. } => panic!("a server sends lines"),
            Tailed::Connected { refilled } => assert!(refilled.is_none()),
            Tailed::Broken { failure, .. } => panic!("{failure}"),
        }
    }
    let asked = loki.history(query, Window { start: from, end: whole_before }, 20_000).await.expect("lines");
    told.retain(|line| line.time < whole_before);
    assert!(told.len() > 100);
    assert_eq!(sorted(told), sorted(asked.lines));
    demo.stop().await;
}

#[tokio::test]
async fn failures_are_counted_and_an_alert_fires() {
    let demo = demo(1.0, Vec::new()).await;
    let metrics = Prometheus::connect(at(&demo.urls.prometheus)).expect("a client");
    let alerts = Alertmanager::connect(at(&demo.urls.alertmanager)).expect("a client");
    assert!(metrics.probe().await.is_ok() && alerts.probe().await.is_ok());
    let now = IMPACT.plus(Duration::from_secs(600));
    let up = metrics.instant("vector(1.5)", now).await.expect("an answer");
    assert_eq!(up.series.iter().map(|row| row.samples[0].value).collect::<Vec<_>>(), [1.5]);
    let services = metrics.label_values("service", "", during()).await.expect("values");
    assert!(services.iter().any(|name| name == "pricing") && services.is_sorted(), "{services:?}");
    let firing = alerts.firing().await.expect("alerts");
    assert!(!firing.is_empty());
    assert!(firing.iter().all(|alert| alert.starts <= now && alert.source == "demo"), "{firing:?}");
    demo.stop().await;
}

/// What both must agree on.
fn sorted(lines: Vec<Line>) -> Vec<(Timestamp, Arc<str>, Option<TraceId>, Symbol)> {
    let mut lines: Vec<_> = lines.into_iter().map(|line| (line.time, line.raw, line.trace, line.service)).collect();
    lines.sort();
    lines
}
