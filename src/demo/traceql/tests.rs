//! What TraceQL means here: which spans of a small trace each query finds.

use proptest::prelude::*;

use super::{Facts, found, parse};
use crate::demo::api::bare_span;
use crate::domain::signal::{Event, Kind, Span, Status, Value};

/// A gateway's root (id 1), a failing call of it (2), and a quick query below that (3).
fn trace() -> Vec<Span> {
    let id = "0822e8f36c031199972a846916419f82";
    let mut root = bare_span(id, 1, None, "gateway");
    root.name = "POST /orders".into();
    root.end = root.start.shifted(2_000_000_000);
    root.attributes =
        vec![("order.total".into(), Value::Float(129.95)), ("http.response.status_code".into(), Value::Integer(503))];
    let mut call = bare_span(id, 2, Some(1), "pricing");
    call.kind = Kind::Client;
    call.status = Status::Error("pool timeout".into());
    call.attributes = vec![("order_id".into(), Value::Text("42".into())), ("cache hit".into(), Value::Bool(false))];
    call.events = vec![Event {
        time: call.start,
        name: "exception".into(),
        attributes: vec![("exception.type".into(), Value::Text("PoolTimeoutError".into()))],
    }];
    let mut query = bare_span(id, 3, Some(2), "pricing");
    query.resource = std::sync::Arc::new(vec![("k8s.pod.name".into(), Value::Text("pricing-1".into()))]);
    vec![root, call, query]
}

fn ids(query: &str) -> Vec<u64> {
    let (query, spans) = (parse(query).unwrap_or_else(|error| panic!("{query}: {error}")), trace());
    found(&query, &Facts::new(&spans)).iter().map(|found| found.span.id.value()).collect()
}

#[test]
fn filters_find_the_spans_they_describe() {
    for (query, expected) in [
        ("{}", vec![1, 2, 3]),
        ("{ true }", vec![1, 2, 3]),
        ("{ status = error }", vec![2]),
        ("{ span:status != error && kind = server }", vec![1, 3]),
        (r#"{ resource.service.name = "pricing" }"#, vec![2, 3]),
        (r#"{ .service.name =~ "pri.*" && .order_id = "42" }"#, vec![2]),
        (r#"{ resource.service.name =~ "pri" }"#, vec![]),
        (r#"{ name !~ "wor." }"#, vec![1]),
        ("{ duration > 1.5s }", vec![1]),
        ("{ traceDuration >= 2s && duration < 1s }", vec![2, 3]),
        ("{ trace:duration > 2s }", vec![]),
        (r#"{ rootServiceName = "gateway" && rootName = "POST /orders" && status = error }"#, vec![2]),
        ("{ span.order_id != nil }", vec![2]),
        ("{ span.order_id = nil }", vec![1, 3]),
        (r#"{ event.exception.type = "PoolTimeoutError" && event:name = "exception" }"#, vec![2]),
        (r#"{ span."cache hit" = false }"#, vec![2]),
        (r#"{ statusMessage =~ ".*timeout" }"#, vec![2]),
        (r#"{ span:id = "0000000000000003" || span:parentID = "0000000000000001" }"#, vec![2, 3]),
        ("{ !(status = error) }", vec![1, 3]),
        ("{ status = error } && { kind = server }", vec![1, 2, 3]),
        (r#"{ status = error } && { name = "nothing" }"#, vec![]),
        (r#"({ name = "nothing" } || { status = error })"#, vec![2]),
        ("{ span.http.response.status_code >= 500 } | select(span.order_id) with (most_recent=true)", vec![1]),
    ] {
        assert_eq!(ids(query), expected, "{query}");
    }
}

#[test]
fn values_of_different_types_are_never_equal() {
    assert_eq!(ids("{ span.order.total > 100 }"), Vec::<u64>::new());
    assert_eq!(ids("{ span.order.total > 100.0 }"), [1]);
    assert_eq!(ids("{ span.order_id = 42 }"), Vec::<u64>::new());
    assert_eq!(ids(r#"{ span.order_id != "41" }"#), [2], "an absent attribute is not different");
}

#[test]
fn what_is_not_spoken_says_so() {
    for (query, words) in [
        ("{ status = error } >> { kind = client }", "does not speak \">>\""),
        ("{} | count() > 2", "does not speak \"count\""),
        ("{ nestedSetParent < 0 }", "does not speak \"nestedSetParent\""),
        ("{ kind = nil }", "incorrectly typed"),
        ("{ name =~ \"(\" }", "error parsing regexp"),
        ("{ status = }", "line 1, col 12: syntax error: unexpected }"),
        ("", "col 1: syntax error: unexpected $end"),
        ("{ name = \"x }", "literal not terminated"),
        ("{ span.x = 3 } }", "unexpected }"),
    ] {
        let error = parse(query).expect_err(query).to_string();
        assert!(error.contains(words) && error.starts_with("invalid TraceQL query: "), "{query}: {error}");
    }
    let deep = format!("{{ {}true{} }}", "(".repeat(5_000), ")".repeat(5_000));
    assert!(parse(&deep).expect_err("too deep").to_string().contains("too deep"));
    assert!(
        parse(&format!("{{ true{} }}", "&&true".repeat(100_000))).expect_err("long").to_string().contains("too long")
    );
    assert_eq!(ids(&format!("{{ true{} }}", "&&true".repeat(2_000))).len(), 3);
}

proptest! {
    #[test]
    fn no_text_breaks_the_parser(text in r#"[{}()|&!=~<>a-z0-9." ,:$é]{0,60}"#) {
        let _outcome = parse(&text);
    }
}
