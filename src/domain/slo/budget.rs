//! The error budget over the SLO's own window, in events, and when it ends.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Objective, Zone, ZoneChange};
use crate::domain::Timestamp;

/// All in events but `remaining`. Nothing is clamped: a budget may be overspent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Budget {
    /// The share that is left: 1 is all of it, below 0 is overspent.
    pub remaining: f64,
    pub allowed: f64,
    pub left: f64,
    pub bad: f64,
    pub total: f64,
    /// When it was measured.
    pub at: Timestamp,
}

impl Budget {
    /// `None` without traffic.
    #[must_use]
    pub fn new(objective: Objective, bad: f64, total: f64, at: Timestamp) -> Option<Self> {
        let allowed = objective.budget() * total;
        if !(allowed.is_finite() && allowed > 0.0 && bad.is_finite()) {
            return None;
        }
        let left = allowed - bad;
        Some(Self { remaining: left / allowed, allowed, left, bad, total, at })
    }

    #[must_use]
    pub fn zone(&self) -> Zone {
        Zone::of(self.remaining)
    }

    /// The share that would be left after so many bad events more; the total is taken to stay.
    #[must_use]
    pub fn after(&self, more_bad: f64) -> f64 {
        (self.left - more_bad) / self.allowed
    }

    /// The zones it went through since a moment before anybody looked, oldest first, reckoned back from what is left and what
    /// failed since. `steps`: the end of each step and its bad events, in the order of time, without holes. Each change has
    /// the end of the step that brought it. What left the SLO's window meanwhile is not counted: in an hour that is about a
    /// thousandth of it.
    #[must_use]
    pub fn crossings(&self, steps: &[(Timestamp, f64)], since: Timestamp) -> Vec<ZoneChange> {
        let mut changes = Vec::new();
        let mut failed_since = 0.0;
        let asked = steps.iter().rev().filter(|(end, _)| *end > since && *end <= self.at);
        for (end, bad) in asked {
            let to = Zone::of(self.after(-failed_since));
            failed_since += bad.max(0.0);
            let from = Zone::of(self.after(-failed_since));
            if from != to {
                changes.push(ZoneChange { from, to, at: *end });
            }
        }
        changes.reverse();
        changes
    }

    /// When this many events will be left at a steady loss; `None` when nothing is lost or they are already gone. A
    /// forecast is not exact: to the minute, and to 10 s when it is nearer than two minutes.
    #[must_use]
    pub fn left_at(&self, left: f64, bad_per_minute: f64) -> Option<Timestamp> {
        let minutes = (self.left - left) / bad_per_minute;
        (minutes.is_finite() && minutes > 0.0 && bad_per_minute > 0.0 && minutes < 1e7).then(|| {
            rounded(self.at.plus(Duration::from_secs_f64(minutes * 60.0)), if minutes < 2.0 { 10 } else { 60 })
        })
    }
}

fn rounded(moment: Timestamp, seconds: u64) -> Timestamp {
    moment.plus(Duration::from_millis(seconds * 500)).floor_to(Duration::from_secs(seconds))
}

/// When a steady burn ends the budget, where there are only ratios and no counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Exhaustion {
    Already,
    In(Duration),
    /// A burn below 1 spends less than the rolling window gives back.
    NotWithinTheWindow,
    Never,
}

