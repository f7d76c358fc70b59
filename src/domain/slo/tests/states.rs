//! What must never look alike, told apart: first in an answer, then in a gauge.

use std::time::Duration;

use super::fixtures::{counts, gauge, reading, same};
use crate::domain::signal::{Answer, Sample, Series};
use crate::domain::slo::{Measure, Policy, Sli, State, measure};
use crate::domain::{Cause, Failure, Symbol, Timestamp};

const FIVE: Duration = Duration::from_secs(300);

fn answer(values: &[f64]) -> Result<Answer, Failure> {
    let series =
        |value: &f64| Series { samples: vec![Sample { time: Timestamp::EPOCH, value: *value }], ..Series::default() };
    Ok(Answer { series: values.iter().map(series).collect(), ..Answer::default() })
}

fn bad_over_total(bad: &str) -> Sli {
    Sli::BadOverTotal { bad: bad.to_owned(), total: "sum(increase(t[{{.window}}]))".to_owned() }
}

fn good_over_total(good: &str) -> Sli {
    Sli::GoodOverTotal { good: good.to_owned(), total: "sum(increase(t[{{.window}}]))".to_owned() }
}

/// Of counts of bad events and of all.
fn judged(bad: &[f64], total: &[f64]) -> Measure {
    measure(&bad_over_total("sum(increase(b[{{.window}}]))"), FIVE, answer(bad), answer(total))
}

fn why(measure: Measure) -> String {
    match measure {
        Measure::Failed(failure) => failure.to_string(),
        other => panic!("not failed: {other:?}"),
    }
}

fn missing(wanted: &str) -> Measure {
    Measure::MissingBucket { wanted: wanted.to_owned(), have: Vec::new() }
}

#[test]
fn zero_errors_no_traffic_and_no_data_are_three_things() {
    assert_eq!(judged(&[0.0], &[10.0]), counts(0.0, 10.0));
    assert_eq!(judged(&[], &[10.0]), counts(0.0, 10.0));
    assert_eq!(judged(&[], &[0.0]), Measure::NoTraffic);
    assert_eq!(judged(&[0.0], &[f64::NAN]), Measure::NoTraffic);
    assert_eq!(judged(&[f64::NAN], &[0.0]), Measure::NoTraffic);
    assert_eq!(judged(&[], &[]), Measure::NoData);
    assert_eq!(judged(&[3.0], &[]), Measure::NoData);
    assert_eq!(judged(&[0.0], &[]), Measure::NoData);
}

#[test]
fn nonsense_is_a_failed_query_that_says_why() {
    for (bad, total, words) in [
        (
            &[1.0][..],
            &[1.0, 2.0][..],
            "query: answer not understood: total: 2 series where one is expected; sum() them",
        ),
        (
            &[1.0, 2.0, 3.0],
            &[9.0],
            "query: answer not understood: bad events: 3 series where one is expected; sum() them",
        ),
        (&[-1.0], &[10.0], "query: answer not understood: bad events: negative"),
        (&[f64::INFINITY], &[10.0], "query: answer not understood: bad events: +Inf"),
        (&[1.0], &[f64::NEG_INFINITY], "query: answer not understood: total: -Inf"),
        (&[1.0], &[-10.0], "query: answer not understood: total: negative"),
        (&[11.0], &[10.0], "query: answer not understood: bad events: more than the total"),
        (&[1.0], &[0.0], "query: answer not understood: bad events: counted while the total is 0"),
        (&[f64::NAN], &[10.0], "query: answer not understood: bad events: NaN while there is traffic"),
        (&[1.0], &[1e300], "query: answer not understood: total: not plausible as a count"),
    ] {
        assert_eq!(why(judged(bad, total)), words);
    }
    let scalar = |value: f64| answer(&[value]).map(|answer| Answer { is_scalar: true, ..answer });
    let sli = bad_over_total("sum(increase(b[{{.window}}]))");
    for (bad, total) in [(scalar(0.0), answer(&[10.0])), (answer(&[1.0]), scalar(10.0))] {
        assert!(why(measure(&sli, FIVE, bad, total)).contains("a plain number where a series is expected"));
    }
    let empty = Ok(Answer { series: vec![Series::default(); 2], ..Answer::default() });
    let sli = bad_over_total("sum(increase(b[{{.window}}]))");
    assert_eq!(measure(&sli, FIVE, empty, answer(&[10.0])), counts(0.0, 10.0));
}

