//! The server over a real connection, against the answers recorded from a real one.

use std::sync::Arc;

use reqwest::Method;
use serde_json::{Value as Json, json};

use super::super::rehearsal::serve;
use super::router;
use super::state::fingerprint;
use crate::demo::scenario::LostOrders;
use crate::demo::{Clock, Server, Site};
use crate::domain::Labels;

macro_rules! recorded {
    ($name:literal) => {
        serde_json::from_str::<Json>(include_str!(concat!("../../../../tests/recorded/alertmanager-0.25/", $name)))
            .expect("JSON")
    };
}

struct Bench {
    server: Server,
    client: reqwest::Client,
}

impl Bench {
    /// An Alertmanager at so many seconds since T0.
    async fn at(second: i64) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let company = Arc::new(LostOrders::new(42, LostOrders::EVENING));
        let clock = Clock::fixed(LostOrders::EVENING.shifted(second * 1_000_000_000));
        let server = serve(router(Arc::new(Site { company, clock }))).await;
        Self { server, client: reqwest::Client::new() }
    }

    /// The status and the body; an empty body is null.
    async fn ask(&self, method: Method, path: &str, body: Option<Json>) -> (u16, Json) {
        let mut request = self.client.request(method, format!("{}{path}", self.server.url()));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.headers()["vary"], "Origin");
        let status = answer.status().as_u16();
        let text = answer.text().await.expect("a body");
        (status, serde_json::from_str(&text).unwrap_or(Json::Null))
    }

    async fn names(&self, query: &str) -> Vec<String> {
        let (status, alerts) = self.ask(Method::GET, &format!("/api/v2/alerts{query}"), None).await;
        assert_eq!(status, 200, "{alerts}");
        let mut names: Vec<String> = alerts
            .as_array()
            .expect("a list")
            .iter()
            .map(|alert| alert["labels"]["alertname"].as_str().expect("a name").to_owned())
            .collect();
        names.sort();
        names
    }
}

fn keys(json: &Json) -> Vec<String> {
    let mut keys: Vec<String> = json.as_object().expect("an object").keys().cloned().collect();
    keys.sort();
    keys
}

fn silence(start: &str, end: &str) -> Json {
    json!({
        "matchers": [{"name": "slo", "value": "order-routing", "isRegex": false}],
        "startsAt": start, "endsAt": end, "createdBy": "ana", "comment": "known"
    })
}

#[test]
fn fingerprints_are_those_of_the_real_one() {
    for alert in recorded!("alerts.json").as_array().expect("a list") {
        let labels: Labels = serde_json::from_value(alert["labels"].clone()).expect("labels");
        assert_eq!(fingerprint(&labels), alert["fingerprint"].as_str().expect("text"));
    }
}

