//! The three ways of counting: what is asked for each, what the answers mean, and that they are not the same number.

use std::sync::Arc;
use std::time::Duration;

use super::fixtures::{MONTH, counts, slo};
use crate::domain::Timestamp;
use crate::domain::signal::{Answer, Sample, Series};
use crate::domain::slo::{
    Cost, EmptySlice, Gauge, Measure, Method, Objective, Policy, Reading, Sli, Slo, State, windows,
};

const FIVE: Duration = Duration::from_secs(300);
const HOUR: Duration = Duration::from_secs(3_600);

fn objective(text: &str) -> Objective {
    text.parse().expect("an objective")
}

const fn mean() -> Method {
    Method::RatioOfSlices { slice: FIVE }
}

fn slices(target: &str, empty: EmptySlice) -> Method {
    Method::TimeSlices { slice: FIVE, target: objective(target), empty }
}

fn by(method: Method, sli: Sli) -> Slo {
    Slo { method, sli, ..slo("99.5", Policy::Seed) }
}

fn bad() -> Sli {
    Sli::BadOverTotal { bad: "bad[{{.window}}]".to_owned(), total: "all[{{.window}}]".to_owned() }
}

fn good() -> Sli {
    Sli::GoodOverTotal { good: "good[{{.window}}]".to_owned(), total: "all[{{.window}}]".to_owned() }
}

#[test]
fn events_are_asked_over_the_window_and_slices_over_themselves() {
    let asked = |method, sli| {
        let texts = by(method, sli).texts(HOUR);
        [texts.first, texts.total]
    };
    assert_eq!(asked(Method::Occurrences, bad()), ["bad[1h]", "all[1h]"]);
    assert_eq!(
        asked(slices("95", EmptySlice::Good), bad()),
        [
            "sum_over_time((((bad[5m]) or 0 * (all[5m])) > bool (0.05 * 1.000000001) * (all[5m]))[3599s:5m])",
            "count_over_time((all[5m])[3599s:5m])"
        ]
    );
    assert_eq!(
        asked(slices("95", EmptySlice::Skip), good()),
        [
            "sum_over_time(((good[5m]) >= bool (0.95 * 0.999999999) * ((all[5m]) > 0))[3599s:5m])",
            "count_over_time(((all[5m]) > 0)[3599s:5m])"
        ]
    );
    assert_eq!(
        asked(mean(), bad()),
        [
            "sum_over_time((((bad[5m]) or 0 * (all[5m])) / ((all[5m]) > 0))[3599s:5m])",
            "count_over_time(((all[5m]) > 0)[3599s:5m])"
        ]
    );
}

/// What a server answers to one number, and to none.
fn answer(value: Option<f64>) -> Answer {
    let series =
        value.map(|value| Series { samples: vec![Sample { time: Timestamp::EPOCH, value }], ..Series::default() });
    Answer { series: series.into_iter().collect(), ..Answer::default() }
}

/// The texts hold `rate(`; but slices were counted on the server.
#[test]
fn slices_are_counts_whatever_the_texts_within_them() {
    let rates = Sli::BadOverTotal { bad: "rate(b[{{.window}}])".to_owned(), total: "rate(t[{{.window}}])".to_owned() };
    let measured = |method| by(method, rates.clone()).measure(HOUR, Ok(answer(Some(1.0))), Ok(answer(Some(12.0))));
    assert_eq!(measured(slices("95", EmptySlice::Good)), counts(1.0, 12.0));
    assert_eq!(measured(mean()), counts(1.0, 12.0));
    assert_eq!(measured(Method::Occurrences), counts(3_600.0, 43_200.0));
    let silent = |sli| by(mean(), sli).measure(HOUR, Ok(answer(None)), Ok(answer(Some(12.0))));
    assert_eq!(silent(good()), Measure::NoData);
    assert_eq!(by(mean(), bad()).measure(HOUR, Ok(answer(None)), Ok(answer(None))), Measure::NoData);
}

/// 11 slices of 10,000 good events and one of 100 with 50 bad.
#[test]
fn the_mean_of_the_slices_is_not_the_share_of_the_events() {
    let burn = |measure: Measure| measure.ratio().expect("counts").burn(objective("99.9"));
    assert!((burn(counts(50.0, 110_100.0)) - 0.454_13).abs() < 1e-5);
    // The sum of the twelve shares is 0.5.
    assert!((burn(counts(0.5, 12.0)) - 41.666_7).abs() < 1e-3);
}

#[test]
fn a_month_of_slices_has_a_budget_of_slices() {
    let budget = |objective_text: &str, slices: f64| {
        super::super::Budget::new(objective(objective_text), 0.0, slices, Timestamp::EPOCH).expect("slices").allowed
    };
    // One week of minutes at 99.95 %, and 30 days of 5 min at 99.5 %: 216 min.
    assert!((budget("99.95", 10_080.0) - 5.04).abs() < 1e-9);
    assert!((budget("99.5", 8_640.0) - 43.2).abs() < 1e-9);
    assert!((budget("99.5", 8_640.0) * 5.0 - 216.0).abs() < 1e-9);
}

fn judged(method: Method, count: impl Fn(Duration) -> (f64, f64)) -> (Gauge, crate::domain::slo::Judgement) {
    let mut gauge = Gauge::new(Arc::new(by(method, bad())));
    let measures = windows(gauge.slo()).into_iter().map(|window| {
        let (bad, total) = count(window);
        (window, counts(bad, total))
    });
    let reading =
        Reading { slo: gauge.slo().name.clone(), at: Timestamp::from_seconds(1_000), measures: measures.collect() };
    gauge.take(reading);
    let judgement = gauge.judge(Timestamp::from_seconds(1_000));
    (gauge, judgement)
}

/// A dozen slices are no small number of events: a night's minute weighs as much as a day's.
#[test]
fn one_bad_slice_in_an_hour_pages_where_one_bad_event_does_not() {
    let of_an_hour = |window: Duration| {
        let slices = window.as_secs_f64() / 300.0;
        (1.0, if window == MONTH { 8_640.0 } else { slices.max(1.0) })
    };
    let (_, by_slices) = judged(slices("95", EmptySlice::Good), of_an_hour);
    assert_eq!(by_slices.state, State::Page);
    let (_, by_events) = judged(Method::Occurrences, of_an_hour);
    assert!(matches!(by_events.state, State::LowTraffic { .. }), "{:?}", by_events.state);
}

#[test]
fn what_was_counted_is_said_beside_the_number() {
    for (method, said, unit) in [
        (Method::Occurrences, "events", "orders"),
        (slices("95", EmptySlice::Good), "5 min slices, 95 % good", "slices"),
        (mean(), "mean of 5 min slices", "slices"),
    ] {
        let (gauge, judgement) = judged(method, |window| (0.0, window.as_secs_f64()));
        assert_eq!((judgement.method.text().as_str(), judgement.unit.as_str()), (said, unit));
        // The price is that of an event.
        assert_eq!(Cost::of(gauge.slo(), 3.0).money.is_some(), method == Method::Occurrences);
    }
}
