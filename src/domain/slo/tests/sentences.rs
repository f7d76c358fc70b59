//! Every state of every policy in both languages, as one table: what a responder reads is read here first.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use super::fixtures::{MONTH, counts, slo};
use crate::domain::slo::{Gauge, Language, Measure, Method, Policy, Reading, State, windows};
use crate::domain::{Cause, Failure, Timestamp};

/// 18:21 of some day.
const NOW: i64 = 66_060;
const SECOND: Duration = Duration::from_secs(1);

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(NOW + seconds)
}

fn clock(moment: Timestamp) -> String {
    moment.to_utc().format("%H:%M").to_string()
}

type Share = Box<dyn Fn(Duration) -> Measure>;

/// A share of failures of a hundred orders a second by the window, and what is left of the month's 1.5 million.
fn orders(month_bad: f64, share: impl Fn(Duration) -> f64 + 'static) -> Share {
    Box::new(move |window| {
        let total = if window == MONTH { 1_500_000.0 } else { window.as_secs_f64() * 2.0 };
        counts(if window == MONTH { month_bad } else { share(window) * total }, total)
    })
}

/// A name, how long after it the gauge is looked at, and what is answered to the windows of this policy.
fn readings(policy: &Policy) -> Vec<(&'static str, i64, Share)> {
    let failed =
        |cause: Cause| -> Share { Box::new(move |_| Measure::Failed(Failure::new("prometheus", cause.clone()))) };
    let all = |measure: Measure| -> Share { Box::new(move |_| measure.clone()) };
    let first = policy.rules()[0];
    let slowest = policy.rules()[policy.rules().len() - 1];
    let slow_share = slowest.factor() * 0.001 * 1.2;
    vec![
        ("page", 0, orders(851.0, |_| 0.05)),
        ("page, budget gone", 0, orders(1_621.0, |_| 0.05)),
        ("the slowest rule", 0, orders(600.0, move |_| slow_share)),
        ("rising", 0, orders(600.0, move |window| if window == first.short { 0.05 } else { 0.000_1 })),
        ("recovering", 0, orders(900.0, move |window| if window == first.long { 0.05 } else { 0.000_1 })),
        ("healthy", 0, orders(570.0, |_| 0.000_2)),
        ("zero errors", 0, orders(570.0, |_| 0.0)),
        ("healthy, budget gone", 0, orders(1_621.0, |_| 0.000_2)),
        (
            "partial",
            0,
            Box::new(|window| Measure::Counts { bad: 0.0, total: window.as_secs_f64() * 2.0, partial: true }),
        ),
        ("low traffic", 0, Box::new(|window| counts(1.0, if window == MONTH { 7_200.0 } else { 10.0 }))),
        ("no traffic", 900, all(Measure::NoTraffic)),
        ("no data", 45, all(Measure::NoData)),
        ("no data for long", 195, all(Measure::NoData)),
        ("down", 42, failed(Cause::Unreachable("refused".to_owned()))),
        ("query failed", 0, failed(Cause::Refused { status: 400, message: "bad matcher".to_owned() })),
        (
            "no bucket",
            0,
            all(Measure::MissingBucket { wanted: "0.8".to_owned(), have: vec!["0.75".to_owned(), "1".to_owned()] }),
        ),
    ]
}

fn policies() -> Vec<Policy> {
    let custom =
        crate::domain::slo::BurnRule::new(SECOND * 7_200, SECOND * 600, 10_000, crate::domain::slo::RuleSeverity::Page);
    let mut policies: Vec<Policy> =
        ["seed", "workbook", "sloth-30d", "pyrra"].iter().filter_map(|name| Policy::named(name, MONTH)).collect();
    policies.push(Policy::custom(vec![custom]));
    policies
}

