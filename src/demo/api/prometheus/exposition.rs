//! The series of this moment in the text format, so that a real Prometheus can scrape the company.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::envelope::number;
use super::series::family;
use super::state::Api;
use crate::demo::Metric;
use crate::domain::Labels;

pub async fn metrics(State(api): State<Arc<Api>>) -> Response {
    let now = api.site.clock.now();
    let mut families: BTreeMap<(&str, &str), Vec<&Metric>> = BTreeMap::new();
    for metric in api.store.metrics() {
        families.entry(family(metric.name, metric.kind)).or_default().push(metric);
    }
    let mut text = String::new();
    for ((name, kind), metrics) in families {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "# TYPE {name} {kind}");
        for metric in metrics {
            if let Some(value) = (metric.value)(now) {
                let _ = writeln!(text, "{}{} {}", metric.name, written(&metric.labels), number(value));
            }
        }
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

fn written(labels: &Labels) -> String {
    let escaped = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let pairs: Vec<String> = labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
    if pairs.is_empty() { String::new() } else { format!("{{{}}}", pairs.join(",")) }
}
