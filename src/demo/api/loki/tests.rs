//! The simulated Loki's queries beside the recorded answers of the real one. Not its tail: that is `tail_tests.rs`.

use std::sync::Arc;

use serde_json::{Value, json};

use super::router;
use crate::demo::api::rehearsal::{Reply, get};
use crate::demo::api::shape::shape;
use crate::demo::company::LogRecord;
use crate::demo::fixture::Fixture;
use crate::demo::site::Site;
use crate::domain::signal::Level;
use crate::domain::{Labels, Symbol, Timestamp};

macro_rules! recorded {
    ($name:literal) => {
        include_str!(concat!("../../../../tests/recorded/loki-3.7.6/", $name))
    };
}

const TRACE: &str = "bdd640fb06671ad11c80317fa3b1799d";
const PLACE: [(&str, &str); 3] =
    [("deployment_environment", "lab"), ("k8s_pod_name", "checkout-7d9f-x1"), ("service_name", "checkout")];
const CATEGORIES: Option<(&str, &str)> = Some(("X-Loki-Response-Encoding-Flags", "categorize-labels"));
const RANGE: [(&str, &str); 2] = [("start", "1795348452549628383"), ("end", "1795348912549628383")];

fn line(nanos: i64, level: Level, stream: &[(&str, &str)], metadata: &[(&str, &str)], text: &str) -> LogRecord {
    let stream: Labels = stream.iter().copied().collect();
    let metadata = metadata.iter().map(|(name, value)| (Symbol::from(*name), Symbol::from(*value))).collect();
    LogRecord { time: Timestamp::from_nanos(nanos), level, stream: Arc::new(stream), metadata, line: text.to_owned() }
}

