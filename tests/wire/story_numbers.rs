//! The numbers of the lost orders as the clients of metrics and alerts bring them home.

use std::sync::Arc;
use std::time::Duration;

use warroom::backend::{Alertmanager, Prometheus};
use warroom::config::{Config, Surroundings};
use warroom::demo::{Running, Target};
use warroom::domain::incident::AlertState;
use warroom::domain::signal::Answer;
use warroom::domain::slo::{Gauge, Reading, Slo, State, windows};
use warroom::domain::{Cause, Timestamp};
use warroom::port::{Alerts, Metrics};
use warroom::runtime::measure;

use super::stage::{IMPACT, at, between, door, play};

const FAILED: &str = r#"http_server_request_duration_seconds_count{service_name="routing",http_route="/orders",http_response_status_code=~"5.."}"#;
const ALL: &str = r#"http_server_request_duration_seconds_count{service_name="routing",http_route="/orders"}"#;

fn metrics(running: &Running) -> Prometheus {
    Prometheus::connect(door(running, Target::Prometheus)).expect("a client")
}

fn one(answer: &Answer) -> f64 {
    let [series] = answer.series.as_slice() else { panic!("one series: {answer:?}") };
    let [sample] = series.samples.as_slice() else { panic!("one sample: {series:?}") };
    sample.value
}

#[tokio::test]
async fn the_lost_orders_are_counted() {
    let demo = play(360, 0.0, &[]).await;
    let client = metrics(&demo);
    assert_eq!(client.probe().await.expect("there").version, "2.42.0");
    let lost = client.instant(&format!("sum({FAILED}) - sum({FAILED} offset 6m)"), at(360)).await.expect("an answer");
    assert!((one(&lost) - 281.0).abs() <= 1.0, "{lost:?}");
    let came = client.instant(&format!("sum({ALL}) - sum({ALL} offset 6m)"), at(360)).await.expect("an answer");
    assert!((one(&came) - 510.0).abs() <= 1.0, "{came:?}");
    let window = between(0, 360);
    let range = client.range(&format!("sum({FAILED})"), window, Duration::from_secs(60)).await.expect("an answer");
    let [series] = range.series.as_slice() else { panic!("one series: {range:?}") };
    let times: Vec<_> = series.samples.iter().map(|sample| sample.time).collect();
    assert_eq!(times, (0..=6).map(|minute| at(minute * 60)).collect::<Vec<_>>());
    let lost: Vec<f64> = series.samples.iter().map(|sample| sample.value - series.samples[0].value).collect();
    for (minute, expected) in [(1, 10.0), (3, 93.0), (6, 281.0)] {
        assert!((lost[minute] - expected).abs() <= 1.0, "minute {minute}: {lost:?}");
    }
    let bounds = client.label_values("le", ALL.replace("_count", "_bucket").as_str(), window).await.expect("values");
    assert!(bounds.is_sorted() && ["0.8", "2", "3", "+Inf"].iter().all(|le| bounds.iter().any(|have| have == *le)));
    let nobody = client.label_values("le", r#"{service_name="nobody"}"#, window).await.expect("values");
    assert!(nobody.is_empty(), "{nobody:?}");
    let nothing = client.instant("nothing_of_this_name", at(360)).await.expect("an answer");
    assert!(nothing.series.is_empty());
    demo.stop().await;
}

#[tokio::test]
async fn what_the_server_cannot_answer_is_refused_in_its_words() {
    let demo = play(360, 0.0, &[]).await;
    let client = metrics(&demo);
    for (query, status, words) in [
        ("sum(", 400, "parse error"),
        ("quantile_over_time(0.5, up[5m])", 422, "quantile_over_time"),
        ("up[5m:", 400, ""),
    ] {
        let cause = client.instant(query, at(360)).await.expect_err("a refusal").cause;
        let Cause::Refused { status: told, message } = &cause else { panic!("{query}: {cause:?}") };
        assert!(*told == status && message.contains(words), "{query}: {cause:?}");
    }
    let too_fine = client.range("up", between(0, 360), Duration::from_millis(1)).await.expect_err("a refusal").cause;
    assert!(matches!(&too_fine, Cause::Refused { status: 400, message } if message.contains("11,000")), "{too_fine:?}");
    demo.stop().await;
}

/// The burn rates and what is left, as the table of the scenario has them.
#[tokio::test]
async fn the_gauges_of_the_demo_read_as_the_table_of_the_scenario() {
    let demo = play(360, 0.0, &[]).await;
    let client = metrics(&demo);
    let config = Config::parse("demo", &demo.config(), &std::env::temp_dir(), &Surroundings::default());
    let slos: Vec<Arc<Slo>> = config.expect("a config").slos.iter().cloned().map(Arc::<Slo>::new).collect();
    let mut told = Vec::new();
    for slo in &slos {
        let mut measures = Vec::new();
        for window in windows(slo) {
            measures.push((window, measure(&client, slo, window, at(360)).await));
        }
        assert!(measures.iter().all(|(_, measure)| measure.ratio().is_some()), "{measures:?}");
        let mut gauge = Gauge::new(Arc::clone(slo));
        gauge.take(Reading { slo: slo.name.clone(), at: at(360), measures });
        let judgement = gauge.judge(at(360));
        told.push((judgement.state, judgement.budget.expect("a budget").remaining, judgement.pairs[0].long_burn));
    }
    let remaining = [0.433, 0.870, 0.489, 0.80, 0.71];
    for ((_, left, _), expected) in told.iter().zip(remaining) {
        assert!((left - expected).abs() < 0.002, "{told:?}");
    }
    assert_eq!(told[0].0, State::Page);
    assert!(told[3..].iter().all(|(state, ..)| *state == State::Healthy), "{told:?}");
    assert!((told[0].2.expect("a burn rate") / 55.4 - 1.0).abs() < 0.01, "{told:?}");
    demo.stop().await;
}

async fn firing(seek: u32) -> Vec<(String, Timestamp)> {
    let demo = play(seek, 0.0, &[]).await;
    let client = Alertmanager::connect(door(&demo, Target::Alertmanager)).expect("a client");
    assert_eq!(client.probe().await.expect("there").version, "0.25.0");
    let alerts = client.firing().await.expect("alerts");
    for alert in &alerts {
        assert_eq!((alert.state, alert.source.as_str()), (AlertState::Active, "lab"), "{alert:?}");
        let page =
            if alert.name() == "OrderRoutingLatencyFastBurn" { "order-routing-burn" } else { "pricing-cache-expired" };
        assert!(alert.runbook_url().is_some_and(|url| url.ends_with(&format!("/{page}.md"))), "{alert:?}");
    }
    demo.stop().await;
    let mut told: Vec<_> = alerts.iter().map(|alert| (alert.name().to_string(), alert.starts)).collect();
    told.sort_unstable();
    told
}

#[tokio::test]
async fn alerts_fire_at_their_minute_and_not_before() {
    assert_eq!(firing(80).await, []);
    let pool = ("PricingPoolSaturated".to_owned(), at(90));
    assert_eq!(firing(150).await, std::slice::from_ref(&pool));
    let page = ("OrderRoutingFastBurn".to_owned(), at(165));
    assert_eq!(firing(170).await, [page.clone(), pool.clone()]);
    let told = firing(360).await;
    assert!(told.contains(&page) && told.contains(&pool), "{told:?}");
    assert!(told.contains(&("OrderRoutingSlowBurn".to_owned(), at(180))), "{told:?}");
    assert!(told.iter().all(|(_, starts)| *starts > IMPACT && *starts <= at(360)), "{told:?}");
}
