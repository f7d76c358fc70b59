//! The reference's vectors for parts of other traces (3.7, 3.8): scores, the margin, messages.

use super::sample::{id, order, span, trace};
use crate::domain::signal::{Kind, Link, Span};
use crate::domain::trace::{
    Arrival, Propagation, Reason, SkewOptions, Stitch, Tie, Tree, links, open_ends, proposals, stitches,
};
use crate::domain::{Symbol, Timestamp, TraceId};

fn other(number: u128) -> TraceId {
    TraceId::new(number).expect("not zero")
}

fn built(id: TraceId, spans: Vec<Span>) -> Tree {
    Tree::build(id, spans.into_iter().map(|span| Span { trace: id, ..span }).collect(), None, SkewOptions::OFF)
}

fn found(trees: &[Tree]) -> Vec<Stitch> {
    let traced = ["pricing", "inventory", "routing"].map(Symbol::from);
    let entrypoints = [Symbol::from("edge")];
    let keys = [Symbol::from("order_id")];
    let ends = |tree: &Tree| open_ends(tree, &Propagation::of(tree, &traced, &entrypoints).gaps, &keys);
    stitches(&trees.iter().flat_map(ends).collect::<Vec<_>>())
}

/// The failing order with its pricing part under another id; that part names the order or does not.
fn torn(with_order: bool) -> [Tree; 2] {
    let lost = |span: &Span| [id(8), id(9), id(10)].contains(&span.id);
    let (mut inner, outer): (Vec<Span>, Vec<Span>) = order().into_iter().partition(lost);
    for span in &mut inner {
        span.parent = span.parent.filter(|parent| *parent != id(7));
    }
    if with_order && let Some(span) = inner.pop() {
        inner.push(span.text("order_id", "4472146"));
    }
    [built(trace(), outer), built(other(2), inner)]
}

#[test]
fn a_part_with_the_same_order_is_linked() {
    let found = found(&torn(true));
    let [stitch] = found.as_slice() else { panic!("{found:?}") };
    assert!((stitch.score - 0.99996).abs() < 5e-6, "{}", stitch.score);
    assert!(stitch.linked && !stitch.is_message);
    assert_eq!((stitch.from.span, stitch.to.span, stitch.to.trace), (id(7), id(8), other(2)));
    let points: Vec<(f64, f64)> = stitch.parts.iter().map(|part| (part.points, part.most)).collect();
    assert!(matches!(points.as_slice(), [(_, 0.0), (0.5, 0.5), (0.3, 0.3), (fit, 0.2)] if *fit > 0.199), "{points:?}");
    assert!(stitch.parts[2].measured.ends_with("starts +6.0 ms, ends −7.0 ms"));
    assert!(stitch.why.iter().any(|why| why.contains("order_id 4472146")), "{:?}", stitch.why);
}

#[test]
fn one_that_fits_by_time_alone_is_listed_and_not_linked() {
    let found = found(&torn(false));
    let [stitch] = found.as_slice() else { panic!("{found:?}") };
    assert!((stitch.score - 0.49996).abs() < 5e-6 && !stitch.linked, "{stitch:?}");
}

#[test]
fn of_two_that_could_be_none_is() {
    let [outer, inner] = torn(true);
    let twin = torn(true)[1].rows().filter_map(|node| node.span.cloned()).collect();
    let found = found(&[outer, inner, built(other(3), twin)]);
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|stitch| !stitch.linked), "{found:?}");
}

#[test]
fn another_order_is_no_proof_though_the_carrier_is_the_same() {
    let [outer, _] = torn(true);
    let mut spans: Vec<Span> = torn(false)[1].rows().filter_map(|node| node.span.cloned()).collect();
    spans[0] = spans[0].clone().text("order_id", "1");
    let found = found(&[outer, built(other(2), spans)]);
    assert!(found[0].score < 0.5 && !found[0].linked, "{found:?}");
}

#[test]
fn a_proposal_hangs_on_both_traces_and_is_merged_into_none() {
    let trees = torn(true);
    let found = found(&trees);
    for (tree, row) in [(&trees[0], 6), (&trees[1], 0)] {
        let spans = tree.span_count();
        let attached = proposals(tree, &found);
        let [only] = attached.as_slice() else { panic!("{attached:?}") };
        assert!(only.row == row && matches!(&only.tie, Tie::Proposed(stitch) if stitch.linked));
        assert_eq!(tree.span_count(), spans);
    }
}

fn sends(number: u64, key: &str) -> Span {
    span(number, 1, 90, 100)
        .kind(Kind::Producer)
        .service("routing")
        .name("publish orders")
        .text("messaging.system", "kafka")
        .text("messaging.destination.name", "orders")
        .text("messaging.kafka.message.key", key)
}

fn takes(key: &str) -> Span {
    span(20, 0, 340, 400)
        .kind(Kind::Consumer)
        .service("planner")
        .name("process orders")
        .text("messaging.system", "kafka")
        .text("messaging.destination.name", "orders")
        .text("messaging.kafka.message.key", key)
}

