//! The simulated Tempo beside the recorded answers of the real one.

use std::sync::Arc;

use prost::Message;
use serde_json::{Value, json};

use super::router;
use crate::demo::api::rehearsal::{ERROR_TRACE, Reply, bare_span, error_trace, get, record, without};
use crate::demo::api::shape::shape;
use crate::demo::api::wire::ById;
use crate::demo::fixture::Fixture;
use crate::demo::site::Site;
use crate::domain::Timestamp;

macro_rules! recorded {
    ($name:literal) => {
        include_str!(concat!("../../../../tests/recorded/tempo-3.0.3/", $name))
    };
}

/// Beyond what the domain's attributes can hold.
const ARRAYS: [&str; 2] = ["order.items", "order.skus"];
const SHORT: &str = "0822e8f36c031199972a846916419f82";
const RANGE: [(&str, &str); 2] = [("start", "1795347885"), ("end", "1795348785")];

fn site() -> Arc<Site> {
    let mut orphan = bare_span("6b65a6a48b8148f6b38a088ca65ed389", 7, Some(9), "payment");
    orphan.end = orphan.start.shifted(999_999);
    let slow = bare_span(SHORT, 8, None, "web-frontend");
    let traces = vec![error_trace(), record(vec![orphan]), record(vec![slow])];
    Fixture { traces, ..Fixture::default() }.site_at(Timestamp::from_seconds(1_795_348_700))
}

async fn ask(path: &str, query: &[(&str, &str)]) -> Reply {
    get(router(site()), path, query, None).await
}

async fn search(query: &str, more: &[(&str, &str)]) -> Value {
    let query: Vec<_> = [("q", query)].into_iter().chain(RANGE).chain(more.iter().copied()).collect();
    let reply = ask("/api/search", &query).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("a recorded answer")
}

#[tokio::test]
async fn a_trace_by_id_is_the_recorded_one_in_both_versions() {
    for (path, recorded) in [
        ("/api/v2/traces/", recorded!("trace_v2_error_json.json")),
        ("/api/traces/", recorded!("trace_v1_error_json.json")),
    ] {
        let reply = ask(&format!("{path}{}", ERROR_TRACE.to_uppercase()), &[]).await;
        assert_eq!(reply.content_type(), "application/json");
        assert_eq!(without(reply.json(), &[]), without(json(recorded), &ARRAYS), "{path}");
    }
}

#[tokio::test]
async fn protobuf_comes_when_asked_for() {
    let accept = Some(("accept", "application/protobuf"));
    let reply = get(router(site()), &format!("/api/v2/traces/{ERROR_TRACE}"), &[], accept).await;
    assert_eq!(reply.content_type(), "application/protobuf");
    let plain = |bytes: &[u8]| {
        let mut answer = ById::decode(bytes).expect("protobuf");
        for batch in answer.trace.iter_mut().flat_map(|trace| &mut trace.resource_spans) {
            for scope in &mut batch.scope_spans {
                scope.scope = None;
                for span in &mut scope.spans {
                    span.attributes.retain(|pair| !ARRAYS.contains(&pair.key.as_str()));
                }
            }
        }
        answer
    };
    assert_eq!(
        plain(&reply.body),
        plain(include_bytes!("../../../../tests/recorded/tempo-3.0.3/trace_v2_error_pb.pb"))
    );
    let nothing = get(router(site()), "/api/v2/traces/1", &[], accept).await;
    assert_eq!(nothing.body, include_bytes!("../../../../tests/recorded/tempo-3.0.3/trace_v2_404_pb.pb"));
}

