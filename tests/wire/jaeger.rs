//! Jaeger 2.17 as recorded: both versions of its API must tell the same trace.

use warroom::backend::Jaeger;
use warroom::domain::signal::{Kind, Span, Status, Value};
use warroom::domain::{Cause, Timestamp, TraceId, Window};
use warroom::port::{Search, Traces};

use super::replay::{Answer, Asked, Replay, recorded};

const SERVER: &str = "jaeger-2.17";
const FAILED: &str = "bdd640fb06671ad11c80317fa3b1799d";

fn id(text: &str) -> TraceId {
    text.parse().expect("an id")
}

fn window() -> Window {
    Window { start: Timestamp::from_seconds(1_795_348_452), end: Timestamp::from_seconds(1_795_348_912) }
}

/// A server that lacks v3, as old ones do: its web page comes for every unknown path.
async fn first(call: &'static str) -> (Jaeger, Replay) {
    let replay = Replay::serve(move |asked: &Asked| match asked.path.starts_with("/api/v3/") {
        true => Answer::new(200, "<!doctype html><title>Jaeger UI</title>"),
        false => recorded(SERVER, call),
    })
    .await;
    (Jaeger::connect(replay.endpoint()).expect("a client"), replay)
}

async fn third(call: &'static str) -> (Jaeger, Replay) {
    let replay = Replay::serve(move |_: &Asked| recorded(SERVER, call)).await;
    (Jaeger::connect(replay.endpoint()).expect("a client"), replay)
}

fn sorted(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by_key(|span| span.id);
    spans
}

#[tokio::test]
async fn both_versions_tell_the_same_trace() {
    let (client, _one) = third("v3_trace_error").await;
    let new = sorted(client.trace(id(FAILED), None).await.expect("a trace").spans);
    let (client, replay) = first("trace_error").await;
    let old = sorted(client.trace(id(FAILED), None).await.expect("a trace").spans);
    assert_eq!((new.len(), old.len()), (5, 5));
    for (new, old) in new.iter().zip(&old) {
        assert_eq!((new.trace, new.id, new.parent, new.kind), (old.trace, old.id, old.parent, old.kind));
        assert_eq!((&new.service, &new.name, &new.status), (&old.service, &old.name, &old.status));
        assert_eq!(new.start.micros(), old.start.micros());
        // The old version cuts start and duration to microseconds, each for itself.
        assert!((new.end.micros() - old.end.micros()).abs() <= 1);
        for (key, value) in &new.attributes {
            assert_eq!(old.attribute(key), Some(value), "{key}");
        }
        assert_eq!(new.events.len(), old.events.len());
        assert!(new.events.iter().zip(&old.events).all(|(new, old)| new.name == old.name));
        assert_eq!(new.attribute("service.version"), old.attribute("service.version"));
    }
    client.trace(id(FAILED), None).await.expect("a trace");
    let paths: Vec<_> = replay.asked().into_iter().map(|asked| asked.path).collect();
    let first = format!("/api/traces/{FAILED}");
    assert_eq!(paths, [format!("/api/v3/traces/{FAILED}"), first.clone(), first], "that v3 is missing is remembered");
}

#[tokio::test]
async fn tags_become_what_opentelemetry_has_fields_for() {
    let (client, _replay) = first("trace_error").await;
    let spans = client.trace(id(FAILED), None).await.expect("a trace").spans;
    let charge = spans.iter().find(|span| span.name == "ChargeCard").expect("the span");
    assert_eq!(
        (charge.kind, charge.status.clone()),
        (Kind::Server, Status::Error("card declined: insufficient funds".into()))
    );
    assert!(charge.attribute("error").is_none() && charge.attribute("span.kind").is_none());
    let order = spans.iter().find(|span| span.name == "PlaceOrder").expect("the span");
    assert_eq!(order.attribute("order.big"), Some(&Value::Integer(9_007_199_254_740_993)));
    assert_eq!(order.attribute("order.items").and_then(Value::as_text), Some("[1,2,3]"));
    assert_eq!((order.start.micros(), order.end.micros()), (1_795_348_512_557_628, 1_795_348_512_657_628));
    assert_eq!(order.events[0].attributes, [("items".into(), Value::Integer(3))]);
}

