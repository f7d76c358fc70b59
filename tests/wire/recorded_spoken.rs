//! Recorded answers that no client of ours asks for: what changes something on the server, and what only other programs look
//! at. Where a simulated server speaks them, its answer must have the same fields of the same types.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use warroom::backend::{Alertmanager, Tempo};
use warroom::demo::{Running, Target};
use warroom::domain::TraceId;
use warroom::port::{Alerts, Traces};

use super::ledger::leaves;
use super::recorded_fields::files;
use super::replay::{Asked, Replay, body, recorded};
use super::stage::{at, between, play};

/// One such answer.
pub struct Spoken {
    pub file: &'static str,
    /// The server, the method and the path; `ID` is that of a silence that was made just before.
    by: (Target, &'static str, &'static str),
    /// Fields that one of the two leaves out.
    apart: &'static [&'static str],
}

const fn spoken(file: &'static str, target: Target, method: &'static str, path: &'static str) -> Spoken {
    Spoken { file, by: (target, method, path), apart: &[] }
}

pub const SPOKEN: [Spoken; 10] = [
    Spoken {
        // Whether an alert is silenced or inhibited is another matter there and here.
        apart: &["[].alerts[].status.inhibitedBy[] text", "[].alerts[].status.silencedBy[] text"],
        ..spoken("alertmanager-0.25/alerts_groups", Target::Alertmanager, "GET", "/api/v2/alerts/groups")
    },
    spoken("alertmanager-0.25/silence_create", Target::Alertmanager, "POST", "/api/v2/silences"),
    spoken("alertmanager-0.25/silence_get", Target::Alertmanager, "GET", "/api/v2/silence/ID"),
    spoken("alertmanager-0.25/silence_delete", Target::Alertmanager, "DELETE", "/api/v2/silence/ID"),
    spoken("jaeger-2.17/operations", Target::Jaeger, "GET", "/api/operations?service=pricing&spanKind=server"),
    spoken("loki-3.7.6/series", Target::Loki, "GET", "/loki/api/v1/series?match[]={service_name=~\".%2B\"}"),
    spoken("loki-3.7.6/stats", Target::Loki, "GET", "/loki/api/v1/index/stats?query={service_name=~\".%2B\"}"),
    spoken("prometheus-2.42/alerts", Target::Prometheus, "GET", "/api/v1/alerts"),
    spoken("tempo-3.0.3/tags_v2", Target::Tempo, "GET", "/api/v2/search/tags"),
    spoken("tempo-3.0.3/tag_values_v2", Target::Tempo, "GET", "/api/v2/search/tag/resource.service.name/values"),
];

/// Nobody of ours asks for them and nobody speaks them: a page is sent to who pages, and numbers over spans are asked of
/// metrics. What they hold is held below against what is read otherwise.
pub const ELSEWHERE: [&str; 3] =
    ["alertmanager-0.25/webhook_firing", "tempo-3.0.3/metrics_range", "tempo-3.0.3/metrics_range_quantile"];

/// General paths with their types; names of labels and annotations are anybody's own.
fn shape(json: &Value) -> BTreeSet<String> {
    let mut shape = BTreeSet::new();
    for (path, places) in leaves(json) {
        for place in places {
            let kind = match json.pointer(&place) {
                Some(Value::String(_)) => "text",
                Some(Value::Number(_)) => "number",
                _ => "flag",
            };
            let own = [".labels.", ".annotations."]
                .iter()
                .find_map(|list| path.split_once(list).map(|found| (found.0, list)));
            let path = match own {
                Some((before, list)) => format!("{before}{list}*"),
                // The label sets of series stand in the list itself.
                None if path.starts_with(".data[].") && json["data"][0]["service_name"].is_string() => {
                    ".data[].*".to_owned()
                }
                None => path.clone(),
            };
            shape.insert(format!("{path} {kind}"));
        }
    }
    shape
}

