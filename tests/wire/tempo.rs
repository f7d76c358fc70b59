//! Tempo 3.0.3 as recorded: protobuf and both JSON forms must tell the same trace.

use std::time::Duration;

use warroom::backend::Tempo;
use warroom::domain::signal::{Kind, Span, Status, Value};
use warroom::domain::{Cause, Timestamp, TraceId, Window};
use warroom::port::{Fetched, Search, Traces};

use super::replay::{Answer, Asked, Replay, body, recorded};

const SERVER: &str = "tempo-3.0.3";
const FAILED: &str = "bdd640fb06671ad11c80317fa3b1799d";

fn id(text: &str) -> TraceId {
    text.parse().expect("an id")
}

fn window() -> Window {
    Window { start: Timestamp::from_seconds(1_795_348_452), end: Timestamp::from_nanos(1_795_348_701_000_000_001) }
}

async fn fetched(call: &'static str, trace: &str) -> Fetched {
    let replay = Replay::serve(move |_: &Asked| recorded(SERVER, call)).await;
    let client = Tempo::connect(replay.endpoint()).expect("a client");
    let fetched = client.trace(id(trace), Some(window())).await.expect("a trace");
    let asked = replay.asked();
    assert_eq!(asked[0].path, format!("/api/v2/traces/{trace}"));
    assert_eq!((asked[0].pair("start"), asked[0].pair("end")), (Some("1795348452"), Some("1795348702")));
    assert_eq!(asked[0].headers["accept"], "application/protobuf");
    fetched
}

fn named<'a>(spans: &'a [Span], name: &str) -> &'a Span {
    spans.iter().find(|span| span.name == name).expect("a span of that name")
}

fn sorted(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by_key(|span| span.id);
    spans
}

