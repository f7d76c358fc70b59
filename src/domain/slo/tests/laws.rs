//! Laws of burn rules, for any counts.

use proptest::prelude::*;

use std::time::Duration;

use super::fixtures::{MONTH, counts, gauge, reading};
use crate::domain::Timestamp;
use crate::domain::signal::{Answer, Sample, Series};
use crate::domain::slo::{Measure, Policy, Ratio, Reading, Sli, State, measure, spend};

const OBJECTIVES: [&str; 4] = ["99.9", "99.5", "99.99", "95"];

fn at() -> Timestamp {
    Timestamp::from_seconds(1_000_000)
}

/// Which pairs fire when the windows hold these counts, shortest first.
fn firing(objective: &str, policy: Policy, bad: &[u32], total: &[u32], times: u32) -> Vec<bool> {
    let mut gauge = gauge(objective, policy);
    let windows = crate::domain::slo::windows(gauge.slo());
    let taken = reading(at(), &gauge, |window| {
        let place = windows.iter().position(|known| *known == window).expect("a known window");
        let (bad, total) = (bad[place % bad.len()].min(total[place % total.len()]), total[place % total.len()]);
        (f64::from(bad) * f64::from(times), f64::from(total) * f64::from(times))
    });
    gauge.take(taken);
    gauge.judge(at()).pairs.iter().map(|pair| pair.firing).collect()
}

proptest! {
    #[test]
    fn traffic_times_k_changes_nothing(
        bad in prop::collection::vec(5_u32..5_000, 7),
        total in prop::collection::vec(5_000_u32..1_000_000, 7),
        k in 1_u32..1_000,
        objective in prop::sample::select(&OBJECTIVES[..]),
    ) {
        for policy in [Policy::Seed, Policy::Workbook] {
            prop_assert_eq!(firing(objective, policy.clone(), &bad, &total, 1), firing(objective, policy, &bad, &total, k));
        }
    }

    #[test]
    fn good_events_never_fire_anything(
        bad in prop::collection::vec(0_u32..5_000, 7),
        total in prop::collection::vec(5_000_u32..1_000_000, 7),
        good in prop::collection::vec(0_u32..1_000_000, 7),
    ) {
        let more: Vec<u32> = total.iter().zip(&good).map(|(total, good)| total + good).collect();
        for policy in [Policy::Seed, Policy::Workbook] {
            let (before, after) = (firing("99.9", policy.clone(), &bad, &total, 1), firing("99.9", policy, &bad, &more, 1));
            prop_assert!(before.iter().zip(&after).all(|(before, after)| *before || !*after));
        }
    }

    #[test]
    fn at_or_below_the_factor_nothing_is_above(total in 1_u64..10_000_000_000, milli in 1_u64..20_000) {
        // The largest share that is not above, in parts per billion of the total, and a part more.
        let objective = "99.9".parse().expect("an objective");
        let bad = total as f64 * milli as f64 / 1_000.0 * 0.001;
        let exact = Ratio::new((bad * 1e6).floor() / 1e6, total as f64).expect("counts");
        prop_assert!(!exact.exceeds(milli, objective));
        let more = Ratio::new(bad + total as f64 * 1e-6 + 1e-5, total as f64).expect("counts");
        prop_assert!(more.exceeds(milli, objective));
    }

    #[test]
    fn what_fires_is_above_in_both_windows_and_has_spent_its_share(
        share in 0.0_f64..1.0,
        seconds in 1_u32..300_000,
        objective in prop::sample::select(&OBJECTIVES[..]),
    ) {
        for policy in [Policy::Seed, Policy::Workbook] {
            let mut gauge = gauge(objective, policy);
            let taken = reading(at(), &gauge, |window| {
                let window = window.as_secs_f64();
                (share * f64::from(seconds).min(window) * 1_000.0, window * 1_000.0)
            });
            gauge.take(taken);
            let judged = gauge.judge(at());
            for pair in judged.pairs {
                let burn = share / gauge.slo().objective.budget();
                if pair.firing {
                    prop_assert!(pair.long_above && pair.short_above);
                    let spent = burn * f64::from(seconds) / MONTH.as_secs_f64();
                    prop_assert!(spent >= spend(pair.factor, pair.long, MONTH) * (1.0 - 1e-6));
                }
                if burn <= pair.factor * (1.0 - 1e-9) {
                    prop_assert!(!pair.firing);
                }
            }
        }
    }

    #[test]
    fn counts_are_always_counts(
        first in prop::collection::vec(prop_oneof![prop::num::f64::ANY, -1.0..1e4], 0..3),
        total in prop::collection::vec(prop_oneof![prop::num::f64::ANY, -1.0..1e4], 0..3),
        good in any::<bool>(),
        le in any::<bool>(),
    ) {
        let text = if le { "rate(h_bucket{le=\"0.8\"}[{{.window}}])" } else { "rate(x[{{.window}}])" }.to_owned();
        let whole = "rate(t[{{.window}}])".to_owned();
        let sli = if good {
            Sli::GoodOverTotal { good: text, total: whole }
        } else {
            Sli::BadOverTotal { bad: text, total: whole }
        };
        let answer = |values: &[f64]| {
            let sample = |value: &f64| vec![Sample { time: at(), value: *value }];
            let series = values.iter().map(|value| Series { samples: sample(value), ..Series::default() });
            Ok(Answer { series: series.collect(), ..Answer::default() })
        };
        let measured = measure(&sli, Duration::from_secs(300), answer(&first), answer(&total));
        if let Measure::Counts { bad, total: whole, .. } = measured {
            prop_assert!(bad >= 0.0 && bad <= whole && measured.ratio().is_some());
            prop_assert_eq!(total.len(), 1);
            prop_assert!(total[0] > 0.0);
            // Zero errors without a series of errors, and only where no bucket could be missing.
            prop_assert!(!first.is_empty() || (bad == 0.0 && !good && !le));
        }
    }

    #[test]
    fn no_reading_makes_it_panic_or_green_by_accident(
        measures in prop::collection::vec((0_usize..9, prop::num::f64::ANY, prop::num::f64::ANY), 5),
        late in 0_u32..100_000,
    ) {
        let mut gauge = gauge("99.9", Policy::Seed);
        gauge.set_impact(Some(Timestamp::from_seconds(999_000)));
        let windows = crate::domain::slo::windows(gauge.slo());
        let made = measures.iter().zip(&windows).map(|((kind, bad, total), window)| (*window, match kind {
            0 => Measure::NoData,
            1 => Measure::NoTraffic,
            2 => Measure::MissingBucket { wanted: "0.8".to_owned(), have: Vec::new() },
            _ => counts(*bad, *total),
        }));
        let reading = Reading { slo: gauge.slo().name.clone(), at: at(), measures: made.collect() };
        let usable = reading.measures.iter().take(4).all(|(_, measure)| measure.ratio().is_some());
        gauge.take(reading);
        let now = Timestamp::from_seconds(1_000_000 + i64::from(late));
        let judged = gauge.judge(now);
        prop_assert!(!judged.sentence(now, &|moment| moment.to_string()).is_empty() || judged.state == State::Rising);
        let _ = judged.short(now, &|moment| moment.to_string());
        if judged.state == State::Healthy {
            prop_assert!(usable && late <= 180);
        }
    }
}
