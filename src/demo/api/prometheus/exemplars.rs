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
    let mut latest: BTreeMap<(Labels, Timestamp), Exemplar> = BTreeMap::new();
    for record in api.site.company.traces(Window { start, end }, MOST_TRACES) {
        for span in record.spans.iter().filter(|span| span.kind == Kind::Server && span.end <= end) {
            let Some(labels) = bucket_of(span, buckets.keys()) else { continue };
            let exemplar = Exemplar {
                labels: [("trace_id", record.id.to_string()), ("span_id", span.id.to_string())].into_iter().collect(),
                value: number(span.end.elapsed_since(span.start).as_secs_f64()),
                timestamp: seconds(span.end),
            };
            latest.insert((labels.clone(), span.end.floor_to(KEPT_FOR)), exemplar);
        }
    }
    for ((labels, _), exemplar) in latest {
        buckets.entry(labels).or_default().push(exemplar);
    }
    let told = buckets.into_iter().filter(|(_, exemplars)| !exemplars.is_empty());
    Ok(told.map(|(series_labels, exemplars)| Series { series_labels, exemplars }).collect())
}

/// The least bucket that a request is counted in, among these series.
fn bucket_of<'a>(span: &Span, series: impl Iterator<Item = &'a Labels>) -> Option<&'a Labels> {
    let route = span.attribute("http.route").and_then(Value::as_text)?;
    let status = span.attribute("http.response.status_code")?.to_string();
    let took = span.end.elapsed_since(span.start).as_secs_f64();
    let is = |labels: &Labels, name: &str, value: &str| labels.get(name).map(Symbol::as_str) == Some(value);
    let bound = |labels: &Labels| labels.get("le").and_then(|le| le.parse::<f64>().ok()).unwrap_or(f64::NAN);
    series
        .filter(|labels| {
            is(labels, "service_name", &span.service)
                && is(labels, "http_route", route)
                && is(labels, "http_response_status_code", &status)
                && took <= bound(labels)
        })
        .min_by(|one, other| bound(one).total_cmp(&bound(other)))
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
