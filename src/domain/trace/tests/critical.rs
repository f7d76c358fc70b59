//! Critical path and self time: Jaeger's own cases, the ties that it loses, and the failing order.

use super::sample::{order, span, tree};
use crate::domain::Timestamp;
use crate::domain::signal::{Kind, Span};
use crate::domain::trace::Tree;

/// The path from its end, as the reference writes it: name, start, end.
fn path(tree: &Tree) -> Vec<(String, i64, i64)> {
    let name = |row| tree.row(row).expect("a row").name.to_owned();
    tree.critical().iter().rev().map(|part| (name(part.span), part.start.millis(), part.end.millis())).collect()
}

fn expect(spans: Vec<Span>, path_from_end: &[(&str, i64, i64)], own: &[(&str, i64)]) {
    let tree = tree(spans);
    let wanted: Vec<_> = path_from_end.iter().map(|(name, start, end)| ((*name).to_owned(), *start, *end)).collect();
    assert_eq!(path(&tree), wanted);
    for (name, millis) in own {
        let node = tree.rows().find(|node| node.name == *name).expect("a row of that name");
        assert_eq!(node.self_nanos, millis * 1_000_000, "self time of {name}");
    }
}

fn named(name: &str, number: u64, parent: u64, start: i64, end: i64) -> Span {
    span(number, parent, start, end).name(name)
}

#[test]
fn j1_siblings_one_after_the_other() {
    expect(
        vec![named("C", 1, 0, 1, 101), named("D", 2, 1, 20, 40), named("E", 3, 1, 50, 60)],
        &[("C", 60, 101), ("E", 50, 60), ("C", 40, 50), ("D", 20, 40), ("C", 1, 20)],
        &[("C", 70), ("D", 20), ("E", 10)],
    );
}

#[test]
fn j2_a_sibling_that_ran_beside_the_last_one_is_off_the_path() {
    expect(
        vec![named("X", 1, 0, 1, 101), named("A", 2, 1, 10, 50), named("C", 3, 1, 20, 60)],
        &[("X", 60, 101), ("C", 20, 60), ("X", 1, 20)],
        &[("X", 50), ("A", 40), ("C", 40)],
    );
}

#[test]
fn j4_what_starts_after_its_parent_ended_is_dropped_with_all_below() {
    expect(
        vec![named("A", 1, 0, 1, 31), named("B", 2, 1, 40, 80), named("c", 3, 2, 50, 60)],
        &[("A", 1, 31)],
        &[("A", 30)],
    );
}

#[test]
fn j5_a_consumer_does_not_hold_up_its_producer() {
    expect(
        vec![
            named("A", 1, 0, 1, 31).kind(Kind::Producer),
            named("B", 2, 1, 10, 20).kind(Kind::Consumer),
            named("C", 3, 2, 12, 14),
        ],
        &[("A", 1, 31)],
        &[("A", 30)],
    );
}

#[test]
fn j6_to_j9_children_are_clipped_to_their_parents() {
    expect(
        vec![named("A", 1, 0, 1, 30), named("B", 2, 1, 15, 35), named("C", 3, 2, 10, 25)],
        &[("B", 25, 30), ("C", 15, 25), ("A", 1, 15)],
        &[("A", 14)],
    );
    expect(
        vec![named("A", 1, 0, 1, 30), named("B", 2, 1, 15, 35), named("C", 3, 2, 20, 40)],
        &[("C", 20, 30), ("B", 15, 20), ("A", 1, 15)],
        &[("A", 14)],
    );
    expect(vec![named("A", 1, 0, 10, 30), named("B", 2, 1, 5, 35)], &[("B", 10, 30)], &[("A", 0)]);
    expect(vec![named("A", 1, 0, 10, 30), named("B", 2, 1, 1, 5)], &[("A", 10, 30)], &[("A", 20)]);
}

#[test]
fn a_child_that_ends_just_when_the_next_begins_is_on_the_path() {
    let tie = || vec![named("P", 1, 0, 0, 100), named("A", 2, 1, 10, 40), named("B", 3, 1, 40, 90)];
    let wanted = [("P", 90, 100), ("B", 40, 90), ("A", 10, 40), ("P", 0, 10)];
    expect(tie(), &wanted, &[("P", 20), ("A", 30), ("B", 50)]);
    // A span of no length between the two changes nothing.
    let zero = tie().into_iter().chain([named("Z", 4, 1, 40, 40)]).collect();
    expect(zero, &wanted, &[("P", 20), ("Z", 0)]);
}

#[test]
fn nested_and_fanned_out() {
    expect(
        vec![named("P", 1, 0, 0, 100), named("A", 2, 1, 0, 100), named("B", 3, 2, 20, 80), named("C", 4, 1, 10, 95)],
        &[("A", 80, 100), ("B", 20, 80), ("A", 0, 20)],
        &[("P", 0), ("A", 40), ("B", 60), ("C", 85)],
    );
    expect(
        vec![
            named("P", 1, 0, 0, 100),
            named("A", 2, 1, 10, 70),
            named("B", 3, 1, 10, 90),
            named("C", 4, 1, 10, 60),
            named("D", 5, 1, 92, 98),
        ],
        &[("P", 98, 100), ("D", 92, 98), ("P", 90, 92), ("B", 10, 90), ("P", 0, 10)],
        &[("P", 14)],
    );
}

#[test]
fn the_failing_order_waits_for_pricing() {
    let tree = tree(order());
    let by_service: Vec<(String, i64)> =
        tree.critical_by_service().iter().map(|(name, nanos)| (name.to_string(), nanos / 1_000_000)).collect();
    let wanted = [("pricing", 2372), ("routing", 58), ("inventory", 40), ("edge", 10)];
    assert_eq!(by_service, wanted.map(|(name, millis)| (name.to_owned(), millis)));
    assert_eq!(tree.duration_nanos(), 2_480_000_000);
    assert_eq!(by_service.iter().map(|(_, millis)| millis).sum::<i64>(), 2480);
    assert_eq!(format!("{:.1}", 2372.0 / 2480.0 * 100.0), "95.6");
    let critical = |name| tree.rows().find(|node| node.name == name).expect("a row").critical_nanos / 1_000_000;
    assert_eq!((critical("BLPOP tariff:lock"), critical("SELECT tariff_rules")), (2000, 360));
    // The column "on path", as the reference's frame shows it.
    let shown: Vec<i64> = tree.rows().map(|node| node.critical_nanos / 1_000_000).collect();
    assert_eq!(shown, [10, 9, 32, 14, 14, 13, 13, 12, 2000, 360, 3]);
}

#[test]
fn several_roots_share_one_path_in_time_order() {
    let tree = tree(vec![named("A", 1, 0, 0, 10), named("B", 2, 0, 20, 50), named("C", 3, 0, 30, 40)]);
    assert_eq!(path(&tree), [("B".to_owned(), 20, 50), ("A".to_owned(), 0, 10)]);
    assert_eq!(tree.start(), Timestamp::from_millis(0));
    assert_eq!(tree.duration_nanos(), 50_000_000);
}