/// L1: the lag is from the end of the sender to the start of the consumer, and both sides have a row.
#[test]
fn a_link_is_a_row_on_both_sides_with_its_lag() {
    let sender = built(other(1), vec![span(1, 0, 0, 110).service("routing"), sends(2, "k")]);
    let link = Link { trace: other(1), span: Some(id(2)), attributes: Vec::new() };
    let consumer = built(other(2), vec![Span { links: vec![link], ..takes("k") }]);
    let here = links(&consumer, std::slice::from_ref(&sender));
    assert!(matches!(here.as_slice(), [row] if row.tie == Tie::To && row.lag_nanos == Some(240_000_000)), "{here:?}");
    let there = links(&sender, std::slice::from_ref(&consumer));
    assert!(
        matches!(there.as_slice(), [row] if row.tie == Tie::From && row.lag_nanos == Some(240_000_000) && row.row == 1)
    );
    // Not read, it is a row all the same.
    let unread = links(&consumer, &[]);
    assert!(matches!(unread.as_slice(), [row] if row.other.is_none() && row.lag_nanos.is_none()));
}

/// L2: a batch has a row for each of its messages.
#[test]
fn a_batch_has_as_many_rows_as_links() {
    let link = |number| Link { trace: other(number), span: Some(id(2)), attributes: Vec::new() };
    let batch = built(other(9), vec![Span { links: vec![link(1), link(2), link(3)], ..takes("k") }]);
    assert_eq!(links(&batch, &[]).len(), 3);
}

#[test]
fn a_consumer_without_a_link_is_a_gap_and_its_sender_is_found_by_the_key() {
    let sender = |trace, key: &str| built(other(trace), vec![span(1, 0, 0, 110).service("routing"), sends(2, key)]);
    let consumer = built(other(7), vec![takes("4472146")]);
    let gaps = Propagation::of(&consumer, &[], &[]).gaps;
    assert_eq!(gaps.iter().map(|gap| gap.reason.clone()).collect::<Vec<_>>(), [Reason::NoLink("orders".into())]);
    let found = found(&[sender(1, "4472145"), sender(2, "4472146"), consumer]);
    let [stitch] = found.as_slice() else { panic!("{found:?}") };
    assert!(stitch.is_message && stitch.linked && stitch.from.trace == other(2) && stitch.score == 0.9, "{stitch:?}");
}

#[test]
fn a_trace_is_still_arriving_until_the_sampler_has_decided() {
    let orphan = built(other(1), vec![span(2, 1, 0, 1_000)]);
    let whole = built(other(1), vec![span(1, 0, 0, 1_000)]);
    let after = |seconds: i64| Timestamp::from_millis(1_000 + seconds * 1_000);
    assert_eq!(Arrival::of(&orphan, after(39)), Arrival::Arriving { until: after(40) });
    assert_eq!(Arrival::of(&orphan, after(40)), Arrival::Settled);
    assert_eq!(Arrival::of(&whole, after(0)), Arrival::Settled);
    assert!(!orphan.has_root() && whole.has_root());
}

#[test]
fn parts_without_a_root_that_share_no_service_were_split() {
    let of = |number, parent, service: &str| span(number, parent, 0, 10).service(service);
    let split = built(other(1), vec![of(2, 100, "a"), of(3, 2, "b"), of(4, 200, "c")]);
    let reasons = Propagation::of(&split, &[], &[]).gaps.into_iter().map(|gap| gap.reason.code()).collect::<Vec<_>>();
    assert_eq!(reasons, ["G1", "G1", "G6"]);
    let one = built(other(1), vec![of(2, 100, "a"), of(3, 2, "b"), of(4, 200, "b")]);
    assert!(Propagation::of(&one, &[], &[]).gaps.iter().all(|gap| gap.reason.code() == "G1"));
}

/// A batch of many orders, torn apart: that one of its thousands is the same says nothing. The two ends share one small set of
/// values, however large the trace is.
#[test]
fn a_batch_of_many_orders_is_no_proof() {
    let [outer, inner] = torn(true);
    let mut spans: Vec<Span> = outer.rows().filter_map(|node| node.span.cloned()).collect();
    let root = spans[0].id;
    for number in 0..3_000_u64 {
        let one = span(1_000 + number, 0, 0, 1).service("routing").kind(Kind::Producer);
        spans.push(Span { parent: Some(root), ..one.text("order_id", &number.to_string()) });
    }
    let batch = built(trace(), spans);
    let ends = open_ends(&batch, &[], &[Symbol::from("order_id")]);
    assert_eq!(ends.len(), 2_000, "no more than are looked at");
    let found = found(&[batch, inner]);
    assert!(!found.is_empty() && found.iter().all(|stitch| !stitch.linked && stitch.score < 0.5), "{found:?}");
}