#[test]
fn a_failure_of_either_is_a_failure() {
    let down = || Err(Failure::new("prom", Cause::Unreachable("refused".to_owned())));
    let sli = bad_over_total("sum(increase(b[{{.window}}]))");
    for failed in [measure(&sli, FIVE, down(), answer(&[1.0])), measure(&sli, FIVE, answer(&[]), down())] {
        assert_eq!(why(failed), "prom: no connection: refused");
    }
}

#[test]
fn a_rate_is_counted_over_its_window_and_a_part_stays_a_part() {
    let sli =
        Sli::BadOverTotal { bad: "rate(b[{{.window}}])".to_owned(), total: "increase(t[{{.window}}])".to_owned() };
    let mut partial = answer(&[0.02]).expect("an answer");
    partial.warnings.push("1 of 2 stores answered".to_owned());
    assert_eq!(
        measure(&sli, FIVE, Ok(partial), answer(&[10.0])),
        Measure::Counts { bad: 6.0, total: 10.0, partial: true }
    );
}

#[test]
fn the_name_of_a_metric_does_not_make_it_a_count() {
    for (total, count) in [
        ("sum(rate(price_increase_total[{{.window}}]))", 3_000.0),
        ("sum(increase(rate_limited_total[{{.window}}]))", 10.0),
        ("sum(count_over_time(probe[{{.window}}]))", 10.0),
        ("slo:requests:rate5m", 3_000.0),
        ("requests:increase4w", 10.0),
    ] {
        let sli = Sli::BadOverTotal { bad: "b".to_owned(), total: total.to_owned() };
        assert_eq!(measure(&sli, FIVE, answer(&[]), answer(&[10.0])), counts(0.0, count), "{total}");
    }
}

#[test]
fn good_events_count_the_other_way_round() {
    let sli = good_over_total("sum(increase(g[{{.window}}]))");
    let judged = |good: &[f64], total: &[f64]| measure(&sli, FIVE, answer(good), answer(total));
    assert_eq!(judged(&[9.0], &[10.0]), counts(1.0, 10.0));
    assert_eq!(judged(&[10.000_001], &[10.0]), counts(0.0, 10.0));
    assert_eq!(why(judged(&[11.0], &[10.0])), "query: answer not understood: good events: more than the total");
    // Nothing good may be an outage or a wrong matcher: neither fine nor all bad.
    assert_eq!(judged(&[], &[10.0]), Measure::NoData);
}

#[test]
fn a_bucket_that_is_not_there_is_neither_fine_nor_all_bad() {
    let text = r#"sum(increase(h_bucket{le=~"0\\.8"}[{{.window}}]))"#;
    assert_eq!(measure(&good_over_total(text), FIVE, answer(&[]), answer(&[10.0])), missing("0.8"));
    assert_eq!(measure(&bad_over_total(text), FIVE, answer(&[]), answer(&[10.0])), missing("0.8"));
    assert_eq!(measure(&bad_over_total(text), FIVE, answer(&[]), answer(&[])), Measure::NoData);
    // With a guard `or 0 *` it looks as if all were bad: only the list of bounds can tell.
    let guarded = measure(&good_over_total(text), FIVE, answer(&[0.0]), answer(&[10.0]));
    assert_eq!(guarded, counts(10.0, 10.0));
    let bounds = |texts: &[&str]| texts.iter().map(|text| Symbol::from(*text)).collect::<Vec<_>>();
    let real = bounds(&["+Inf", "0.25", "0.5", "0.75", "1.0", "2.5", "5"]);
    let expected = Measure::MissingBucket { wanted: "0.8".to_owned(), have: vec!["0.75".to_owned(), "1.0".to_owned()] };
    assert_eq!(guarded.clone().with_bounds("0.8", &real), expected);
    assert_eq!(missing("0.8").with_bounds("0.8", &real), expected);
    assert_eq!(guarded.clone().with_bounds("0.8", &bounds(&["0.8", "1"])), guarded);
    assert_eq!(counts(10.0, 10.0).with_bounds("3", &bounds(&["3.0"])), counts(10.0, 10.0));
    assert_eq!(counts(1.0, 10.0).with_bounds("0.8", &real), counts(1.0, 10.0));
}

fn seconds(count: i64) -> Timestamp {
    Timestamp::from_seconds(count)
}

/// The state after one reading of this kind.
fn state(measure: &Measure) -> State {
    let mut gauge = gauge("99.9", Policy::Seed);
    let taken = same(seconds(100), &gauge, measure);
    gauge.take(taken);
    gauge.judge(seconds(100)).state
}