#[tokio::test]
async fn the_page_is_there_with_its_start_and_gone_when_over() {
    let bench = Bench::at(166).await;
    assert_eq!(bench.names("").await, ["OrderRoutingFastBurn", "PricingPoolSaturated"]);
    let (_, alerts) = bench.ask(Method::GET, "/api/v2/alerts?filter=severity%3D%22page%22", None).await;
    let page = &alerts[0];
    assert_eq!(page["startsAt"], "2026-03-13T17:32:45.000Z");
    assert_eq!(page["endsAt"], "2026-03-13T17:36:45.000Z");
    assert_eq!(page["receivers"], json!([{"name": "pagerduty"}]));
    assert_eq!(page["labels"]["slo"], "order-routing");
    let generator = page["generatorURL"].as_str().expect("a link");
    assert!(
        generator.starts_with("http://prometheus:9090/graph?g0.expr=%28%28sum%28rate%28http_server"),
        "{generator}"
    );
    assert!(page["annotations"]["runbook_url"].as_str().is_some_and(|url| url.ends_with("/pricing-cache-expired.md")));
    assert_eq!(keys(page), keys(&recorded!("alerts.json")[1]));
    assert_eq!(keys(&page["status"]), keys(&recorded!("alerts.json")[1]["status"]));
    assert_eq!(Bench::at(164).await.names("").await, ["PricingPoolSaturated"]);
    assert!(!Bench::at(2_866).await.names("").await.contains(&"OrderRoutingFastBurn".to_owned()));
    let (_, groups) = bench.ask(Method::GET, "/api/v2/alerts/groups", None).await;
    assert_eq!(keys(&groups[0]), keys(&recorded!("alerts_groups.json")[0]));
    assert_eq!(groups.as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_silence_suppresses_is_changed_and_ends() {
    let bench = Bench::at(170).await;
    let asked = silence("2026-03-13T17:00:00Z", "2026-03-13T18:00:00Z");
    let (status, created) = bench.ask(Method::POST, "/api/v2/silences", Some(asked.clone())).await;
    let id = created["silenceID"].as_str().expect("an id").to_owned();
    assert_eq!((status, uuid::Uuid::try_parse(&id).is_ok()), (200, true));
    assert_eq!(bench.names("?silenced=false").await, ["PricingPoolSaturated"]);
    let suppressed = bench.names("?active=false").await;
    assert_eq!(suppressed, ["OrderRoutingFastBurn"]);
    let (_, alerts) = bench.ask(Method::GET, "/api/v2/alerts?active=false", None).await;
    assert_eq!(alerts[0]["status"], json!({"inhibitedBy": [], "silencedBy": [id], "state": "suppressed"}));
    let (_, read) = bench.ask(Method::GET, &format!("/api/v2/silence/{id}"), None).await;
    assert_eq!(keys(&read), keys(&recorded!("silence_get.json")));
    assert_eq!(read["startsAt"], "2026-03-13T17:32:50.000Z", "a start in the past is moved to now");
    assert_eq!(read["matchers"][0]["isEqual"], true);
    let mut longer = read.clone();
    longer["endsAt"] = "2026-03-13T19:00:00Z".into();
    let (_, same) = bench.ask(Method::POST, "/api/v2/silences", Some(longer.clone())).await;
    assert_eq!(same["silenceID"], id.as_str());
    longer["matchers"][0]["value"] = "quote".into();
    let (_, other) = bench.ask(Method::POST, "/api/v2/silences", Some(longer)).await;
    assert_ne!(other["silenceID"], id.as_str(), "other matchers make another silence");
    let (_, list) = bench.ask(Method::GET, "/api/v2/silences", None).await;
    assert_eq!(
        (list[0]["status"]["state"].as_str(), list[1]["status"]["state"].as_str()),
        (Some("active"), Some("expired"))
    );
    let path = format!("/api/v2/silence/{}", other["silenceID"].as_str().expect("an id"));
    for _ in 0..2 {
        assert_eq!(bench.ask(Method::DELETE, &path, None).await, (200, Json::Null));
    }
    assert_eq!(bench.names("?silenced=false").await.len(), 2);
}

#[tokio::test]
async fn there_are_five_ways_to_say_no() {
    let bench = Bench::at(200).await;
    let post = |body: Json| bench.ask(Method::POST, "/api/v2/silences", Some(body));
    assert_eq!(post(json!({"comment": "x"})).await, (422, recorded!("silence_create_missing_fields.json")));
    let mut none = silence("2026-03-13T17:00:00Z", "2026-03-13T18:00:00Z");
    none["matchers"] = json!([]);
    assert_eq!(post(none).await, (422, recorded!("silence_create_bad_400.json")));
    let late = silence("2026-03-13T18:00:00Z", "2026-03-13T17:00:00Z");
    assert_eq!(post(late).await, (400, "Failed to create silence: start time must be before end time".into()));
    let past = silence("2026-03-13T17:00:00Z", "2026-03-13T17:10:00Z");
    assert_eq!(post(past).await, (400, "Failed to create silence: end time can't be in the past".into()));
    let unknown = bench.ask(Method::GET, "/api/v2/silence/00000000-0000-0000-0000-000000000000", None).await;
    assert_eq!(unknown, (404, Json::Null));
    let bad = bench.ask(Method::POST, "/api/v2/alerts", Some(json!([{"labels": {"1bad-name": "x"}}]))).await;
    assert_eq!(bad, (400, recorded!("alerts_post_bad.json")));
    assert_eq!(bench.ask(Method::GET, "/api/v2/nope", None).await.0, 404);
    assert_eq!(bench.names("?filter=severity%3D%3D").await, Vec::<String>::new());
    assert_eq!(bench.ask(Method::GET, "/api/v2/alerts?filter=severity", None).await.0, 400);
}

#[tokio::test]
async fn posted_alerts_stay_for_five_minutes() {
    let bench = Bench::at(-600).await;
    let alert = json!([{"labels": {"alertname": "Mine", "severity": "notify"}}]);
    assert_eq!(bench.ask(Method::POST, "/api/v2/alerts", Some(alert)).await, (200, Json::Null));
    let (_, alerts) = bench.ask(Method::GET, "/api/v2/alerts", None).await;
    assert_eq!((alerts[0]["endsAt"].as_str(), alerts[0].get("generatorURL")), (Some("2026-03-13T17:25:00.000Z"), None));
    let over = json!([{"labels": {"alertname": "Mine", "severity": "notify"}, "endsAt": "2026-03-13T17:20:00Z"}]);
    assert_eq!(bench.ask(Method::POST, "/api/v2/alerts", Some(over)).await.0, 200);
    assert_eq!(bench.names("").await, Vec::<String>::new());
}

#[tokio::test]
async fn it_tells_what_it_is() {
    let bench = Bench::at(0).await;
    let (_, status) = bench.ask(Method::GET, "/api/v2/status", None).await;
    assert_eq!(keys(&status), keys(&recorded!("status.json")));
    assert_eq!(keys(&status["versionInfo"]), keys(&recorded!("status.json")["versionInfo"]));
    assert_eq!(bench.ask(Method::GET, "/api/v2/receivers", None).await.1.as_array().map(Vec::len), Some(3));
}
