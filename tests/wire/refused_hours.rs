//! A server that refuses some of the hours of a window, or all: what is refused is not nothing, and no budget is told of the
//! rest as if it were the whole.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use warroom::backend::Prometheus;
use warroom::domain::slo::{Measure, Method, Policy, Sli, Slo};
use warroom::domain::{Cause, Timestamp};
use warroom::port::{Clock, Ports};
use warroom::runtime::whole_window;
use warroom::store::MemoryJournal;

use super::replay::{Answer, Asked, Replay};

struct Evening;

impl Clock for Evening {
    fn now(&self) -> Timestamp {
        Timestamp::parse_rfc3339("2026-03-13T17:36:00Z").expect("a time")
    }
}

fn orders() -> Slo {
    Slo {
        name: "orders".into(),
        journey: "orders".into(),
        objective: "99.9".parse().expect("an objective"),
        window: Duration::from_secs(30 * 86_400),
        sli: Sli::BadOverTotal { bad: "bad[{{.window}}]".to_owned(), total: "all[{{.window}}]".to_owned() },
        runbook: None,
        policy: Policy::Seed,
        method: Method::Occurrences,
        unit: "orders".into(),
        unit_cost_micro: None,
        currency: "EUR".into(),
        source: None,
    }
}

fn success(data: serde_json::Value) -> Answer {
    Answer::new(200, json!({"status": "success", "data": data}).to_string()).header("content-type", "application/json")
}

/// One event of a thousand is bad, in every hour; a range of more steps than `most` is refused.
fn server(asked: &Asked, most: i64) -> Answer {
    let number = |name: &str| asked.pair(name).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0) as i64;
    let value = if asked.pair("query").is_some_and(|query| query.contains("bad")) { "1" } else { "1000" };
    match asked.path.as_str() {
        "/api/v1/query_range" => {
            let (start, end, step) = (number("start"), number("end"), number("step").max(1));
            if (end - start) / step + 1 > most {
                let words = "query processing would load too many samples into memory in query execution";
                let body = json!({"status": "error", "errorType": "execution", "error": words});
                return Answer::new(422, body.to_string()).header("content-type", "application/json");
            }
            let values: Vec<_> = (start..=end).step_by(step as usize).map(|at| json!([at, value])).collect();
            success(json!({"resultType": "matrix", "result": [{"metric": {}, "values": values}]}))
        }
        "/api/v1/query" => {
            let sample = json!([number("time"), value]);
            success(json!({"resultType": "vector", "result": [{"metric": {}, "value": sample}]}))
        }
        "/api/v1/rules" => success(json!({"groups": []})),
        _ => success(json!([])),
    }
}

async fn counted(most: i64) -> (Measure, warroom::domain::slo::Coverage, usize) {
    let replay = Replay::serve(move |asked: &Asked| server(asked, most)).await;
    let store = Arc::new(MemoryJournal::new());
    let ports = Ports {
        metrics: vec![Arc::new(Prometheus::connect(replay.endpoint()).expect("a client"))],
        logs: Vec::new(),
        traces: Vec::new(),
        alerts: Vec::new(),
        changes: Vec::new(),
        journal: store.clone(),
        hours: store,
        clock: Arc::new(Evening),
    };
    let told = whole_window(&ports, &BTreeMap::from([("lab".into(), 60_000)]), &orders()).await;
    let (measure, coverage) = told.expect("it is counted by hours");
    let ranges = replay.asked().iter().filter(|asked| asked.path == "/api/v1/query_range").count();
    (measure, coverage.expect("it was told"), ranges)
}

#[tokio::test]
async fn hours_that_are_too_many_at_once_are_asked_for_in_smaller_parts() {
    let (measure, coverage, ranges) = counted(6).await;
    let Measure::Counts { bad, total, partial } = measure else { panic!("{measure:?}") };
    assert!((bad / total - 0.001).abs() < 1e-9 && total > 719_000.0 && !partial, "{bad} of {total}");
    let window = Duration::from_secs(30 * 86_400);
    assert!(coverage.loaded == window && coverage.holes.is_zero() && coverage.since.is_none(), "{coverage:?}");
    assert!(ranges < 800, "{ranges} questions");
}

/// Before, the hours counted as empty: thirty days were told by the minutes since the last full hour.
#[tokio::test]
async fn hours_that_are_refused_make_no_budget() {
    let (measure, coverage, ranges) = counted(0).await;
    let Measure::Failed(failure) = &measure else { panic!("{measure:?}") };
    assert!(matches!(failure.cause, Cause::Refused { status: 422, .. }), "{failure}");
    assert_eq!(coverage.text(Evening.now()).as_deref(), Some("0 of 30 d, the rest is refused"));
    assert!(coverage.refused.is_some_and(|why| why.contains("too many samples")));
    assert!(coverage.since.is_none(), "nobody said that there is nothing older");
    assert!(ranges < 40, "{ranges} questions");
}
