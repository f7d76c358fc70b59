//! Every series of the shop. Requests are counted whole and per route; gauges follow the story.

use super::super::curve::{Curve, overlap};
use super::super::series::{BOUNDS, REQUESTS, Series};
use super::load::{counted, lost, orders, slow};
use super::routes::{ROUTES, Route};
use super::services::SERVICES;
use super::slos::{LABEL_INCIDENT, LABELS, Load};
use crate::demo::{Metric, MetricKind};
use crate::domain::{Labels, Timestamp};

/// What every counter had reached at T0.
const BEFORE: f64 = 1e9;

const HIT_RATIO: Curve = Curve(&[(-1e-9, 0.992), (0.0, 0.03), (31.0, 0.03), (41.0, 0.97)]);
const TARIFF_KEYS: Curve = Curve(&[(-1e-9, 48_200.0), (0.0, 0.0), (31.0, 0.0), (41.0, 48_200.0)]);
const ORDERS_LAG: Curve = Curve(&[(0.0, 40.0), (30.0, 900.0), (48.0, 40.0)]);
const PRICING_CPU: Curve =
    Curve(&[(0.999, 0.35), (1.0, 0.85), (1.499, 0.85), (1.5, 0.48), (40.999, 0.48), (41.0, 0.35)]);

/// Requests of a route since T0, by how they went.
struct Count {
    good: f64,
    slow: f64,
    bad: f64,
}

fn count(route: &Route, minute: f64) -> Count {
    let (total, bad, slow) = match route.load {
        Load::Orders { share } => (
            counted(orders(minute)),
            counted(share * lost(minute)),
            if route.slow { counted(slow(minute)) } else { 0.0 },
        ),
        Load::Constant { per_minute, bad } => (counted(per_minute * minute), counted(per_minute * bad * minute), 0.0),
        Load::Label => {
            let (rate, always) = LABELS;
            let (from, to, share) = LABEL_INCIDENT;
            let bad = rate * always.mul_add(minute, share * overlap(minute, from, to));
            (counted(rate * minute), counted(bad), 0.0)
        }
    };
    Count { good: total - bad, slow, bad }
}

/// All series, with their history.
pub(super) fn all(impact_start: Timestamp) -> Vec<Metric> {
    let mut series = Series::new(impact_start);
    for route in &ROUTES {
        requests(&mut series, route);
    }
    processes(&mut series);
    dependencies(&mut series);
    series.metrics
}

fn requests(series: &mut Series, route: &'static Route) {
    let [count_name, sum_name, bucket_name] = REQUESTS;
    let job = format!("tms/{}", route.service);
    for failed in [false, true] {
        if failed && !route.fails() {
            continue;
        }
        let code = if failed { route.failure } else { route.success };
        let labels = |bound: Option<&str>| -> Labels {
            let pairs = [
                ("job", job.as_str()),
                ("service_name", route.service),
                ("http_request_method", route.method),
                ("http_route", route.route),
                ("http_response_status_code", code),
            ];
            pairs.into_iter().chain(bound.map(|bound| ("le", bound))).collect()
        };
        let all = move |minute| {
            let count = count(route, minute);
            BEFORE + if failed { count.bad } else { count.good }
        };
        series.push(count_name, MetricKind::Histogram, labels(None), move |minute| Some(all(minute)));
        series.push(sum_name, MetricKind::Histogram, labels(None), move |minute| {
            let count = count(route, minute);
            let quick = BEFORE + count.good - count.slow;
            let typical = f64::midpoint(route.quick.0, route.quick.1);
            Some(if failed { (BEFORE + count.bad) * route.failing } else { quick.mul_add(typical, count.slow * 2.2) })
        });
        for (bound, text) in BOUNDS {
            series.push(bucket_name, MetricKind::Histogram, labels(Some(text)), move |minute| {
                Some(bucket(route, failed, bound, minute))
            });
        }
    }
}

fn processes(series: &mut Series) {
    for service in SERVICES {
        let job = format!("tms/{}", service.name);
        series.pods(&service, &job);
        let labels = [("job", job.as_str()), ("service_name", service.name)];
        let busy = 0.18 + 0.02 * f64::from(u8::try_from(service.name.len()).unwrap_or(0));
        if service.name == "pricing" {
            series.gauge("process_cpu_utilization_ratio", &labels, |minute| PRICING_CPU.at(minute));
        } else {
            series.gauge("process_cpu_utilization_ratio", &labels, move |_| busy);
        }
    }
    series.prometheus();
}

