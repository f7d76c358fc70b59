//! How fast the budget burns. What decides is compared in integers; floats are for display.

use std::time::Duration;

use super::Objective;

/// Counts are turned into millionths of an event: finer than any real difference, coarser than the rounding of rates.
const FINE: f64 = 1e6;
/// More events in a window than any service sees; what lies beyond is a broken query.
const PLAUSIBLE: f64 = 1e15;

/// Bad events of total events over one window, in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    bad: u128,
    total: u128,
}

impl Ratio {
    /// From counts. `None` unless both are finite, not negative, plausible, and there is at least a bit of traffic.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "both counts were checked to fit")]
    pub fn new(bad: f64, total: f64) -> Option<Self> {
        let plausible = |count: f64| count.is_finite() && (0.0..=PLAUSIBLE).contains(&count);
        if !plausible(bad) || !plausible(total) {
            return None;
        }
        let ratio = Self { bad: (bad * FINE).round() as u128, total: (total * FINE).round() as u128 };
        (ratio.total > 0).then_some(ratio)
    }

    /// Whether the burn is strictly above the factor; exactly 1.44 % bad is not above 14.4 at 99.9 %.
    #[must_use]
    pub fn exceeds(self, factor_milli: u64, objective: Objective) -> bool {
        let spent = self.bad.saturating_mul(1_000_000_000_000);
        let allowed =
            self.total.saturating_mul(u128::from(objective.budget_ppb())).saturating_mul(u128::from(factor_milli));
        spent > allowed
    }

    /// The share of bad events; not clamped.
    #[must_use]
    pub fn share(self) -> f64 {
        self.bad as f64 / self.total as f64
    }

    /// How many times as fast as the budget allows; 1 spends it in exactly the SLO's window.
    #[must_use]
    pub fn burn(self, objective: Objective) -> f64 {
        self.share() / objective.budget()
    }
}

/// The share of the whole budget that a steady burn spends in `over`, of an SLO with this window.
#[must_use]
pub fn spend(burn: f64, over: Duration, window: Duration) -> f64 {
    burn * over.as_secs_f64() / window.as_secs_f64()
}

/// The steady burn that spends this share of the budget in `over`.
#[must_use]
pub fn burn_for_spend(share: f64, over: Duration, window: Duration) -> f64 {
    share * window.as_secs_f64() / over.as_secs_f64()
}

/// How long a steady share of bad events must last until the burn over `window` is above the factor, if nothing was bad
/// before and traffic is even. `None` when it never is: exactly the factor is not above it.
#[must_use]
pub fn detected_after(window: Duration, factor: f64, burn: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(window.as_secs_f64() * factor / burn).ok().filter(|_| burn > factor)
}

/// How long after the last bad event the burn over `window` is no more above the factor, by the steady burn before it.
/// `None` when it was not above. A pair falls silent with its short window.
#[must_use]
pub fn clears_after(window: Duration, factor: f64, burn: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(window.as_secs_f64() * (1.0 - factor / burn)).ok().filter(|_| burn > factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_the_factor_does_not_fire() {
        let objective = "99.9".parse().expect("an objective");
        let of = |bad, total| Ratio::new(bad, total).expect("plausible");
        assert!(!of(0.0144 * 5_100.0, 5_100.0).exceeds(14_400, objective));
        assert!(of(73.441, 5_100.0).exceeds(14_400, objective));
        assert!(!of(0.072 * 3_600.0, 3_600.0).exceeds(14_400, "99.5".parse().expect("an objective")));
        assert!(!of(0.0, 10.0).exceeds(0, objective));
    }

    /// 11 slices of 10,000 good events and one of 100 with 50 bad: the events count, not the mean of the slices (41.67).
    #[test]
    fn every_event_counts_alike() {
        let ratio = Ratio::new(50.0, 110_100.0).expect("plausible");
        assert!((ratio.burn("99.9".parse().expect("an objective")) - 0.454_13).abs() < 1e-5);
    }

    #[test]
    fn what_is_no_count_is_no_ratio() {
        for (bad, total) in [(f64::NAN, 1.0), (1.0, f64::INFINITY), (-1.0, 1.0), (0.0, 0.0), (1.0, 1e300)] {
            assert_eq!(Ratio::new(bad, total), None, "{bad} of {total}");
        }
    }

    #[test]
    fn a_tenth_at_99_9_burns_a_hundred_times() {
        let ratio = Ratio::new(1.0, 10.0).expect("plausible");
        assert!((ratio.burn("99.9".parse().expect("an objective")) - 100.0).abs() < 1e-9);
        let (hour, month) = (Duration::from_secs(3_600), Duration::from_secs(2_592_000));
        assert!((spend(100.0, hour, month) - 0.138_889).abs() < 1e-6);
        assert!((burn_for_spend(0.02, hour, month) - 14.4).abs() < 1e-9);
    }
}
