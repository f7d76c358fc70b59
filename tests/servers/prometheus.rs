//! A real Prometheus scrapes the demo, and our client and gauges read it.

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use tempfile::TempDir;
use url::Url;
use warroom::backend::{Endpoint, Prometheus};
use warroom::config::{Config, Surroundings};
use warroom::demo::{Options, Running, start};
use warroom::domain::slo::{Gauge, Reading, Slo, State, query, windows};
use warroom::domain::{Cause, Timestamp, Window};
use warroom::port::Metrics;
use warroom::runtime::measure;

use crate::installed::{Real, program};
use crate::wait::eventually;

/// Virtual seconds in a real one: each scrape of a second meets the next scrape of the company's own grid of 15 s.
const SPEED: u32 = 15;
/// Real seconds behind the ratio that both servers are asked for.
const SECONDS: u32 = 12;
/// Of the order-routing SLO from the third to the 27th minute.
const RATIO: std::ops::Range<f64> = 0.70..0.80;

async fn demo() -> Running {
    let options = Options {
        scenario: "lost-orders".into(),
        seed: 42,
        seek: 360.0,
        speed: f64::from(SPEED),
        anchor: None,
        faults: Vec::new(),
        port_base: None,
        broken_propagation: false,
    };
    start(&options).await.expect("a demo")
}

async fn scraping(demo: &Running) -> Option<Real> {
    let prometheus = program(&["prometheus"], "prometheus")?;
    let target = demo.urls.prometheus.trim_start_matches("http://");
    let config = format!(
        "global:\n  scrape_interval: 1s\nscrape_configs:\n- job_name: company\n  honor_labels: true\n  \
         static_configs:\n  - targets: ['{target}']\n"
    );
    let command = |port: u16, folder: &TempDir| {
        let mut command = Command::new(&prometheus);
        command
            .arg(format!("--config.file={}", folder.path().join("config.yml").display()))
            .arg(format!("--storage.tsdb.path={}", folder.path().join("data").display()))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"));
        command
    };
    Some(Real::start(&config, command).await)
}

fn now() -> Timestamp {
    Timestamp::from_utc(Utc::now())
}

async fn number(client: &Prometheus, asked: &str, at: Timestamp) -> Option<f64> {
    let answer = client.instant(asked, at).await.expect("an answer");
    assert!(answer.warnings.is_empty(), "{answer:?}");
    answer.series.first()?.samples.first().map(|sample| sample.value)
}

#[tokio::test]
async fn the_gauges_read_a_real_prometheus_that_scrapes_the_demo() {
    let demo = demo().await;
    let Some(real) = scraping(&demo).await else { return };
    let client = Prometheus::connect(real.endpoint()).expect("a client");
    assert!(!client.probe().await.expect("there").version.is_empty());
    let config = Config::parse("demo", &demo.config(), &std::env::temp_dir(), &Surroundings::default());
    let slos: Vec<Arc<Slo>> = config.expect("a config").slos.iter().cloned().map(Arc::<Slo>::new).collect();
    let slo = slos.iter().find(|slo| slo.name == "order-routing").expect("the objective");
    let selector = r#"http_server_request_duration_seconds_count{service_name="routing",http_route="/orders",http_response_status_code=~"5.."}"#;
    let scrapes = format!("min(count_over_time({selector}[1m]))");
    eventually("enough scrapes", async || {
        number(&client, &scrapes, now()).await.filter(|count| *count >= f64::from(SECONDS + 2))
    })
    .await;
    let at = now();

    let mut measures = Vec::new();
    for window in windows(slo) {
        measures.push((window, measure(&client, slo, window, at).await));
    }
    for (window, measure) in &measures {
        let ratio = measure.ratio().unwrap_or_else(|| panic!("{window:?}: {measure:?}"));
        assert!(RATIO.contains(&ratio.share()), "{window:?}: {measure:?}");
    }
    let mut gauge = Gauge::new(Arc::clone(slo));
    gauge.take(Reading { slo: slo.name.clone(), at, measures });
    let judgement = gauge.judge(at);
    assert_eq!(judgement.state, State::Page, "{judgement:?}");

    // The same seconds on both servers, each in its own time.
    let simulated = Prometheus::connect(Endpoint::new("demo", Url::parse(&demo.urls.prometheus).expect("a URL")));
    let simulated = simulated.expect("a client");
    let ratio = |seconds: u32| {
        let window = Duration::from_secs(seconds.into());
        format!("({}) / ({})", query(slo.sli.first(), window), query(slo.sli.total(), window))
    };
    let of_real = number(&client, &ratio(SECONDS), now()).await.expect("a ratio");
    let of_demo = number(&simulated, &ratio(SECONDS * SPEED), demo.site.clock.now()).await.expect("a ratio");
    assert!((of_real - of_demo).abs() < 0.02, "real {of_real}, simulated {of_demo}");

    let window = Window { start: at.minus(Duration::from_secs(10)), end: at };
    let range = client.range(selector, window, Duration::from_secs(2)).await.expect("an answer");
    let [series] = range.series.as_slice() else { panic!("one series: {range:?}") };
    assert!(series.samples.len() >= 5 && series.samples.is_sorted_by_key(|sample| sample.value), "{series:?}");
    let buckets = r#"http_server_request_duration_seconds_bucket{service_name="routing",http_route="/orders"}"#;
    let of_real = client.label_values("le", buckets, window).await.expect("values");
    let virtual_window = Window::ending(demo.site.clock.now(), Duration::from_secs(60));
    let of_demo = simulated.label_values("le", buckets, virtual_window).await.expect("values");
    // A real server writes bounds as it read them.
    assert_eq!(of_real, of_demo);
    for (wrong, words) in [("sum(", "parse error"), ("up +", "parse error")] {
        let of_real = client.instant(wrong, at).await.expect_err("a refusal").cause;
        let of_demo = simulated.instant(wrong, at).await.expect_err("a refusal").cause;
        for cause in [of_real, of_demo] {
            let Cause::Refused { status: 400, message } = &cause else { panic!("{wrong}: {cause:?}") };
            assert!(message.contains(words), "{wrong}: {message}");
        }
    }
    demo.stop().await;
}
