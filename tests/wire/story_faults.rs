//! Every fault that a demo can be asked for, against every client: each is exactly the failure that it is.

use std::time::Duration;

use futures_util::StreamExt;
use warroom::backend::{Alertmanager, Endpoint, Jaeger, Loki, Prometheus, Tempo};
use warroom::demo::{Running, Target};
use warroom::domain::{Cause, Failure};
use warroom::port::{Alerts, Logs, Metrics, Probe, Reply, Search, Tailed, Traces};

use super::stage::{EXEMPLAR, at, between, door, play};

const MIB: u64 = 1024 * 1024;

/// The demo at its seventh minute with the same fault on every server.
async fn broken(fault: &str) -> Running {
    let faults: Vec<String> = Target::ALL.iter().map(|target| format!("{}:{fault}", target.name())).collect();
    let faults: Vec<&str> = faults.iter().map(String::as_str).collect();
    play(420, 0.0, &faults).await
}

/// How a question and a probe of each server fail, in the order of [`Target::ALL`].
async fn failures(demo: &Running, timeout: Duration) -> Vec<(&'static str, Failure, Failure)> {
    fn both<T>(name: &'static str, asked: Reply<T>, probed: Reply<Probe>) -> (&'static str, Failure, Failure) {
        let Err(asked) = asked else { panic!("{name} answers") };
        (name, asked, probed.expect_err(name))
    }
    let at_door = |target| Endpoint { timeout, ..door(demo, target) };
    let id = EXEMPLAR.parse().expect("an id");
    let metrics = Prometheus::connect(at_door(Target::Prometheus)).expect("a client");
    let logs = Loki::connect(at_door(Target::Loki)).expect("a client");
    let tempo = Tempo::connect(at_door(Target::Tempo)).expect("a client");
    let jaeger = Jaeger::connect(at_door(Target::Jaeger)).expect("a client");
    let alerts = Alertmanager::connect(at_door(Target::Alertmanager)).expect("a client");
    let of_pricing = r#"{service_name="pricing"}"#;
    vec![
        both("prometheus", metrics.instant("up", at(420)).await, metrics.probe().await),
        both("loki", logs.history(of_pricing, between(0, 420), 10).await, logs.probe().await),
        both("tempo", tempo.trace(id, None).await, tempo.probe().await),
        both("jaeger", jaeger.trace(id, None).await, jaeger.probe().await),
        both("alertmanager", alerts.firing().await, alerts.probe().await),
    ]
}

/// Every question and probe fails with such a cause.
async fn always(fault: &str, timeout: Duration, expected: impl Fn(&Cause) -> bool) {
    let demo = broken(fault).await;
    for (name, asked, probed) in failures(&demo, timeout).await {
        assert!(expected(&asked.cause), "{name} asked under {fault}: {asked:?}");
        assert!(expected(&probed.cause), "{name} probed under {fault}: {probed:?}");
        assert_eq!((asked.source.as_str(), probed.source.as_str()), ("lab", "lab"));
    }
    demo.stop().await;
}

const PATIENT: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_server_that_is_down_is_unreachable() {
    always("down", PATIENT, |cause| matches!(cause, Cause::Unreachable(_))).await;
}

#[tokio::test]
async fn a_slow_server_is_timed_out() {
    let deadline = Duration::from_millis(150);
    always("slow=60s", deadline, |cause| *cause == Cause::TimedOut(deadline)).await;
}

#[tokio::test]
async fn errors_of_the_server_are_told_with_their_status() {
    for (fault, status, message) in
        [("http=500", 500, "Internal Server Error"), ("http=503", 503, "Service Unavailable")]
    {
        let expected = Cause::Failing { status, message: message.into() };
        always(fault, PATIENT, |cause| *cause == expected).await;
    }
}

#[tokio::test]
async fn lies_are_malformed() {
    always("garbage", PATIENT, |cause| matches!(cause, Cause::Malformed(_))).await;
    always("html", PATIENT, |cause| matches!(cause, Cause::Malformed(what) if what.contains("login page"))).await;
    always("truncate", PATIENT, |cause| *cause == Cause::Malformed("the answer was cut short".into())).await;
}

#[tokio::test]
async fn a_huge_answer_is_not_read_to_its_end() {
    let bound = |cause: &Cause| matches!(cause, Cause::TooLarge(bound) if [16 * MIB, 64 * MIB].contains(bound));
    always("huge", PATIENT, bound).await;
}

