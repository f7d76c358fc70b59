//! "Can we ship this?": what a steady burn for a time would leave of a budget. What leaves the rolling window meanwhile is not
//! given back: the answer is the careful one.

use std::time::Duration;

use crate::domain::slo::{Exhaustion, Zone, exhaustion, spend};

/// The budget after a burn, and when it would pass the borders of its zones.
#[derive(Clone, Debug, PartialEq)]
pub struct WhatIf {
    /// The share that is left now and the zone of now.
    pub remaining: f64,
    pub zone: Zone,
    /// The share that the burn spends.
    pub spends: f64,
    pub after: f64,
    pub zone_after: Zone,
    /// How soon each worse zone begins at this burn, within the SLO's window; the end of the budget is the last.
    pub borders: Vec<(Zone, Duration)>,
    /// When the budget ends at this burn.
    pub exhaustion: Exhaustion,
}

impl WhatIf {
    /// Of a share that is left and an SLO with this window. A burn that is negative or no number spends nothing.
    #[must_use]
    pub fn new(remaining: f64, window: Duration, burn: f64, lasts: Duration) -> Self {
        let burn = if burn.is_finite() { burn.max(0.0) } else { 0.0 };
        let spends = spend(burn, lasts, window);
        let after = remaining - spends;
        let border = |zone: Zone| {
            let seconds = (remaining - zone.ceiling()?) * window.as_secs_f64() / burn;
            let reached = seconds.is_finite() && seconds >= 0.0 && seconds <= window.as_secs_f64();
            Some((zone, Duration::try_from_secs_f64(seconds).ok().filter(|_| reached)?))
        };
        let now = Zone::of(remaining);
        Self {
            remaining,
            zone: now,
            spends,
            after,
            zone_after: Zone::of(after),
            borders: [Zone::Cautious, Zone::Freeze, Zone::Exhausted]
                .into_iter()
                .filter(|zone| *zone > now)
                .filter_map(border)
                .collect(),
            exhaustion: exhaustion(remaining, burn, window),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MONTH: Duration = Duration::from_secs(30 * 86_400);
    const HOUR: Duration = Duration::from_secs(3_600);

    fn hours(asked: &WhatIf) -> Vec<(Zone, u64)> {
        asked.borders.iter().map(|(zone, time)| (*zone, (time.as_secs_f64() / 3_600.0).round() as u64)).collect()
    }

    #[test]
    fn forty_percent_lasts_twenty_hours_at_14_4_and_96_at_3() {
        let fast = WhatIf::new(0.4, MONTH, 14.4, HOUR);
        assert!((fast.spends - 0.02).abs() < 1e-12 && (fast.after - 0.38).abs() < 1e-12);
        assert_eq!(hours(&fast), [(Zone::Freeze, 8), (Zone::Exhausted, 20)]);
        let slow = WhatIf::new(0.4, MONTH, 3.0, HOUR * 4);
        assert_eq!((slow.zone, slow.zone_after), (Zone::Cautious, Zone::Cautious));
        assert_eq!(hours(&slow), [(Zone::Freeze, 36), (Zone::Exhausted, 96)]);
        assert_eq!(WhatIf::new(0.4, MONTH, 3.0, HOUR * 40).zone_after, Zone::Freeze);
    }

    #[test]
    fn nothing_burns_nothing_and_what_is_gone_stays_gone() {
        for burn in [0.0, -3.0, f64::NAN, f64::INFINITY] {
            let none = WhatIf::new(0.4, MONTH, burn, HOUR);
            assert!((none.after - 0.4).abs() < 1e-12 && none.borders.is_empty(), "{burn}");
            assert_eq!(none.exhaustion, Exhaustion::Never);
        }
        let gone = WhatIf::new(-0.05, MONTH, 3.0, HOUR);
        assert_eq!((gone.exhaustion, gone.zone_after), (Exhaustion::Already, Zone::Exhausted));
        assert!(gone.borders.is_empty());
    }

    proptest! {
        #[test]
        fn more_burn_or_more_time_never_leaves_more(
            remaining in -1.0..1.0f64, burn in 0.0..1000.0f64, more in 0.0..10.0f64, hours in 0u32..2000,
        ) {
            let asked = WhatIf::new(remaining, MONTH, burn, HOUR * hours);
            prop_assert!(WhatIf::new(remaining, MONTH, burn + more, HOUR * hours).after <= asked.after);
            prop_assert!(WhatIf::new(remaining, MONTH, burn, HOUR * (hours + 1)).after <= asked.after);
            prop_assert!(asked.zone_after >= asked.zone);
            // A border that is told is passed exactly when the time is up.
            for (zone, time) in &asked.borders {
                let later = WhatIf::new(remaining, MONTH, burn, *time + Duration::from_secs(60));
                prop_assert!(burn < 1e-3 || later.zone_after >= *zone, "{:?} {:?}", zone, later);
            }
            prop_assert!(asked.borders.windows(2).all(|pair| pair[0].1 <= pair[1].1));
        }
    }
}
