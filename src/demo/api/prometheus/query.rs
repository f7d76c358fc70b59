//! Instant and range queries.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use super::super::params::Params;
use super::arguments;
use super::envelope::{Sample, failure, success};
use super::state::Api;
use crate::demo::promql::{Problem, Query, Value};
use crate::domain::{Labels, Timestamp};

const TIMEOUT: Duration = Duration::from_secs(20);
const MOST_POINTS: u128 = 11_000;

#[derive(Serialize)]
struct Answer<T> {
    #[serde(rename = "resultType")]
    kind: &'static str,
    result: T,
}

#[derive(Serialize)]
struct Instant {
    metric: Labels,
    value: Sample,
}

#[derive(Serialize)]
struct Range {
    metric: Labels,
    values: Vec<Sample>,
}

pub async fn instant(State(api): State<Arc<Api>>, params: Params) -> Response {
    reply(move || {
        let now = api.site.clock.now();
        let moment = params.get("time").map_or(Ok(now), |text| arguments::time("time", text))?;
        let expression = arguments::expression(params.get("query"))?;
        let query = Query::new(&api.store, &expression, now, (moment, moment), timeout(&params)?);
        Ok(match query.at(moment)? {
            Value::Scalar(value) => success(Answer { kind: "scalar", result: Sample::new(moment, value) }),
            Value::Text(text) => success(Answer { kind: "string", result: Sample::text(moment, &text) }),
            Value::Vector(points) => {
                let points = points.into_iter();
                let one = |point: crate::demo::promql::Point| Instant {
                    metric: point.labels,
                    value: Sample::new(moment, point.value),
                };
                success(Answer { kind: "vector", result: points.map(one).collect::<Vec<_>>() })
            }
            Value::Matrix(runs) => {
                success(Answer { kind: "matrix", result: runs.into_iter().map(Range::of).collect::<Vec<_>>() })
            }
        })
    })
    .await
}

pub async fn range(State(api): State<Arc<Api>>, params: Params) -> Response {
    reply(move || {
        let given = |name: &str| {
            let text = params.get(name).unwrap_or("");
            arguments::time(name, text)
        };
        let (start, end) = (given("start")?, given("end")?);
        if end < start {
            return Err(arguments::bad("end", "end timestamp must not be before start time"));
        }
        let step = arguments::duration("step", params.get("step").unwrap_or(""))?;
        if step < Duration::from_millis(1) {
            let words = "zero or negative query resolution step widths are not accepted. Try a positive integer";
            return Err(arguments::bad("step", words));
        }
        if end.elapsed_since(start).as_nanos() / step.as_nanos() > MOST_POINTS {
            let words = "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)";
            return Err(Problem::Bad(words.into()));
        }
        let expression = arguments::expression(params.get("query"))?;
        let now = api.site.clock.now();
        let query = Query::new(&api.store, &expression, now, (start, end), timeout(&params)?);
        let next = |moment: &Timestamp| Some(moment.plus(step)).filter(|next| next > moment);
        let moments = std::iter::successors(Some(start), next).take_while(|moment| *moment <= end);
        let runs = query.range(moments)?;
        Ok(success(Answer { kind: "matrix", result: runs.into_iter().map(Range::of).collect::<Vec<_>>() }))
    })
    .await
}

impl Range {
    fn of(run: crate::demo::promql::Run) -> Self {
        let values = run.samples.into_iter().map(|(moment, value)| Sample::new(moment, value)).collect();
        Self { metric: run.labels, values }
    }
}

fn timeout(params: &Params) -> Result<Duration, Problem> {
    params.get("timeout").map_or(Ok(TIMEOUT), |text| Ok(arguments::duration("timeout", text)?.min(TIMEOUT)))
}

/// Works on a thread that may block: a query can take a while.
async fn reply(work: impl FnOnce() -> Result<Response, Problem> + Send + 'static) -> Response {
    match crate::demo::work::work(work).await {
        Ok(answer) => answer.unwrap_or_else(|problem| failure(&problem)),
        Err(_) => failure(&Problem::Execution("the query was given up".into())),
    }
}
