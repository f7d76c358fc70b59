//! The vectors of counter semantics, and the laws of the short cut.

use proptest::prelude::*;

use super::range::{Ends, Extrapolation, extrapolated, line, over};
use crate::domain::Timestamp;

fn samples(pairs: &[(i64, f64)]) -> Vec<(Timestamp, f64)> {
    pairs.iter().map(|(second, value)| (Timestamp::from_seconds(*second), *value)).collect()
}

fn increase(pairs: &[(i64, f64)]) -> f64 {
    let ends = Ends::of(&samples(pairs), true).expect("not empty");
    extrapolated(&ends, Timestamp::EPOCH, Timestamp::from_seconds(60), Extrapolation::Increase).expect("two samples")
}

#[test]
fn increases_over_a_minute() {
    let close = |got: f64, expected: f64| assert!((got - expected).abs() < 1e-4, "{got} {expected}");
    close(increase(&[(5, 10.0), (20, 14.0), (35, 18.0), (50, 22.0)]), 16.0);
    close(increase(&[(5, 100.0), (20, 104.0), (35, 3.0), (50, 7.0)]), 14.6667);
    close(increase(&[(45, 1.0), (60, 2.0)]), 2.0);
    close(increase(&[(5, 2.0), (20, 6.0), (35, 10.0), (50, 14.0)]), 16.0);
    close(increase(&[(0, 1_000.0), (15, 1_000.0), (60, 1_000.0)]), 0.0);
}

#[test]
fn one_sample_has_no_rate() {
    let ends = Ends::of(&samples(&[(30, 5.0)]), true).expect("not empty");
    let end = Timestamp::from_seconds(60);
    assert_eq!(extrapolated(&ends, Timestamp::EPOCH, end, Extrapolation::Rate), None);
}

#[test]
fn the_functions_over_time() {
    let saw = samples(&[(0, 1.0), (15, 4.0), (30, 2.0), (45, 2.0)]);
    let expect = [
        ("sum_over_time", 9.0),
        ("count_over_time", 4.0),
        ("avg_over_time", 2.25),
        ("min_over_time", 1.0),
        ("max_over_time", 4.0),
        ("last_over_time", 2.0),
        ("changes", 2.0),
        ("resets", 1.0),
        ("irate", 0.0),
    ];
    for (function, value) in expect {
        assert_eq!(over(function, &saw), Some(value), "{function}");
    }
    let ramp = samples(&[(0, 10.0), (10, 12.0), (20, 14.0)]);
    let (slope, value) = line(&ramp, Timestamp::from_seconds(30)).expect("a line");
    assert!((slope - 0.2).abs() < 1e-12 && (value - 16.0).abs() < 1e-9);
}

proptest! {
    #[test]
    fn ten_times_the_traffic_is_ten_times_the_rate(steps in proptest::collection::vec(0_u16..500, 3..20)) {
        let mut total = 50.0;
        let mut pairs = Vec::new();
        for (index, step) in steps.iter().enumerate() {
            total += f64::from(*step);
            pairs.push((i64::try_from(index).expect("few") * 15, total));
        }
        let end = Timestamp::from_seconds(600);
        let rate = |scale: f64| {
            let scaled: Vec<_> = pairs.iter().map(|(at, value)| (*at, value * scale)).collect();
            let ends = Ends::of(&samples(&scaled), true).expect("not empty");
            extrapolated(&ends, Timestamp::from_seconds(-5), end, Extrapolation::Rate).expect("enough")
        };
        prop_assert!((rate(10.0) - 10.0 * rate(1.0)).abs() < 1e-6);
    }
}
