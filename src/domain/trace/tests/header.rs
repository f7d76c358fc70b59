//! Every form in which a trace may be pasted.

use proptest::prelude::*;

use crate::domain::trace::parse_reference;

fn both(text: &str) -> (String, Option<String>) {
    let found = parse_reference(text).unwrap_or_else(|| panic!("no trace in {text:?}"));
    (found.trace.to_string(), found.span.map(|span| span.to_string()))
}

fn trace(text: &str) -> String {
    both(text).0
}

const W3C: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

#[test]
fn w3c() {
    let wanted = (W3C.to_owned(), Some("00f067aa0ba902b7".to_owned()));
    assert_eq!(both("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), wanted);
    assert_eq!(both("traceparent: 00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01\r\n"), wanted);
    assert_eq!(both("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes"), wanted);
    assert_eq!(
        both(r#"{"level":"error","traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}"#),
        wanted
    );
    for bad in [
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
    ] {
        assert_eq!(parse_reference(bad), None, "{bad}");
    }
}

#[test]
fn b3() {
    let single = "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1-05e3ac9a4f6e3b90";
    let wanted = ("80f198ee56343ba864fe8b2a57d3eff7".to_owned(), Some("e457b5a2e4d86bd1".to_owned()));
    assert_eq!(both(single), wanted);
    assert_eq!(both(&format!("b3: {single}")), wanted);
    assert_eq!(
        both(
            "X-B3-TraceId: 80f198ee56343ba864fe8b2a57d3eff7\nX-B3-ParentSpanId: 05e3ac9a4f6e3b90\nX-B3-SpanId: e457b5a2e4d86bd1\nX-B3-Sampled: 1"
        ),
        wanted
    );
    assert_eq!(trace("x-b3-traceid: 64fe8b2a57d3eff7"), "000000000000000064fe8b2a57d3eff7");
    assert_eq!(trace("64fe8b2a57d3eff7-e457b5a2e4d86bd1-d"), "000000000000000064fe8b2a57d3eff7");
    assert_eq!(parse_reference("b3: 0"), None);
    assert_eq!(parse_reference("b3: d"), None);
}

#[test]
fn datadog() {
    let tid = "x-datadog-trace-id: 5208512171318403364\nx-datadog-parent-id: 4\nx-datadog-tags: _dd.p.tid=640cfd8d00000000,_dd.p.dm=-1";
    assert_eq!(both(tid), ("640cfd8d0000000048485a3953bb6124".to_owned(), Some("0000000000000004".to_owned())));
    assert_eq!(trace("x-datadog-trace-id: 5208512171318403364"), "000000000000000048485a3953bb6124");
    assert_eq!(trace("9532127138774266268"), "00000000000000008448eb211c80319c");
    assert_eq!(trace(r#"{"dd.trace_id":"9532127138774266268","dd.span_id":"5"}"#), "00000000000000008448eb211c80319c");
    assert_eq!(trace("dd.trace_id=640cfd8d000000008448eb211c80319c"), "640cfd8d000000008448eb211c80319c");
    // A wrong upper half is as good as none.
    assert_eq!(trace("x-datadog-trace-id: 5208512171318403364 _dd.p.tid=640c"), "000000000000000048485a3953bb6124");
    assert_eq!(parse_reference("x-datadog-trace-id: 0"), None);
}

#[test]
fn x_ray_and_uber() {
    let ray = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
    let wanted = ("5759e988bd862e3fe1be46a994272793".to_owned(), Some("53995c3f42cd8ad8".to_owned()));
    assert_eq!(both(ray), wanted);
    assert_eq!(both(&format!("X-Amzn-Trace-Id: {ray}")), wanted);
    assert_eq!(both("Self=1-0;Parent=53995c3f42cd8ad8;Root=1-5759e988-bd862e3fe1be46a994272793"), wanted);
    assert_eq!(trace("1-5759e988-bd862e3fe1be46a994272793"), wanted.0);
    let uber = ("00000000000000001d3f2a9b8c7d6e5f".to_owned(), Some("000000000000abcd".to_owned()));
    assert_eq!(both("uber-trace-id: 1d3f2a9b8c7d6e5f:abcd:0:1"), uber);
    assert_eq!(both("1d3f2a9b8c7d6e5f%3Aabcd%3A0%3A1"), uber);
    assert_eq!(parse_reference("0:abcd:0:1"), None);
}

#[test]
fn other_vendors() {
    let payload = "eyJ2IjpbMCwxXSwiZCI6eyJ0eSI6IkFwcCIsImFjIjoiMzMiLCJhcCI6IjI4Mjc5MDIiLCJ0ciI6IjViOGVmZmY3OTgwMzgxMDNkMjY5YjYzMzgxM2ZjNjBjIiwiaWQiOiJlZWUxOWI3ZWMzYzFiMTc0IiwidHgiOiIzMjIxYmYwOWFhMGJjZjBkIiwicHIiOjEuMjM0NSwic2EiOnRydWUsInRpIjoxNzAwMDAwMDAwMDAwfX0=";
    let wanted = ("5b8efff798038103d269b633813fc60c".to_owned(), Some("eee19b7ec3c1b174".to_owned()));
    assert_eq!(both(payload), wanted);
    assert_eq!(both(&format!("newrelic: {payload}")), wanted);
    assert_eq!(trace("W47/95gDgQPSabYzgT/GDA=="), wanted.0);
    assert_eq!(trace(&format!("X-Cloud-Trace-Context: {W3C}/123;o=1")), W3C);
    assert_eq!(both(&format!("sentry-trace: {W3C}-00f067aa0ba902b7-1")).0, W3C);
}

#[test]
fn bare_ids_lines_and_addresses() {
    assert_eq!(trace(W3C), W3C);
    assert_eq!(trace(&W3C.to_uppercase()), W3C);
    assert_eq!(trace("A3CE929D0E0E4736"), "0000000000000000a3ce929d0e0e4736");
    assert_eq!(trace("822e8f36c031199972a846916419f82"), "0822e8f36c031199972a846916419f82");
    assert_eq!(trace("1234567812345678"), "00000000000000001234567812345678");
    assert_eq!(trace("4bf92f35-77b3-4da6-a3ce-929d0e0e4736"), W3C);
    for text in [
        format!("https://tempo.example.com/trace/{W3C}?orgId=1"),
        format!("https://grafana.example.com/explore?left=%7B%22query%22:%22{W3C}%22%7D"),
        format!(r#"{{"level":"error","trace_id":"{W3C}","msg":"x"}}"#),
        format!(r#"{{\"traceId\":\"{W3C}\"}}"#),
        format!("level=error traceID={W3C} msg=x"),
        format!("ERROR something broke (trace.id: {W3C})"),
        format!("see {W3C}."),
    ] {
        assert_eq!(trace(&text), W3C, "{text}");
    }
    let other = "0123456789abcdef0123456789abcdef";
    assert_eq!(trace(&format!("parent_trace_id={other} trace_id={W3C}")), W3C);
    let line = r#"{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7"}"#;
    assert_eq!(both(line).1.as_deref(), Some("00f067aa0ba902b7"));
    assert_eq!(trace("http://jaeger:16686/trace/a3ce929d0e0e4736"), "0000000000000000a3ce929d0e0e4736");
}

#[test]
fn what_names_no_trace_is_refused() {
    let zeros = "0".repeat(32);
    for text in [
        "",
        " ",
        "order 4472146 rejected",
        "pricing",
        "12345",
        "deadbeef",
        &zeros,
        "trace_id=",
        "%",
        "%%%",
        "\0",
        "é%é",
    ] {
        assert_eq!(parse_reference(text), None, "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn nothing_that_is_pasted_breaks_it(text in any::<String>()) {
        let _ = parse_reference(&text);
    }

    #[test]
    fn nothing_that_looks_like_a_header_breaks_it(
        text in "(traceparent|b3|dd\\.trace_id|_dd\\.p\\.tid|Root=|X-B3-TraceId|tr|\"d\")?[-:=;%/ \"]{0,3}[0-9a-fA-F%é:=;/-]{0,80}",
    ) {
        let _ = parse_reference(&text);
    }

    #[test]
    fn every_id_is_found_in_every_dress(id in 1_u128.., span in 1_u64..) {
        let (hex, span) = (format!("{id:032x}"), format!("{span:016x}"));
        prop_assert_eq!(trace(&hex), hex.clone());
        prop_assert_eq!(both(&format!("00-{hex}-{span}-01")), (hex.clone(), Some(span.clone())));
        prop_assert_eq!(both(&format!("{id:x}:{span}:0:1")), (hex.clone(), Some(span)));
        prop_assert_eq!(trace(&format!("at=x trace_id={hex} y")), hex);
    }
}