#[tokio::test]
async fn who_is_not_let_in_is_told_so() {
    let expected = Cause::Unauthorised("no valid credentials".into());
    always("unauthorised", PATIENT, |cause| *cause == expected).await;
}

#[tokio::test]
async fn the_wait_that_a_server_asks_for_is_carried() {
    let expected = Cause::Throttled(Some(Duration::from_secs(7)));
    always("throttle=7s", PATIENT, |cause| *cause == expected).await;
}

#[tokio::test]
async fn a_part_of_the_truth_is_told_as_such() {
    let demo = broken("partial").await;
    let id = EXEMPLAR.parse().expect("an id");
    let metrics = Prometheus::connect(door(&demo, Target::Prometheus)).expect("a client");
    let answer = metrics.instant("up", at(420)).await.expect("an answer");
    assert!(!answer.series.is_empty() && answer.warnings.iter().any(|why| why.contains("partial")), "{answer:?}");
    let tempo = Tempo::connect(door(&demo, Target::Tempo)).expect("a client");
    let jaeger = Jaeger::connect(door(&demo, Target::Jaeger)).expect("a client");
    let trace = tempo.trace(id, None).await.expect("a trace");
    assert!(trace.partial.is_some_and(|why| why.contains("partial")) && trace.spans.len() == 11);
    assert_eq!(jaeger.trace(id, None).await.expect("a trace").spans.len(), 11);
    let failed = Search { errors_only: true, ..Search::default() };
    let found = tempo.search(&failed, between(0, 420), 10_000).await.expect("rows");
    assert_eq!((found.rows.is_empty(), found.more, found.partial.as_deref()), (false, false, Some("2 of 3 jobs")));
    // One that stops at its limit never does its last jobs, and says only that there may be more.
    let found = tempo.search(&failed, between(0, 420), 5).await.expect("rows");
    assert_eq!((found.rows.len(), found.more, found.partial), (5, true, None));
    demo.stop().await;
}

/// What a tail makes of a fault: a wait and another try, or the end.
async fn first_word(fault: &str, timeout: Duration) -> Reply<Tailed> {
    let demo = play(360, 0.0, &[&format!("loki:{fault}")]).await;
    let client = Loki::connect(Endpoint { timeout, ..door(&demo, Target::Loki) }).expect("a client");
    let mut tail = client.tail(r#"{service_name="pricing"}"#.into(), at(360));
    let word = tail.next().await.expect("a word");
    if word.is_err() {
        assert_eq!(tail.next().await, None, "after a refusal there is nothing more");
    }
    demo.stop().await;
    word
}

#[tokio::test]
async fn a_tail_tries_again_where_that_may_help() {
    let deadline = Duration::from_millis(150);
    let throttled = Cause::Throttled(Some(Duration::from_secs(7)));
    let failing = Cause::Failing { status: 500, message: "Internal Server Error".into() };
    for (fault, timeout, expected) in [
        ("throttle=7s", PATIENT, throttled),
        ("slow=60s", deadline, Cause::TimedOut(deadline)),
        ("http=500", PATIENT, failing),
    ] {
        let word = first_word(fault, timeout).await.expect("no refusal");
        let Tailed::Broken { failure, attempt: 1, retry_after } = word else { panic!("{fault}: {word:?}") };
        assert_eq!(failure.cause, expected, "{fault}");
        assert!(fault != "throttle=7s" || retry_after >= Duration::from_secs(7), "{retry_after:?}");
    }
    let word = first_word("down", PATIENT).await.expect("no refusal");
    assert!(
        matches!(&word, Tailed::Broken { failure, .. } if matches!(failure.cause, Cause::Unreachable(_))),
        "{word:?}"
    );
    // What answers in the server's place may go away again.
    for fault in ["html", "garbage"] {
        let word = first_word(fault, PATIENT).await.expect("no refusal");
        let Tailed::Broken { failure, .. } = &word else { panic!("{fault}: {word:?}") };
        assert!(matches!(failure.cause, Cause::Malformed(_)), "{fault}: {failure}");
    }
}

#[tokio::test]
async fn a_tail_ends_where_asking_again_would_not_help() {
    let refused = first_word("unauthorised", PATIENT).await.expect_err("a refusal").cause;
    assert_eq!(refused, Cause::Unauthorised("no valid credentials".into()));
}
