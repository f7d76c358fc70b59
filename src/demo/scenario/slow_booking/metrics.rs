//! Every series of the site. Requests are counted whole, at the load balancer and in the service; gauges follow the story.

use std::sync::Arc;

use super::super::curve::{Curve, counted};
use super::super::series::{BOUNDS, HISTORY, REQUESTS, Series};
use super::changes::{FLAG, minutes_on, share};
use super::load::Flow;
use super::services::{JOURNEYS, Journey, NAMESPACE, SERVICES};
use crate::demo::{Metric, MetricKind};
use crate::domain::{Labels, Timestamp};

/// In seconds: what a failing request takes.
const FAILING: f64 = 0.06;
/// Queries for rooms that a booking makes without the flag, and the others that it makes with it.
const QUERIES: (f64, f64) = (1.0, 40.0);

/// Never above 78 % but for half a minute, long before.
const BOOKING_CPU: Curve = Curve(&[
    (-240.0, 0.41),
    (-200.001, 0.43),
    (-200.0, 0.85),
    (-199.501, 0.85),
    (-199.5, 0.43),
    (0.0, 0.52),
    (40.0, 0.66),
    (80.0, 0.74),
    (120.0, 0.78),
    (150.0, 0.42),
]);
const DATABASE_CPU: Curve = Curve(&[(-240.0, 0.22), (0.0, 0.38), (40.0, 0.61), (120.0, 0.76), (150.0, 0.23)]);
/// Never all of the 20: more queries wait in the database, not for a connection.
const POOL: Curve = Curve(&[(-240.0, 5.0), (0.0, 9.0), (40.0, 15.0), (120.0, 19.0), (150.0, 5.0)]);

/// All series, with their history.
pub(super) fn all(impact_start: Timestamp) -> Vec<Metric> {
    let mut series = Series::new(impact_start);
    for journey in &JOURNEYS {
        let flow = Arc::new(match journey.p95 {
            None => Flow::bookings(journey.per_minute),
            Some(p95) => Flow::steady(journey.per_minute, p95),
        });
        for service in ["edge-gateway", journey.service] {
            requests(&mut series, journey, service, &flow);
        }
    }
    processes(&mut series);
    causes(&mut series);
    series.metrics
}

fn requests(series: &mut Series, journey: &Journey, service: &str, flow: &Arc<Flow>) {
    let [count_name, sum_name, bucket_name] = REQUESTS;
    let job = format!("{NAMESPACE}/{service}");
    let labels = |code: &str, bound: Option<&str>| -> Labels {
        let pairs = [
            ("job", job.as_str()),
            ("service_name", service),
            ("http_request_method", journey.method),
            ("http_route", journey.route),
            ("http_response_status_code", code),
        ];
        pairs.into_iter().chain(bound.map(|bound| ("le", bound))).collect()
    };
    let push = |series: &mut Series, name, labels, value: fn(&Flow, usize, f64) -> f64, bound: usize| {
        let flow = Arc::clone(flow);
        series.push(name, MetricKind::Histogram, labels, move |minute| Some(value(&flow, bound, minute)));
    };
    push(series, count_name, labels(journey.success, None), |flow, _, at| counted(flow.good(at)), 0);
    push(series, sum_name, labels(journey.success, None), |flow, _, at| flow.seconds(at), 0);
    push(series, count_name, labels("500", None), |flow, _, at| counted(flow.failed(at)), 0);
    push(series, sum_name, labels("500", None), |flow, _, at| counted(flow.failed(at)) * FAILING, 0);
    for (index, (bound, text)) in BOUNDS.into_iter().enumerate() {
        let within = |flow: &Flow, bound: usize, at: f64| counted(flow.within(bound, at).max(0.0));
        push(series, bucket_name, labels(journey.success, Some(text)), within, index);
        let failed: fn(&Flow, usize, f64) -> f64 =
            if bound < FAILING { |_, _, _| 0.0 } else { |flow, _, at| counted(flow.failed(at)) };
        push(series, bucket_name, labels("500", Some(text)), failed, index);
    }
}

fn processes(series: &mut Series) {
    for service in SERVICES {
        let job = format!("{NAMESPACE}/{}", service.name);
        series.pods(&service, &job);
        let labels = [("job", job.as_str()), ("service_name", service.name)];
        let busy = 0.02f64.mul_add(f64::from(u8::try_from(service.name.len()).unwrap_or(0)), 0.2);
        let is_booking = service.name == "booking";
        series.gauge(
            "process_cpu_utilization_ratio",
            &labels,
            move |minute| {
                if is_booking { BOOKING_CPU.at(minute) } else { busy }
            },
        );
        series.gauge("process_memory_utilization_ratio", &labels, move |_| busy + 0.3);
    }
    series.prometheus();
}

fn causes(series: &mut Series) {
    let flag = [("job", "book/flags"), ("service_name", "flags"), ("flag", FLAG)];
    series.gauge("feature_flag_rollout_ratio", &flag, share);
    let pool = [("job", "book/booking"), ("service", "booking")];
    series.gauge("pg_pool_in_use", &pool, |minute| POOL.at(minute).round());
    series.gauge("pg_pool_max", &pool, |_| 20.0);
    let database = [("job", "postgres"), ("instance", "pg-booking")];
    series.gauge("pg_cpu_utilization_ratio", &database, |minute| DATABASE_CPU.at(minute));
    let calls = |table| [("job", "postgres"), ("instance", "pg-booking"), ("operation", "SELECT"), ("table", table)];
    let bookings = JOURNEYS.iter().find(|journey| journey.name == "booking").map_or(0.0, |journey| journey.per_minute);
    let (usual, more) = QUERIES;
    series.push("pg_statements_total", MetricKind::Counter, calls("room").into_iter().collect(), move |minute| {
        Some(counted(bookings * more.mul_add(minutes_on(minute), usual * (minute + HISTORY))))
    });
    series.push("pg_statements_total", MetricKind::Counter, calls("hotel").into_iter().collect(), move |minute| {
        Some(counted(bookings * (minute + HISTORY)))
    });
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::Symbol;

    /// The law that lets increases be read off their two ends.
    #[test]
    fn counters_never_fall_and_never_end() {
        let hours = [(-60_000, -59_970), (-17_290, -17_210), (-300, -230), (-10, 160), (395, 405)];
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
        let moment = Timestamp::from_seconds(3_615);
        let mut families: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        let metrics = all(Timestamp::EPOCH);
        let requests = metrics.iter().filter(|metric| metric.kind == MetricKind::Histogram);
        for metric in requests.filter(|metric| !metric.name.ends_with("_sum")) {
            let of = |name: &str| metric.labels.get(name).map_or("", Symbol::as_str).to_owned();
            let key =
                ["service_name", "http_request_method", "http_route", "http_response_status_code"].map(of).concat();
            families.entry(key).or_default().push((metric.value)(moment).expect("it exists"));
        }
        assert_eq!(families.len(), 20);
        for (key, values) in families {
            let (count, buckets) = values.split_first().expect("the count comes first");
            assert!(buckets.is_sorted() && buckets.len() == BOUNDS.len(), "{key} {buckets:?}");
            assert_eq!(buckets.last(), Some(count), "{key}");
        }
    }
}
