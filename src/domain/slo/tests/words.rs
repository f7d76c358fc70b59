//! The phrases of states in which the burn is not known, and the sentences of calm.

use std::time::Duration;

use super::fixtures::{counts, gauge, reading, same};
use crate::domain::slo::{Measure, Policy};
use crate::domain::{Cause, Failure, Timestamp};

fn seconds(count: i64) -> Timestamp {
    Timestamp::from_seconds(count)
}

fn clock(moment: Timestamp) -> String {
    moment.to_utc().format("%H:%M").to_string()
}

/// The short phrase and the sentence `late` seconds after a good reading that was followed by this one.
fn words(measure: &Measure, late: i64) -> (String, String) {
    let mut gauge = gauge("99.9", Policy::Seed);
    let good = same(seconds(66_060), &gauge, &counts(0.0, 1_000.0));
    gauge.take(good);
    for after in (15..=late).step_by(15) {
        let taken = same(seconds(66_060 + after), &gauge, measure);
        gauge.take(taken);
    }
    let now = seconds(66_060 + late);
    let judged = gauge.judge(now);
    (judged.short(now, &clock), judged.sentence(now, &clock))
}

#[test]
fn seven_states_have_seven_phrases() {
    let failed = |cause| Measure::Failed(Failure::new("prom", cause));
    let missing = Measure::MissingBucket { wanted: "0.8".to_owned(), have: vec!["0.75".to_owned(), "1".to_owned()] };
    let refused = failed(Cause::Refused { status: 400, message: "bad matcher".to_owned() });
    for (measure, late, short) in [
        (&counts(0.0, 1_000.0), 15, ""),
        (&Measure::NoTraffic, 900, "no traffic since 18:21"),
        (&Measure::NoData, 190, "no data for 3 min 10 s"),
        (&refused, 15, "query failed: bad matcher"),
        (&failed(Cause::Failing { status: 503, message: "starting".to_owned() }), 42, "down, last good 42 s ago"),
        (&counts(1.0, 10.0), 15, "1 of 10 bad: too few"),
        (&missing, 15, "no bucket le=0.8; nearest 0.75, 1"),
    ] {
        assert_eq!(words(measure, late).0, short);
    }
}

#[test]
fn sentences_say_what_to_make_of_it() {
    assert_eq!(words(&Measure::NoData, 190).1, "No data for 3 min 10 s: take it for a possible outage.");
    assert_eq!(words(&Measure::NoData, 45).1, "No data for 45 s; that is not zero errors.");
    assert_eq!(words(&Measure::NoTraffic, 900).1, "No traffic since 18:21; the budget does not move.");
    let down = Measure::Failed(Failure::new("prom", Cause::Unreachable("refused".to_owned())));
    assert_eq!(words(&down, 42).1, "Down, last good 42 s ago; prom: no connection: refused.");
    assert_eq!(words(&counts(0.0, 1_000.0), 15).1, "Nothing spent tonight. No error in the last 1 h.");
}

#[test]
fn calm_tells_whether_the_budget_lasts() {
    let sentence = |share: f64, month: f64| {
        let mut gauge = gauge("99.9", Policy::Seed);
        let taken = reading(seconds(100), &gauge, |window| {
            let total = window.as_secs_f64() * 10.0;
            let share = if window > Duration::from_secs(86_400) { month } else { share };
            (total * share, total)
        });
        gauge.take(taken);
        gauge.judge(seconds(100)).sentence(seconds(100), &clock)
    };
    assert_eq!(
        sentence(0.000_2, 0.000_12),
        "Nothing spent tonight. At 0.2× the allowed pace the budget outlasts the 30 days."
    );
    assert_eq!(
        sentence(0.002, 0.000_6),
        "1.7 % spent tonight. At 2.0× the allowed pace the budget lasts 6 d, by the share of the 30 days."
    );
    assert_eq!(sentence(0.002, 0.001_5), "1.7 % spent tonight. The budget is gone: −50.0 % left.");
}
