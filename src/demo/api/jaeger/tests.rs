//! The simulated Jaeger beside the recorded answers of the real one.

use std::sync::Arc;

use serde_json::{Value, json};

use super::router;
use crate::demo::api::rehearsal::{ERROR_TRACE, Reply, bare_span, error_trace, get, record, without};
use crate::demo::api::shape::shape;
use crate::demo::fixture::Fixture;
use crate::demo::site::Site;
use crate::domain::signal::{Kind, Link};
use crate::domain::{SpanId, Timestamp};

macro_rules! recorded {
    ($name:literal) => {
        include_str!(concat!("../../../../tests/recorded/jaeger-2.17/", $name))
    };
}

/// Beyond what the domain's attributes can hold, and what names the instrumentation.
const LEFT_OUT: [&str; 4] = ["order.items", "order.skus", "otel.scope.name", "otel.scope.version"];
const ORPHAN: &str = "6b65a6a48b8148f6b38a088ca65ed389";
const CONSUMER: &str = "580d7b71d8f564135be6128e18c26797";

fn site() -> Arc<Site> {
    let orphan = bare_span(ORPHAN, 7, Some(9), "payment");
    let mut consumer = bare_span(CONSUMER, 5, None, "parcel-worker");
    consumer.kind = Kind::Consumer;
    consumer.links = vec![Link { trace: ORPHAN.parse().expect("an id"), span: SpanId::new(7), attributes: Vec::new() }];
    let traces = vec![error_trace(), record(vec![orphan]), record(vec![consumer])];
    Fixture { traces, ..Fixture::default() }.site_at(Timestamp::from_seconds(1_795_348_700))
}

async fn ask(path: &str, query: &[(&str, &str)]) -> Reply {
    get(router(site()), path, query, None).await
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("a recorded answer")
}

#[tokio::test]
async fn a_trace_is_the_recorded_one_in_both_versions() {
    let first = ask(&format!("/api/traces/{ERROR_TRACE}"), &[]).await;
    assert_eq!(first.content_type(), "application/json");
    assert_eq!(first.headers.get("connection").map(String::as_str), Some("close"));
    assert_eq!(without(first.json(), &LEFT_OUT), without(json(recorded!("trace_error.json")), &LEFT_OUT));
    let third = ask(&format!("/api/v3/traces/{ERROR_TRACE}"), &[]).await;
    assert_eq!(third.content_type(), "text/plain; charset=utf-8");
    // The real server sorts a resource's attributes too; here the service's name comes last.
    let sorted = |mut answer: Value| {
        for batch in answer["result"]["resourceSpans"].as_array_mut().expect("a list") {
            let pairs = batch["resource"]["attributes"].as_array_mut().expect("a list");
            pairs.sort_by_key(|pair| pair["key"].to_string());
        }
        answer
    };
    assert_eq!(sorted(without(third.json(), &[])), sorted(without(json(recorded!("v3_trace_error.txt")), &LEFT_OUT)));
}

#[tokio::test]
async fn an_unknown_trace_is_404_with_json_that_calls_itself_text() {
    for (path, recorded) in [
        ("/api/traces/00000000000000000000000000000001", recorded!("trace_404.txt")),
        ("/api/v3/traces/00000000000000000000000000000001", recorded!("v3_trace_404.txt")),
    ] {
        let reply = ask(path, &[]).await;
        assert_eq!((reply.status, reply.content_type()), (404, "text/plain; charset=utf-8"));
        assert!(reply.text().ends_with("}\n"));
        assert_eq!(reply.json(), json(recorded));
    }
}

#[tokio::test]
async fn several_ids_give_what_is_found_and_name_what_is_not() {
    let ids = [("traceID", ERROR_TRACE), ("traceID", "00000000000000000000000000000001")];
    let reply = ask("/api/traces", &ids).await;
    let recorded = json(recorded!("traces_by_ids_partial.json"));
    assert_eq!((reply.status, &reply.json()["errors"]), (200, &recorded["errors"]));
    assert_eq!(shape(&without(reply.json(), &LEFT_OUT)), shape(&without(recorded, &LEFT_OUT)));
}

