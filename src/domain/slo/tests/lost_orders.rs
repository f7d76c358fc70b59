//! The scenario of the lost orders: a share of failures that is known at every moment, judged every 15 s.

use std::sync::Arc;
use std::time::Duration;

use super::fixtures::{MONTH, reading, slo};
use crate::domain::Timestamp;
use crate::domain::signal::{Sample, Series};
use crate::domain::slo::{Gauge, Impact, Judgement, Policy, RuleSeverity, State, Unit, Zone, money_short, money_text};

const POINTS: [(f64, f64); 7] = [
    (0.0, 0.0004),
    (3.0, 0.731_56),
    (27.0, 0.794_27),
    (31.0, 0.606_15),
    (37.0, 0.522_54),
    (41.0, 0.104_51),
    (45.0, 0.0004),
];
const USUAL: f64 = 0.000_38;
const LOAD: f64 = 85.0;

fn start() -> Timestamp {
    Timestamp::parse_rfc3339("2026-03-13T17:30:00Z").expect("a time")
}

fn minutes_after(minutes: f64) -> Timestamp {
    start().shifted((minutes * 60e9).round() as i64)
}

/// The integral of the share from the start to this minute; negative before the start.
fn failed(minute: f64) -> f64 {
    if minute <= 0.0 {
        return USUAL * minute;
    }
    let mut sum = 0.0;
    for pair in POINTS.windows(2) {
        let ((from, low), (to, high)) = (pair[0], pair[1]);
        let until = minute.min(to);
        if until > from {
            let end = low + (high - low) * (until - from) / (to - from);
            sum += (low + end) / 2.0 * (until - from);
        }
    }
    sum + (minute - 45.0).max(0.0) * USUAL
}

fn bad(minute: f64, window_minutes: f64) -> f64 {
    LOAD * (failed(minute) - failed(minute - window_minutes))
}

/// What the metrics server answers at this minute; `slow` scales the share for an SLO that fails with it.
fn take(gauge: &mut Gauge, minute: f64, slow: f64) -> Option<crate::domain::slo::ZoneChange> {
    let taken = reading(minutes_after(minute), gauge, |window| {
        if window == MONTH {
            return (slow * (570.0 + LOAD * failed(minute)), 1_500_000.0);
        }
        let window = window.as_secs_f64() / 60.0;
        (slow * bad(minute, window), LOAD * window)
    });
    gauge.take(taken)
}

fn at(minute: f64) -> Judgement {
    let mut gauge = Gauge::new(Arc::new(slo("99.9", Policy::Seed)));
    gauge.set_impact(Some(start()));
    take(&mut gauge, minute, 1.0);
    gauge.judge(minutes_after(minute))
}

fn clock(moment: Timestamp) -> String {
    (moment.to_utc() + chrono::TimeDelta::hours(1)).format("%H:%M").to_string()
}

#[test]
fn burns_and_budget_are_those_of_the_table() {
    for (minute, lost, five, hour, six, remaining) in [
        (1.0, 10.0, 24.8, 2.4, 0.74, 61.3),
        (3.0, 93.0, 219.8, 18.7, 3.45, 55.8),
        (6.0, 281.0, 636.4, 55.4, 9.57, 43.3),
        (9.0, 470.0, 740.7, 92.6, 15.76, 30.6),
        (12.0, 662.0, 748.5, 130.1, 22.02, 17.9),
        (15.0, 856.0, 756.4, 168.0, 28.34, 5.0),
        (18.0, 1_051.0, 764.2, 206.4, 34.73, -8.1),
        (27.0, 1_650.0, 787.7, 323.7, 54.28, -48.0),
        (36.0, 2_131.0, 571.3, 417.9, 69.99, -80.0),
        (45.0, 2_300.0, 73.3, 451.1, 75.51, -91.3),
    ] {
        let judged = at(minute);
        let close = |name: &str, found: Option<f64>, wanted: f64, within: f64| {
            let found = found.expect("measured");
            assert!((found - wanted).abs() <= within, "{name} at {minute}: {found}, not {wanted}");
        };
        close("lost", judged.lost.as_ref().map(|lost| lost.bad), lost, 0.6);
        close("5 m", judged.pairs[0].short_burn, five, 0.1);
        close("1 h", judged.pairs[0].long_burn, hour, 0.06);
        // The table takes 0.0004 for the share before the start, the text 0.00038.
        close("6 h", judged.pairs[1].long_burn, six, 0.025);
        close("left", judged.budget.map(|budget| budget.remaining * 100.0), remaining, 0.06);
    }
}

/// The first and the last evaluation, in seconds, at which this pair fires.
fn firing(policy: Policy, place: usize) -> (f64, f64) {
    let mut gauge = Gauge::new(Arc::new(slo("99.9", policy)));
    let mut fires = Vec::new();
    for step in -20..360 {
        let minute = f64::from(step) / 4.0;
        take(&mut gauge, minute, 1.0);
        if gauge.judge(minutes_after(minute)).pairs[place].firing {
            fires.push(minute * 60.0);
        }
    }
    (fires[0], fires[fires.len() - 1])
}

#[test]
fn alerts_fire_and_clear_at_their_times() {
    let until = |minutes: f64, seconds: f64| minutes * 60.0 + seconds - 15.0;
    assert_eq!(firing(Policy::Seed, 0), (165.0, until(47.0, 45.0)));
    assert_eq!(firing(Policy::Seed, 1), (180.0, until(72.0, 45.0)));
    assert_eq!(firing(Policy::Workbook, 1), (270.0, until(71.0, 30.0)));
}

