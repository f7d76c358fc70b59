//! The language on the series of scenario lost-orders, whose numbers are known.

use std::sync::Arc;
use std::time::Duration;

use super::{Problem, Query, Store, Value, parse};
use crate::demo::Company;
use crate::demo::scenario::LostOrders;
use crate::domain::Timestamp;

struct Bench {
    store: Store,
    start: Timestamp,
}

impl Bench {
    fn new() -> Self {
        let company = LostOrders::new(42, LostOrders::EVENING);
        let start = company.impact_start();
        Self { store: Store::new(Arc::new(company)), start }
    }

    fn at(&self, query: &str, minute: f64) -> Result<Value, Problem> {
        let moment = Timestamp::from_float_seconds(
            f64::from(i32::try_from(self.start.seconds()).expect("before 2038")) + minute * 60.0,
        );
        let expression = parse(query)?;
        Query::new(&self.store, &expression, moment, (moment, moment), Duration::from_secs(20)).at(moment)
    }

    fn number(&self, query: &str, minute: f64) -> f64 {
        match self.at(query, minute).unwrap_or_else(|problem| panic!("{query}: {problem}")) {
            Value::Scalar(number) => number,
            Value::Vector(points) => {
                assert_eq!(points.len(), 1, "{query}: {points:?}");
                points[0].value
            }
            other => panic!("{query}: {other:?}"),
        }
    }

    fn count(&self, query: &str, minute: f64) -> usize {
        match self.at(query, minute).unwrap_or_else(|problem| panic!("{query}: {problem}")) {
            Value::Vector(points) => points.len(),
            other => panic!("{query}: {other:?}"),
        }
    }
}

const COUNT: &str = "http_server_request_duration_seconds_count";
const ORDERS: &str = r#"service_name="routing",http_route="/orders""#;

fn burn(window: &str) -> String {
    format!(
        r#"sum(rate({COUNT}{{{ORDERS},http_response_status_code=~"5.."}}[{window}])) / sum(rate({COUNT}{{{ORDERS}}}[{window}])) / 0.001"#
    )
}

#[test]
fn burn_rates_and_the_budget_are_those_of_the_story() {
    let bench = Bench::new();
    let rows = [
        (1.0, 24.8, 2.4, 0.74, 61.3),
        (3.0, 219.8, 18.7, 3.45, 55.8),
        (6.0, 636.4, 55.4, 9.57, 43.3),
        (9.0, 740.7, 92.6, 15.76, 30.6),
        (12.0, 748.5, 130.1, 22.02, 17.9),
        (15.0, 756.4, 168.0, 28.34, 5.0),
        (18.0, 764.2, 206.4, 34.73, -8.1),
        (27.0, 787.7, 323.7, 54.28, -48.0),
        (36.0, 571.3, 417.9, 69.99, -80.0),
        (45.0, 73.3, 451.1, 75.51, -91.3),
    ];
    // One order more or less is 2.36 of the burn over 5 minutes and 0.2 of that over an hour.
    for (minute, short, hour, long, left) in rows {
        let close = |window: &str, expected: f64, order: f64| {
            let got = bench.number(&burn(window), minute);
            assert!((got - expected).abs() <= order, "T+{minute} {window}: {got}, not {expected}");
        };
        close("5m", short, 2.36);
        close("1h", hour, 0.3);
        close("6h", long, 0.05);
        let got = 100.0 * (1.0 - bench.number(&burn("30d"), minute));
        assert!((got - left).abs() < 0.1, "T+{minute} left {got}, not {left}");
    }
    assert!((bench.number(&burn("30d"), 0.0) - 0.38).abs() < 1e-9);
}

