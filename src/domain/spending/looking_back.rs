//! A budget in the past: how it ran down over its window, and what it would have been in the windows before, all from counts of
//! even steps. Not who asks the server for them.

use std::time::Duration;

use super::Slice;
use crate::domain::Timestamp;
use crate::domain::slo::{Objective, Zone};

/// The share that is left of one window's budget at the end of each of so many even cells: it begins full and only falls, since
/// what is counted is this window alone; it ends at what is left now. `None` for a cell that holds no slice. Empty without
/// traffic. Slices oldest first.
#[must_use]
pub fn run_down(
    slices: &[Slice],
    objective: Objective,
    end: Timestamp,
    window: Duration,
    cells: usize,
) -> Vec<Option<f64>> {
    let start = end.minus(window);
    let within: Vec<&Slice> = slices.iter().filter(|slice| slice.end > start && slice.end <= end).collect();
    let allowed = objective.budget() * within.iter().map(|slice| slice.total).sum::<f64>();
    if allowed.is_nan() || allowed <= 0.0 || cells == 0 {
        return Vec::new();
    }
    let mut levels = vec![None; cells];
    let mut bad = 0.0;
    for slice in within {
        bad += slice.bad;
        let level = levels.get_mut(cell(slice.end, start, window, cells));
        if let Some(level) = level {
            *level = Some(1.0 - bad / allowed);
        }
    }
    levels
}

/// Eight levels, `╌` for a budget that is spent, a blank for what is not known. One sign a level.
pub fn spark(levels: &[Option<f64>]) -> impl Iterator<Item = &'static str> + '_ {
    const SIGNS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
    levels.iter().map(|level| match level {
        None => " ",
        Some(left) if *left > 0.0 => {
            let over = SIGNS.iter().enumerate().find(|(at, _)| *left <= (*at as f64 + 1.0) / 8.0);
            over.map_or("█", |(_, sign)| sign)
        }
        Some(_) => "╌",
    })
}

/// The cell in which the step that ends at `end` ends: a moment that is a border belongs to the cell before it.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates at both ends")]
pub fn cell(end: Timestamp, start: Timestamp, window: Duration, cells: usize) -> usize {
    let share = end.shifted(-1).since(start) as f64 / window.as_nanos().max(1) as f64;
    ((share * cells as f64).floor().max(0.0) as usize).min(cells.saturating_sub(1))
}

/// One whole window of the past.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Period {
    pub start: Timestamp,
    pub end: Timestamp,
    pub bad: f64,
    pub total: f64,
    /// The share of good events.
    pub measured: f64,
    /// The share of the budget that was spent: 3 is three times what there was.
    pub spent: f64,
    /// How much of the window is known; below 1 the numbers are those of a part.
    pub known: f64,
}

impl Period {
    #[must_use]
    pub fn remaining(&self) -> f64 {
        1.0 - self.spent
    }

    #[must_use]
    pub fn zone(&self) -> Zone {
        Zone::of(self.remaining())
    }
}

/// Whole windows back from `end`, the latest first, each against this objective. One without traffic is left out. `step` is that
/// of the slices.
#[must_use]
pub fn periods(
    slices: &[Slice],
    objective: Objective,
    end: Timestamp,
    window: Duration,
    step: Duration,
    count: usize,
) -> Vec<Period> {
    let mut periods = Vec::new();
    let mut end = end;
    for _ in 0..count {
        let start = end.minus(window);
        periods.extend(period(slices, objective, start, end, step));
        end = start;
    }
    periods
}

/// The same over any time: against a budget of that time's own traffic.
#[must_use]
pub fn period(
    slices: &[Slice],
    objective: Objective,
    start: Timestamp,
    end: Timestamp,
    step: Duration,
) -> Option<Period> {
    let within: Vec<&Slice> = slices.iter().filter(|slice| slice.end > start && slice.end <= end).collect();
    let (bad, total) = within.iter().fold((0.0, 0.0), |(bad, total), slice| (bad + slice.bad, total + slice.total));
    if !(total > 0.0 && bad.is_finite() && total.is_finite()) {
        return None;
    }
    let known = step.as_secs_f64() * within.len() as f64 / end.elapsed_since(start).as_secs_f64().max(1.0);
    let share = bad / total;
    Some(Period {
        start,
        end,
        bad,
        total,
        measured: 1.0 - share,
        spent: share / objective.budget(),
        known: known.min(1.0),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    fn days(counts: &[(f64, f64)]) -> Vec<Slice> {
        let slice = |(at, (bad, total)): (usize, &(f64, f64))| Slice {
            end: Timestamp::from_seconds(86_400 * (at as i64 + 1)),
            bad: *bad,
            total: *total,
        };
        counts.iter().enumerate().map(slice).collect()
    }

    fn objective() -> Objective {
        "99.9".parse().expect("an objective")
    }

    #[test]
    fn measured_99_7_against_99_9_is_300_percent() {
        let slices = days(&[(3.0, 1_000.0); 30]);
        let all = periods(&slices, objective(), Timestamp::from_seconds(30 * 86_400), DAY * 30, DAY, 6);
        assert_eq!(all.len(), 1, "what has no traffic is no period");
        let month = all[0];
        assert!((month.measured - 0.997).abs() < 1e-12 && (month.spent - 3.0).abs() < 1e-9);
        assert!((month.remaining() + 2.0).abs() < 1e-9 && (month.known - 1.0).abs() < 1e-12);
        assert_eq!(month.zone(), Zone::Exhausted);
    }

    #[test]
    fn a_spent_budget_is_no_low_level_and_what_is_not_known_is_blank() {
        let levels = [Some(1.0), Some(0.51), Some(0.5), Some(0.01), Some(0.0), Some(-2.0), Some(f64::NAN), None];
        assert_eq!(spark(&levels).collect::<String>(), "█▅▄▁╌╌╌ ");
    }

    #[test]
    fn a_budget_runs_down_where_the_incident_was_and_gaps_stay_gaps() {
        let mut counts = vec![(0.0, 1_000.0); 10];
        counts[4] = (5.0, 1_000.0);
        let mut slices = days(&counts);
        slices.remove(7);
        let end = Timestamp::from_seconds(10 * 86_400);
        let levels = run_down(&slices, objective(), end, DAY * 10, 10);
        let left = 1.0 - 5.0 / 9.0;
        for (day, level) in levels.iter().enumerate() {
            match (day, level) {
                (7, None) => {}
                (0..4, Some(level)) => assert!((level - 1.0).abs() < 1e-9, "{day}"),
                (_, Some(level)) => assert!((level - left).abs() < 1e-9, "{day} {level}"),
                (_, None) => panic!("a gap on day {day}"),
            }
        }
        assert!(run_down(&[], objective(), end, DAY * 10, 10).is_empty());
        assert!(run_down(&slices, objective(), end, DAY * 10, 0).is_empty());
    }

    proptest! {
        #[test]
        fn it_only_falls_and_ends_at_what_is_left(
            counts in proptest::collection::vec((0.0..50.0f64, 1.0..5_000.0f64), 1..60), cells in 1usize..80,
        ) {
            let slices = days(&counts);
            let window = DAY * u32::try_from(counts.len()).expect("few");
            let end = slices.last().expect("one").end;
            let levels: Vec<f64> = run_down(&slices, objective(), end, window, cells).into_iter().flatten().collect();
            prop_assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1e-12));
            let whole = period(&slices, objective(), end.minus(window), end, DAY).expect("traffic");
            prop_assert!((levels.last().expect("one") - whole.remaining()).abs() < 1e-6);
        }
    }
}
