//! Exemplars: which traces stand behind the buckets of request durations. They are read off the company's kept traces.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use promql_parser::parser::{Expr, VectorSelector};
use serde::Serialize;
use serde_json::Number;

use super::super::params::Params;
use super::arguments;
use super::envelope::{failure, number, seconds, success};
use super::state::Api;
use crate::demo::promql::Problem;
use crate::domain::signal::{Kind, Span, Value};
use crate::domain::{Labels, Symbol, Timestamp, Window};

/// The most traces that are looked at, the latest ones.
const MOST_TRACES: usize = 2_000;
/// One exemplar of a series in this time, as a client library keeps them.
const KEPT_FOR: std::time::Duration = std::time::Duration::from_secs(15);
/// What a scrape tells is at most so old.
const SCRAPED: std::time::Duration = std::time::Duration::from_secs(60);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Series {
    series_labels: Labels,
    exemplars: Vec<Exemplar>,
}

#[derive(Serialize)]
struct Exemplar {
    labels: Labels,
    value: String,
    timestamp: Number,
}

/// Those of the series that the query's selectors name, within `start` and `end`.
pub async fn exemplars(State(api): State<Arc<Api>>, params: Params) -> Response {
    let work = move || found(&api, &params).map_or_else(|problem| failure(&problem), success);
    let answer = crate::demo::work::work(work).await;
    answer.unwrap_or_else(|_| failure(&Problem::Execution("the query was given up".into())))
}

fn found(api: &Api, params: &Params) -> Result<Vec<Series>, Problem> {
    let expression = arguments::expression(params.get("query"))?;
    let now = api.site.clock.now();
    let time = |name: &str, default| params.get(name).map_or(Ok(default), |text| arguments::time(name, text));
    let end = time("end", now)?.min(now);
    let start = time("start", end.minus(std::time::Duration::from_secs(3_600)))?;
    let mut selectors = Vec::new();
    collect(&expression, &mut selectors);
    let mut buckets: BTreeMap<Labels, Vec<Exemplar>> = BTreeMap::new();
    for selector in selectors {
        let known = api.store.series(selector, start, end).into_iter().filter(|labels| labels.get("le").is_some());
        buckets.extend(known.map(|labels| (labels, Vec::new())));
    }
    let latest = kept(api, buckets.keys(), Window { start, end });
    for ((labels, _), exemplar) in latest {
        buckets.entry(labels).or_default().push(exemplar);
    }
    let told = buckets.into_iter().filter(|(_, exemplars)| !exemplars.is_empty());
    Ok(told.map(|(series_labels, exemplars)| Series { series_labels, exemplars }).collect())
}

/// Whose requests, by route and by status: what a bucket has besides its bound.
type Requests = (Symbol, String, String);

/// The last exemplar of every series in each turn of the window, by the kept traces.
fn kept<'a>(
    api: &Api,
    series: impl Iterator<Item = &'a Labels>,
    window: Window,
) -> BTreeMap<(Labels, Timestamp), Exemplar> {
    let mut bounds: BTreeMap<Requests, Vec<(f64, &Labels)>> = BTreeMap::new();
    for labels in series {
        let text = |name: &str| labels.get(name).map(ToString::to_string).unwrap_or_default();
        let Ok(bound) = text("le").parse::<f64>() else { continue };
        let requests = (Symbol::from(text("service_name")), text("http_route"), text("http_response_status_code"));
        bounds.entry(requests).or_default().push((bound, labels));
    }
    let mut latest = BTreeMap::new();
    for record in api.site.company.traces(window, MOST_TRACES) {
        for span in record.spans.iter().filter(|span| span.kind == Kind::Server && span.end <= window.end) {
            let took = span.end.elapsed_since(span.start).as_secs_f64();
            let Some(labels) = requests_of(span).and_then(|requests| bucket_of(took, bounds.get(&requests)?)) else {
                continue;
            };
            let exemplar = Exemplar {
                labels: [("trace_id", record.id.to_string()), ("span_id", span.id.to_string())].into_iter().collect(),
                value: number(took),
                timestamp: seconds(span.end),
            };
            latest.insert((labels.clone(), span.end.floor_to(KEPT_FOR)), exemplar);
        }
    }
    latest
}

/// For a scrape: the last exemplar of each of these series, as OpenMetrics writes it behind a bucket.
pub(super) fn written<'a>(api: &Api, series: impl Iterator<Item = &'a Labels>) -> BTreeMap<Labels, String> {
    let now = api.site.clock.now();
    let kept = kept(api, series, Window { start: now.minus(SCRAPED), end: now });
    // In the order of time, so that the last one stays.
    let text = |exemplar: Exemplar| {
        let id = |name: &str| exemplar.labels.get(name).map(ToString::to_string).unwrap_or_default();
        let ids = format!("trace_id=\"{}\",span_id=\"{}\"", id("trace_id"), id("span_id"));
        format!(" # {{{ids}}} {} {}", exemplar.value, exemplar.timestamp)
    };
    kept.into_iter().map(|((labels, _), exemplar)| (labels, text(exemplar))).collect()
}

fn requests_of(span: &Span) -> Option<Requests> {
    let route = span.attribute("http.route").and_then(Value::as_text)?;
    let status = span.attribute("http.response.status_code")?.to_string();
    Some((span.service.clone(), route.to_owned(), status))
}

/// The least bucket that a request is counted in.
fn bucket_of<'a>(took: f64, bounds: &[(f64, &'a Labels)]) -> Option<&'a Labels> {
    let holds = bounds.iter().filter(|(bound, _)| took <= *bound);
    holds.min_by(|one, other| one.0.total_cmp(&other.0)).map(|(_, labels)| *labels)
}

/// Every selector of an expression; what is nested deeper was refused when it was parsed.
fn collect<'a>(expression: &'a Expr, selectors: &mut Vec<&'a VectorSelector>) {
    match expression {
        Expr::VectorSelector(selector) => selectors.push(selector),
        Expr::MatrixSelector(matrix) => selectors.push(&matrix.vs),
        Expr::Paren(inner) => collect(&inner.expr, selectors),
        Expr::Unary(inner) => collect(&inner.expr, selectors),
        Expr::Subquery(inner) => collect(&inner.expr, selectors),
        Expr::Aggregate(group) => collect(&group.expr, selectors),
        Expr::Binary(binary) => {
            collect(&binary.lhs, selectors);
            collect(&binary.rhs, selectors);
        }
        Expr::Call(call) => call.args.args.iter().for_each(|argument| collect(argument, selectors)),
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::Extension(_) => {}
    }
}
