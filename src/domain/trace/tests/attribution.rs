//! Whom one trace blames, and many.

use super::sample::{id, order, span, trace, tree};
use crate::domain::TraceId;
use crate::domain::signal::Kind;
use crate::domain::trace::{Confidence, Responsible, attribute, responsible};

#[test]
fn the_failing_order_blames_pricing_and_its_redis() {
    let found = responsible(&tree(order())).expect("somebody");
    let dependency = found.dependency.as_ref().map(|name| name.as_str());
    assert_eq!((found.service.as_str(), dependency, found.certain), ("pricing", Some("redis"), true));
    assert_eq!(found.trace, trace());
}

#[test]
fn a_call_that_reached_a_span_blames_that_span() {
    let root = span(1, 0, 0, 100).kind(Kind::Server).service("a").failed("");
    let call = span(2, 1, 10, 90).kind(Kind::Client).service("a").text("peer.service", "b").failed("");
    let server = span(3, 2, 20, 80).kind(Kind::Server).service("b").failed("");
    let found = responsible(&tree(vec![root.clone(), call.clone(), server])).expect("somebody");
    assert_eq!((found.service.as_str(), found.dependency), ("b", None));
    // No span of b under the call: it may never have been asked. b is known to be traced only by another span of it.
    let elsewhere = span(4, 1, 1, 5).kind(Kind::Server).service("b");
    let found = responsible(&tree(vec![root.clone(), call.clone(), elsewhere])).expect("somebody");
    assert_eq!((found.service.as_str(), found.dependency.as_deref(), found.certain), ("a", Some("b"), false));
    let found = responsible(&tree(vec![root, call])).expect("somebody");
    assert_eq!((found.dependency.as_deref(), found.certain), (Some("b"), true));
}

#[test]
fn a_trace_that_succeeded_blames_nobody() {
    let retried = tree(vec![span(1, 0, 0, 100), span(2, 1, 10, 20).failed("").kind(Kind::Client)]);
    assert_eq!((responsible(&retried), retried.handled().len()), (None, 1));
}

fn verdict(number: u64, service: &str, dependency: Option<&str>) -> Responsible {
    Responsible {
        trace: TraceId::new(u128::from(id(number).value())).expect("not zero"),
        service: service.into(),
        dependency: dependency.map(Into::into),
        span: 0,
        certain: number != 1,
    }
}

#[test]
fn many_traces_are_ranked_by_how_often_they_blame() {
    let redis = (1..=405).map(|number| verdict(number, "pricing", Some("redis")));
    let postgres = (406..=412).map(|number| verdict(number, "pricing", Some("postgresql")));
    let ranking = attribute(&postgres.chain(redis).collect::<Vec<_>>());
    let shown: Vec<_> = ranking
        .iter()
        .map(|line| {
            (line.dependency.as_deref(), line.traces, format!("{:.1}", line.share() * 100.0), line.confidence.word())
        })
        .collect();
    let wanted = [(Some("redis"), 405, "98.3".to_owned(), "high"), (Some("postgresql"), 7, "1.7".to_owned(), "medium")];
    assert_eq!(shown, wanted);
    assert_eq!((ranking[0].of, ranking[0].uncertain, ranking[0].example.value()), (412, 1, 1));
    assert!(attribute(&[]).is_empty());
}

#[test]
fn few_traces_or_a_small_share_give_little_confidence() {
    let words = [(12, 20), (12, 19), (2, 5), (1, 3), (2, 4), (0, 0)].map(|(traces, of)| Confidence::of(traces, of));
    use Confidence::{High, Low, Medium};
    assert_eq!(words, [High, Medium, Medium, Low, Medium, Low]);
}