#[tokio::test]
async fn a_reference_to_another_trace_is_a_link_and_no_parent() {
    let (client, _replay) = first("trace_kafka_consumer").await;
    let spans = client.trace(id("580d7b71d8f564135be6128e18c26797"), None).await.expect("a trace").spans;
    let process = spans.iter().find(|span| span.name == "orders process").expect("the span");
    assert_eq!((process.parent, process.links[0].trace), (None, id("28df6ec4ce4a2bbdc241330b01a9e71f")));
    let (client, _replay) = first("trace_orphan").await;
    let spans = client.trace(id("6b65a6a48b8148f6b38a088ca65ed389"), None).await.expect("a trace").spans;
    assert!(spans.iter().all(|span| span.parent.is_some()));
    let (client, _replay) = first("trace_zero").await;
    let spans = client.trace(id("58007c0287ea7ff58db0674679279973"), None).await.expect("a trace").spans;
    assert_eq!((spans[0].start, spans[0].name.as_str()), (spans[0].end, "größe 漢字 🚚"));
}

#[tokio::test]
async fn an_error_beside_the_data_makes_it_partial() {
    let (client, _replay) = first("traces_by_ids_partial").await;
    let fetched = client.trace(id(FAILED), None).await.expect("a trace");
    assert_eq!((fetched.spans.len(), fetched.partial.as_deref()), (5, Some("trace not found")));
}

#[tokio::test]
async fn an_unknown_trace_is_not_found_in_both_versions() {
    let expected = Cause::NotFound("trace 00000000000000000000000000000001".into());
    let (client, replay) = third("v3_trace_404").await;
    assert_eq!(client.trace(id("1"), None).await.expect_err("nothing").cause, expected);
    assert_eq!(replay.asked().len(), 1, "v3 has answered: v1 need not be asked");
    let (client, _replay) = first("trace_404").await;
    assert_eq!(client.trace(id("1"), None).await.expect_err("nothing").cause, expected);
}

#[tokio::test]
async fn a_search_of_a_service_gives_rows() {
    let (client, replay) = third("v3_traces").await;
    let search = Search { service: Some("checkout".into()), errors_only: true, ..Search::default() };
    let found = client.search(&search, window(), 7).await.expect("rows").rows;
    assert_eq!((found.len(), found[0].trace), (1, id("17e011b7f810238303c72ba8d605e770")));
    assert_eq!((found[0].root_service.as_str(), found[0].spans), ("web-frontend", Some(5)));
    let asked = replay.asked();
    for name in ["query.serviceName", "query.service_name"] {
        assert_eq!(asked[0].pair(name), Some("checkout"));
    }
    assert_eq!((asked[0].pair("query.searchDepth"), asked[0].pair("query.num_traces")), (Some("7"), Some("7")));
    assert_eq!(asked[0].pair("query.attributes"), Some(r#"{"error":"true"}"#));
    let (client, replay) = first("traces_service").await;
    let found = client.search(&search, window(), 7).await.expect("rows").rows;
    assert!(found.iter().any(|row| row.trace == id("17e011b7f810238303c72ba8d605e770")));
    let asked = replay.asked();
    assert_eq!((asked[1].pair("start"), asked[1].pair("limit")), (Some("1795348452000000"), Some("7")));
}

#[tokio::test]
async fn without_a_service_every_service_is_searched_for_errors_too() {
    let replay = Replay::serve(|asked: &Asked| match asked.path.as_str() {
        "/api/v3/services" => recorded(SERVER, "v3_services"),
        _ if asked.pair("query.serviceName") == Some("checkout") => recorded(SERVER, "v3_traces"),
        _ => recorded(SERVER, "v3_trace_404"),
    })
    .await;
    let client = Jaeger::connect(replay.endpoint()).expect("a client");
    let found = client.search(&Search::default(), window(), 20).await.expect("rows").rows;
    assert_eq!(found.len(), 1, "one trace, found twice");
    assert_eq!(replay.asked().len(), 1 + 5 * 2);
    assert!(client.probe().await.is_ok());
}

#[tokio::test]
async fn a_v3_that_cannot_search_gives_way_to_v1() {
    let replay = Replay::serve(|asked: &Asked| match asked.path.starts_with("/api/v3/") {
        true => Answer::new(500, r#"{"error":{"httpCode":500,"message":"search depth must be greater than 0"}}"#),
        false => recorded(SERVER, "traces_empty"),
    })
    .await;
    let client = Jaeger::connect(replay.endpoint()).expect("a client");
    let search = Search { service: Some("unknown-service".into()), ..Search::default() };
    assert!(client.search(&search, window(), 7).await.expect("rows").rows.is_empty());
}
