//! The series of this moment as text, so that a real Prometheus can scrape the company: in the classic format, or in
//! OpenMetrics for who accepts that, whose buckets name an exemplar each.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::super::params::Params;
use super::envelope::number;
use super::exemplars;
use super::series::family;
use super::state::Api;
use crate::demo::Metric;
use crate::domain::Labels;

const CLASSIC: &str = "text/plain; version=0.0.4; charset=utf-8";
const OPEN: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

pub async fn metrics(State(api): State<Arc<Api>>, params: Params) -> Response {
    let is_open = params.header("accept").contains("application/openmetrics-text");
    let text = tokio::task::spawn_blocking(move || exposition(&api, is_open)).await.unwrap_or_default();
    ([(header::CONTENT_TYPE, if is_open { OPEN } else { CLASSIC })], text).into_response()
}

fn exposition(api: &Api, is_open: bool) -> String {
    let now = api.site.clock.now();
    let mut families: BTreeMap<(&str, &str), Vec<&Metric>> = BTreeMap::new();
    for metric in api.store.metrics() {
        families.entry(family(metric.name, metric.kind)).or_default().push(metric);
    }
    let buckets = api.store.metrics().iter().filter(|metric| is_open && metric.labels.get("le").is_some());
    let exemplars = exemplars::written(api, buckets.map(|metric| &metric.labels));
    let mut text = String::new();
    for ((name, kind), metrics) in families {
        // OpenMetrics names a family of counters without their ending. Writing into a String cannot fail.
        let name = name.strip_suffix("_total").filter(|_| is_open && kind == "counter").unwrap_or(name);
        let _ = writeln!(text, "# TYPE {name} {kind}");
        for metric in metrics {
            if let Some(value) = (metric.value)(now) {
                let exemplar = exemplars.get(&metric.labels).filter(|_| metric.name.ends_with("_bucket"));
                let exemplar = exemplar.map_or("", String::as_str);
                let _ = writeln!(text, "{}{} {}{exemplar}", metric.name, written(&metric.labels), number(value));
            }
        }
    }
    if is_open {
        text.push_str("# EOF\n");
    }
    text
}

fn written(labels: &Labels) -> String {
    let escaped = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let pairs: Vec<String> = labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
    if pairs.is_empty() { String::new() } else { format!("{{{}}}", pairs.join(",")) }
}
