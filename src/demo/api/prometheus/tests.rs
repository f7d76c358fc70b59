//! The server over a real connection, against the answers recorded from a real one.

use std::sync::Arc;

use serde_json::Value as Json;

use super::super::rehearsal::{Reply, get};
use super::router;
use crate::demo::scenario::LostOrders;
use crate::demo::{Clock, Company, Site};

/// A Prometheus at so many seconds since T0.
async fn ask(second: i64, path: &str, query: &[(&str, &str)]) -> Reply {
    let company = Arc::new(LostOrders::new(42, LostOrders::EVENING));
    let clock = Clock::fixed(LostOrders::EVENING.shifted(second * 1_000_000_000));
    get(router(Arc::new(Site { company, clock })), path, query, None).await
}

fn error(reply: &Reply) -> (u16, String, String) {
    let json = reply.json();
    assert_eq!((json["status"].as_str(), reply.content_type()), (Some("error"), "application/json"));
    let text = |key: &str| json[key].as_str().expect("text").to_owned();
    (reply.status, text("errorType"), text("error"))
}

/// The keys of a JSON value, all the way down: answers must have the shape of the recorded ones.
fn shape(json: &Json) -> Json {
    match json {
        Json::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), shape(value))).collect(),
        Json::Array(items) => {
            items.first().map_or_else(|| Json::Array(Vec::new()), |item| Json::Array(vec![shape(item)]))
        }
        Json::String(_) => "text".into(),
        Json::Number(_) => "number".into(),
        other => other.clone(),
    }
}