/// `R·P/B`: the remaining share, the burn, the SLO's window.
#[must_use]
pub fn exhaustion(remaining: f64, burn: f64, window: Duration) -> Exhaustion {
    if remaining <= 0.0 {
        return Exhaustion::Already;
    }
    if burn.is_nan() || burn <= 0.0 {
        return Exhaustion::Never;
    }
    if burn < 1.0 {
        return Exhaustion::NotWithinTheWindow;
    }
    Duration::try_from_secs_f64(remaining * window.as_secs_f64() / burn).map_or(Exhaustion::Never, Exhaustion::In)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MONTH: Duration = Duration::from_secs(30 * 86_400);

    fn objective(text: &str) -> Objective {
        text.parse().expect("an objective")
    }

    #[test]
    fn a_month_of_15_000_a_minute_allows_648_000() {
        let total = 648_000_000.0;
        let budget = |text| Budget::new(objective(text), 0.0, total, Timestamp::EPOCH).expect("traffic");
        assert!((budget("99.9").allowed - 648_000.0).abs() < 1e-6);
        assert!((budget("99.5").allowed - 3_240_000.0).abs() < 1e-6);
        assert!((budget("99.9").allowed / 15_000.0 - 43.2).abs() < 1e-9);
    }

    #[test]
    fn ten_minutes_more_of_54_a_minute_leave_7_percent() {
        let budget = Budget::new(objective("99.9"), 851.0, 1_500_000.0, Timestamp::EPOCH).expect("traffic");
        assert!((budget.after(540.9) - 0.072).abs() < 0.001);
    }

    #[test]
    fn an_overspent_budget_is_not_clamped() {
        let at = Timestamp::EPOCH;
        let orders = Budget::new(objective("99.9"), 2_300.0, 1_500_000.0, at).expect("traffic");
        assert!((orders.remaining + 0.533_333).abs() < 1e-6);
        let history = Budget::new(objective("99.9"), 3.0, 1_000.0, at).expect("traffic");
        assert!((history.remaining + 2.0).abs() < 1e-9);
        let low = Budget::new(objective("99.9"), 1.0, 7_200.0, at).expect("traffic");
        assert!((low.allowed - 7.2).abs() < 1e-9);
        assert_eq!(Budget::new(objective("99.9"), 0.0, 0.0, at), None);
    }

    #[test]
    fn forty_percent_lasts_twenty_hours_at_14_4() {
        let hours = |hours: u64| Exhaustion::In(Duration::from_secs(hours * 3_600));
        let rounded = |burn| match exhaustion(0.4, burn, MONTH) {
            Exhaustion::In(time) => Exhaustion::In(Duration::from_secs(time.as_secs_f64().round() as u64)),
            other => other,
        };
        assert_eq!(rounded(14.4), hours(20));
        assert_eq!(rounded(3.0), hours(96));
        assert_eq!(rounded(1.0), hours(288));
        assert_eq!(rounded(0.5), Exhaustion::NotWithinTheWindow);
        assert_eq!(rounded(0.0), Exhaustion::Never);
        assert_eq!(exhaustion(-0.05, 3.0, MONTH), Exhaustion::Already);
        assert_eq!(exhaustion(0.4, f64::NAN, MONTH), Exhaustion::Never);
    }

    fn at(step: usize) -> Timestamp {
        Timestamp::EPOCH.shifted(i64::try_from(step).expect("small") * 15_000_000_000)
    }

    fn budget_at(bad: f64, at: Timestamp) -> Budget {
        Budget::new("99.9".parse().expect("an objective"), bad, 1_000_000.0, at).expect("traffic")
    }

    #[test]
    fn each_border_is_crossed_in_the_step_that_brings_it() {
        // 1,000 may fail: 450 had, then 30 in each step; 510, 600, .. 750 after ten, and so on to 1,050 after twenty.
        let steps: Vec<(Timestamp, f64)> = (1..=20).map(|step| (at(step), 30.0)).collect();
        let found = budget_at(1_050.0, at(20)).crossings(&steps, at(0));
        let told: Vec<(Zone, Zone, Timestamp)> =
            found.iter().map(|change| (change.from, change.to, change.at)).collect();
        assert_eq!(
            told,
            [
                (Zone::Ship, Zone::Cautious, at(2)),
                (Zone::Cautious, Zone::Freeze, at(11)),
                (Zone::Freeze, Zone::Exhausted, at(19)),
            ]
        );
        assert!(budget_at(1_050.0, at(20)).crossings(&steps, at(19)).is_empty(), "before that nobody asked");
        assert!(budget_at(100.0, at(20)).crossings(&[], at(0)).is_empty());
    }

    proptest! {
        #[test]
        fn they_are_a_chain_that_ends_in_the_zone_of_now(
            bads in prop::collection::vec(0.0..200.0_f64, 0..60),
            before in 0.0..900.0_f64,
        ) {
            let steps: Vec<(Timestamp, f64)> = bads.iter().enumerate().map(|(step, bad)| (at(step + 1), *bad)).collect();
            let now = budget_at(before + bads.iter().sum::<f64>(), at(bads.len()));
            let found = now.crossings(&steps, at(0));
            prop_assert!(found.windows(2).all(|pair| pair[0].to == pair[1].from && pair[0].at < pair[1].at));
            prop_assert!(found.iter().all(|change| change.from < change.to), "a budget that only shrinks gets worse");
            if let Some(last) = found.last() {
                prop_assert_eq!(last.to, now.zone());
            }
        }
    }
}
