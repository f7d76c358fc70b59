//! From a number to the requests behind it: what the clients make of the demo's exemplars, and of an order's id.

use std::time::Duration;

use warroom::backend::{Loki, Prometheus, Tempo};
use warroom::demo::Target;
use warroom::domain::Symbol;
use warroom::domain::signal::{Exemplar, Value};
use warroom::domain::slo::{exemplars_of, served_by};
use warroom::port::{Logs, Metrics, Search, Traces};

use super::stage::{EXEMPLAR, between, door, play};

#[tokio::test]
async fn the_exemplars_of_an_slo_are_traces_that_tempo_has() {
    let demo = play(420, 0.0, &[]).await;
    let prometheus = Prometheus::connect(door(&demo, Target::Prometheus)).expect("a client");
    let tempo = Tempo::connect(door(&demo, Target::Tempo)).expect("a client");
    let config = warroom::config::Config::parse(
        "demo",
        &demo.config(),
        &std::env::temp_dir(),
        &warroom::config::Surroundings::default(),
    );
    let slos = config.expect("a config").slos;
    let slo = slos.iter().find(|slo| slo.name == "order-routing").expect("the SLO");
    assert_eq!(served_by(slo).as_deref(), Some("routing"));
    let asked = exemplars_of(slo);
    assert!(asked.contains("_bucket{"), "{asked}");
    let found = prometheus.exemplars(&asked, between(0, 360)).await.expect("exemplars");
    let worst = Exemplar::worst(&found).expect("some are kept");
    assert!(worst.is_error() && worst.value > 2.0, "{worst:?}");
    let fetched = tempo.trace(worst.trace, None).await.expect("the sampler keeps every error");
    let span = fetched.spans.iter().find(|span| Some(span.id) == worst.span).expect("its span");
    let took = span.end.elapsed_since(span.start);
    assert_eq!((span.service.as_str(), took), ("routing", Duration::from_secs_f64(worst.value)));
    demo.stop().await;
}

#[tokio::test]
async fn an_order_leads_to_its_trace_and_its_lines() {
    let demo = play(420, 0.0, &[]).await;
    let tempo = Tempo::connect(door(&demo, Target::Tempo)).expect("a client");
    let loki = Loki::connect(door(&demo, Target::Loki)).expect("a client");
    let trace = EXEMPLAR.parse().expect("an id");
    let fetched = tempo.trace(trace, None).await.expect("a trace");
    let order = fetched.spans.iter().find_map(|span| span.attribute("order_id")).map(Value::to_string);
    let order = order.expect("an order");
    let search =
        Search { attribute: Some((Symbol::from("order_id"), Symbol::from(order.as_str()))), ..Search::default() };
    let rows = tempo.search(&search, between(0, 420), 20).await.expect("rows").rows;
    assert_eq!(rows.iter().map(|row| row.trace).collect::<Vec<_>>(), [trace]);
    let asked = format!("{{namespace=\"tms\"}} |= \"{order}\"");
    let lines = loki.history(&asked, between(0, 420), 50).await.expect("lines").lines;
    assert!(!lines.is_empty() && lines.iter().all(|line| line.trace == Some(trace)), "{lines:?}");
    let under =
        format!("{{namespace=\"tms\"}} |~ \"\\\"?order_id\\\"?\\\\s*[:=]\\\\s*\\\"?{order}([\\\"\\\\s,}}]|$)\"");
    let same = loki.history(&under, between(0, 420), 50).await.expect("lines").lines;
    assert!(!same.is_empty() && same.iter().all(|line| line.trace == Some(trace)), "{same:?}");
    demo.stop().await;
}