#[tokio::test]
async fn a_failed_trace_field_by_field() {
    let trace = fetched("trace_v2_error_pb", FAILED).await;
    assert_eq!((trace.spans.len(), trace.partial), (5, None));
    let charge = named(&trace.spans, "ChargeCard");
    assert_eq!((charge.trace, charge.id.to_string().as_str()), (id(FAILED), "bd9c66b3ad3c2d6d"));
    assert_eq!(charge.parent.map(|parent| parent.to_string()).as_deref(), Some("1a3d1fa7bc8960a9"));
    assert_eq!((charge.service.as_str(), charge.kind), ("payment", Kind::Server));
    assert_eq!((charge.start.nanos(), charge.end.nanos()), (1_795_348_512_569_628_383, 1_795_348_512_639_628_288));
    assert_eq!(charge.status, Status::Error("card declined: insufficient funds".into()));
    assert_eq!(charge.events[0].name, "exception");
    assert_eq!(charge.events[0].time.nanos(), 1_795_348_512_632_628_480);
    assert_eq!(charge.events[0].attributes[0].1.as_text(), Some("PaymentDeclined"));
    assert_eq!(charge.attribute("service.version").and_then(Value::as_text), Some("1.4.2"));
    let order = named(&trace.spans, "PlaceOrder");
    assert_eq!(order.attribute("order.total"), Some(&Value::Float(129.95)));
    assert_eq!(order.attribute("order.big"), Some(&Value::Integer(9_007_199_254_740_993)));
    assert_eq!(order.attribute("order.express"), Some(&Value::Bool(true)));
    assert_eq!(order.attribute("order.items").and_then(Value::as_text), Some("[1,2,3]"));
    assert_eq!(order.attribute("order.skus").and_then(Value::as_text), Some(r#"["A-1","É-2","\"q\"\\"]"#));
    let root = named(&trace.spans, "POST /checkout");
    assert_eq!((root.parent, root.status.clone()), (None, Status::Unset));
}

#[tokio::test]
async fn json_tells_what_protobuf_tells() {
    let proto = sorted(fetched("trace_v2_error_pb", FAILED).await.spans);
    assert_eq!(sorted(fetched("trace_v2_error_json", FAILED).await.spans), proto);
    assert_eq!(sorted(fetched("trace_v1_error_json", FAILED).await.spans), proto);
}

#[tokio::test]
async fn a_consumer_keeps_its_link_and_an_orphan_its_parent() {
    let consumer = fetched("trace_v2_kafka_consumer", "580d7b71d8f564135be6128e18c26797").await;
    let process = named(&consumer.spans, "orders process");
    assert_eq!((process.parent, process.kind), (None, Kind::Consumer));
    assert_eq!(process.links[0].trace, id("28df6ec4ce4a2bbdc241330b01a9e71f"));
    assert_eq!(process.links[0].span.map(|span| span.to_string()).as_deref(), Some("6142ea7d17be3111"));
    assert_eq!(process.links[0].attributes, [("messaging.kafka.message.offset".into(), Value::Integer(4_711))]);
    let orphan = fetched("trace_v2_orphan", "6b65a6a48b8148f6b38a088ca65ed389").await;
    assert!(orphan.spans.iter().all(|span| span.parent.is_some()));
}

/// 200 with nothing in it, in both encodings, and 404 of the first version.
#[tokio::test]
async fn an_unknown_trace_is_not_found() {
    let (empty, unknown) = ("the answer is empty (200)", "the server knows no such trace (404)");
    for (call, why) in [("trace_v2_404", empty), ("trace_v2_404_pb", empty), ("trace_v1_404", unknown)] {
        let replay = Replay::serve(move |_: &Asked| recorded(SERVER, call)).await;
        let client = Tempo::connect(replay.endpoint()).expect("a client");
        let failure = client.trace(id("1"), None).await.expect_err("nothing");
        let expected = format!("trace 00000000000000000000000000000001: {why}");
        assert_eq!(failure.cause, Cause::NotFound(expected), "{call}");
    }
}

#[tokio::test]
async fn an_old_server_is_asked_in_its_own_version_and_that_is_remembered() {
    let replay = Replay::serve(|asked: &Asked| match asked.path.starts_with("/api/traces/") {
        true => recorded(SERVER, "trace_v1_error_pb"),
        false => Answer::new(404, "404 page not found\n"),
    })
    .await;
    let client = Tempo::connect(replay.endpoint()).expect("a client");
    for _ in 0..2 {
        assert_eq!(client.trace(id(FAILED), None).await.expect("a trace").spans.len(), 5);
    }
    let paths: Vec<_> = replay.asked().into_iter().map(|asked| asked.path).collect();
    let first = format!("/api/traces/{FAILED}");
    assert_eq!(paths, [format!("/api/v2/traces/{FAILED}"), first.clone(), first]);
}

#[tokio::test]
async fn what_is_missing_is_said() {
    let whole = String::from_utf8(body(SERVER, "trace_v2_error_json")).expect("text");
    let partial = whole.replacen("{\"trace\"", r#"{"status":"PARTIAL","message":"trace exceeds max size","trace""#, 1);
    let replay = Replay::serve(move |_: &Asked| Answer::new(200, partial.clone())).await;
    let client = Tempo::connect(replay.endpoint()).expect("a client");
    let fetched = client.trace(id(FAILED), None).await.expect("a trace");
    assert_eq!(fetched.partial.as_deref(), Some("trace exceeds max size"));
    let replay = Replay::serve(|_: &Asked| Answer::new(422, "trace exceeds max size (max bytes: 5)")).await;
    let client = Tempo::connect(replay.endpoint()).expect("a client");
    let Cause::Refused { status: 422, message } = client.trace(id(FAILED), None).await.expect_err("refused").cause
    else {
        panic!("a refusal")
    };
    assert!(message.contains("max bytes: 5") && message.contains("max_bytes_per_trace"), "{message}");
}

#[tokio::test]
async fn a_search_is_padded_sorted_and_bounded() {
    let replay = Replay::serve(|_: &Asked| recorded(SERVER, "search_all")).await;
    let client = Tempo::connect(replay.endpoint()).expect("a client");
    let search = Search { longer_than: Some(Duration::from_millis(1)), ..Search::default() };
    let found = client.search(&search, window(), 19).await.expect("rows").rows;
    assert_eq!(found.len(), 19);
    assert!(found.is_sorted_by(|one, next| one.start >= next.start));
    let stripped = found.iter().find(|row| row.trace == id("0ab54bde20a045026e06809725e97977")).expect("the row");
    assert_eq!((stripped.duration_nanos, stripped.spans, stripped.errors), (86_000_000, Some(5), Some(0)));
    assert_eq!(stripped.services, ["checkout", "payment", "web-frontend"]);
    let failed = found.iter().find(|row| row.trace == id("50fd9d3f85d5169590b2b633956b8c0c")).expect("the row");
    assert_eq!((failed.errors, failed.root_name.as_str()), (Some(1), "POST /checkout"));
    let zero = found.iter().find(|row| row.trace == id("58007c0287ea7ff58db0674679279973")).expect("the row");
    assert_eq!((zero.duration_nanos, zero.root_name.as_str()), (0, "größe 漢字 🚚"));
    let asked = replay.asked();
    assert_eq!(asked[0].pair("q"), Some("{ traceDuration > 1ms }"));
    assert_eq!((asked[0].pair("limit"), asked[0].pair("spss")), (Some("19"), Some("1")));
}

#[tokio::test]
async fn a_missing_root_and_an_empty_result_are_no_errors() {
    let replay = Replay::serve(|asked: &Asked| match asked.pair("q") {
        Some("{}") => recorded(SERVER, "search_orphan_root_missing"),
        Some("{ status = error }") => recorded(SERVER, "search_empty"),
        _ => recorded(SERVER, "search_bad_400"),
    })
    .await;
    let client = Tempo::connect(replay.endpoint()).expect("a client");
    let found = client.search(&Search::default(), window(), 5).await.expect("rows").rows;
    assert_eq!((found.len(), found[0].root_service.as_str(), found[0].root_name.as_str()), (1, "", ""));
    let failed = Search { errors_only: true, ..Search::default() };
    assert!(client.search(&failed, window(), 5).await.expect("rows").rows.is_empty());
    let bad = Search { service: Some("x".into()), ..Search::default() };
    let cause = client.search(&bad, window(), 5).await.expect_err("refused").cause;
    assert!(matches!(cause, Cause::Refused { status: 400, message } if message.starts_with("invalid TraceQL query")));
}

#[tokio::test]
async fn the_probe_tells_the_version() {
    let replay = Replay::serve(|_: &Asked| recorded(SERVER, "buildinfo")).await;
    let client = Tempo::connect(replay.endpoint()).expect("a client");
    assert_eq!(client.probe().await.expect("there").version, "3.0.3");
}

#[tokio::test]
async fn an_answer_that_is_nested_too_deep_is_told_without_the_parsers_words() {
    let value =
        format!("{}{{\"stringValue\":\"core\"}}{}", "{\"arrayValue\":{\"values\":[".repeat(60), "]}}".repeat(60));
    let span = format!(r#"{{"traceId":"01","spanId":"01","attributes":[{{"key":"k","value":{value}}}]}}"#);
    let body = format!(r#"{{"trace":{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{span}]}}]}}]}}}}"#);
    let replay =
        Replay::serve(move |_: &Asked| Answer::new(200, body.clone()).header("content-type", "application/json")).await;
    let client = Tempo::connect(replay.endpoint()).expect("a client");
    let failure = client.trace(id(FAILED), None).await.expect_err("too deep");
    let words = format!("{}: answer not understood: nested deeper than 127 levels", failure.source);
    assert_eq!(failure.to_string(), words);
    assert!(failure.hint().contains("ask for less"), "{}", failure.hint());
}