async fn ask(demo: &Running, target: Target, method: &str, path: &str, body: Option<Value>) -> (u16, String) {
    let base = demo.urls.of(target).trim_end_matches('/').to_owned();
    let method: Method = method.parse().expect("a method");
    let mut request = reqwest::Client::new().request(method, format!("{base}{path}"));
    if let Some(body) = body {
        request = request.json(&body);
    }
    let answer = request.send().await.expect("an answer");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

#[tokio::test]
async fn simulated_servers_speak_what_was_recorded() {
    drop(rustls::crypto::ring::default_provider().install_default());
    let demo = play(420, 0.0, &[]).await;
    let silence = json!({
        "matchers": [{"name": "slo", "value": "order.*", "isRegex": true, "isEqual": true}],
        "startsAt": at(420).to_rfc3339(), "endsAt": at(1_020).to_rfc3339(), "createdBy": "lea", "comment": "known",
    });
    let made = ask(&demo, Target::Alertmanager, "POST", "/api/v2/silences", Some(silence.clone())).await;
    let made: Value = serde_json::from_str(&made.1).expect("JSON");
    let id = made["silenceID"].as_str().expect("an id");
    for Spoken { file, by: (target, method, path), apart } in SPOKEN {
        let body_sent = (method == "POST").then(|| silence.clone());
        let (status, text) = ask(&demo, target, method, &path.replace("ID", id), body_sent).await;
        let (server, call) = file.split_once('/').expect("a server");
        let theirs = body(server, call);
        assert_eq!(status, 200, "{file}: {text}");
        if theirs.is_empty() {
            assert_eq!(text, "", "{file}");
            continue;
        }
        let theirs = shape(&serde_json::from_slice(&theirs).expect("JSON"));
        let ours = shape(&serde_json::from_str(&text).expect("JSON"));
        let differing: BTreeSet<&str> = theirs.symmetric_difference(&ours).map(String::as_str).collect();
        let allowed: BTreeSet<&str> = apart.iter().copied().collect();
        assert!(differing.is_subset(&allowed), "{file}: {differing:?}");
    }
    demo.stop().await;
}

/// What is sent to whoever pages is the alert that the client tells of.
#[tokio::test]
async fn a_page_that_was_sent_is_the_alert_that_fires() {
    let sent: Value = serde_json::from_slice(&body("alertmanager-0.25", "webhook_firing")).expect("JSON");
    let replay = Replay::serve(|_: &Asked| recorded("alertmanager-0.25", "alerts")).await;
    let firing = Alertmanager::connect(replay.endpoint()).expect("a client").firing().await.expect("alerts");
    for one in sent["alerts"].as_array().expect("alerts") {
        let alert = firing.iter().find(|alert| alert.fingerprint == one["fingerprint"].as_str().expect("text"));
        let alert = alert.expect("it fires");
        let pairs = |list: &Value| -> Vec<(String, String)> {
            let list = list.as_object().expect("an object");
            list.iter().map(|(name, value)| (name.clone(), value.as_str().expect("text").to_owned())).collect()
        };
        let told = |labels: &warroom::domain::Labels| -> Vec<(String, String)> {
            labels.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
        };
        assert_eq!(pairs(&one["labels"]), told(&alert.labels));
        // The summary holds a number of its moment.
        let lasting =
            |pairs: Vec<(String, String)>| pairs.into_iter().filter(|(name, _)| name != "summary").collect::<Vec<_>>();
        assert_eq!(lasting(pairs(&one["annotations"])), lasting(told(&alert.annotations)));
        assert!(one["annotations"]["summary"].is_string() && alert.annotations.get("summary").is_some());
        assert_eq!(one["startsAt"].as_str(), Some(alert.starts.to_rfc3339().as_str()));
        assert_eq!(
            pairs(&sent["commonLabels"]),
            told(&alert.labels),
            "one alert: what all have in common is all of it"
        );
    }
}

/// Numbers over spans: their exemplars are traces that the search of the same time tells, of the services that it tells.
#[tokio::test]
async fn exemplars_of_numbers_over_spans_are_traces_that_are_found() {
    let replay = Replay::serve(|_: &Asked| recorded("tempo-3.0.3", "search_all")).await;
    let hour = between(0, 3_600);
    let found = Tempo::connect(replay.endpoint()).expect("a client").query("{}", hour, 100).await.expect("rows");
    for call in ["metrics_range", "metrics_range_quantile"] {
        let mut known = 0;
        let answer: Value = serde_json::from_slice(&body("tempo-3.0.3", call)).expect("JSON");
        for series in answer["series"].as_array().expect("series") {
            let label = |list: &Value, key: &str| {
                let list = list.as_array().expect("labels").clone();
                let found = list.into_iter().find(|label| label["key"] == key)?;
                Some(found["value"]["stringValue"].as_str().expect("text").to_owned())
            };
            let service = label(&series["labels"], "resource.service.name").expect("a service");
            let times: Vec<i64> = series["samples"].as_array().expect("samples").iter().map(millis).collect();
            assert!(times.windows(2).all(|pair| pair[1] - pair[0] == 60_000), "{call} {service}: a sample a step");
            assert!(series["samples"].as_array().expect("samples").iter().all(|sample| is_number(&sample["value"])));
            for exemplar in series["exemplars"].as_array().unwrap_or(&Vec::new()) {
                let trace: TraceId = label(&exemplar["labels"], "trace:id").expect("a trace").parse().expect("an id");
                assert!(is_number(&exemplar["value"]) && millis(exemplar) > 0, "{call}: {trace}");
                // A search gives some of the traces, the newest.
                let Some(row) = found.rows.iter().find(|row| row.trace == trace) else { continue };
                known += 1;
                assert!(row.services.iter().any(|name| *name == *service), "{call}: {trace} of {service}");
                assert!(millis(exemplar) >= row.start.millis(), "{call}: {trace}");
            }
        }
        assert!(known > 2, "{call}: {known} of the traces are found");
    }
}

fn millis(of: &Value) -> i64 {
    of["timestampMs"].as_str().and_then(|text| text.parse().ok()).expect("milliseconds as text")
}

/// Zero is left out.
fn is_number(value: &Value) -> bool {
    value.is_number() || value.is_null()
}

#[test]
fn what_is_spoken_was_recorded() {
    let files: BTreeSet<String> = files().iter().map(|(server, call, _)| format!("{server}/{call}")).collect();
    assert!(SPOKEN.iter().map(|spoken| spoken.file).chain(ELSEWHERE).all(|file| files.contains(file)));
}