#[test]
fn every_state_has_its_own_word_and_only_one_is_healthy() {
    let failed = |cause| Measure::Failed(Failure::new("prom", cause));
    let measures = [
        counts(0.0, 1_000.0),
        counts(1.0, 10.0),
        counts(500.0, 1_000.0),
        Measure::NoTraffic,
        Measure::NoData,
        failed(Cause::Unreachable("refused".to_owned())),
        failed(Cause::Refused { status: 400, message: "bad matcher".to_owned() }),
        missing("0.8"),
        counts(f64::NAN, 1.0),
    ];
    let words: Vec<&str> = measures.iter().map(|measure| state(measure).word()).collect();
    assert_eq!(
        words,
        ["healthy", "low traffic", "PAGE", "no traffic", "no data", "down", "query failed", "no bucket", "no data"]
    );
    assert_eq!(gauge("99.9", Policy::Seed).judge(seconds(0)).state, State::Loading);
}

#[test]
fn what_may_hide_an_outage_sorts_above_what_is_well() {
    let rank = |measure: &Measure| state(measure).rank();
    let healthy = rank(&counts(0.0, 1_000.0));
    assert!(rank(&counts(500.0, 1_000.0)) < rank(&Measure::NoData));
    assert!(rank(&Measure::NoData) < healthy && rank(&Measure::NoTraffic) < healthy && rank(&missing("0.8")) < healthy);
}

#[test]
fn the_last_good_reading_is_kept_and_its_age_told() {
    let mut gauge = gauge("99.9", Policy::Seed);
    let page = same(seconds(100), &gauge, &counts(500.0, 1_000.0));
    gauge.take(page);
    let down = Measure::Failed(Failure::new("prom", Cause::TimedOut(Duration::from_secs(10))));
    for at in [115, 130] {
        let taken = same(seconds(at), &gauge, &down);
        gauge.take(taken);
    }
    let judged = gauge.judge(seconds(142));
    assert!(matches!(judged.state, State::Down { last_good: Some(good), .. } if good == seconds(100)));
    assert_eq!(judged.since, Some(seconds(115)));
    assert_eq!(judged.at, Some(seconds(100)));
    assert!(judged.pairs[0].firing && judged.budget.is_some());
    // It paged when it was last heard of: it does not sink.
    assert_eq!(judged.rank, State::Page.rank());
    let late = same(seconds(120), &gauge, &counts(0.0, 1_000.0));
    gauge.take(late);
    assert_eq!(gauge.judge(seconds(142)).state.word(), "down");
}

#[test]
fn a_reading_grows_stale_and_then_a_possible_outage() {
    let mut gauge = gauge("99.9", Policy::Seed);
    let taken = same(seconds(100), &gauge, &counts(0.0, 1_000.0));
    gauge.take(taken);
    let judged = |at| gauge.judge(seconds(at));
    assert_eq!((judged(130).stale, judged(130).state), (None, State::Healthy));
    assert_eq!((judged(131).stale, judged(131).state), (Some(Duration::from_secs(31)), State::Healthy));
    assert!(!judged(280).possible_outage);
    assert_eq!((judged(281).possible_outage, judged(281).state), (true, State::NoData));
}

#[test]
fn no_data_counts_from_the_last_that_was_good() {
    let mut gauge = gauge("99.9", Policy::Seed);
    let good = same(seconds(100), &gauge, &counts(0.0, 1_000.0));
    gauge.take(good);
    for at in (115..=295).step_by(15) {
        let taken = same(seconds(at), &gauge, &Measure::NoData);
        gauge.take(taken);
    }
    let judged = gauge.judge(seconds(295));
    assert_eq!((judged.since, judged.possible_outage), (Some(seconds(100)), true));
    assert!(!gauge.judge(seconds(280)).possible_outage && gauge.judge(seconds(281)).possible_outage);
}

#[test]
fn one_firing_pair_outweighs_a_window_that_failed() {
    let mut gauge = gauge("99.9", Policy::Seed);
    let mut taken = same(seconds(100), &gauge, &counts(500.0, 1_000.0));
    taken.measures[2].1 = Measure::NoData;
    taken.measures[3].1 = Measure::Failed(Failure::new("prom", Cause::TimedOut(Duration::from_secs(10))));
    assert_eq!(taken.measures[3].0, Duration::from_secs(21_600));
    // Whichever place the hour has in the list, the fast pair must be whole.
    taken
        .measures
        .iter_mut()
        .filter(|(window, _)| *window == Duration::from_secs(3_600))
        .for_each(|(_, measure)| *measure = counts(500.0, 1_000.0));
    gauge.take(taken);
    let judged = gauge.judge(seconds(100));
    assert_eq!((judged.state, judged.partial), (State::Page, true));
}