/// State, short phrase and sentence.
fn said(policy: &Policy, language: Language, late: i64, measure: &Share) -> (State, String, String) {
    let mut gauge = Gauge::new(Arc::new(slo("99.9", policy.clone()))).with_language(language);
    let mut hear = |moment: i64, measure: &dyn Fn(Duration) -> Measure| {
        let measures = windows(gauge.slo()).into_iter().map(|window| (window, measure(window))).collect();
        gauge.take(Reading { slo: gauge.slo().name.clone(), at: at(moment), measures });
    };
    // Well before, so that a state that knows nothing of now has a last good answer; long enough for every hold.
    hear(-1, &orders(570.0, |_| 0.000_2));
    hear(0, measure.as_ref());
    for moment in (15..=late).step_by(15) {
        hear(moment, measure.as_ref());
    }
    let holds = policy.rules().iter().any(|rule| !rule.hold.is_zero());
    let now = if holds && late == 0 { 4 * 3_600 } else { late };
    if now != late {
        hear(now, measure.as_ref());
    }
    let judged = gauge.judge(at(now));
    (judged.state.clone(), judged.short(at(now), &clock), judged.sentence(at(now), &clock))
}

#[test]
fn every_state_of_every_policy_has_its_sentence_in_both_languages() {
    let mut table = String::new();
    for policy in policies() {
        for language in [Language::English, Language::French] {
            let _ = writeln!(table, "== {policy}, {language:?}");
            let mut seen = BTreeSet::new();
            for (name, late, measure) in readings(&policy) {
                let (state, short, sentence) = said(&policy, language, late, &measure);
                let _ = writeln!(table, "{name:20} {:12} {short}\n{:20} {sentence}", state.word(), "");
                assert!(!sentence.trim().is_empty(), "{name} of {policy} in {language:?}");
                assert!(seen.insert(sentence.clone()), "{name} of {policy} says what another says: {sentence}");
                assert!(sentence.ends_with('.'), "{sentence}");
                for jargon in ["burn", "SLI", "SLO", "ratio", "threshold", "NaN", "inf"] {
                    assert!(!sentence.contains(jargon), "{jargon}: {sentence}");
                }
            }
        }
    }
    assert_eq!(table, include_str!("sentences.txt"), "as it is now:\n{table}");
}

/// A server's words may end a sentence themselves.
#[test]
fn a_question_of_a_server_gets_no_second_stop() {
    for language in [Language::English, Language::French] {
        let cause = Cause::Malformed("is a login page in front?".to_owned());
        let page: Share = Box::new(move |_| Measure::Failed(Failure::new("prometheus", cause.clone())));
        let (_, _, sentence) = said(&Policy::Seed, language, 0, &page);
        assert!(sentence.ends_with("in front?"), "{sentence}");
    }
}

/// The same facts, and no word of the other language.
#[test]
fn the_two_languages_do_not_mix() {
    let policy = Policy::Workbook;
    for (name, late, measure) in readings(&policy) {
        let (_, _, english) = said(&policy, Language::English, late, &measure);
        let (_, _, french) = said(&policy, Language::French, late, &measure);
        assert_ne!(english, french, "{name}");
        for word in [" the ", " is ", " and ", " left", " spent"] {
            assert!(!format!(" {french} ").contains(word), "{name}: {french}");
        }
        for word in [" le ", " la ", " budget est", " reste", " dans "] {
            assert!(!format!(" {english} ").contains(word), "{name}: {english}");
        }
    }
}

#[test]
fn slices_are_told_as_slices() {
    let method = Method::TimeSlices {
        slice: SECOND * 300,
        target: "95".parse().expect("a share"),
        empty: crate::domain::slo::EmptySlice::Good,
    };
    let of = crate::domain::slo::Slo { method, ..slo("99.5", Policy::Seed) };
    for (language, phrase) in [
        (Language::English, "33 slices left, losing 12 an hour"),
        (Language::French, "reste 33 slices, perte de 12 par h"),
    ] {
        let mut gauge = Gauge::new(Arc::new(of.clone())).with_language(language);
        let measures = windows(gauge.slo()).into_iter().map(|window| {
            let slices = window.as_secs_f64() / 300.0;
            (window, if window == MONTH { counts(10.0, 8_640.0) } else { counts(slices.min(3.0), slices) })
        });
        gauge.take(Reading { slo: gauge.slo().name.clone(), at: at(0), measures: measures.collect() });
        let judged = gauge.judge(at(0));
        assert_eq!(judged.state, State::Page);
        assert!(judged.short(at(0), &clock).starts_with(phrase), "{}", judged.short(at(0), &clock));
    }
}
