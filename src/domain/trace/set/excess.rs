//! Where slow traces spend the time that others do not: the critical path of one set against that of another.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::profile::{Operation, Profile};

/// Rows that are given back.
const MOST_ROWS: usize = 20;

/// How much longer an operation holds up a trace than it does in the baseline, by the medians.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Excess {
    pub operation: Operation,
    pub nanos: i64,
    /// Of all excess, 0 to 1.
    pub share: f64,
}

/// The largest first; what is not slower is left out. Empty when one of the sets is.
#[must_use]
pub fn excess(slow: &[&Profile], baseline: &[&Profile]) -> Vec<Excess> {
    if slow.is_empty() || baseline.is_empty() {
        return Vec::new();
    }
    let ours = times(slow);
    let theirs = times(baseline);
    let mut rows: Vec<Excess> = ours
        .into_iter()
        .map(|(operation, times)| {
            let usual = theirs.get(operation).map_or(0, |times| median(times.clone(), baseline.len()));
            let nanos = median(times, slow.len()).saturating_sub(usual).max(0);
            Excess { operation: operation.clone(), nanos, share: 0.0 }
        })
        .filter(|row| row.nanos > 0)
        .collect();
    let whole = rows.iter().fold(0_i64, |sum, row| sum.saturating_add(row.nanos)).max(1);
    for row in &mut rows {
        row.share = row.nanos as f64 / whole as f64;
    }
    rows.sort_by(|a, b| b.nanos.cmp(&a.nanos).then_with(|| a.operation.cmp(&b.operation)));
    rows.truncate(MOST_ROWS);
    rows
}

fn times<'a>(profiles: &[&'a Profile]) -> BTreeMap<&'a Operation, Vec<i64>> {
    let mut times: BTreeMap<&Operation, Vec<i64>> = BTreeMap::new();
    for (operation, runs) in profiles.iter().flat_map(|profile| &profile.operations) {
        times.entry(operation).or_default().push(runs.critical_nanos);
    }
    times
}

/// Over so many traces, those without the operation counted as nothing.
fn median(mut times: Vec<i64>, traces: usize) -> i64 {
    times.resize(times.len().max(traces), 0);
    times.sort_unstable();
    let middle = times.len() / 2;
    let at = |place: usize| times.get(place).copied().unwrap_or(0);
    if times.len() % 2 == 1 { at(middle) } else { at(middle.saturating_sub(1)) / 2 + at(middle) / 2 }
}
