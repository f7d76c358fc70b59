//! Jaeger's cases of clock skew, and what is done beyond them.

use std::time::Duration;

use super::sample::{id, order, span, trace};
use crate::domain::signal::{Kind, Span};
use crate::domain::trace::{SkewOptions, Tree};

fn build(spans: Vec<Span>, most: u64) -> Tree {
    Tree::build(trace(), spans, None, SkewOptions { most: Duration::from_millis(most) })
}

fn times(tree: &Tree, number: u64) -> (i64, i64) {
    let node = tree.row(tree.by_id(id(number)).expect("a span")).expect("a row");
    assert_eq!(node.start.since(node.raw_start), node.skew_nanos);
    (node.start.millis(), node.end_time.millis())
}

fn pair(start: i64, end: i64) -> Vec<Span> {
    vec![span(1, 0, 10, 110).host("a"), span(2, 1, start, end).host("b")]
}

#[test]
fn a_child_of_another_host_is_moved_into_its_parent() {
    assert_eq!(times(&build(pair(0, 50), 500), 2), (35, 85));
    assert_eq!(times(&build(pair(0, 150), 500), 2), (10, 160));
    assert_eq!(times(&build(pair(20, 170), 500), 2), (20, 170));
    assert_eq!(times(&build(pair(20, 60), 500), 2), (20, 60));
}

#[test]
fn spans_of_the_moved_host_move_with_it() {
    let mut spans = pair(50, 120);
    spans.push(span(3, 2, 60, 80).host("b"));
    let tree = build(spans, 500);
    assert_eq!(times(&tree, 2), (25, 95));
    assert_eq!(times(&tree, 3), (35, 55));
    assert_eq!(tree.warnings(), ["2 spans were moved by their hosts' clocks"]);
}

#[test]
fn one_clock_is_never_set_against_itself() {
    let spans = vec![span(1, 0, 10, 110).host("a"), span(2, 1, 0, 50).host("a")];
    assert_eq!(times(&build(spans, 500), 2), (0, 50));
    let process = std::sync::Arc::new(vec![("k8s.pod.name".into(), crate::domain::signal::Value::Text("p-1".into()))]);
    let of_pod = |span: Span| Span { resource: std::sync::Arc::clone(&process), ..span };
    let spans = vec![of_pod(span(1, 0, 10, 110)), of_pod(span(2, 1, 0, 50))];
    assert_eq!(times(&build(spans, 500), 2), (0, 50));
    // Of two spans that say nothing of their hosts nobody knows.
    assert_eq!(times(&build(vec![span(1, 0, 10, 110), span(2, 1, 0, 50)], 500), 2), (35, 85));
}

#[test]
fn a_span_that_names_its_own_host_is_not_of_its_process_s() {
    use crate::domain::signal::Value;
    let process = std::sync::Arc::new(vec![("host.name".into(), Value::Text("a".into()))]);
    let of = |span: Span| Span { resource: std::sync::Arc::clone(&process), ..span };
    let own = |span: Span, host: Value| Span { attributes: vec![("host.name".into(), host)], ..of(span) };
    let child = || span(2, 1, 0, 50);
    assert_eq!(times(&build(vec![of(span(1, 0, 10, 110)), of(child())], 500), 2), (0, 50));
    assert_eq!(times(&build(vec![of(span(1, 0, 10, 110)), own(child(), Value::Text("b".into()))], 500), 2), (35, 85));
    let number = own(span(1, 0, 10, 110), Value::Integer(7));
    assert_eq!(times(&build(vec![number, own(child(), Value::Text("7".into()))], 500), 2), (0, 50));
}

#[test]
fn too_long_a_way_is_not_gone_and_said() {
    for (start, end) in [(0, 50), (90, 160)] {
        let tree = build(pair(start, end), 10);
        assert_eq!(times(&tree, 2), (start, end));
        let warnings = tree.row(1).expect("a row").warnings;
        assert!(warnings.iter().any(|words| words.contains("too far to be adjusted")), "{warnings:?}");
    }
    let off = build(pair(0, 50), 0);
    assert_eq!(times(&off, 2), (0, 50));
    assert!(off.row(0).expect("a row").warnings.is_empty());
}

#[test]
fn a_consumer_may_start_after_its_producer_ended() {
    let spans =
        vec![span(1, 0, 10, 110).host("a").kind(Kind::Producer), span(2, 1, 200, 250).host("b").kind(Kind::Consumer)];
    assert_eq!(times(&build(spans, 500), 2), (200, 250));
}

#[test]
fn the_failing_order_is_put_right_when_inventorys_clock_is_35_ms_ahead() {
    let ahead = |span: Span| {
        let host = format!("node of {}", span.service);
        let late = if span.service == "inventory" { 35_000_000 } else { 0 };
        Span { start: span.start.shifted(late), end: span.end.shifted(late), ..span }.host(&host)
    };
    let tree = build(order().into_iter().map(ahead).collect(), 500);
    let starts: Vec<i64> = tree.rows().map(|node| node.start.millis()).collect();
    assert_eq!(starts, [0, 6, 10, 45, 52, 58, 74, 80, 84, 2086, 2472]);
    assert_eq!(tree.moved_clocks(), [("inventory".into(), -35_000_000)]);
}
