//! "Who holds the time".

use super::sample::{order, span, tree};
use crate::domain::trace::Tree;

/// Label (empty for small parts), share in percent, sections.
fn strip(tree: &Tree) -> Vec<(String, i64, u32)> {
    tree.holders()
        .iter()
        .map(|holder| {
            let label = tree.row(holder.span).filter(|_| holder.labelled).map_or("", |node| node.name);
            (label.to_owned(), (holder.share * 100.0).round() as i64, holder.sections)
        })
        .collect()
}

#[test]
fn the_failing_order_waits_for_the_lock_and_then_for_the_pool() {
    let tree = tree(order());
    let labels: Vec<(String, i64)> = strip(&tree).into_iter().map(|(label, share, _)| (label, share)).collect();
    let wanted = [("", 3), ("BLPOP tariff:lock", 81), ("", 0), ("SELECT tariff_rules", 15), ("", 1)];
    assert_eq!(labels, wanted.map(|(label, share)| (label.to_owned(), share)));
    let longest = tree.row(tree.holders()[0].span).expect("a row");
    assert_eq!(longest.name, "route.compute");
    let total: i64 = tree.holders().iter().map(|holder| holder.nanos).sum();
    assert_eq!(total, tree.duration_nanos());
}

#[test]
fn many_like_queries_one_after_the_other_are_one_part() {
    let mut spans = vec![span(1, 0, 0, 1000).name("booking.create")];
    spans.extend(
        (0..41_i64).map(|at| span(10 + at.unsigned_abs(), 1, 60 + at * 22, 60 + at * 22 + 21).name("SELECT room")),
    );
    let tree = tree(spans);
    assert_eq!(
        strip(&tree),
        [("booking.create".to_owned(), 6, 1), ("SELECT room".to_owned(), 90, 41), (String::new(), 4, 1)]
    );
}

#[test]
fn a_trace_of_no_length_is_held_by_nobody() {
    assert!(tree(vec![span(1, 0, 5, 5)]).holders().is_empty());
}
