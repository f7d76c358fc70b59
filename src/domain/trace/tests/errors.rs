//! What counts as an error, where errors start, and which were dealt with.

use std::sync::Arc;

use super::sample::{order, span, tree};
use crate::domain::signal::{Event, Kind, Span, Status, Value};
use crate::domain::trace::Tree;
use crate::domain::{Symbol, Timestamp};

fn names(tree: &Tree, rows: &[u32]) -> Vec<String> {
    rows.iter().map(|row| tree.row(*row).expect("a row").name.to_owned()).collect()
}

fn expect(spans: Vec<Span>, roots: &[&str], handled: &[&str]) {
    let tree = tree(spans);
    assert_eq!(names(&tree, tree.error_roots()), roots);
    assert_eq!(names(&tree, tree.handled()), handled);
    for node in tree.rows() {
        assert_eq!(node.is_error_root, tree.error_roots().contains(&node.row));
        assert_eq!(node.is_handled, tree.handled().contains(&node.row));
        let kinds = [node.is_error_root, node.is_handled, tree.is_passed_on(node.row)];
        assert_eq!(kinds.iter().filter(|kind| **kind).count(), usize::from(node.is_error));
    }
}

#[test]
fn an_internal_span_of_the_same_service_is_seen_through() {
    let r = span(1, 0, 0, 100).name("r").kind(Kind::Server).failed("");
    let i = span(2, 1, 10, 90).name("i");
    let c = span(3, 2, 20, 80).name("c").kind(Kind::Client).failed("");
    expect(vec![r.clone(), i.clone(), c.clone()], &["c"], &[]);
    expect(vec![r, i.service("other"), c], &["r"], &["c"]);
}

#[test]
fn a_call_that_went_well_stops_the_chain() {
    let r = span(1, 0, 0, 100).name("r").kind(Kind::Server).failed("");
    let c = span(2, 1, 10, 90).name("c").kind(Kind::Client);
    let s = span(3, 2, 20, 80).name("s").kind(Kind::Server).failed("");
    expect(vec![r, c, s], &["r"], &["s"]);
}

#[test]
fn a_retry_that_worked_was_dealt_with() {
    let r = span(1, 0, 0, 100).name("r").kind(Kind::Server);
    let first = span(2, 1, 10, 40).name("c1").kind(Kind::Client).failed("");
    let second = span(3, 1, 50, 90).name("c2").kind(Kind::Client);
    expect(vec![r, first, second], &[], &["c1"]);
}

#[test]
fn two_errors_are_ranked_by_their_time_on_the_path() {
    let r = || span(1, 0, 0, 100).name("r").failed("");
    expect(
        vec![r(), span(2, 1, 1, 30).name("a").failed(""), span(3, 1, 31, 95).name("b").failed("")],
        &["b", "a"],
        &[],
    );
    // Neither is on the path: the last to end was the last to fail before the parent did.
    let beside = span(4, 1, 0, 100).name("long");
    expect(
        vec![r(), beside, span(2, 1, 5, 30).name("a").failed(""), span(3, 1, 2, 40).name("b").failed("")],
        &["b", "a"],
        &[],
    );
}

#[test]
fn the_failing_order_starts_in_two_places_and_passes_through_six() {
    let tree = tree(order());
    assert_eq!(names(&tree, tree.error_roots()), ["BLPOP tariff:lock", "SELECT tariff_rules"]);
    assert!(tree.handled().is_empty());
    assert_eq!(tree.errors(), 8);
    assert_eq!(tree.rows().filter(|node| tree.is_passed_on(node.row)).count(), 6);
}

fn is_error(span: Span) -> (bool, bool) {
    let tree = tree(vec![span]);
    let node = tree.row(0).expect("a row");
    (node.is_error, node.client_error)
}

#[test]
fn what_a_span_may_say_of_its_failure() {
    let plain = |kind| span(1, 0, 0, 1).kind(kind);
    let http = |kind, status| is_error(plain(kind).with("http.response.status_code", Value::Integer(status)));
    assert_eq!(http(Kind::Server, 500), (true, false));
    assert_eq!(http(Kind::Server, 404), (false, true));
    assert_eq!(http(Kind::Client, 404), (true, true));
    assert_eq!(http(Kind::Client, 399), (false, false));
    assert_eq!(is_error(plain(Kind::Server).text("http.status_code", "503")), (true, false));
    assert_eq!(is_error(plain(Kind::Client).with("rpc.grpc.status_code", Value::Integer(14))), (true, false));
    assert_eq!(is_error(plain(Kind::Client).with("rpc.grpc.status_code", Value::Integer(0))), (false, false));
    assert_eq!(is_error(plain(Kind::Internal).with("error", Value::Bool(true))), (true, false));
    assert_eq!(is_error(plain(Kind::Internal).text("error", "false")), (false, false));
    let exception = Event { time: Timestamp::EPOCH, name: Symbol::from("exception"), attributes: Vec::new() };
    let thrown = Span { events: vec![exception], ..plain(Kind::Internal) };
    assert_eq!(is_error(thrown.clone()), (true, false));
    assert_eq!(is_error(Span { status: Status::Ok, ..thrown }), (false, false));
    // What the process says of itself is no word on this span.
    let resource = Arc::new(vec![(Symbol::from("error"), Value::Bool(true))]);
    assert_eq!(is_error(Span { resource, ..plain(Kind::Internal) }), (false, false));
}
