//! How long one operation took over a set of traces, and how often it failed: what tells whether one span is like the
//! others of its name. Not where the time of a trace went, which is `excess.rs`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::profile::{Operation, Profile, Runs};

/// Operations that are told of a set.
const MOST_OPERATIONS: usize = 256;
/// Cells from the shortest to the longest.
const CELLS: usize = 16;

/// What an operation did in all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    /// Traces that have it.
    pub traces: u32,
    pub spans: u32,
    pub errors: u32,
    pub shortest_nanos: i64,
    pub longest_nanos: i64,
    /// How many took so long, in equal steps from the shortest to the longest; one cell where all took the same.
    pub shape: Vec<u32>,
}

/// The operations that most traces have; empty for no traces.
#[must_use]
pub fn spread(set: &[&Profile]) -> Vec<(Operation, Spread)> {
    let mut runs: BTreeMap<&Operation, Vec<&Runs>> = BTreeMap::new();
    for (operation, run) in set.iter().flat_map(|profile| &profile.operations) {
        runs.entry(operation).or_default().push(run);
    }
    let mut all: Vec<_> = runs.into_iter().collect();
    all.sort_by_key(|(_, runs)| std::cmp::Reverse(runs.len()));
    all.truncate(MOST_OPERATIONS);
    all.into_iter().map(|(operation, runs)| (operation.clone(), of(&runs))).collect()
}

fn of(runs: &[&Runs]) -> Spread {
    let took = || runs.iter().flat_map(|run| run.took.iter().copied());
    let (shortest, longest) = (took().min().unwrap_or(0), took().max().unwrap_or(0));
    let wide = longest.saturating_sub(shortest);
    let mut shape = vec![0; if wide == 0 { 1 } else { CELLS }];
    let last = shape.len().saturating_sub(1);
    for nanos in took() {
        let share = nanos.saturating_sub(shortest) as f64 / wide.max(1) as f64;
        if let Some(cell) = shape.get_mut(((share * CELLS as f64) as usize).min(last)) {
            *cell += 1;
        }
    }
    let sum = |of: fn(&Runs) -> u32| runs.iter().fold(0_u32, |sum, run| sum.saturating_add(of(run)));
    Spread {
        traces: u32::try_from(runs.len()).unwrap_or(u32::MAX),
        spans: sum(|run| run.spans),
        errors: sum(|run| run.errors),
        shortest_nanos: shortest,
        longest_nanos: longest,
        shape,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn run(took: &[i64], errors: u32) -> Runs {
        let mut run = Runs::default();
        for (at, nanos) in took.iter().enumerate() {
            run.add(1, *nanos, (at as u32) < errors);
        }
        run
    }

    #[test]
    fn equal_times_are_one_cell_and_the_ends_are_in_it() {
        let (one, two) = (run(&[5], 1), run(&[5, 5], 0));
        let told = of(&[&one, &two]);
        assert_eq!((told.traces, told.spans, told.errors, told.shape), (2, 3, 1, vec![3]));
        let told = of(&[&run(&[0, 16, 8], 3)]);
        assert_eq!((told.shortest_nanos, told.longest_nanos, told.errors), (0, 16, 3));
        assert_eq!((told.shape[0], told.shape[8], told.shape[15]), (1, 1, 1), "the longest is in the last cell");
    }

    proptest! {
        #[test]
        fn every_time_that_is_kept_is_in_the_shape(sets in prop::collection::vec(prop::collection::vec(any::<i64>(), 0..30), 1..8)) {
            let runs: Vec<Runs> = sets.iter().map(|took| run(took, 0)).collect();
            let told = of(&runs.iter().collect::<Vec<_>>());
            let kept: usize = runs.iter().map(|run| run.took.len()).sum();
            prop_assert_eq!(told.shape.iter().sum::<u32>() as usize, kept);
            prop_assert!(told.shortest_nanos <= told.longest_nanos && told.shortest_nanos >= 0);
            prop_assert_eq!(told.spans as usize, sets.iter().map(Vec::len).sum::<usize>());
        }
    }
}