#[tokio::test]
async fn an_unknown_trace_is_404_in_one_version_and_empty_in_the_other() {
    let first = ask("/api/traces/00000000000000000000000000000001", &[]).await;
    assert_eq!((first.status, first.content_type(), first.body.len()), (404, "", 0));
    let second = ask("/api/v2/traces/00000000000000000000000000000001", &[]).await;
    assert_eq!((second.status, second.text()), (200, r#"{"metrics":{},"trace":{}}"#));
    let bad = ask("/api/traces/xyz", &[]).await;
    assert_eq!((bad.status, bad.content_type()), (400, "text/plain; charset=utf-8"));
}

#[tokio::test]
async fn a_search_has_the_recorded_shape() {
    let answer = search("{ status = error }", &[("limit", "5"), ("spss", "2")]).await;
    let recorded = json(recorded!("search_error.json"));
    let spans = |answer: &Value| shape(&answer["traces"][0]["spanSet"]);
    assert_eq!(spans(&answer), spans(&recorded));
    let named = |text: &str| !text.contains("serviceStats");
    let outer = |answer: &Value| shape(answer).into_iter().filter(|path| named(path)).collect::<Vec<_>>();
    assert_eq!(outer(&answer), outer(&recorded));
    let stats = &answer["traces"][0]["serviceStats"];
    assert_eq!(stats["payment"], json!({"spanCount": 2, "errorCount": 1}));
    assert_eq!(stats["checkout"], json!({"spanCount": 1}));
    assert_eq!(search("{ span.nope = \"x\" }", &[]).await["traces"], json!([]));
}

#[tokio::test]
async fn ids_lose_their_zeros_and_a_lost_root_its_name() {
    let found = search(&format!("{{ trace:id = \"{SHORT}\" }}"), &[]).await;
    assert_eq!(found["traces"][0]["traceID"], SHORT.trim_start_matches('0'));
    assert_eq!(found["traces"][0]["spanSet"]["spans"][0]["spanID"], "0000000000000008");
    let reply = ask("/api/search", &[&[("q", "{ rootServiceName = \"\" }")], RANGE.as_slice()].concat()).await;
    assert!(reply.text().contains(r#""rootServiceName":"\u003croot span not yet received\u003e""#));
    let orphan = &reply.json()["traces"][0];
    assert!(orphan["rootTraceName"].is_null() && orphan["durationMs"].is_null(), "{orphan}");
    let padded = ask(&format!("/api/traces/{}", SHORT.trim_start_matches('0')), &[]).await;
    assert_eq!(padded.status, 200);
}

#[tokio::test]
async fn what_is_selected_comes_back_without_its_scope() {
    let query = "{ span.order_id != nil } | select(span.order_id, span.carrier_id, resource.service.name)";
    let answer = search(query, &[("limit", "3"), ("spss", "1")]).await;
    let recorded = json(recorded!("search_select.json"));
    assert_eq!(shape(&answer["traces"][0]["spanSets"]), shape(&recorded["traces"][1]["spanSets"]));
    let attributes = answer["traces"][0]["spanSet"]["spans"][0]["attributes"].clone();
    let keys: Vec<&str> =
        attributes.as_array().expect("a list").iter().filter_map(|pair| pair["key"].as_str()).collect();
    assert_eq!(keys, ["order_id", "service.name"]);
}

#[tokio::test]
async fn refusals_are_one_line_of_plain_text() {
    let refused = |query: &'static [(&'static str, &'static str)]| async move {
        let reply = ask("/api/search", query).await;
        assert_eq!((reply.status, reply.content_type()), (400, "text/plain; charset=utf-8"), "{}", reply.text());
        reply.text().to_owned()
    };
    let bad = refused(&[("q", "{ span.order_id = "), ("start", "1"), ("end", "2")]).await;
    assert_eq!(bad, recorded!("search_bad_400.txt"));
    assert!(refused(&[("q", "{}"), ("limit", "0")]).await.contains("limit"));
    assert!(refused(&[("q", "{}"), ("spss", "1000")]).await.contains("100"));
    assert!(refused(&[("q", "{}"), ("start", "5")]).await.contains("received start=5 end=0"));
    assert!(
        refused(&[("q", "{}"), ("start", "1795347885000"), ("end", "1795348785000")]).await.contains("out of range")
    );
    assert!(refused(&[("q", "{}"), ("tags", "a=b")]).await.contains("tags and q"));
    assert!(refused(&[("q", "{} | rate()")]).await.contains("does not speak"));
}

#[tokio::test]
async fn tags_and_their_values_have_the_recorded_shapes() {
    let tags = ask("/api/v2/search/tags", &RANGE).await.json();
    assert_eq!(shape(&tags), shape(&json(recorded!("tags_v2.json"))));
    let values = ask("/api/v2/search/tag/resource.service.name/values", &RANGE).await.json();
    assert_eq!(shape(&values), shape(&json(recorded!("tag_values_v2.json"))));
    assert_eq!(ask("/api/search/tag/order_id/values", &RANGE).await.json()["tagValues"], json!(["ord-1001"]));
    assert_eq!(ask("/api/v2/search/tags", &[("scope", "nowhere")]).await.status, 400);
}

#[tokio::test]
async fn probes_answer_as_recorded() {
    assert_eq!(ask("/api/echo", &[]).await.text(), recorded!("echo.txt"));
    assert_eq!(ask("/ready", &[]).await.text(), recorded!("ready.txt"));
    assert_eq!(shape(&ask("/api/status/buildinfo", &[]).await.json()), shape(&json(recorded!("buildinfo.json"))));
    assert_eq!(ask("/api/metrics/summary", &[]).await.status, 404);
}

#[tokio::test]
async fn a_trace_that_is_not_yet_sampled_is_not_told() {
    let mut young = (*error_trace()).clone();
    young.readable_from = Timestamp::from_seconds(1_795_348_695);
    let company = || Fixture { traces: vec![Arc::new(young.clone())], ..Fixture::default() };
    let at = |seconds| router(company().site_at(Timestamp::from_seconds(seconds)));
    let path = format!("/api/traces/{ERROR_TRACE}");
    assert_eq!(get(at(1_795_348_694), &path, &[], None).await.status, 404);
    assert_eq!(get(at(1_795_348_695), &path, &[], None).await.status, 200);
    let found = async |seconds| {
        let reply = get(at(seconds), "/api/search", &[&[("q", "{}")], RANGE.as_slice()].concat(), None).await;
        reply.json()["traces"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(found(1_795_348_700).await, 0, "search trails");
    assert_eq!(found(1_795_348_705).await, 1);
}