#[test]
fn lost_orders_are_counted_whole() {
    let bench = Bench::new();
    let lost = format!(r#"{COUNT}{{{ORDERS},http_response_status_code="503"}}"#);
    let lost = |minute: u32| bench.number(&format!("{lost} - {lost} offset {minute}m"), f64::from(minute));
    assert_eq!([3, 6, 9, 12, 45].map(lost).map(f64::round), [93.0, 281.0, 470.0, 662.0, 2300.0]);
}

#[test]
fn the_other_budgets_are_as_drawn() {
    let bench = Bench::new();
    let left = |bad: &str, total: &str, budget: &str| {
        100.0 * (1.0 - bench.number(&format!("({bad}) / ({total}) / {budget}"), 0.0))
    };
    for (name, expected) in [("tracking", 80.0), ("label", 71.0), ("quote", 65.8), ("order-routing-latency", 91.26)] {
        let company = LostOrders::new(42, LostOrders::EVENING);
        let table: toml::Table = company.config().parse().expect("valid");
        let slo = table["slo"].as_array().expect("a list").iter().find(|slo| slo["name"].as_str() == Some(name));
        let slo = slo.expect("known");
        let query = |key: &str| slo[key].as_str().expect("text").replace("{{.window}}", "30d");
        let objective: f64 = slo["objective"].as_str().expect("text").parse().expect("a number");
        let budget = format!("{}", 1.0 - objective / 100.0);
        let got = left(&query("bad"), &query("total"), &budget);
        assert!((got - expected).abs() < 0.05, "{name} {got}");
    }
}

#[test]
fn the_short_cut_over_counters_gives_what_all_samples_give() {
    let bench = Bench::new();
    let series = format!(r#"{COUNT}{{{ORDERS},http_response_status_code="503"}}"#);
    for minute in [0.1, 2.75, 7.3, 46.0] {
        let short = bench.number(&format!("increase({series}[10m])"), minute);
        // A subquery reads the samples one by one; it starts and ends on the same scrapes.
        let long = bench.number(&format!("increase({series}[10m:15s])"), minute);
        assert!((short - long).abs() < 1e-6, "{minute} {short} {long}");
    }
}

#[test]
fn matching_grouping_and_sets() {
    let bench = Bench::new();
    assert_eq!(bench.count("target_info", 0.0), 57);
    assert_eq!(bench.count("count by (service_name, service_version) (target_info)", 0.0), 19);
    let version = |minute| bench.count(r#"target_info{service_name="pricing",service_version="2.14.0"}"#, minute);
    assert_eq!((version(-20.25), version(-20.0)), (0, 3));
    assert_eq!(bench.count("up * on (job, instance) group_left (service_version) target_info", 0.0), 57);
    assert_eq!(bench.count("absent(no_such_metric)", 0.0), 1);
    assert_eq!(bench.count("tariff_cache_hit_ratio < 0.5", 1.0), 1);
    assert_eq!(bench.count("tariff_cache_hit_ratio < 0.5", -1.0), 0);
    assert_eq!(bench.count("tariff_cache_hit_ratio < bool 0.5", -1.0), 1);
    assert_eq!(
        bench.count(r#"topk(3, sum by (service_name) (rate(http_server_request_duration_seconds_count[5m])))"#, 1.0),
        3
    );
    assert_eq!(bench.count("up unless on (job) target_info{service_name=\"pricing\"}", 0.0), 54);
    assert_eq!(bench.count("no_such_metric or vector(0)", 0.0), 1);
    assert!(bench.number("vector(0) / vector(0)", 0.0).is_nan());
    assert!((bench.number("clamp_max(max_over_time(pg_pool_in_use[5m]), 15) + 2 ^ 3", 3.0) - 23.0).abs() < 1e-9);
    let hit = bench.number("avg_over_time(tariff_cache_hit_ratio[1m])", 37.5);
    assert!((0.5..0.7).contains(&hit), "{hit}");
}

#[test]
fn the_median_and_the_tail_of_pricing() {
    let bench = Bench::new();
    let quantile = |share: f64, minute: f64| {
        let query = format!(
            r#"histogram_quantile({share}, sum by (le) (rate(http_server_request_duration_seconds_bucket{{service_name="pricing"}}[5m])))"#
        );
        bench.number(&query, minute)
    };
    assert!(quantile(0.95, -5.0) < 0.5);
    let tail = quantile(0.95, 6.0);
    assert!((2.3..2.5).contains(&tail), "{tail}");
}

#[test]
fn what_is_not_known_is_said() {
    let bench = Bench::new();
    let problem = |query: &str| bench.at(query, 0.0).expect_err(query);
    assert!(matches!(problem("sum by (service (rate("), Problem::Bad(_)));
    assert!(problem("label_join(up, \"a\", \",\", \"job\")").to_string().contains("label_join"));
    let many = problem("target_info / on (job) up");
    assert!(many.to_string().starts_with("found duplicate series for the match group {job=\"tms/"), "{many}");
    assert!(many.to_string().ends_with("must be unique on one side"), "{many}");
    let large = problem("avg_over_time({__name__=~\"pg.*|redis.*|kafka_consumer.*|up\"}[60d])");
    assert!(large.to_string().contains("too many samples"), "{large}");
}

#[test]
fn nothing_is_told_of_the_future_and_a_gone_series_is_stale_at_once() {
    let bench = Bench::new();
    let now = bench.start;
    let expression = parse("redis_keys").expect("valid");
    let value = |ahead: i64| {
        let moment = now.shifted(ahead * 1_000_000_000);
        match Query::new(&bench.store, &expression, now, (moment, moment), Duration::from_secs(5)).at(moment) {
            Ok(Value::Vector(points)) => points.first().map(|point| point.value),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!((value(-1), value(60), value(299), value(300)), (Some(48_200.0), Some(0.0), Some(0.0), None));
    assert_eq!(bench.count(r#"target_info{service_version="2.13.4"}"#, -19.9), 0);
}
