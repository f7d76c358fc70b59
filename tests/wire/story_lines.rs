//! The lines of the lost orders: their history, those of a trace, and a tail that outlives what the server does to it.

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use warroom::backend::Loki;
use warroom::demo::{Running, Target};
use warroom::domain::signal::{Level, Line};
use warroom::domain::{Cause, Labels, Timestamp};
use warroom::port::{History, Logs, Refill, Reply, Tailed};

use super::stage::{EXEMPLAR, at, between, door, play};

const EVERYTHING: &str = r#"{service_name=~".+"}"#;
/// The tails of these tests begin here, where their demos do.
const FROM: u32 = 360;

fn loki(running: &Running) -> Loki {
    Loki::connect(door(running, Target::Loki)).expect("a client")
}

#[tokio::test]
async fn every_lost_order_left_its_lines() {
    let demo = play(360, 0.0, &[]).await;
    let client = loki(&demo);
    assert_eq!(client.probe().await.expect("there").version, "3.7.6");
    let query = r#"{service_name="pricing"} |= "PoolTimeoutError""#;
    let History { lines, more } = client.history(query, between(0, 360), 2_000).await.expect("lines");
    assert!((280..=282).contains(&lines.len()) && !more, "{}", lines.len());
    assert!(lines.is_sorted_by_key(|line| line.time));
    assert!(lines.iter().all(|line| line.level == Level::Error && line.service == "pricing" && line.trace.is_some()));
    let latest = client.history(query, between(0, 360), 100).await.expect("lines");
    assert!(latest.more && latest.lines == lines[lines.len() - 100..], "the latest hundred");
    let of_field = client.history(r#"{service_name="pricing"} | json | level="error""#, between(0, 360), 5).await;
    assert_eq!(of_field.expect("lines").lines.len(), 5);
    let cause = client.history("{service_name=", between(0, 360), 5).await.expect_err("a refusal").cause;
    assert!(matches!(&cause, Cause::Refused { status: 400, message } if message.contains("parse error")), "{cause:?}");
    demo.stop().await;
}

#[tokio::test]
async fn the_lines_of_a_trace_come_by_its_id() {
    let demo = play(360, 0.0, &[]).await;
    let trace = EXEMPLAR.parse().expect("an id");
    let lines = loki(&demo).of_trace(trace, between(300, 360), 500).await.expect("lines").lines;
    let told: Vec<_> = lines.iter().map(|line| (line.time.since(at(324)) / 1_000_000, line.service.as_str())).collect();
    assert_eq!(told, [(494, "pricing"), (856, "pricing"), (869, "inventory"), (882, "routing")]);
    assert!(lines.iter().all(|line| line.trace == Some(trace) && line.span.is_some()));
    assert!(lines[3].text().contains("order 4472146 rejected"), "{:?}", lines[3]);
    demo.stop().await;
}

/// All that a tail told, in the order in which it did.
#[derive(Default)]
struct Told {
    lines: Vec<Line>,
    dropped: u64,
    refills: Vec<Refill>,
    broken: Vec<(Cause, u32)>,
    /// The time of the first line of the last frame, which may be a part of its moment.
    whole_before: Option<Timestamp>,
}

impl Told {
    async fn until(tail: &mut BoxStream<'static, Reply<Tailed>>, enough: impl Fn(&Self) -> bool) -> Self {
        let mut told = Self::default();
        while !enough(&told) {
            match tail.next().await.expect("a tail does not end").expect("no refusal") {
                Tailed::Lines { lines, dropped } => {
                    told.dropped += dropped;
                    told.whole_before = lines.first().map(|line| line.time).or(told.whole_before);
                    told.lines.extend(lines);
                }
                Tailed::Sheaves(_) | Tailed::Older { .. } => panic!("a server sends lines"),
                Tailed::Connected { refilled } => {
                    if let Some(refill) = refilled {
                        told.lines.extend(refill.lines.iter().cloned());
                        told.refills.push(refill);
                    }
                }
                Tailed::Broken { failure, attempt, .. } => told.broken.push((failure.cause, attempt)),
            }
        }
        told
    }

    /// Each line once, in order, and all that a query finds.
    async fn assert_whole(&self, client: &Loki) {
        assert!(self.lines.is_sorted_by_key(|line| line.time), "out of order");
        let mut told: Vec<_> = self.lines.iter().map(key).collect();
        told.sort_unstable();
        let before = told.len();
        told.dedup();
        assert_eq!(told.len(), before, "a line came twice");
        let end = self.whole_before.expect("lines");
        let window = warroom::domain::Window { start: at(FROM.into()), end };
        let asked = client.history(EVERYTHING, window, 50_000).await.expect("lines");
        assert!(!asked.more);
        let mut asked: Vec<_> = asked.lines.iter().map(key).collect();
        asked.sort_unstable();
        told.retain(|(time, ..)| *time < end);
        assert_eq!(told.len(), asked.len(), "a gap");
        assert!(told == asked, "the same number of other lines");
    }
}

fn key(line: &Line) -> (Timestamp, Arc<str>, Arc<Labels>) {
    (line.time, Arc::clone(&line.raw), Arc::clone(&line.stream))
}

#[tokio::test]
async fn a_tail_that_is_cut_again_and_again_leaves_no_gap() {
    let demo = play(FROM, 10.0, &["loki:disconnect=1200ms"]).await;
    let client = loki(&demo);
    let mut tail = client.tail(EVERYTHING.into(), at(FROM.into()));
    let told = Told::until(&mut tail, |told| {
        let cut = told.refills.last().map(|refill| refill.gap.end);
        told.refills.len() >= 2 && told.whole_before > cut
    })
    .await;
    told.assert_whole(&client).await;
    assert!(told.broken.iter().all(|(cause, attempt)| matches!(cause, Cause::Failing { .. }) && *attempt == 0));
    assert!(told.refills.iter().all(|refill| refill.missing == Some(0)), "{:?}", told.refills.len());
    demo.stop().await;
}

#[tokio::test]
async fn a_server_that_was_down_for_a_while_leaves_no_gap() {
    let demo = play(FROM, 10.0, &["loki:down@15s..30s"]).await;
    let client = loki(&demo);
    let mut tail = client.tail(EVERYTHING.into(), at(FROM.into()));
    let told = Told::until(&mut tail, |told| {
        let cut = told.refills.last().map(|refill| refill.gap.end);
        cut.is_some() && told.whole_before > cut
    })
    .await;
    told.assert_whole(&client).await;
    assert!(told.broken.len() >= 2, "{:?}", told.broken);
    assert!(told.broken.iter().all(|(cause, _)| matches!(cause, Cause::Unreachable(_))), "{:?}", told.broken);
    let attempts: Vec<u32> = told.broken.iter().map(|(_, attempt)| *attempt).collect();
    assert_eq!(attempts, (0..attempts.len() as u32).collect::<Vec<_>>(), "every try is counted");
    let [refill] = told.refills.as_slice() else { panic!("one refill: {}", told.refills.len()) };
    assert!(
        refill.missing == Some(0) && refill.gap.end.since(refill.gap.start) >= 10_000_000_000 / 10,
        "{:?}",
        refill.gap
    );
    demo.stop().await;
}

#[tokio::test]
async fn what_a_flood_makes_the_server_drop_is_counted() {
    let demo = play(FROM, 1.0, &["loki:flood=60000/s"]).await;
    let client = loki(&demo);
    let mut tail = client.tail(r#"{service_name="load-generator"}"#.into(), at(FROM.into()));
    let told = Told::until(&mut tail, |told| told.dropped > 0 && told.lines.len() > 16_000).await;
    let number = |line: &Line| -> u64 {
        let (_, number) = line.raw.rsplit_once(':').expect("a number");
        number.trim_end_matches('}').parse().expect("a number")
    };
    let numbers: Vec<u64> = told.lines.iter().map(number).collect();
    assert!(numbers.is_sorted_by(|one, next| one < next), "each once and in order");
    let span = numbers[numbers.len() - 1] - numbers[0] + 1;
    let missing = span - numbers.len() as u64;
    assert!(told.dropped <= missing, "{} of {missing} that are missing", told.dropped);
    assert!(told.broken.is_empty(), "{:?}", told.broken);
    // If the first connection came too late to catch up with the flood, what it left is counted.
    assert!(told.refills.iter().all(|refill| refill.missing.is_some_and(|missing| missing > 0)));
    demo.stop().await;
}