/// The lines of the recorded failing order, a plain line, a line that counts, and one from the future.
fn site() -> Arc<Site> {
    let common = [("order_id", "ord-1001"), ("retry", "2"), ("scope_name", "shop"), ("span_id", "3eb13b9046685257")];
    let with = |number, text| {
        [common.as_slice(), &[("severity_number", number), ("severity_text", text), ("trace_id", TRACE)]].concat()
    };
    let failed = "payment failed: card declined\n  at pay.py:3\n  at main.py:9";
    let bulk = [("app", "bulk"), ("env", "lab"), ("service_name", "bulk")];
    let mut lines = vec![
        line(1_795_348_512_549_628_383, Level::Info, &PLACE, &with("9", "INFO"), "order accepted ord-1001"),
        line(1_795_348_512_639_628_383, Level::Error, &PLACE, &with("17", "ERROR"), failed),
        line(1_795_348_515_049_628_383, Level::Unknown, &bulk, &[], "plain <line> without anything"),
    ];
    for n in 0..4 {
        let text = format!(r#"{{"level": "info", "n": {n}, "http": {{"status-code": 50{n}}}, "took": "{n}s"}}"#);
        lines.push(line(1_795_348_550_000_000_000 + n * 1_000_000_000, Level::Info, &bulk, &[("n", "9")], &text));
    }
    lines.push(line(1_795_348_900_000_000_000, Level::Info, &bulk, &[], "not yet"));
    Fixture { lines, ..Fixture::default() }.site_at(Timestamp::from_seconds(1_795_348_800))
}

async fn ask(path: &str, query: &[(&str, &str)], header: Option<(&str, &str)>) -> Reply {
    get(router(site()), &format!("/loki/api/v1{path}"), query, header).await
}

async fn range(query: &str, more: &[(&str, &str)], header: Option<(&str, &str)>) -> Value {
    let query = [&[("query", query)], RANGE.as_slice(), more].concat();
    let reply = ask("/query_range", &query, header).await;
    assert_eq!((reply.status, reply.content_type()), (200, "application/json; charset=UTF-8"), "{}", reply.text());
    reply.json()
}

/// The texts of the lines, stream after stream.
async fn lines(query: &str, more: &[(&str, &str)]) -> Vec<String> {
    let answer = range(query, more, CATEGORIES).await;
    let streams = answer["data"]["result"].as_array().expect("a list").clone();
    let values = streams.iter().flat_map(|stream| stream["values"].as_array().expect("a list"));
    values.map(|value| value[1].as_str().expect("text").to_owned()).collect()
}

async fn refused(path: &str, query: &[(&str, &str)]) -> String {
    let reply = ask(path, query, None).await;
    assert_eq!((reply.status, reply.content_type()), (400, "text/plain; charset=utf-8"), "{}", reply.text());
    reply.text().to_owned()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("a recorded answer")
}

#[tokio::test]
async fn metadata_is_merged_or_kept_apart_as_recorded() {
    let query = r#"{service_name="checkout"} | trace_id!="""#;
    let merged = range(query, &[], None).await;
    let recorded = json(recorded!("range_streams_otlp.json"));
    assert_eq!(merged["data"]["result"], recorded["data"]["result"]);
    assert_eq!(shape(&merged), shape(&recorded));
    let apart = range(query, &[], CATEGORIES).await;
    let recorded = json(recorded!("range_streams_otlp_categorized.json"));
    assert_eq!(apart["data"]["result"], recorded["data"]["result"]);
    assert_eq!(shape(&apart), shape(&recorded));
    let by_trace = range(&format!("{{service_name=~\".+\"}} | trace_id=\"{TRACE}\""), &[], None).await;
    assert_eq!(by_trace["data"]["result"], json(recorded!("range_by_trace_sm.json"))["data"]["result"]);
    let empty = range(r#"{app="nothing"}"#, &[], None).await;
    assert_eq!(shape(&empty), shape(&json(recorded!("range_empty.json"))));
}

#[tokio::test]
async fn a_line_that_is_not_json_comes_with_its_error() {
    let answer = range(r#"{app="bulk"} |= "plain" | json"#, &[], CATEGORIES).await;
    let recorded = json(recorded!("range_json_error_categorized.json"));
    let value = &answer["data"]["result"][0]["values"][0];
    assert_eq!(value[2], recorded["data"]["result"][0]["values"][3][2]);
    let merged = range(r#"{app="bulk"} |= "plain" | json"#, &[], None).await;
    assert_eq!(merged["data"]["result"][0]["stream"]["__error__"], "JSONParserErr");
}

#[tokio::test]
async fn parsed_labels_step_aside_for_known_ones() {
    let answer = range(r#"{app="bulk"} | json | n_extracted="3""#, &[], CATEGORIES).await;
    let categories = &answer["data"]["result"][0]["values"][0][2];
    assert_eq!(categories["structuredMetadata"], json!({"n": "9", "detected_level": "info"}));
    let parsed = json!({"level": "info", "n_extracted": "3", "http_status_code": "503", "took": "3s"});
    assert_eq!(categories["parsed"], parsed);
}

#[tokio::test]
async fn limit_and_direction_choose_which_lines() {
    let numbers = async |query: &[(&str, &str)]| {
        let found = lines(r#"{app="bulk"} | json | n_extracted=~".+""#, query).await;
        found.iter().map(|line| json(line)["n"].as_i64().expect("a number")).collect::<Vec<_>>()
    };
    assert_eq!(numbers(&[("limit", "2")]).await, [3, 2]);
    assert_eq!(numbers(&[("limit", "2"), ("direction", "forward")]).await, [0, 1]);
    assert!(!lines(r#"{app="bulk"}"#, &[]).await.contains(&"not yet".to_owned()), "the future is not told");
    assert_eq!(
        range(r#"{app="bulk"}"#, &[("limit", "2")], None).await["data"]["result"][0]["values"][0][0],
        "1795348553000000000"
    );
}

#[tokio::test]
async fn filters_work_on_lines_and_labels() {
    for (query, found) in [
        (r#"{app="bulk"} |= "n\": 2""#, 1),
        (r#"{app="bulk"} |= "n\": 2" or "n\": 3""#, 2),
        (r#"{app="bulk"} != "level""#, 1),
        (r#"{app="bulk"} |~ "n.: [01]""#, 2),
        (r#"{app="bulk"} !~ "n.: [01]""#, 3),
        (r#"{app=~"bu.*", env!="prod"} | json | n_extracted >= 1 and n_extracted < 3"#, 2),
        (r#"{app="bulk"} | json | (n_extracted="0" or n_extracted="3"), took > 1s"#, 1),
        (r#"{app="bulk"} | detected_level="unknown""#, 1),
        (r#"{service_name=~".+"} | detected_level=~"error|warn""#, 1),
        (r#"{app="bulk"} | logfmt | level="info""#, 0),
    ] {
        assert_eq!(lines(query, &[]).await.len(), found, "{query}");
    }
}

#[tokio::test]
async fn counts_stand_at_multiples_of_the_step() {
    let query = r#"sum by (app) (count_over_time({env="lab"}[30s]))"#;
    let answer = range(query, &[("step", "60")], None).await;
    assert_eq!(shape(&answer), shape(&json(recorded!("range_metric.json"))));
    assert_eq!(answer["data"]["result"], json!([{"metric": {"app": "bulk"}, "values": [[1_795_348_560, "4"]]}]));
    let rate = range(r#"sum(rate({env="lab"} |= "level" [1m]))"#, &[("step", "60")], None).await;
    assert_eq!(rate["data"]["result"][0]["values"][0][1], "0.06666666666666667");
    let each = range(r#"count(count_over_time({service_name=~".+"}[10m]))"#, &[("step", "300")], None).await;
    assert_eq!(each["data"]["result"][0]["values"][0][1], "4", "one a label set, metadata included");
    let now = [("query", r#"sum by (app) (count_over_time({app="bulk"}[10m]))"#)];
    let instant = ask("/query", &now, None).await.json();
    assert_eq!(instant["data"]["result"], json!([{"metric": {"app": "bulk"}, "value": [1_795_348_800, "5"]}]));
}

#[tokio::test]
async fn refusals_are_plain_text() {
    let bad = |query: &'static str| async move { refused("/query_range", &[("query", query)]).await };
    assert_eq!(bad(r#"{app="x""#).await, recorded!("range_bad_query_400.txt").trim_end());
    assert!(bad(r#"{app=~".*"}"#).await.contains("empty-compatible"));
    assert!(bad(r#"{app="x"} | line_format "a""#).await.contains(r#"does not speak "line_format""#));
    assert!(bad(r#"topk(3, rate({app="x"}[1m]))"#).await.contains("topk"));
    assert!(bad(r#"{app=~"("}"#).await.contains("regexp"));
    assert!(bad("").await.contains("unexpected $end"));
    let query = ("query", r#"{app="x"}"#);
    assert!(refused("/query", &[query]).await.contains("instant query"));
    assert!(refused("/query_range", &[query, ("limit", "6000")]).await.contains("6000 > 5000"));
    assert!(refused("/query_range", &[query, ("start", "9"), ("end", "5")]).await.contains("end timestamp"));
    assert!(refused("/query_range", &[query, ("start", "5"), ("end", "9999999")]).await.contains("30d1h"));
    assert!(refused("/query_range", &[query, ("start", "yesterday")]).await.contains("start"));
    let count = ("query", r#"count_over_time({app="x"}[1m])"#);
    assert!(refused("/query_range", &[count, ("since", "24h"), ("step", "1")]).await.contains("11,000"));
}

#[tokio::test]
async fn labels_series_and_figures_have_the_recorded_shapes() {
    let labels = ask("/labels", &RANGE, None).await.json();
    assert_eq!(labels["data"], json!(["app", "deployment_environment", "env", "k8s_pod_name", "service_name"]));
    assert_eq!(
        ask("/labels", &[("start", "1600000000"), ("end", "1600000001")], None).await.text(),
        recorded!("labels_empty_window.json").trim_end()
    );
    assert_eq!(ask("/label/app/values", &RANGE, None).await.json()["data"], json!(["bulk"]));
    let series = ask("/series", &[&[("match[]", r#"{env="lab"}"#)], RANGE.as_slice()].concat(), None).await.json();
    assert_eq!(series["data"], json!([{"app": "bulk", "env": "lab", "service_name": "bulk"}]));
    assert_eq!(ask("/series", &RANGE, None).await.json()["data"].as_array().map(Vec::len), Some(2));
    let stats = ask("/index/stats", &[&[("query", r#"{env="lab"}"#)], RANGE.as_slice()].concat(), None).await.json();
    assert_eq!(shape(&stats), shape(&json(recorded!("stats.json"))));
    assert_eq!(stats["entries"], 5);
    assert_eq!(shape(&ask("/status/buildinfo", &[], None).await.json()), shape(&json(recorded!("buildinfo.json"))));
}

#[tokio::test]
async fn go_escapes_what_html_could_read() {
    let reply =
        ask("/query_range", &[&[("query", r#"{app="bulk"} |= "plain""#)], RANGE.as_slice()].concat(), None).await;
    assert!(reply.text().contains(r"plain \u003cline\u003e without"), "{}", reply.text());
}