#[test]
fn a_failed_query_of_the_budget_leaves_the_burn_known() {
    let mut gauge = gauge("99.9", Policy::Seed);
    let mut taken = same(seconds(100), &gauge, &counts(0.0, 1_000.0));
    if let Some((_, measure)) = taken.measures.last_mut() {
        *measure = Measure::Failed(Failure::new("prom", Cause::TimedOut(Duration::from_secs(10))));
    }
    gauge.take(taken);
    let judged = gauge.judge(seconds(100));
    assert_eq!((judged.state, judged.budget, judged.zone), (State::Healthy, None, None));
}

#[test]
fn the_window_since_the_impact_is_found_again() {
    let lost = |asked: u64, starts: i64| {
        let mut gauge = gauge("99.9", Policy::Seed);
        gauge.set_impact(Some(seconds(starts)));
        let mut taken = same(seconds(1_000), &gauge, &counts(7.0, 1_000.0));
        taken.measures.push((Duration::from_secs(asked), counts(5.0, 500.0)));
        gauge.take(taken);
        gauge.judge(seconds(1_000)).lost.map(|lost| (lost.bad, lost.total))
    };
    assert_eq!(lost(400, 600), Some((5.0, Some(500.0))));
    // The record says 20 s earlier than the range in which the window was found.
    assert_eq!(lost(400, 580), Some((5.0, Some(500.0))));
    // Much earlier: the half hour covers it, and more.
    assert_eq!(lost(400, 100), Some((7.0, None)));
    assert_eq!(lost(400, 1_001), None);
    let mut gauge = gauge("99.9", Policy::Seed);
    gauge.set_impact(Some(seconds(600)));
    let mut taken = same(seconds(1_000), &gauge, &counts(7.0, 1_000.0));
    taken.measures.push((Duration::from_secs(400), Measure::NoData));
    gauge.take(taken);
    assert_eq!(gauge.judge(seconds(1_000)).lost.map(|lost| lost.bad), Some(7.0));
}

#[test]
fn few_events_page_nobody() {
    let judge = |bad: f64, total: f64| {
        let mut gauge = gauge("99.9", Policy::Seed);
        let taken = reading(seconds(100), &gauge, |_| (bad, total));
        gauge.take(taken);
        gauge.judge(seconds(100)).state
    };
    assert_eq!(judge(1.0, 10.0), State::LowTraffic { bad: 1.0, total: 10.0 });
    assert_eq!(judge(4.0, 200.0), State::LowTraffic { bad: 4.0, total: 200.0 });
    assert_eq!(judge(5.0, 100.0), State::Page);
    assert_eq!(judge(0.0, 10.0), State::Healthy);
}

#[test]
fn a_page_begins_when_the_alert_server_says_it_did() {
    let mut gauge = gauge("99.9", Policy::Seed);
    gauge.backdate(seconds(10));
    let taken = same(seconds(100), &gauge, &counts(500.0, 1_000.0));
    gauge.take(taken);
    assert_eq!(gauge.judge(seconds(100)).since, Some(seconds(100)));
    gauge.backdate(seconds(50));
    gauge.backdate(seconds(70));
    assert_eq!(gauge.judge(seconds(100)).since, Some(seconds(50)));
}

/// A month is counted after the short windows, of the same moment; what was known is not lost by asking again.
#[test]
fn the_whole_window_may_come_later_for_the_same_moment() {
    let mut gauge = gauge("99.9", Policy::Seed);
    let at = Timestamp::from_seconds(1_000_000);
    let whole = gauge.slo().window;
    let full = reading(at, &gauge, |_| (1.0, 10_000.0));
    let mut short = full.clone();
    short.measures.retain(|(window, _)| *window != whole);
    let _ = gauge.take(short.clone());
    assert!(gauge.judge(at).budget.is_none());
    let _ = gauge.take(full);
    assert!(gauge.judge(at).budget.is_some());
    let _ = gauge.take(short);
    assert!(gauge.last().is_some_and(|last| last.of(whole).is_some()));
}
