//! What holds of every tree, whatever spans it is made of.

use proptest::prelude::*;

use super::sample::{span, trace, tree};
use crate::domain::signal::{Kind, Span};
use crate::domain::trace::{SkewOptions, Tree};

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        Just(Kind::Internal),
        Just(Kind::Server),
        Just(Kind::Client),
        Just(Kind::Producer),
        Just(Kind::Consumer),
        Just(Kind::Unspecified),
    ]
}

/// Anything: parents that are missing, circles, ids that come again, ends before starts.
fn wild() -> impl Strategy<Value = Vec<Span>> {
    let one = (1..25_u64, 0..30_u64, 0..60_i64, -5..60_i64, kind(), 0..3_u8, any::<bool>());
    prop::collection::vec(one, 0..40).prop_map(|all| {
        all.into_iter()
            .map(|(number, parent, start, length, kind, host, failed)| {
                let span = span(number, parent, start, start + length).kind(kind).host(&format!("h{host}"));
                if failed { span.failed("x") } else { span }
            })
            .collect()
    })
}

/// One root that every other span is below.
fn sound() -> impl Strategy<Value = Vec<Span>> {
    let one = (any::<u64>(), 0..100_i64, 0..60_i64, kind());
    prop::collection::vec(one, 0..40).prop_map(|all| {
        let below = (2..).zip(all).map(|(number, (parent, start, length, kind))| {
            span(number, parent % (number - 1) + 1, start, start + length).kind(kind)
        });
        std::iter::once(span(1, 0, 10, 90)).chain(below).collect()
    })
}

type Outline = Vec<(String, u16, i64, i64, i64, i64, bool, bool)>;

