//! What rises, what does not, and how far a forecast reaches.

use std::time::Duration;

use super::fixtures::{MONTH, gauge, reading};
use crate::domain::Timestamp;
use crate::domain::slo::{Judgement, Policy, State, windows};

fn at() -> Timestamp {
    Timestamp::from_seconds(1_000_000)
}

/// Of counts by the seconds of the window.
fn judged(policy: Policy, count: impl Fn(u64) -> (f64, f64)) -> Judgement {
    let mut gauge = gauge("99.9", policy);
    let taken = reading(at(), &gauge, |window| count(window.as_secs()));
    gauge.take(taken);
    gauge.judge(at())
}

const HOUR: u64 = 3_600;

#[test]
fn one_bad_event_does_not_rise() {
    let one = |window| match window {
        300 => (1.0, 10.0),
        HOUR => (1.0, 500.0),
        _ => (1.0, 1_000.0),
    };
    assert_eq!(judged(Policy::Seed, one).state, State::Healthy);
    // 144 are needed in the hour, 100 are there, 6 a minute come.
    let many = |window| match window {
        300 => (30.0, 1_000.0),
        HOUR => (100.0, 10_000.0),
        _ => (100.0, 1e6),
    };
    let judged = judged(Policy::Seed, many);
    assert_eq!(judged.state, State::Rising);
    let rising = judged.rising.expect("an estimate");
    assert!((rising.fires_in.as_secs_f64() - 440.0).abs() < 1e-3, "{rising:?}");
}

#[test]
fn a_ticket_on_its_way_is_not_rising() {
    let slow = |window| if window <= 6 * HOUR { (20.0, 10_000.0) } else { (20.0, 40_000.0) };
    let judged = judged(Policy::Workbook, slow);
    assert!(judged.pairs[3].short_above && !judged.pairs[3].long_above);
    assert_eq!(judged.state, State::Healthy);
}

#[test]
fn a_burn_that_the_budget_outlasts_has_no_end() {
    // Nearly all is spent, but at a burn below 1 the days that leave the window give back more than is lost.
    let calm = judged(Policy::Seed, |window| {
        let share = if Duration::from_secs(window) == MONTH { 0.000_99 } else { 0.000_2 };
        (window as f64 * share, window as f64)
    });
    assert_eq!((calm.gone_at, calm.next_zone), (None, None));
    assert!(calm.bad_per_minute.is_some());
    // Twice too fast, but so few events now that the month's budget lasts for years.
    let quiet = judged(Policy::Seed, |window| {
        if Duration::from_secs(window) == MONTH { (0.0, 1e9) } else { (window as f64 * 0.002, window as f64) }
    });
    assert_eq!(quiet.gone_at, None);
    let busy = judged(Policy::Seed, |window| {
        if Duration::from_secs(window) == MONTH { (0.0, 1e6) } else { (window as f64 * 0.002, window as f64) }
    });
    let hours = busy.gone_at.map(|gone| gone.elapsed_since(at()).as_secs_f64() / 3_600.0).expect("an end");
    assert!((hours - 138.9).abs() < 0.1, "{hours}");
}

#[test]
fn the_time_since_the_impact_is_asked_for_while_it_is_a_window() {
    let mut gauge = gauge("99.9", Policy::Seed);
    let usual = windows(gauge.slo());
    let seconds = |count| Timestamp::from_seconds(count);
    gauge.set_impact(Some(seconds(0)));
    assert_eq!(gauge.windows(seconds(14)), usual);
    assert_eq!(gauge.windows(seconds(360))[0], Duration::from_secs(360));
    assert_eq!(gauge.windows(seconds(300)), usual);
    assert_eq!(gauge.windows(seconds(40 * 86_400)), usual);
    gauge.set_impact(None);
    assert_eq!(gauge.windows(seconds(360)), usual);
}
