//! How many orders came, were lost, were slow: expectations as integrals over minutes since the impact started (T0), and the
//! whole counts made of them. Metrics, traces and lines are all made of these, so they agree to the single order.

use super::super::curve::{Curve, overlap};
pub(super) use super::super::curve::{counted, number, whole};
use crate::demo::scenario::estate::DAY;

/// Orders a minute on the evenings of the peak, and at all other times. Together they make 1,500,000 in any 30 days,
/// because the peak comes back after 30 days: traffic that enters and leaves the window is the same.
pub(super) const PEAK: f64 = 85.0;
const CALM: f64 = (1_500_000.0 - PEAK * PEAK_LENGTH) / (PERIOD - PEAK_LENGTH);
const PERIOD: f64 = 30.0 * DAY;
const PEAK_START: f64 = -370.0;
const PEAK_LENGTH: f64 = 550.0;

/// The share of orders that is lost while the incident lasts.
pub(super) const INCIDENT: Curve = Curve(&[
    (0.0, 0.0004),
    (3.0, 0.731_56),
    (27.0, 0.794_27),
    (31.0, 0.606_15),
    (37.0, 0.522_54),
    (41.0, 0.104_51),
    (45.0, 0.0004),
]);
const INCIDENT_END: f64 = 45.0;

/// The share that is always lost: such that 570 of 1,500,000 were when the incident began. None was lost in the hours that
/// leave the window while the incident lasts, so the budget falls by what is lost and by nothing else.
const ALWAYS: f64 = 570.0 / (1_500_000.0 - PEAK * QUIET_LENGTH);
const QUIET_START: f64 = -PERIOD;
const QUIET_LENGTH: f64 = 180.0;

/// Of one lost order, how many more succeed after more than two seconds.
const SLOW: f64 = 0.15;

/// Orders since T0; negative before it.
pub(super) fn orders(minute: f64) -> f64 {
    let peaks = |minute: f64| {
        let since = minute - PEAK_START;
        (since / PERIOD).floor() * PEAK_LENGTH + since.rem_euclid(PERIOD).min(PEAK_LENGTH)
    };
    CALM * minute + (PEAK - CALM) * (peaks(minute) - peaks(0.0))
}

/// The minute at which [`orders`] reaches a number.
pub(super) fn arrival(order: i64) -> f64 {
    let in_period = PEAK.mul_add(PEAK_LENGTH, CALM * (PERIOD - PEAK_LENGTH));
    let since = PEAK.mul_add(-PEAK_START, whole(order));
    let (period, rest) = ((since / in_period).floor(), since.rem_euclid(in_period));
    let in_peak = PEAK * PEAK_LENGTH;
    let minutes = if rest < in_peak { rest / PEAK } else { PEAK_LENGTH + (rest - in_peak) / CALM };
    period.mul_add(PERIOD, PEAK_START + minutes)
}

/// Orders lost since T0; negative before it.
pub(super) fn lost(minute: f64) -> f64 {
    let quiet = overlap(minute, QUIET_START, QUIET_START + QUIET_LENGTH);
    let incident = overlap(minute, 0.0, INCIDENT_END);
    ALWAYS * (orders(minute) - PEAK * (quiet + incident)) + PEAK * INCIDENT.integral(minute)
}

/// Orders since T0 that succeeded, but took more than two seconds.
pub(super) fn slow(minute: f64) -> f64 {
    SLOW * lost(minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_totals_of_the_story_come_out() {
        let cumulated = [
            (5.0, 218),
            (10.0, 534),
            (15.0, 856),
            (20.0, 1183),
            (25.0, 1515),
            (30.0, 1834),
            (35.0, 2084),
            (40.0, 2269),
            (45.0, 2300),
        ];
        for (minute, expected) in cumulated {
            assert_eq!(number(lost(minute)), expected, "at {minute}");
        }
        assert!((lost(45.0) - 2300.0).abs() < 0.05, "{}", lost(45.0));
        assert_eq!((number(lost(1.0)), number(lost(3.0)), number(lost(6.0)), number(lost(12.0))), (10, 93, 281, 662));
        assert!((orders(45.0) - 3825.0).abs() < 1e-6);
    }

    #[test]
    fn an_order_arrives_when_their_count_reaches_its_number() {
        for order in [-1_600_000, -40_000, -1, 0, 1, 460, 15_299, 15_301, 900_000] {
            assert!((orders(arrival(order)) - whole(order)).abs() < 1e-6, "{order}");
        }
    }

    #[test]
    fn thirty_days_hold_the_same_traffic_at_any_moment_of_the_story() {
        for minute in [-60.0, 0.0, 6.0, 45.0, 170.0] {
            assert!((orders(minute) - orders(minute - PERIOD) - 1_500_000.0).abs() < 1e-3);
        }
        assert!((lost(0.0) - lost(-PERIOD) - 570.0).abs() < 1e-6);
        assert!((CALM - 34.074).abs() < 1e-3);
    }
}
