//! Roots, orphans, circles, shared and doubled ids, and times that cannot be.

use super::sample::{id, order, span, trace, tree};
use crate::domain::signal::{Kind, Span};
use crate::domain::trace::{SkewOptions, Tree};
use crate::domain::{SpanId, Timestamp};

/// Depth and name of every row.
fn outline(tree: &Tree) -> Vec<(u16, String)> {
    tree.rows().map(|node| (node.depth, node.missing.map_or(node.name.to_owned(), |id| format!("? {id}")))).collect()
}

fn row<'a>(tree: &'a Tree, number: u64) -> crate::domain::trace::Node<'a> {
    tree.row(tree.by_id(id(number)).expect("a span")).expect("a row")
}

#[test]
fn rows_stand_in_pre_order_and_siblings_by_start() {
    let mut spans = order();
    spans.reverse();
    let tree = tree(spans);
    let depths: Vec<u16> = tree.rows().map(|node| node.depth).collect();
    assert_eq!(depths, [0, 1, 2, 2, 3, 4, 4, 5, 6, 6, 2]);
    assert_eq!(tree.services(), ["edge", "inventory", "pricing", "routing"]);
    assert_eq!((tree.name().as_str(), tree.len(), tree.span_count()), ("POST /orders", 11, 11));
    assert!(tree.warnings().is_empty());
    assert_eq!(tree.children(1).collect::<Vec<_>>(), [2, 3, 10]);
}

#[test]
fn orphans_of_one_missing_span_hang_together_below_the_only_root() {
    let spans: Vec<Span> = order().into_iter().filter(|span| span.id != id(8)).collect();
    let tree = tree(spans);
    let missing = tree.rows().find(|node| node.missing.is_some()).expect("a node for the missing span");
    assert_eq!((missing.missing, missing.depth, missing.service.as_str()), (Some(id(8)), 1, "?"));
    assert_eq!((missing.start.millis(), missing.end_time.millis()), (84, 2446));
    assert!(missing.span.is_none() && missing.self_nanos == 0);
    assert_eq!(missing.end - missing.row, 3);
    assert_eq!((tree.len(), tree.span_count()), (11, 10));
    assert_eq!(tree.warnings(), ["2 spans name parents that were not received"]);
    assert!(row(&tree, 9).warnings.iter().any(|words| words.contains("not in the trace")));
}

#[test]
fn a_trace_without_a_root_gets_one_that_spans_it_all() {
    let spans = vec![
        span(2, 1, 10, 20).name("inner"),
        span(3, 9, 15, 60).name("GET /x").kind(Kind::Server),
        span(4, 9, 12, 14).name("later"),
    ];
    let tree = tree(spans);
    let wanted = [
        (0, "GET /x"),
        (1, "? 0000000000000001"),
        (2, "inner"),
        (1, "? 0000000000000009"),
        (2, "later"),
        (2, "GET /x"),
    ];
    assert_eq!(outline(&tree), wanted.map(|(depth, name)| (depth, name.to_owned())));
    let root = tree.row(0).expect("a root");
    assert!(root.span.is_none() && root.missing.is_none());
    assert_eq!((root.start.millis(), root.end_time.millis()), (10, 60));
}

#[test]
fn of_several_roots_each_stands_for_itself() {
    let tree = tree(vec![span(1, 0, 0, 5), span(2, 0, 2, 9), span(3, 7, 1, 3)]);
    let depths: Vec<_> = outline(&tree);
    assert_eq!(depths, [(0, "op 1".into()), (0, "? 0000000000000007".into()), (1, "op 3".into()), (0, "op 2".into())]);
}

#[test]
fn circles_are_cut_at_the_span_that_stands_first() {
    let alone = tree(vec![span(1, 1, 0, 5)]);
    assert_eq!(outline(&alone), [(0, "op 1".into())]);
    assert_eq!(alone.warnings(), ["1 span was its own ancestor"]);
    let tree = tree(vec![span(3, 2, 1, 2), span(2, 4, 0, 9), span(4, 3, 3, 4), span(5, 4, 3, 4)]);
    assert_eq!(outline(&tree), [(0, "op 2".into()), (1, "op 3".into()), (2, "op 4".into()), (3, "op 5".into())]);
    // The earliest of all leads into the circle and is no part of it.
    let tail = self::tree(vec![span(3, 2, 2, 3), span(2, 4, 1, 9), span(4, 3, 3, 4), span(5, 4, 0, 4)]);
    assert_eq!(outline(&tail), outline(&tree));
}

