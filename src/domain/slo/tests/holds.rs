//! Rules that wait before they fire, as Pyrra's do; tickets; what the server calls a part of the truth; and what a rolling
//! window gives back.

use std::time::Duration;

use super::fixtures::{MONTH, counts, gauge, reading, same};
use crate::domain::Timestamp;
use crate::domain::slo::{Measure, Policy, RuleSeverity, State, clears_after, detected_after};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_000_000 + seconds)
}

const fn minutes(count: u64) -> Duration {
    Duration::from_secs(60 * count)
}

#[test]
fn a_hold_is_waited_for_and_forgotten_when_the_burn_falls() {
    let mut gauge = gauge("99.9", Policy::named("pyrra", MONTH).expect("a preset"));
    let mut state = |seconds: i64, bad: f64| {
        let taken = same(at(seconds), &gauge, &counts(bad, 10_000.0));
        gauge.take(taken);
        let judged = gauge.judge(at(seconds));
        let waits = judged.rising.filter(|_| judged.state == State::Rising).map(|rising| rising.fires_in.as_secs());
        (judged.state, waits)
    };
    assert_eq!(state(0, 500.0), (State::Rising, Some(120)));
    assert_eq!(state(105, 500.0), (State::Rising, Some(15)));
    assert_eq!(state(120, 500.0), (State::Page, None));
    assert_eq!(state(135, 0.0), (State::Healthy, None));
    assert_eq!(state(150, 500.0), (State::Rising, Some(120)));
}

#[test]
fn a_slow_loss_asks_for_a_ticket_and_wakes_nobody() {
    let mut gauge = gauge("99.9", Policy::Workbook);
    let taken = reading(at(0), &gauge, |window| (window.as_secs_f64() * 0.02, window.as_secs_f64() * 10.0));
    gauge.take(taken);
    let judged = gauge.judge(at(0));
    assert_eq!((&judged.state, judged.state.word()), (&State::Ticket, "TICKET"));
    assert!(judged.state.is_firing() && judged.pairs[3].firing);
    assert_eq!(judged.pairs[3].severity, RuleSeverity::Ticket);
}

#[test]
fn a_part_of_the_truth_is_never_green() {
    let mut gauge = gauge("99.9", Policy::Seed);
    let part = |bad| Measure::Counts { bad, total: 10_000.0, partial: true };
    let taken = same(at(0), &gauge, &part(0.0));
    gauge.take(taken);
    let judged = gauge.judge(at(0));
    assert_eq!((&judged.state, judged.partial, judged.state.word()), (&State::Partial, true, "partial"));
    assert!(judged.rank < State::Healthy.rank());
    // What is known to fire fires all the same.
    let taken = same(at(15), &gauge, &part(1_000.0));
    gauge.take(taken);
    assert_eq!(gauge.judge(at(15)).state, State::Page);
    // Of the month alone it is the number of the budget that is marked.
    let mut taken = same(at(30), &gauge, &counts(0.0, 10_000.0));
    if let Some((_, measure)) = taken.measures.last_mut() {
        *measure = part(0.0);
    }
    gauge.take(taken);
    let judged = gauge.judge(at(30));
    assert_eq!((judged.state, judged.partial), (State::Healthy, true));
}

#[test]
fn a_rolling_window_gives_back_what_its_oldest_day_spent() {
    let mut gauge = gauge("99.9", Policy::Seed);
    let mut taken = reading(at(0), &gauge, |window| (if window == MONTH { 600.0 } else { 0.0 }, 1_500_000.0));
    assert_eq!(gauge.judge(at(0)).recovers_a_day, None);
    taken.measures.push((MONTH - Duration::from_secs(86_400), counts(450.0, 1_450_000.0)));
    gauge.take(taken);
    let share = gauge.judge(at(0)).recovers_a_day.expect("the oldest day is known");
    assert!((share - 0.1).abs() < 1e-9, "{share}");
}

/// By the formulas, the table that `rectangles.rs` goes through reading by reading.
#[test]
fn formulas_of_firing_and_clearing_agree_with_the_table() {
    let seconds = |time: Option<Duration>| time.map(|time| (time.as_secs_f64() * 100.0).round() / 100.0);
    for (share, factor, long, short, fires, clears_short, clears_long) in [
        (1.0, 14.4, 60, 5, 51.84, 295.68, 3_548.16),
        (1.0, 6.0, 360, 30, 129.6, 1_789.2, 21_470.4),
        (0.6, 3.0, 360, 30, 108.0, 1_791.0, 21_492.0),
        (0.6, 3.0, 1_440, 120, 432.0, 7_164.0, 85_968.0),
        (0.15, 14.4, 60, 5, 345.6, 271.2, 3_254.4),
        (0.05, 6.0, 360, 30, 2_592.0, 1_584.0, 19_008.0),
        (0.0144, 1.0, 4_320, 360, 18_000.0, 20_100.0, 241_200.0),
        (0.01, 1.0, 4_320, 360, 25_920.0, 19_440.0, 233_280.0),
    ] {
        let burn = share / 0.001;
        assert_eq!(seconds(detected_after(minutes(long), factor, burn)), Some(fires), "{share} {factor}");
        assert_eq!(seconds(clears_after(minutes(short), factor, burn)), Some(clears_short), "{share} {factor}");
        assert_eq!(seconds(clears_after(minutes(long), factor, burn)), Some(clears_long), "{share} {factor}");
    }
    // Exactly the factor is not above it.
    assert_eq!(detected_after(minutes(60), 14.4, 14.4), None);
    assert_eq!(clears_after(minutes(5), 14.4, 14.4), None);
    for nonsense in [0.0, -1.0, f64::NAN] {
        assert_eq!(
            (detected_after(minutes(60), 14.4, nonsense), clears_after(minutes(5), 14.4, nonsense)),
            (None, None)
        );
    }
}

#[test]
fn a_page_tells_how_long_after_the_last_error_it_falls_silent() {
    let mut gauge = gauge("99.9", Policy::Seed);
    let taken = reading(at(0), &gauge, |window| (window.as_secs_f64() * 0.15, window.as_secs_f64()));
    gauge.take(taken);
    let clears = gauge.judge(at(0)).clears_after.expect("it pages");
    assert!((clears.as_secs_f64() - 271.2).abs() < 1e-6, "{clears:?}");
}
