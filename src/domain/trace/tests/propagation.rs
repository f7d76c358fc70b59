//! The reference's vectors for gaps, as far as one trace can tell them.

use super::sample::{id, order, span, tree};
use crate::domain::Symbol;
use crate::domain::signal::{Kind, Span};
use crate::domain::trace::{Gap, Propagation, Reason};

fn gaps(spans: Vec<Span>) -> (Vec<(u32, Reason)>, String) {
    let traced = ["pricing", "inventory", "routing"].map(Symbol::from);
    let found = Propagation::of(&tree(spans), &traced, &[Symbol::from("edge"), Symbol::from("routing")]);
    let complete = format!("{:.2}", found.complete());
    (found.gaps.into_iter().map(|Gap { row, reason }| (row, reason)).collect(), complete)
}

#[test]
fn an_intact_trace_has_none() {
    assert_eq!(gaps(order()), (vec![], "1.00".to_owned()));
    assert_eq!(gaps(Vec::new()), (vec![], "1.00".to_owned()));
}

#[test]
fn a_missing_span_is_one_gap_however_many_orphans_it_left() {
    let spans = order().into_iter().filter(|span| span.id != id(8)).collect();
    assert_eq!(gaps(spans), (vec![(8, Reason::MissingSpan(id(8)))], "0.67".to_owned()));
}

#[test]
fn a_lost_context_leaves_a_call_without_a_server_and_a_trace_that_begins_inside() {
    let lost = |span: &Span| [id(8), id(9), id(10)].contains(&span.id);
    let (inner, outer): (Vec<Span>, Vec<Span>) = order().into_iter().partition(lost);
    assert_eq!(gaps(outer), (vec![(6, Reason::NoServer(Symbol::from("pricing")))], "0.67".to_owned()));
    let rerooted = inner.into_iter().map(|span| Span { parent: span.parent.filter(|parent| *parent != id(7)), ..span });
    assert_eq!(gaps(rerooted.collect()), (vec![(0, Reason::BeginsInside(Symbol::from("pricing")))], "0.00".to_owned()));
}

#[test]
fn only_orphans_within_a_call_tell_of_its_gap() {
    let call = |number, start, end| {
        span(number, 1, start, end).kind(Kind::Client).service("routing").text("peer.service", "pricing")
    };
    let orphan = |number, parent, start, end| span(number, parent, start, end).service("pricing");
    let root = span(1, 0, 0, 1000).service("routing").kind(Kind::Server);
    // The first holds the short orphan though a longer one starts before it; the second holds none.
    let spans = vec![root, call(2, 100, 300), call(3, 500, 600), orphan(4, 20, 90, 700), orphan(5, 21, 120, 280)];
    let (found, _) = gaps(spans);
    let calls: Vec<&Reason> =
        found.iter().map(|(_, reason)| reason).filter(|reason| matches!(reason, Reason::NoServer(_))).collect();
    assert_eq!((calls.len(), found.len()), (1, 3));
}