#[test]
fn a_server_that_shares_its_callers_id_becomes_its_child() {
    let client = span(2, 1, 1, 9).kind(Kind::Client).name("call").service("a");
    let server = span(2, 1, 2, 8).kind(Kind::Server).name("serve").service("b");
    let inside = span(3, 2, 3, 7).name("work").service("b");
    let tree = tree(vec![span(1, 0, 0, 10).name("root"), server, inside, client]);
    let wanted = [(0, "root"), (1, "call"), (2, "serve"), (3, "work")];
    assert_eq!(outline(&tree), wanted.map(|(depth, name)| (depth, name.to_owned())));
    assert_eq!(row(&tree, 2).name, "call");
    assert_eq!(tree.warnings(), ["1 span shared its id with its caller"]);
}

#[test]
fn copies_go_and_reused_ids_stay_apart() {
    let copies = tree(vec![span(1, 0, 0, 10), span(1, 0, 0, 10), span(1, 0, 0, 10)]);
    assert_eq!((copies.len(), copies.warnings()), (1, &["2 spans came twice".to_owned()][..]));
    let reused = tree(vec![span(1, 0, 0, 10), span(2, 1, 1, 3), span(2, 1, 4, 6)]);
    assert_eq!(reused.len(), 3);
    let ids: std::collections::BTreeSet<SpanId> =
        reused.rows().filter_map(|node| node.span.map(|span| span.id)).collect();
    assert_eq!(ids.len(), 3);
}

#[test]
fn a_span_that_ends_before_it_starts_lasts_no_time() {
    let tree = tree(vec![span(1, 0, 0, 10), span(2, 1, 6, 2)]);
    let node = row(&tree, 2);
    assert_eq!((node.duration_nanos, node.self_nanos, node.critical_nanos), (0, 0, 0));
    assert_eq!(tree.warnings(), ["1 span ends before it starts"]);
    assert!(node.warnings.iter().any(|words| words.contains("before it starts")));
}

#[test]
fn the_ends_of_time_do_not_overflow() {
    let ends = |number, parent, start, end| Span {
        start: Timestamp::from_nanos(start),
        end: Timestamp::from_nanos(end),
        ..span(number, parent, 0, 0).host(&format!("host {number}"))
    };
    let spans = vec![
        ends(1, 0, i64::MIN, i64::MAX),
        ends(2, 1, i64::MAX, i64::MAX),
        ends(3, 1, i64::MIN, i64::MIN + 1),
        ends(4, 2, i64::MIN, i64::MAX),
        ends(5, 4, i64::MAX, i64::MIN),
    ];
    let tree = Tree::build(trace(), spans, None, SkewOptions::default());
    assert_eq!(tree.len(), 5);
    assert!(tree.rows().all(|node| node.self_nanos >= 0 && node.critical_nanos >= 0));
}

#[test]
fn wide_deep_and_empty_traces_are_built_without_recursion() {
    let wide = tree((1..=50_000).map(|number| span(number, 0, 0, 1)).collect());
    assert_eq!(wide.rows().filter(|node| node.depth == 0).count(), 50_000);
    let deep = tree((1..=50_000).map(|number| span(number, number - 1, 0, 100)).collect());
    assert_eq!(deep.row(49_999).map(|node| node.depth), Some(49_999));
    assert_eq!(deep.critical().len(), 1);
    let circle = tree((1..=50_000).map(|number| span(number, number % 50_000 + 1, 0, 100)).collect());
    assert_eq!(circle.rows().filter(|node| node.depth == 0).count(), 1);
    let empty = tree(Vec::new());
    assert!(empty.is_empty() && empty.row(0).is_none() && empty.critical().is_empty());
    let lost = Tree::build(trace(), vec![span(1, 0, 0, 1)], Some("2 of 3 blocks".to_owned()), SkewOptions::OFF);
    assert_eq!(lost.partial(), Some("2 of 3 blocks"));
}