#[tokio::test]
async fn orphans_warn_and_links_are_references() {
    let orphan = ask(&format!("/api/traces/{ORPHAN}"), &[]).await.json();
    let span = &orphan["data"][0]["spans"][0];
    assert_eq!(span["references"][0]["refType"], "CHILD_OF");
    assert!(
        span["warnings"][0].as_str().is_some_and(|text| text.starts_with("parent span ID=0000000000000009 is not"))
    );
    let consumer = ask(&format!("/api/traces/{CONSUMER}"), &[]).await.json();
    let reference = &consumer["data"][0]["spans"][0]["references"][0];
    let recorded = json(recorded!("trace_kafka_consumer.json"));
    assert_eq!(shape(reference), shape(&recorded["data"][0]["spans"][0]["references"][0]));
    assert_eq!((&reference["refType"], &reference["traceID"]), (&json!("FOLLOWS_FROM"), &json!(ORPHAN)));
}

#[tokio::test]
async fn searches_filter_by_service_operation_tags_and_duration() {
    let range = [("start", "1795348452549628"), ("end", "1795348912549628")];
    let found = async |more: &[(&str, &str)]| {
        let reply = ask("/api/traces", &[more, range.as_slice()].concat()).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()["data"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(found(&[("service", "payment")]).await, 2);
    assert_eq!(found(&[("service", "payment"), ("limit", "1")]).await, 1);
    assert_eq!(found(&[("service", "payment"), ("tags", r#"{"error":"true"}"#)]).await, 1);
    assert_eq!(found(&[("service", "payment"), ("tag", "span.kind:consumer")]).await, 0);
    assert_eq!(found(&[("service", "payment"), ("operation", "ChargeCard"), ("minDuration", "60ms")]).await, 1);
    assert_eq!(found(&[("service", "payment"), ("operation", "ChargeCard"), ("minDuration", "70ms")]).await, 0);
    let unknown = ask("/api/traces", &[&[("service", "unknown-service")], range.as_slice()].concat()).await;
    assert_eq!(unknown.json(), json(recorded!("traces_empty.json")));
    assert_eq!(ask("/api/traces", &range).await.status, 400);
    assert_eq!(ask("/api/traces", &[("service", "a"), ("tags", "error=true")]).await.status, 400);
}

#[tokio::test]
async fn the_third_version_wants_times_and_a_depth() {
    let times = [("query.start_time_min", "2026-11-22T11:54:12Z"), ("query.start_time_max", "2026-11-22T12:01:52Z")];
    let ask_with = async |more: &[(&str, &str)]| ask("/api/v3/traces", &[more, times.as_slice()].concat()).await;
    let found = ask_with(&[("query.service_name", "checkout"), ("query.num_traces", "1")]).await;
    let list = |json: &Value| shape(&without(json["result"]["resourceSpans"][0].clone(), &LEFT_OUT));
    assert_eq!((found.status, list(&found.json())), (200, list(&json(recorded!("v3_traces.txt")))));
    assert_eq!(ask_with(&[("query.serviceName", "checkout"), ("query.searchDepth", "1")]).await.status, 200);
    assert_eq!(ask_with(&[("query.service_name", "checkout")]).await.status, 500);
    assert_eq!(ask_with(&[("query.service_name", "nobody"), ("query.num_traces", "1")]).await.status, 404);
    assert_eq!(ask("/api/v3/traces", &[("query.num_traces", "1")]).await.status, 400);
}

#[tokio::test]
async fn services_and_operations_have_the_recorded_shapes() {
    assert_eq!(shape(&ask("/api/services", &[]).await.json()), shape(&json(recorded!("services.json"))));
    assert_eq!(shape(&ask("/api/v3/services", &[]).await.json()), shape(&json(recorded!("v3_services.txt"))));
    let operations = ask("/api/operations", &[("service", "checkout"), ("spanKind", "server")]).await;
    assert_eq!(shape(&operations.json()), shape(&json(recorded!("operations.json"))));
    assert_eq!(ask("/api/services/checkout/operations", &[]).await.json()["data"], json!(["PlaceOrder"]));
    let third = ask("/api/v3/operations", &[("service", "checkout")]).await;
    assert_eq!(third.json(), json!({"operations": [{"name": "PlaceOrder", "spanKind": "server"}]}));
}
