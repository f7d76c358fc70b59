//! A metrics server that answers what it should not: each is a state with words of its own, and none of them is green.

use std::sync::Arc;
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use warroom::backend::Prometheus;
use warroom::config::{Config, Surroundings};
use warroom::domain::Timestamp;
use warroom::domain::slo::{Gauge, Judgement, Reading, Slo, windows};
use warroom::runtime::{measure, scrape_interval};

use super::replay::{Answer, Asked, Replay};

fn slo() -> Arc<Slo> {
    let text = "[[slo]]\nname = \"checkout\"\nobjective = \"99.9\"\nbad = \"sum(increase(bad_total[{{.window}}]))\"\ntotal = \
                \"sum(increase(all_total[{{.window}}]))\"\n";
    let config = Config::parse("x.toml", text, &std::env::temp_dir(), &Surroundings::default()).expect("a config");
    Arc::new(config.slos[0].clone())
}

/// One sample, as Prometheus writes it.
fn vector(values: &[&str]) -> String {
    let rows: Vec<String> = values
        .iter()
        .enumerate()
        .map(|(at, value)| format!(r#"{{"metric":{{"pod":"{at}"}},"value":[1795348822,"{value}"]}}"#))
        .collect();
    format!(r#"{{"resultType":"vector","result":[{}]}}"#, rows.join(","))
}

fn envelope(data: &str, more: &str) -> Answer {
    let body = format!(r#"{{"status":"success","data":{data}{more}}}"#);
    Answer::new(200, body).header("content-type", "application/json")
}

/// What the gauge makes of a server that answers so to bad and to all events.
async fn judged(answer: impl Fn(bool) -> Answer + Clone + Send + Sync + 'static) -> Judgement {
    let replay = Replay::serve(move |asked: &Asked| {
        answer(asked.pair("query").is_some_and(|query| query.contains("bad_total")))
    });
    let client = Prometheus::connect(replay.await.endpoint()).expect("a client");
    let slo = slo();
    let at = Timestamp::from_seconds(1_795_348_822);
    let mut measures = Vec::new();
    for window in windows(&slo) {
        measures.push((window, measure(&client, &slo, window, at).await));
    }
    let mut gauge = Gauge::new(Arc::clone(&slo));
    gauge.take(Reading { slo: slo.name.clone(), at, measures });
    gauge.judge(at)
}

fn said(judgement: &Judgement) -> String {
    let now = judgement.at.unwrap_or(Timestamp::EPOCH);
    judgement.sentence(now, &|at| at.to_rfc3339())
}

#[tokio::test]
async fn numbers_that_are_none_are_named_and_never_green() {
    for (bad, total, state, words) in [
        (vector(&["NaN"]), vector(&["1000"]), "query failed", "bad events: NaN while there is traffic"),
        (vector(&["+Inf"]), vector(&["1000"]), "query failed", "bad events: +Inf"),
        (vector(&["1"]), vector(&["+Inf"]), "query failed", "total: +Inf"),
        (vector(&["-3"]), vector(&["1000"]), "query failed", "bad events: negative"),
        (vector(&["3"]), vector(&["-1000"]), "query failed", "total: negative"),
        (vector(&["1", "2"]), vector(&["1000"]), "query failed", "bad events: 2 series where one is expected"),
        (vector(&["1"]), vector(&["500", "500"]), "query failed", "total: 2 series where one is expected"),
        (vector(&["2000"]), vector(&["1000"]), "query failed", "bad events: more than the total"),
        (vector(&[]), vector(&[]), "no data", "No data"),
        (vector(&["0"]), vector(&["NaN"]), "no traffic", "No traffic"),
        (
            r#"{"resultType":"scalar","result":[1795348822,"NaN"]}"#.to_owned(),
            vector(&["1000"]),
            "query failed",
            "bad events: a plain number where a series is expected",
        ),
        (
            r#"{"resultType":"scalar","result":[1795348822,"0"]}"#.to_owned(),
            vector(&["1000"]),
            "query failed",
            "bad events: a plain number where a series is expected",
        ),
        (r#"{"resultType":"string","result":[1795348822,"x"]}"#.to_owned(), vector(&["1000"]), "query failed", ""),
    ] {
        let (first, second) = (bad.clone(), total.clone());
        let found = judged(move |is_bad| envelope(if is_bad { &first } else { &second }, "")).await;
        assert_eq!(found.state.word(), state, "{bad} of {total}: {}", said(&found));
        assert!(said(&found).contains(words), "{bad} of {total}: {}", said(&found));
    }
}

/// A counter that was set back gives what `increase` makes of it: fewer events, and the same share.
#[tokio::test]
async fn a_reset_counter_is_a_smaller_count_of_the_same_share() {
    let found = judged(|is_bad| envelope(&vector(&[if is_bad { "158" } else { "7900" }]), "")).await;
    assert_eq!(found.state.word(), "PAGE");
    assert!(found.pairs[0].long_burn.is_some_and(|burn| (burn - 20.0).abs() < 1e-6));
}

#[tokio::test]
async fn a_warning_and_a_clock_that_is_minutes_away_make_it_a_part() {
    let quiet = |is_bad: bool| vector(&[if is_bad { "0" } else { "100000" }]);
    let found = judged(move |is_bad| envelope(&quiet(is_bad), r#","warnings":["1 of 2 stores answered"]"#)).await;
    assert_eq!((found.state.word(), found.partial), ("partial", true));
    for minutes in [-5, 5] {
        let date = (Utc::now() + TimeDelta::minutes(minutes)).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let found = judged(move |is_bad| envelope(&quiet(is_bad), "").header("date", &date)).await;
        assert_eq!((found.state.word(), found.partial), ("partial", true), "{minutes} min");
        // What is broken on any clock is broken.
    }
    let found = judged(move |is_bad| envelope(&quiet(is_bad), "")).await;
    assert_eq!((found.state.word(), found.partial), ("healthy", false));
}

#[tokio::test]
async fn a_window_of_fewer_than_four_scrapes_names_the_slo_and_both_times() {
    let replay = Replay::serve(|asked: &Asked| {
        let is_right = asked.pair("query") == Some("max(count_over_time(all_total[10m]))");
        envelope(&vector(if is_right { &["5"] } else { &[] }), "")
    });
    let client = Prometheus::connect(replay.await.endpoint()).expect("a client");
    let slo = slo();
    let interval = scrape_interval(&client, &slo, Timestamp::from_seconds(1_795_348_822)).await;
    let interval = interval.expect("five samples in ten minutes");
    assert_eq!(interval, Duration::from_secs(120));
    let five = slo.too_short(Duration::from_secs(300), interval).expect("two scrapes and a half");
    assert!(!five.is_answer());
    let words = format!("{five:?}");
    assert!(words.contains("checkout: 5 min hold fewer than 4 scrapes, one every 2 min"), "{words}");
    assert_eq!(slo.too_short(Duration::from_secs(480), interval), None);
}
