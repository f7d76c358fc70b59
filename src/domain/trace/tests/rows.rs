//! Folding, by example and by law.

use proptest::prelude::*;

use super::sample::{order, span, tree};
use crate::domain::trace::{Rows, Tree};

#[test]
fn a_fold_hides_what_is_below_and_says_how_much() {
    let tree = tree(order());
    let mut rows = Rows::new(&tree);
    assert_eq!(rows.visible().len(), 11);
    rows.fold(3);
    assert_eq!(rows.visible(), [0, 1, 2, 3, 10]);
    assert_eq!((rows.hidden_below(3), rows.hidden_below(1), rows.is_folded(3)), (6, 0, true));
    assert_eq!((rows.position(8), rows.position(10), rows.position(99)), (Some(3), Some(4), None));
    rows.reveal(8);
    assert_eq!(rows.visible().len(), 11);
    rows.fold(8);
    assert!(!rows.is_folded(8), "a row without children has nothing to fold");
    rows.fold_all();
    assert_eq!(rows.visible(), [0]);
    rows.unfold_all();
    rows.critical_only(true);
    assert_eq!(rows.visible().len(), 11);
}

#[test]
fn the_critical_path_alone_keeps_those_above_it() {
    let tree =
        tree(vec![span(1, 0, 0, 100), span(2, 1, 0, 100), span(3, 2, 0, 100), span(4, 1, 10, 90), span(5, 4, 20, 30)]);
    let mut rows = Rows::new(&tree);
    rows.critical_only(true);
    assert_eq!(rows.visible(), [0, 1, 2]);
    rows.reveal(4);
    assert_eq!((rows.visible(), rows.is_critical_only()), (&[0, 1, 2, 3, 4][..], false));
}

#[test]
fn guides_join_what_is_to_be_seen() {
    let tree = tree(order());
    let mut rows = Rows::new(&tree);
    let guides = |rows: &Rows, row| -> Vec<bool> { rows.guides(row).collect() };
    assert_eq!(guides(&rows, 0), [false]);
    assert_eq!(guides(&rows, 2), [true, false, false]);
    // SELECT stock: more follow it, nothing follows its parent, publish follows the call above.
    assert_eq!(guides(&rows, 5), [true, false, true, false, false]);
    assert_eq!(guides(&rows, 10), [false, false, false]);
    assert!(guides(&rows, 99).is_empty());
    rows.fold(1);
    assert_eq!(guides(&rows, 1), [false, false]);
    let wide = super::sample::tree(vec![span(1, 0, 0, 100), span(2, 1, 0, 100), span(3, 1, 5, 9), span(4, 0, 50, 60)]);
    let mut rows = Rows::new(&wide);
    assert_eq!((guides(&rows, 0), guides(&rows, 1)), (vec![true], vec![true, true]));
    rows.critical_only(true);
    assert_eq!((guides(&rows, 0), guides(&rows, 1)), (vec![false], vec![false, false]));
}

#[derive(Clone, Debug)]
enum Change {
    Fold(u32),
    Unfold(u32),
    Reveal(u32),
    FoldAll,
    UnfoldAll,
    Critical(bool),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => (0..40_u32).prop_map(Change::Fold),
        2 => (0..40_u32).prop_map(Change::Unfold),
        2 => (0..40_u32).prop_map(Change::Reveal),
        1 => Just(Change::FoldAll),
        1 => Just(Change::UnfoldAll),
        1 => any::<bool>().prop_map(Change::Critical),
    ]
}

fn shown(tree: &Tree, rows: &Rows, row: u32) -> bool {
    let mut above = tree.row(row).and_then(|node| node.parent);
    while let Some(at) = above {
        if rows.is_folded(at) {
            return false;
        }
        above = tree.row(at).and_then(|node| node.parent);
    }
    let end = tree.row(row).map_or(0, |node| node.end);
    !rows.is_critical_only() || (row..end).filter_map(|at| tree.row(at)).any(|node| node.on_critical_path())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn visible_are_those_that_no_fold_above_hides(
        parents in prop::collection::vec((0..30_u64, 0..50_i64, 0..50_i64), 1..30),
        changes in prop::collection::vec(change(), 0..20),
    ) {
        let spans = (1..).zip(&parents).map(|(number, (parent, start, length))| {
            span(number, parent % number, *start, start + length)
        });
        let tree = tree(spans.collect());
        let mut rows = Rows::new(&tree);
        for change in changes {
            match change {
                Change::Fold(row) => rows.fold(row),
                Change::Unfold(row) => rows.unfold(row),
                Change::Reveal(row) => {
                    rows.reveal(row);
                    let known = tree.row(row).is_some();
                    prop_assert_eq!(rows.visible().contains(&row), known);
                }
                Change::FoldAll => rows.fold_all(),
                Change::UnfoldAll => rows.unfold_all(),
                Change::Critical(only) => rows.critical_only(only),
            }
            let wanted: Vec<u32> = tree.rows().map(|node| node.row).filter(|row| shown(&tree, &rows, *row)).collect();
            prop_assert_eq!(rows.visible(), wanted);
        }
    }
}