fn outline(tree: &Tree) -> Outline {
    tree.rows()
        .map(|node| {
            let name = format!("{} {:?}", node.name, node.missing);
            let (start, end) = (node.start.nanos(), node.end_time.nanos());
            (name, node.depth, start, end, node.self_nanos, node.critical_nanos, node.is_error_root, node.is_handled)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_path_covers_the_root_once(spans in sound()) {
        let tree = tree(spans);
        let mut reached = tree.row(0).expect("a root").start;
        for section in tree.critical() {
            prop_assert_eq!(section.start, reached);
            prop_assert!(section.start < section.end);
            let node = tree.row(section.span).expect("a row");
            prop_assert!(node.start <= section.start && section.end <= node.end_time);
            reached = section.end;
        }
        prop_assert_eq!(reached, tree.row(0).expect("a root").end_time);
        let sum: i64 = tree.rows().map(|node| node.critical_nanos).sum();
        prop_assert_eq!(sum, tree.row(0).expect("a root").duration_nanos);
        let shares: f64 = tree.holders().iter().map(|holder| holder.share).sum();
        prop_assert!((shares - 1.0).abs() < 1e-9);
    }

    #[test]
    fn rows_nest_and_every_span_has_one(spans in wild()) {
        let tree = tree(spans);
        let mut spans = 0;
        for node in tree.rows() {
            prop_assert!(node.end > node.row && node.end as usize <= tree.len());
            prop_assert!(node.duration_nanos >= 0);
            prop_assert!((0..=node.duration_nanos).contains(&node.self_nanos));
            prop_assert!(node.critical_nanos >= 0);
            let parent = node.parent.and_then(|parent| tree.row(parent));
            prop_assert_eq!(parent.map_or(0, |parent| parent.depth + 1), node.depth);
            if let Some(parent) = parent {
                prop_assert!(parent.row < node.row && node.end <= parent.end);
            }
            if let Some(span) = node.span {
                spans += 1;
                prop_assert_eq!(tree.by_id(span.id), Some(node.row));
            }
        }
        prop_assert_eq!(spans, tree.span_count());
    }

    #[test]
    fn the_order_in_which_spans_came_does_not_matter(spans in wild(), seed in any::<u64>()) {
        let mut shuffled = spans.clone();
        let mut state = seed | 1;
        shuffled.sort_by_cached_key(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 16
        });
        let build = |spans| Tree::build(trace(), spans, None, SkewOptions::default());
        prop_assert_eq!(outline(&build(spans)), outline(&build(shuffled)));
    }
}

/// Times at the edges of what 64 bits hold, negative durations, thousands of roots.
fn extreme() -> impl Strategy<Value = Vec<Span>> {
    let moment = prop_oneof![
        Just(0_i64),
        Just(i64::MAX),
        Just(i64::MIN),
        Just(9_223_372_036_854_775_000),
        Just(-1),
        any::<i64>(),
    ];
    let one = (1..60_u64, 0..60_u64, moment.clone(), moment, kind(), any::<bool>());
    prop::collection::vec(one, 0..60).prop_map(|all| {
        all.into_iter()
            .map(|(number, parent, start, end, kind, failed)| {
                let mut span = span(number, parent, 0, 0).kind(kind).text("server.address", "t").text("order_id", "1");
                (span.start, span.end) =
                    (crate::domain::Timestamp::from_nanos(start), crate::domain::Timestamp::from_nanos(end));
                if failed { span.failed("x") } else { span }
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Everything that is computed of a tree, on trees that no program should send.
    #[test]
    fn nothing_panics_on_what_no_program_should_send(spans in extreme(), others in extreme()) {
        use crate::domain::trace::*;
        let build = |spans| Tree::build(trace(), spans, None, SkewOptions::default());
        let (one, other) = (build(spans), build(others));
        let entrypoints = [crate::domain::Symbol::from("edge")];
        let traced = [crate::domain::Symbol::from("t")];
        let keys = [crate::domain::Symbol::from("order_id")];
        let found = Propagation::of(&one, &traced, &entrypoints);
        prop_assert!((0.0..=1.0).contains(&found.complete()));
        for node in one.rows() {
            let looked_for = found.gaps.iter().find(|gap| gap.row == node.row);
            prop_assert_eq!(found.at(node.row), looked_for);
        }
        for row in 0..u32::try_from(one.len()).unwrap_or(0) {
            let looked_for: Vec<_> = one.critical().iter().filter(|section| section.span == row).collect();
            prop_assert_eq!(one.critical_of(row).collect::<Vec<_>>(), looked_for);
        }
        prop_assert_eq!(one.misses_spans(), one.rows().any(|node| node.missing.is_some()));
        let mut ends = open_ends(&one, &found.gaps, &keys);
        ends.extend(open_ends(&other, &Propagation::of(&other, &traced, &entrypoints).gaps, &keys));
        for stitch in stitches(&ends) {
            prop_assert!((0.0..=1.0001).contains(&stitch.score), "{}", stitch.score);
        }
        let _ = (links(&one, std::slice::from_ref(&other)), one.by_service(), Arrival::of(&one, one.end()));
        let mut rows = Rows::new(&one);
        rows.without_small(true);
        rows.critical_only(true);
        let pairs = Comparison::of(&one, &other);
        prop_assert!((0.0..=1.0).contains(&pairs.likeness()));
        let (ours, theirs) = (Profile::of(&one), Profile::of(&other));
        let evidence = Evidence { failing: vec![&ours], healthy: vec![&theirs], slow: vec![&ours], ..Evidence::default() };
        for outlier in Findings::of(evidence, &keys).outliers {
            prop_assert!((0.0..=1.0).contains(&outlier.score()));
        }
    }
}

#[test]
fn fifty_thousand_roots_and_a_chain_of_as_many_are_one_tree_each() {
    let roots: Vec<Span> = (1..=50_000).map(|number| span(number, 0, 0, 10)).collect();
    let chain: Vec<Span> = (1..=50_000).map(|number| span(number, number - 1, 0, 10)).collect();
    let circle: Vec<Span> = (1..=50_000_u64).map(|number| span(number, number % 50_000 + 1, 0, 10)).collect();
    for (spans, warned) in [(roots, false), (chain, false), (circle, true)] {
        let tree = tree(spans);
        assert_eq!(tree.len(), 50_000);
        assert_eq!(!tree.warnings().is_empty(), warned);
        assert_eq!(crate::domain::trace::Rows::new(&tree).visible().len(), 50_000);
    }
}
