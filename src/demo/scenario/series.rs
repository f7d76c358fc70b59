//! The series of a simulated company while they are put together: every one changes at scrapes alone and begins long
//! before the story. Not which there are: each scenario has its own.

use std::sync::Arc;
use std::time::Duration;

use super::estate::{DAY, PODS, SCRAPE_SECONDS, Service, minutes};
use crate::demo::{Metric, MetricKind, ValueAt};
use crate::domain::{Labels, Timestamp};

/// Series begin this long before T0, in minutes: more than one window of 30 days before anything that is asked for.
pub(super) const HISTORY: f64 = 61.0 * DAY;

/// The families of a histogram of requests: count, sum, bucket.
pub(super) const REQUESTS: [&str; 3] = [
    "http_server_request_duration_seconds_count",
    "http_server_request_duration_seconds_sum",
    "http_server_request_duration_seconds_bucket",
];

/// Upper bounds of the buckets in seconds; the last is without bound.
pub(super) const BOUNDS: [(f64, &str); 14] = [
    (0.005, "0.005"),
    (0.01, "0.01"),
    (0.025, "0.025"),
    (0.05, "0.05"),
    (0.1, "0.1"),
    (0.25, "0.25"),
    (0.5, "0.5"),
    (0.8, "0.8"),
    (1.0, "1"),
    (2.0, "2"),
    (2.5, "2.5"),
    (3.0, "3"),
    (5.0, "5"),
    (f64::INFINITY, "+Inf"),
];

pub(super) struct Series {
    pub(super) impact_start: Timestamp,
    pub(super) metrics: Vec<Metric>,
}

impl Series {
    pub(super) const fn new(impact_start: Timestamp) -> Self {
        Self { impact_start, metrics: Vec::new() }
    }

    /// `value` of the minutes since T0 of the last scrape.
    pub(super) fn push(
        &mut self,
        name: &'static str,
        kind: MetricKind,
        labels: Labels,
        value: impl Fn(f64) -> Option<f64> + Send + Sync + 'static,
    ) {
        let impact_start = self.impact_start;
        let value: ValueAt = Arc::new(move |moment: Timestamp| {
            let scraped = moment.floor_to(Duration::from_secs(SCRAPE_SECONDS.unsigned_abs()));
            let minute = minutes(scraped, impact_start);
            if minute < -HISTORY { None } else { value(minute) }
        });
        self.metrics.push(Metric { name, kind, labels, value });
    }

    pub(super) fn gauge(
        &mut self,
        name: &'static str,
        labels: &[(&str, &str)],
        value: impl Fn(f64) -> f64 + Send + Sync + 'static,
    ) {
        self.push(name, MetricKind::Gauge, labels.iter().copied().collect(), move |minute| Some(value(minute)));
    }

    /// `up` and `target_info` of every pod and its container's image and build, for as long as its version ran, and how many are wanted.
    pub(super) fn pods(&mut self, service: &Service, job: &str) {
        let namespace = job.split('/').next().unwrap_or_default();
        let cluster = [("job", "kube-state-metrics"), ("namespace", namespace)];
        let deployment = cluster.into_iter().chain([("deployment", service.name)]).collect();
        #[expect(clippy::cast_precision_loss, reason = "a handful of pods")]
        self.push("kube_deployment_spec_replicas", MetricKind::Gauge, deployment, |_| Some(PODS as f64));
        for pod in 0..PODS {
            for (index, (since, version)) in service.versions.iter().enumerate() {
                let until = service.versions.get(index + 1).map_or(f64::INFINITY, |next| next.0);
                let since = *since;
                let here = move |minute: f64| (since <= minute && minute < until).then_some(1.0);
                let instance = service.pod(pod, version);
                let pairs = [("job", job), ("instance", instance.as_str())];
                self.push("up", MetricKind::Gauge, pairs.into_iter().collect(), here);
                let about = [("service_name", service.name), ("service_version", *version)];
                let labels = pairs.into_iter().chain(about).collect();
                self.push("target_info", MetricKind::Gauge, labels, here);
                let image = format!("registry.local:5000/{namespace}/{}:{version}", service.name);
                let container = [("pod", instance.as_str()), ("container", service.name), ("image", image.as_str())];
                let labels = cluster.into_iter().chain(container).collect();
                self.push("kube_pod_container_info", MetricKind::Gauge, labels, here);
                let labels = pairs.into_iter().chain([("version", *version), ("branch", "main")]).collect();
                self.push("app_build_info", MetricKind::Gauge, labels, here);
            }
        }
    }

    /// What the company's Prometheus says of itself.
    pub(super) fn prometheus(&mut self) {
        let about = [("job", "prometheus"), ("instance", "prometheus-0"), ("version", "2.42.0"), ("branch", "demo")];
        self.gauge("prometheus_build_info", &about, |_| 1.0);
        let start = self.impact_start.seconds();
        #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 fit")]
        self.gauge("process_start_time_seconds", &[("job", "prometheus"), ("instance", "prometheus-0")], move |_| {
            start as f64 - HISTORY * 60.0
        });
    }
}
