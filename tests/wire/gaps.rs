//! The gap report over more lines than are read: what the servers count is counted whole, and what is of a part says so.

use std::sync::Arc;

use serde_json::json;
use warroom::backend::{Loki, Tempo};
use warroom::domain::trace::{Of, Report, Silent};
use warroom::domain::{Timestamp, Window};
use warroom::port::{Clock, Ports};
use warroom::runtime::{GapScope, gap_report};
use warroom::store::MemoryJournal;

use super::replay::{Answer, Asked, Replay, body, recorded};

struct Later;

impl Clock for Later {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(1_795_349_352)
    }
}

fn window() -> Window {
    Window { start: Timestamp::from_seconds(1_795_348_452), end: Timestamp::from_seconds(1_795_349_352) }
}

fn success(data: serde_json::Value) -> Answer {
    Answer::new(200, json!({"status": "success", "data": data}).to_string()).header("content-type", "application/json")
}

/// The newest lines are all of one service, `parcel-worker`; those of `legacy-billing` are older than what is read.
fn loki(asked: &Asked) -> Answer {
    let number = |name: &str| asked.pair(name).and_then(|text| text.parse::<i64>().ok()).expect("a number");
    match asked.path.as_str() {
        "/loki/api/v1/query_range" => {
            let (end, limit) = (number("end"), number("limit"));
            let values: Vec<_> = (1..=limit).map(|back| json!([(end - back).to_string(), "at ease", {}])).collect();
            let stream = json!({"stream": {"service_name": "parcel-worker"}, "values": values});
            success(json!({"resultType": "streams", "encodingFlags": ["categorize-labels"], "result": [stream]}))
        }
        "/loki/api/v1/query" => {
            let row =
                |labels: serde_json::Value, lines: &str| json!({"metric": labels, "value": [1_795_349_352, lines]});
            let rows = [
                row(json!({"service_name": "checkout", "container": "app"}), "40000"),
                row(json!({"service_name": "unknown_service", "app": "legacy-billing"}), "1100"),
                row(json!({"service_name": "notifier"}), "90"),
                row(json!({}), "10"),
            ];
            success(json!({"resultType": "vector", "result": rows}))
        }
        path => panic!("asked for {path}"),
    }
}

fn tempo(asked: &Asked) -> Answer {
    match asked.path.as_str() {
        "/api/search" if asked.pair("q").is_some_and(|query| query.contains("service.name")) => {
            recorded("tempo-3.0.3", "search_empty")
        }
        "/api/search" => recorded("tempo-3.0.3", "search_error"),
        "/api/v2/search/tag/resource.service.name/values" => recorded("tempo-3.0.3", "tag_values_v2"),
        _ => recorded("tempo-3.0.3", "trace_v2_error_pb"),
    }
}

async fn report(
    loki: impl Fn(&Asked) -> Answer + Clone + Send + Sync + 'static,
    tempo: impl Fn(&Asked) -> Answer + Clone + Send + Sync + 'static,
) -> (Report, Replay, Replay) {
    let (lines, spans) = (Replay::serve(loki).await, Replay::serve(tempo).await);
    let store = Arc::new(MemoryJournal::new());
    let ports = Ports {
        metrics: Vec::new(),
        logs: vec![Arc::new(Loki::connect(lines.endpoint()).expect("a client"))],
        traces: vec![Arc::new(Tempo::connect(spans.endpoint()).expect("a client"))],
        alerts: Vec::new(),
        changes: Vec::new(),
        journal: store.clone(),
        hours: store,
        clock: Arc::new(Later),
    };
    let scope = GapScope {
        window: window(),
        entrypoints: Vec::new(),
        business_keys: Vec::new(),
        log_query: "{namespace=\"shop\"}".to_owned(),
    };
    (gap_report(&ports, &scope).await.expect("a report"), lines, spans)
}

#[tokio::test]
async fn a_service_whose_lines_are_older_than_those_read_is_found_silent() {
    let (report, lines, spans) = report(loki, tempo).await;
    assert_eq!(report.silent, [Silent { service: "legacy-billing".into(), lines: 1_100, counted: true }]);
    assert_eq!(report.of_lines, Of { read: 2_000, all: Some(41_200), at_least: false });
    assert_eq!((report.lines, report.lines_without), (2_000, 2_000));
    assert_eq!(report.of_traces.all, Some(5));
    assert_eq!(report.problems, Vec::<String>::new());
    let counts: Vec<Asked> = lines.asked().into_iter().filter(|asked| asked.path == "/loki/api/v1/query").collect();
    let [count] = counts.as_slice() else { panic!("{} questions", counts.len()) };
    let query = count.pair("query").expect("a query");
    assert!(query.starts_with("sum by (service_name, service, app, "), "{query}");
    assert!(query.ends_with("(count_over_time({namespace=\"shop\"} [900000000000ns]))"), "{query}");
    assert_eq!(count.pair("time"), Some("1795349351999999999"));
    let asked = spans.asked();
    let lists: Vec<&Asked> = asked.iter().filter(|asked| asked.path.ends_with("/values")).collect();
    let [list] = lists.as_slice() else { panic!("{} questions", lists.len()) };
    assert_eq!((list.pair("start"), list.pair("end")), (Some("1795262952"), Some("1795349352")));
    let looked_up = asked.iter().filter(|asked| asked.pair("q").is_some_and(|query| query.contains("service.name")));
    assert_eq!(looked_up.count(), 0, "nobody is searched for who is in the list");
}

#[tokio::test]
async fn a_server_that_refuses_to_count_leaves_the_lines_that_were_read() {
    let refuses = |asked: &Asked| match asked.path.as_str() {
        "/loki/api/v1/query" => Answer::new(400, "the query would read too many bytes"),
        _ => loki(asked),
    };
    let lists_nothing = |asked: &Asked| match asked.path.ends_with("/values") {
        true => Answer::new(200, r#"{"tagValues":[]}"#).header("content-type", "application/json"),
        false => tempo(asked),
    };
    let (report, _lines, spans) = report(refuses, lists_nothing).await;
    assert_eq!(report.of_lines, Of { read: 2_000, all: None, at_least: false });
    let told = report.problems.join("\n");
    assert!(told.contains("the 2000 that were read stand for all") && told.contains("too many bytes"), "{told}");
    assert!(told.contains("searched for one by one: ") && told.contains("lists no services"), "{told}");
    assert_eq!(report.silent, [Silent { service: "parcel-worker".into(), lines: 2_000, counted: false }]);
    let looked_up = |asked: &Asked| asked.pair("q").is_some_and(|query| query.contains("\"parcel-worker\""));
    assert!(spans.asked().iter().any(looked_up));
}

#[tokio::test]
async fn a_search_that_did_not_look_at_everything_is_a_problem_of_the_report() {
    let partial = |asked: &Asked| match asked.path.as_str() {
        "/api/search" => {
            let whole = String::from_utf8(body("tempo-3.0.3", "search_error")).expect("text");
            Answer::new(200, whole.replace("\"completedJobs\":3", "\"completedJobs\":1"))
        }
        _ => tempo(asked),
    };
    let (report, _lines, _spans) = report(loki, partial).await;
    assert_eq!(report.problems.len(), 1, "{:?}", report.problems);
    assert!(report.problems[0].ends_with(" searched in part, partial: 1 of 3 jobs"), "{:?}", report.problems);
    assert!(report.of_traces.at_least);
}
