//! When the impact began, found in a range of bad and total events. What was lost since is asked for as a window of its
//! own (`Gauge::windows`), which is exact where steps overlap.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Objective, Ratio};
use crate::domain::Timestamp;
use crate::domain::signal::Series;

/// So many steps in a row above the factor are an impact; fewer are a blip.
const SUSTAINED: usize = 4;
/// So long below the factor ends one impact; less is a pause within it.
const PAUSE: Duration = Duration::from_secs(300);

/// What is usual is what was so long before: of a longer range the answer is the same.
const USUAL: Duration = Duration::from_secs(50 * 60);

/// What the values of a range are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Events a second.
    Rate,
    /// Events in the step that ends at the sample.
    Count,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Impact {
    /// The end of the last step that was still as before.
    pub start: Timestamp,
    /// Bad events and all events since, summed over the steps.
    pub bad: f64,
    pub total: f64,
    /// The share of bad events in the last step: what fails now.
    pub share_now: f64,
    /// Bad events a minute in the last step.
    pub per_minute_now: f64,
}

#[derive(Clone, Copy)]
struct Step {
    at: Timestamp,
    bad: f64,
    total: f64,
}

impl Step {
    fn share(&self) -> f64 {
        if self.total > 0.0 { self.bad / self.total } else { 0.0 }
    }
}

impl Impact {
    /// The latest impact in the range: the last run of steps that burn faster than `factor_milli` for a minute or so,
    /// followed back to where the share of bad events left what it was before. `None` when there is none. A step with
    /// total but no bad sample has no bad events. Both series must be of one grid with this step.
    #[must_use]
    pub fn find(
        bad: &Series,
        total: &Series,
        unit: Unit,
        step: Duration,
        objective: Objective,
        factor_milli: u64,
    ) -> Option<Self> {
        let steps = steps(bad, total, unit, step);
        let above =
            |step: &Step| Ratio::new(step.bad, step.total).is_some_and(|ratio| ratio.exceeds(factor_milli, objective));
        let first = last_run(&steps, &above)?;
        let began = steps.get(first)?.at;
        let recent = steps.iter().take(first).filter(|step| began.elapsed_since(step.at) > USUAL).count();
        let before = steps.get(recent..first).unwrap_or_default();
        let usual = median(before.iter().map(Step::share).collect()).unwrap_or(0.0);
        let left_usual = (2.0 * usual).max(objective.budget());
        let back = before.iter().rev().take_while(|step| step.share() > left_usual).count();
        let since = steps.get(first - back..).unwrap_or_default();
        let (earliest, latest) = (since.first()?, since.last()?);
        Some(Self {
            start: earliest.at.minus(step),
            bad: since.iter().map(|step| step.bad).sum(),
            total: since.iter().map(|step| step.total).sum(),
            share_now: latest.share(),
            per_minute_now: latest.bad * 60.0 / step.as_secs_f64().max(1e-3),
        })
    }
}

/// The first step of the last sustained run; shorter pauses belong to it.
fn last_run(steps: &[Step], above: &dyn Fn(&Step) -> bool) -> Option<usize> {
    let mut found: Option<usize> = None;
    let mut last_above: Option<Timestamp> = None;
    let mut run = 0_usize;
    for (at, step) in steps.iter().enumerate() {
        if !above(step) {
            run = 0;
            continue;
        }
        run += 1;
        if run >= SUSTAINED {
            let fresh = last_above.is_none_or(|last| step.at.elapsed_since(last) > PAUSE);
            if found.is_none() || fresh {
                found = Some(at + 1 - run);
            }
            last_above = Some(step.at);
        }
    }
    found
}

fn steps(bad: &Series, total: &Series, unit: Unit, step: Duration) -> Vec<Step> {
    let scale = if unit == Unit::Rate { step.as_secs_f64() } else { 1.0 };
    let count = |value: f64| if value.is_finite() { (value * scale).max(0.0) } else { 0.0 };
    let mut bads = bad.samples.iter().peekable();
    let joined = total.samples.iter().map(|sample| {
        while bads.next_if(|bad| bad.time < sample.time).is_some() {}
        let bad = bads.next_if(|bad| bad.time == sample.time).map_or(0.0, |bad| count(bad.value));
        Step { at: sample.time, bad, total: count(sample.value) }
    });
    joined.collect()
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::signal::Sample;

    fn range(values: &[f64]) -> Series {
        let sample =
            |(at, value): (usize, &f64)| Sample { time: Timestamp::from_seconds(15 * (at as i64 + 1)), value: *value };
        Series { samples: values.iter().enumerate().map(sample).collect(), ..Series::default() }
    }

    fn find(bad: &[f64]) -> Option<Impact> {
        let total = vec![20.0; bad.len()];
        let objective = "99.9".parse().expect("an objective");
        Impact::find(&range(bad), &range(&total), Unit::Count, Duration::from_secs(15), objective, 14_400)
    }

    /// Two hours at twice what was before are no part of an impact that comes after them.
    #[test]
    fn a_longer_range_finds_the_same_start() {
        let failing = std::iter::repeat_n(10.0, 40);
        let bads: Vec<f64> =
            std::iter::repeat_n(0.04, 480).chain(std::iter::repeat_n(0.1, 480)).chain(failing).collect();
        let long = find(&bads).expect("an impact");
        let short = find(bads.get(760..).expect("fifty minutes before")).expect("an impact");
        assert_eq!(long.start.seconds(), 15 * 960);
        assert_eq!(short.start.seconds() + 15 * 760, long.start.seconds());
    }

    #[test]
    fn it_begins_where_the_share_left_the_usual() {
        let mut bad = vec![0.0; 40];
        bad.extend([0.2, 1.0, 4.0, 8.0, 12.0, 15.0]);
        let impact = find(&bad).expect("an impact");
        assert_eq!(impact.start, Timestamp::from_seconds(600));
        assert!((impact.bad - 40.2).abs() < 1e-9 && (impact.share_now - 0.75).abs() < 1e-9);
    }

    #[test]
    fn a_blip_is_none_and_a_pause_does_not_split() {
        assert_eq!(find(&[0.0, 9.0, 9.0, 9.0, 0.0, 0.0]), None);
        let mut bad = vec![0.0; 10];
        for _ in 0..2 {
            bad.extend([9.0; 6]);
            bad.extend([0.0; 8]);
        }
        assert_eq!(find(&bad).map(|impact| impact.start), Some(Timestamp::from_seconds(150)));
        let mut twice = vec![9.0; 6];
        twice.extend([0.0; 40]);
        twice.extend([9.0; 6]);
        assert_eq!(find(&twice).map(|impact| impact.start), Some(Timestamp::from_seconds(15 * 46)));
    }

    #[test]
    fn a_share_that_is_usual_is_not_the_impact() {
        let mut bad = vec![0.1; 40];
        bad.extend([0.3, 2.0, 8.0, 12.0, 12.0]);
        assert_eq!(find(&bad).map(|impact| impact.start), Some(Timestamp::from_seconds(600)));
    }

    #[test]
    fn nothing_and_nonsense_are_no_impact() {
        assert_eq!(find(&[]), None);
        assert_eq!(find(&[f64::NAN; 9]), None);
        assert_eq!(find(&[-5.0; 9]), None);
    }
}