#[tokio::test]
async fn instant_answers_have_the_recorded_shapes() {
    let vector = ask(360, "/api/v1/query", &[("query", "redis_keys")]).await.json();
    assert_eq!(vector["data"]["resultType"], "vector");
    assert_eq!(vector["data"]["result"][0]["value"], serde_json::json!([1_773_423_360, "0"]));
    assert_eq!(vector["data"]["result"][0]["metric"]["__name__"], "redis_keys");
    let scalar = ask(0, "/api/v1/query", &[("query", "scalar(vector(1.5))"), ("time", "1795348824.269")]).await.json();
    assert_eq!(scalar["data"], serde_json::json!({"resultType": "scalar", "result": [1_795_348_824.269, "1.5"]}));
    let empty = ask(0, "/api/v1/query", &[("query", "no_such_metric")]).await;
    assert_eq!(empty.text(), r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#);
    let nan = ask(0, "/api/v1/query", &[("query", "vector(0)/vector(0)")]).await.json();
    assert_eq!(nan["data"]["result"][0]["value"][1], "NaN");
}

#[tokio::test]
async fn errors_have_the_recorded_words() {
    let range = |step| [("query", "up"), ("start", "1795262422"), ("end", "1795348822"), ("step", step)];
    let points = ask(0, "/api/v1/query_range", &range("1")).await;
    let recorded: Json =
        serde_json::from_str(include_str!("../../../../tests/recorded/prometheus-2.42/range_11000_points_400.json"))
            .expect("JSON");
    assert_eq!((points.status, points.json()), (400, recorded));
    let (status, kind, words) = error(&ask(0, "/api/v1/query", &[("query", "sum by (service (rate(")]).await);
    assert_eq!((status, kind.as_str()), (400, "bad_data"));
    assert!(words.starts_with("invalid parameter \"query\": 1:1: parse error: "), "{words}");
    let many = error(&ask(0, "/api/v1/query", &[("query", "target_info / on (job) up")]).await);
    assert_eq!((many.0, many.1.as_str()), (422, "execution"));
    let late = error(&ask(0, "/api/v1/query", &[("query", "up"), ("timeout", "0")]).await);
    assert_eq!(late, (503, "timeout".into(), "query timed out in query execution".into()));
    let (status, _, words) = error(&ask(0, "/api/v1/query_range", &range("0")).await);
    assert!(status == 400 && words.contains("zero or negative"), "{words}");
    let lost = ask(0, "/api/v1/nope", &[]).await;
    assert_eq!((lost.status, lost.text()), (404, "404 page not found\n"));
    assert_eq!(error(&ask(0, "/api/v1/series", &[]).await).2, "no match[] parameter provided");
}

#[tokio::test]
async fn a_range_has_a_point_a_step() {
    let query = [("query", "tariff_cache_hit_ratio"), ("start", "1773422970"), ("end", "1773423030"), ("step", "15s")];
    let values = ask(60, "/api/v1/query_range", &query).await.json()["data"]["result"][0]["values"].clone();
    let expected = serde_json::json!([
        [1_773_422_970, "0.992"],
        [1_773_422_985, "0.992"],
        [1_773_423_000, "0.03"],
        [1_773_423_015, "0.03"],
        [1_773_423_030, "0.03"]
    ]);
    assert_eq!(values, expected);
}

#[tokio::test]
async fn rules_and_alerts_have_the_recorded_shapes() {
    let recorded: Json =
        serde_json::from_str(include_str!("../../../../tests/recorded/prometheus-2.42/alerts.json")).expect("JSON");
    let alerts = ask(166, "/api/v1/alerts", &[]).await.json();
    let page = &alerts["data"]["alerts"][0];
    assert_eq!(page["activeAt"], "2026-03-13T17:32:45Z");
    assert!(page["value"].as_str().is_some_and(|value| value.starts_with("1.5") && value.ends_with("e+01")), "{page}");
    let keys = |json: &Json| json.as_object().map(|fields| fields.keys().cloned().collect::<Vec<_>>());
    assert_eq!(keys(page), keys(&recorded["data"]["alerts"][0]));
    let rules = ask(166, "/api/v1/rules", &[("type", "alert")]).await.json();
    let recorded: Json =
        serde_json::from_str(include_str!("../../../../tests/recorded/prometheus-2.42/rules.json")).expect("JSON");
    let group = &rules["data"]["groups"][0];
    assert_eq!(keys(group), keys(&recorded["data"]["groups"][1]));
    assert_eq!(keys(&group["rules"][0]), keys(&recorded["data"]["groups"][1]["rules"][1]));
    assert_eq!(
        (group["rules"][0]["state"].as_str(), group["rules"][1]["state"].as_str()),
        (Some("firing"), Some("inactive"))
    );
}

#[tokio::test]
async fn names_values_series_and_the_build() {
    let names = ask(0, "/api/v1/labels", &[("match[]", "target_info")]).await.json();
    assert_eq!(names["data"], serde_json::json!(["__name__", "instance", "job", "service_name", "service_version"]));
    let bounds = [("match[]", r#"http_server_request_duration_seconds_bucket{service_name="routing"}"#)];
    let bounds = ask(0, "/api/v1/label/le/values", &bounds).await.json();
    assert!(bounds["data"].as_array().is_some_and(|list| list.contains(&"0.8".into()) && list.contains(&"3".into())));
    let versions = [("match[]", r#"target_info{service_name="pricing"}"#)];
    let series = ask(0, "/api/v1/series", &versions).await.json();
    assert_eq!(series["data"].as_array().map(Vec::len), Some(6), "both versions ran within the last hour");
    let bad = ask(0, "/api/v1/label/a-b/values", &[]).await;
    assert_eq!(error(&bad).2, "invalid label name: \"a-b\"");
    let build = ask(0, "/api/v1/status/buildinfo", &[]).await.json();
    let recorded: Json =
        serde_json::from_str(include_str!("../../../../tests/recorded/prometheus-2.42/buildinfo.json")).expect("JSON");
    assert_eq!(shape(&build), shape(&recorded));
    let kinds = ask(0, "/api/v1/metadata", &[("metric", "http_server_request_duration_seconds")]).await.json();
    assert_eq!(kinds["data"]["http_server_request_duration_seconds"][0]["type"], "histogram");
    assert_eq!(ask(0, "/-/ready", &[]).await.status, 200);
}

#[tokio::test]
async fn the_exposition_rises_and_names_each_family_once() {
    let read = |text: String| {
        let samples = text.lines().filter(|line| !line.starts_with('#')).map(|line| {
            let (series, value) = line.rsplit_once(' ').expect("a value");
            (series.to_owned(), value.parse::<f64>().expect("a number"))
        });
        samples.collect::<std::collections::BTreeMap<String, f64>>()
    };
    let early = ask(100, "/metrics", &[]).await;
    assert!(early.content_type().starts_with("text/plain; version=0.0.4"));
    let families: Vec<&str> = early.text().lines().filter(|line| line.starts_with("# TYPE")).collect();
    let once: std::collections::BTreeSet<&str> = families.iter().copied().collect();
    assert_eq!(families.len(), once.len());
    let (early, late) = (read(early.text().to_owned()), read(ask(115, "/metrics", &[]).await.text().to_owned()));
    let counters = early.iter().filter(|(series, _)| series.starts_with("http_") || series.contains("_total"));
    let mut rises = 0;
    for (series, value) in counters {
        assert!(late[series] >= *value, "{series}");
        rises += u32::from(late[series] > *value);
    }
    assert!(rises > 100, "{rises}");
}

#[tokio::test]
async fn exemplars_lead_to_kept_traces() {
    let query = [
        ("query", r#"sum(rate(http_server_request_duration_seconds_bucket{service_name="pricing"}[5m]))"#),
        ("start", "1773423315"),
        ("end", "1773423330"),
    ];
    let answer = ask(360, "/api/v1/query_exemplars", &query).await.json();
    let recorded: Json =
        serde_json::from_str(include_str!("../../../../tests/recorded/prometheus-2.42/exemplars.json")).expect("JSON");
    let keys = |json: &Json| json.as_object().map(|fields| fields.keys().cloned().collect::<Vec<_>>());
    assert_eq!(keys(&answer["data"][0]), keys(&recorded["data"][0]));
    assert_eq!(keys(&answer["data"][0]["exemplars"][0]), keys(&recorded["data"][0]["exemplars"][0]));
    let company = LostOrders::new(42, LostOrders::EVENING);
    let mut failed = 0;
    for series in answer["data"].as_array().expect("a list") {
        let bound: f64 = series["seriesLabels"]["le"].as_str().expect("a bound").parse().expect("a number");
        for exemplar in series["exemplars"].as_array().expect("a list") {
            let value: f64 = exemplar["value"].as_str().expect("text").parse().expect("a number");
            assert!(value <= bound);
            let id = exemplar["labels"]["trace_id"].as_str().expect("text").parse().expect("an id");
            assert!(company.trace(id).is_some());
            failed += u32::from(series["seriesLabels"]["http_response_status_code"] == "503");
        }
    }
    assert!(failed > 0);
}

#[tokio::test]
async fn who_accepts_open_metrics_is_told_an_exemplar_of_each_bucket() {
    let company = Arc::new(LostOrders::new(42, LostOrders::EVENING));
    let clock = Clock::fixed(LostOrders::EVENING.shifted(360_000_000_000));
    let accept = Some(("accept", "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"));
    let site = Site { company: Arc::<LostOrders>::clone(&company), clock };
    let told = get(router(Arc::new(site)), "/metrics", &[], accept).await;
    assert!(told.content_type().starts_with("application/openmetrics-text; version=1.0.0"));
    assert!(told.text().ends_with("\n# EOF\n"));
    assert!(!told.text().lines().any(|line| line.starts_with("# TYPE") && line.contains("_total counter")));
    let with: Vec<&str> = told.text().lines().filter(|line| line.contains(" # {")).collect();
    assert!(with.len() >= 5 && with.iter().all(|line| line.contains("_bucket{")), "{with:?}");
    for line in with {
        let id = line.split("# {trace_id=\"").nth(1).and_then(|rest| rest.get(..32)).expect("an id");
        assert!(company.trace(id.parse().expect("hex")).is_some(), "{line}");
    }
}