#[test]
fn zones_are_crossed_at_their_times_and_told_once() {
    let mut gauge = Gauge::new(Arc::new(slo("99.9", Policy::Seed)));
    let changes: Vec<_> = (-20..240)
        .filter_map(|step| take(&mut gauge, f64::from(step) / 4.0, 1.0))
        .map(|change| (change.to, change.at))
        .collect();
    let expected = [(Zone::Cautious, 4.5), (Zone::Freeze, 10.5), (Zone::Exhausted, 16.25)];
    assert_eq!(changes, expected.map(|(zone, minute)| (zone, minutes_after(minute))));
}

#[test]
fn the_sentence_of_the_sixth_minute() {
    let judged = at(6.0);
    let now = minutes_after(6.0);
    assert_eq!(judged.state, State::Page);
    assert_eq!(
        judged.sentence(now, &clock),
        "At the rate of the last 5 min the budget is gone in 12 min, ≈18:48. 18.7 % spent tonight."
    );
    assert_eq!(judged.short(now, &clock), "649 orders left, losing 54 a min: 12 min");
    assert_eq!(judged.next_zone.map(|(zone, at)| (zone, clock(at))), Some((Zone::Freeze, "18:41".to_owned())));
    let cost = judged.lost.expect("an impact").cost;
    let money = cost.money.expect("a price");
    assert_eq!(
        (cost.lost.round(), money_text(&money), money_short(&money)),
        (281.0, "€21,991".to_owned(), "€22.0k".to_owned())
    );
}

#[test]
fn an_overspent_budget_says_how_far() {
    let judged = at(18.0);
    assert_eq!(judged.gone_at, None);
    assert_eq!(
        judged.sentence(minutes_after(18.0), &clock),
        "The budget is gone: 121 orders over it, 65 more a min. 70.1 % spent tonight."
    );
    assert_eq!(judged.short(minutes_after(18.0), &clock), "121 orders over the budget, losing 65 a min");
}

#[test]
fn before_five_minutes_the_rate_counts_since_the_impact() {
    let judged = at(3.0);
    assert!(judged.rate_since_impact);
    assert!((judged.bad_per_minute.expect("measured") - 31.1).abs() < 0.1);
    let sentence = judged.sentence(minutes_after(3.0), &clock);
    assert!(
        sentence.starts_with("At the rate since the impact began the budget is gone in 27 min, ≈19:00."),
        "{sentence}"
    );
}

#[test]
fn a_slow_share_rises_towards_its_page() {
    let mut gauge = Gauge::new(Arc::new(slo("99.5", Policy::Seed)));
    gauge.set_impact(Some(start()));
    // The notification of this SLO has not fired yet at 6:00, nor its page.
    take(&mut gauge, 6.0, 1.15);
    let judged = gauge.judge(minutes_after(6.0));
    assert_eq!(judged.state, State::Rising);
    assert_eq!(judged.rising.as_ref().map(|rising| rising.severity), Some(RuleSeverity::Page));
    assert_eq!(
        judged.sentence(minutes_after(6.0), &clock),
        "Pages in about 40 s if it stays so: 5 min past 14.4× the allowed pace, 1 h at 12.7×. 4.3 % spent tonight."
    );
    assert_eq!(judged.short(minutes_after(6.0), &clock), "pages in about 40 s");
}

#[test]
fn after_the_end_it_recovers() {
    let judged = at(73.0);
    assert_eq!(judged.state, State::Recovering);
    assert_eq!(
        judged.sentence(minutes_after(73.0), &clock),
        "5 min is back under 14.4× the allowed pace; 1 h is still at 309× and clears in 1 h at the latest. 153.4 % spent tonight."
    );
}

#[test]
fn the_impact_is_found_where_it_began() {
    let objective = "99.9".parse().expect("an objective");
    let step = Duration::from_secs(15);
    let range = |unit: Unit, until: f64| {
        let samples = |value: &dyn Fn(f64) -> f64| Series {
            samples: (-1_440..=(until * 4.0) as i32)
                .map(|step| f64::from(step) / 4.0)
                .map(|minute| Sample { time: minutes_after(minute), value: value(minute) })
                .collect(),
            ..Series::default()
        };
        match unit {
            Unit::Count => (samples(&|minute| bad(minute, 0.25)), samples(&|_| LOAD / 4.0)),
            Unit::Rate => (samples(&|minute| bad(minute, 1.0) / 60.0), samples(&|_| LOAD / 60.0)),
        }
    };
    for unit in [Unit::Count, Unit::Rate] {
        for until in [3.0, 6.0, 30.0, 60.0] {
            let (bad, total) = range(unit, until);
            let impact = Impact::find(&bad, &total, unit, step, objective, 14_400).expect("an impact");
            assert_eq!(impact.start, start(), "{unit:?} until {until}");
        }
    }
    let (bads, total) = range(Unit::Count, 6.0);
    let impact = Impact::find(&bads, &total, Unit::Count, step, objective, 14_400).expect("an impact");
    assert!((impact.bad - 281.0).abs() < 0.5, "{}", impact.bad);
    assert!((impact.total - 510.0).abs() < 1e-6);
    assert!((impact.share_now - 0.74).abs() < 0.005, "{}", impact.share_now);
    assert!((impact.per_minute_now - 62.8).abs() < 0.1, "{}", impact.per_minute_now);
}
