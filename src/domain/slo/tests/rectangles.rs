//! A constant share of failures for a while, before and after it none: when each pair fires and clears.

use super::fixtures::{gauge, reading};
use crate::domain::Timestamp;
use crate::domain::slo::{PairJudgement, Policy};

/// Requests a second.
const TRAFFIC: f64 = 1_000.0;
const NEAR: f64 = 0.01;

fn at(seconds: f64) -> Timestamp {
    Timestamp::from_nanos((seconds * 1e9).round() as i64)
}

/// The pair of this place in the policy, `seconds` after the failure began.
fn pair(objective: &str, policy: &Policy, place: usize, share: f64, lasts: f64, seconds: f64) -> PairJudgement {
    let mut gauge = gauge(objective, policy.clone());
    let now = at(seconds);
    let taken = reading(now, &gauge, |window| {
        let window = window.as_secs_f64();
        let failing = (seconds.min(lasts) - (seconds - window).max(0.0)).max(0.0);
        (share * failing * TRAFFIC, window * TRAFFIC)
    });
    gauge.take(taken);
    gauge.judge(now).pairs[place].clone()
}

/// Fires at, and clears so long after the end: the short window, the long one.
type Times = Option<(f64, f64, f64)>;

fn check(objective: &str, policy: Policy, place: usize, share: f64, lasts: f64, expected: Times) {
    let pair = |seconds: f64| pair(objective, &policy, place, share, lasts, seconds);
    let name = format!("{share} for {lasts} s, pair {place} of {policy} at {objective}");
    let Some((fires, short, long)) = expected else {
        let mut seconds = 7.5;
        while seconds <= lasts {
            assert!(!pair(seconds).firing, "{name} after {seconds} s");
            seconds += 7.5;
        }
        assert!(!pair(lasts).firing, "{name} at its end");
        return;
    };
    assert!(!pair(fires - NEAR).firing && pair(fires + NEAR).firing, "{name}: fires at {fires}");
    assert!(pair(lasts + short - NEAR).short_above && !pair(lasts + short + NEAR).short_above, "{name}: short {short}");
    assert!(pair(lasts + long - NEAR).long_above && !pair(lasts + long + NEAR).long_above, "{name}: long {long}");
    assert!(
        pair(lasts + short - NEAR).firing && !pair(lasts + short + NEAR).firing,
        "{name}: the pair clears with the short"
    );
}

/// 14.4 over 1 h, 6 over 6 h, 3 over 6 h, 3 over 24 h, 1 over 3 d.
const PAIRS: [(Policy, usize); 5] =
    [(Policy::Seed, 0), (Policy::Workbook, 1), (Policy::Seed, 1), (Policy::Workbook, 2), (Policy::Workbook, 3)];

#[test]
fn every_pair_fires_and_clears_when_the_sums_say() {
    let rows: [(f64, f64, [Times; 5]); 6] = [
        (
            1.0,
            600.0,
            [
                Some((51.84, 295.68, 3548.16)),
                Some((129.6, 1789.2, 21470.4)),
                Some((64.8, 1794.6, 21535.2)),
                Some((259.2, 7178.4, 86140.8)),
                Some((259.2, 21578.4, 258_940.8)),
            ],
        ),
        (
            0.60,
            2700.0,
            [
                Some((86.4, 292.8, 3513.6)),
                Some((216.0, 1782.0, 21384.0)),
                Some((108.0, 1791.0, 21492.0)),
                Some((432.0, 7164.0, 85968.0)),
                Some((432.0, 21564.0, 258_768.0)),
            ],
        ),
        (0.15, 600.0, [Some((345.6, 271.2, 3254.4)), None, Some((432.0, 1764.0, 21168.0)), None, None]),
        (
            0.05,
            3600.0,
            [
                Some((1036.8, 213.6, 2563.2)),
                Some((2592.0, 1584.0, 19008.0)),
                Some((1296.0, 1692.0, 20304.0)),
                None,
                None,
            ],
        ),
        (
            0.0144,
            36000.0,
            [
                None,
                Some((9000.0, 1050.0, 12600.0)),
                Some((4500.0, 1425.0, 17100.0)),
                Some((18000.0, 5700.0, 68400.0)),
                Some((18000.0, 20100.0, 241_200.0)),
            ],
        ),
        (
            0.01,
            36000.0,
            [
                None,
                Some((12960.0, 720.0, 8640.0)),
                Some((6480.0, 1260.0, 15120.0)),
                Some((25920.0, 5040.0, 60480.0)),
                Some((25920.0, 19440.0, 233_280.0)),
            ],
        ),
    ];
    for (share, lasts, times) in rows {
        for ((policy, place), expected) in PAIRS.into_iter().zip(times) {
            check("99.9", policy, place, share, lasts, expected);
        }
    }
}

#[test]
fn latency_at_99_5_fires_when_the_sums_say() {
    let fires = |share: f64, lasts: f64, place: usize, policy: Policy, seconds: f64| {
        let pair = |seconds: f64| pair("99.5", &policy, place, share, lasts, seconds).firing;
        assert!(!pair(seconds - NEAR) && pair(seconds + NEAR), "{share}: {seconds}");
    };
    fires(1.0, 1800.0, 0, Policy::Seed, 259.2);
    fires(1.0, 1800.0, 1, Policy::Seed, 324.0);
    fires(1.0, 1800.0, 1, Policy::Workbook, 648.0);
    fires(0.1, 7200.0, 0, Policy::Seed, 2592.0);
    fires(0.1, 7200.0, 1, Policy::Seed, 3240.0);
    fires(0.1, 7200.0, 1, Policy::Workbook, 6480.0);
    fires(0.03, 36000.0, 1, Policy::Seed, 10800.0);
    check("99.5", Policy::Seed, 0, 0.03, 36000.0, None);
    check("99.5", Policy::Workbook, 1, 0.03, 36000.0, None);
}

/// As a real Prometheus was seen to do it: 15 % from 60 to 70 min, evaluated every 15 s.
#[test]
fn the_next_evaluation_tells() {
    let firing = |minutes: f64| pair("99.9", &Policy::Seed, 0, 0.15, 600.0, minutes * 60.0 - 3600.0).firing;
    assert!(!firing(65.75) && firing(66.0));
    assert!(firing(74.5) && !firing(74.75));
}
