//! A real Prometheus scrapes the demo as OpenMetrics and keeps the exemplars; our client reads them back, and each leads to a
//! trace that the demo's Tempo has.

use std::process::Command;
use std::time::Duration;

use chrono::Utc;
use tempfile::TempDir;
use url::Url;
use warroom::backend::{Endpoint, Prometheus, Tempo};
use warroom::config::{Config, Surroundings};
use warroom::demo::{Options, start};
use warroom::domain::signal::Exemplar;
use warroom::domain::slo::exemplars_of;
use warroom::domain::{Timestamp, Window};
use warroom::port::{Metrics, Traces};

use crate::installed::{Real, program};
use crate::wait::eventually;

#[tokio::test]
async fn a_real_server_keeps_what_the_demo_exposes() {
    let Some(prometheus) = program(&["prometheus"], "prometheus") else { return };
    let options = Options {
        scenario: "lost-orders".into(),
        seed: 42,
        seek: 600.0,
        // In the time of the wall: a real server refuses exemplars of another time.
        speed: 1.0,
        anchor: None,
        faults: Vec::new(),
        port_base: None,
        broken_propagation: false,
    };
    let demo = start(&options).await.expect("a demo");
    let target = demo.urls.prometheus.trim_start_matches("http://");
    let config = format!(
        "global:\n  scrape_interval: 1s\nscrape_configs:\n- job_name: company\n  honor_labels: true\n  \
         static_configs:\n  - targets: ['{target}']\n"
    );
    let command = |port: u16, folder: &TempDir| {
        let mut command = Command::new(&prometheus);
        command
            .arg("--enable-feature=exemplar-storage")
            .arg(format!("--config.file={}", folder.path().join("config.yml").display()))
            .arg(format!("--storage.tsdb.path={}", folder.path().join("data").display()))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"));
        command
    };
    let real = Real::start(&config, command).await;
    let client = Prometheus::connect(real.endpoint()).expect("a client");
    let config = Config::parse("demo", &demo.config(), &std::env::temp_dir(), &Surroundings::default());
    let slos = config.expect("a config").slos;
    let slo = slos.iter().find(|slo| slo.name == "order-routing").expect("the objective");
    let asked = exemplars_of(slo);
    let kept = eventually("exemplars of failed orders", async || {
        let now = Timestamp::from_utc(Utc::now());
        let window = Window { start: now.minus(Duration::from_secs(600)), end: now.plus(Duration::from_secs(5)) };
        let found = client.exemplars(&asked, window).await.expect("an answer");
        found.iter().any(Exemplar::is_error).then_some(found)
    })
    .await;
    let worst = Exemplar::worst(&kept).expect("some");
    assert!(worst.is_error() && worst.value > 1.5, "{worst:?}");
    assert_eq!(worst.series.get("service_name").map(|name| name.as_str()), Some("routing"));
    let tempo = Endpoint::new("demo", Url::parse(&demo.urls.tempo).expect("a URL"));
    let tempo = Tempo::connect(tempo).expect("a client");
    // The sampler keeps a trace back for half a minute.
    let fetched = eventually("its trace", async || tempo.trace(worst.trace, None).await.ok()).await;
    assert!(fetched.spans.iter().any(|span| Some(span.id) == worst.span), "{worst:?}");
    demo.stop().await;
}