fn dependencies(series: &mut Series) {
    let within = |from: f64, to: f64, inside: f64, outside: f64| {
        move |minute: f64| if (from..to).contains(&minute) { inside } else { outside }
    };
    let pricing = [("job", "tms/pricing"), ("service_name", "pricing")];
    series.gauge("tariff_cache_hit_ratio", &pricing, |minute| HIT_RATIO.at(minute));
    let redis = [("job", "redis"), ("instance", "redis-tariffs"), ("db", "tariff")];
    series.gauge("redis_keys", &redis, |minute| TARIFF_KEYS.at(minute).floor());
    let pool = [("job", "tms/pricing"), ("service", "pricing")];
    series.gauge("pg_pool_in_use", &pool, within(0.5, 38.0, 20.0, 6.0));
    series.gauge("pg_pool_max", &pool, |_| 20.0);
    let lag = |topic: &'static str| [("job", "kafka"), ("topic", topic), ("consumergroup", "shipment-planner")];
    series.gauge("kafka_consumergroup_lag", &lag("orders.accepted"), |minute| ORDERS_LAG.at(minute).round());
    series.gauge("kafka_consumergroup_lag", &lag("shipments.created"), |_| 12.0);
    let dead = [("job", "kafka"), ("topic", "orders.dlq")].into_iter().collect();
    series.push("kafka_topic_messages_total", MetricKind::Counter, dead, |minute| Some(1e6 + counted(lost(minute))));
    let accepted = [("job", "kafka"), ("topic", "orders.accepted")].into_iter().collect();
    series.push("kafka_topic_messages_total", MetricKind::Counter, accepted, |minute| {
        Some(BEFORE + counted(orders(minute)) - counted(lost(minute)))
    });
}

/// How many requests took no longer than a bound: quick ones are spread evenly over the route's usual durations, slow ones
/// take a little more than two seconds, and failing ones all the same time.
fn bucket(route: &Route, failed: bool, bound: f64, minute: f64) -> f64 {
    let count = count(route, minute);
    if failed {
        return if bound < route.failing { 0.0 } else { BEFORE + count.bad };
    }
    let (low, high) = route.quick;
    let share = ((bound - low) / (high - low)).clamp(0.0, 1.0);
    let quick = ((BEFORE + count.good - count.slow) * share).floor();
    quick + if bound < 2.5 { 0.0 } else { count.slow }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::Symbol;

    /// The law that lets increases be read off their two ends.
    #[test]
    fn counters_never_fall_and_never_end() {
        let hours = [(-43_260, -43_140), (-8_860, -8_800), (-400, -340), (-10, 60), (170, 200)];
        for metric in all(Timestamp::EPOCH).iter().filter(|metric| metric.kind != MetricKind::Gauge) {
            let mut before = 0.0;
            for (from, to) in hours {
                for scrape in from * 4..to * 4 {
                    let moment = Timestamp::from_seconds(scrape * 15);
                    let value = (metric.value)(moment).expect("it exists");
                    assert!(value >= before, "{}{} fell from {before} to {value}", metric.name, metric.labels);
                    before = value;
                }
            }
        }
    }

    #[test]
    fn buckets_rise_to_the_count() {
        let moment = Timestamp::from_seconds(1_234);
        let mut families: BTreeMap<(String, String), Vec<f64>> = BTreeMap::new();
        let metrics = all(Timestamp::EPOCH);
        let requests = metrics.iter().filter(|metric| metric.kind == MetricKind::Histogram);
        for metric in requests.filter(|metric| !metric.name.ends_with("_sum")) {
            let of = |name: &str| metric.labels.get(name).map_or("", Symbol::as_str).to_owned();
            let key = (of("service_name") + &of("http_route"), of("http_response_status_code"));
            families.entry(key).or_default().push((metric.value)(moment).expect("it exists"));
        }
        assert!(families.len() > 20);
        for (key, values) in families {
            let (count, buckets) = values.split_first().expect("the count comes first");
            assert!(buckets.is_sorted() && buckets.len() == BOUNDS.len(), "{key:?} {buckets:?}");
            assert_eq!(buckets.last(), Some(count), "{key:?}");
        }
    }
}
