//! The law of a tail: every line that the server has or sends is given once, or counted.

use futures_util::stream::StreamExt;
use warroom::backend::Loki;
use warroom::domain::signal::Unknown;
use warroom::domain::{Cause, Timestamp};
use warroom::port::{Logs, Tailed};

use super::replay::endpoint;
use super::tail_server::{Act, Script, TailServer};

/// What a tail told until the line `last` came.
#[derive(Debug, Default)]
struct Told {
    times: Vec<i64>,
    /// The server's own count.
    dropped: u64,
    /// What was not read; `None` where nobody could count it.
    missing: Vec<Option<u64>>,
    why: Vec<Option<Unknown>>,
}

async fn follow(script: Script, last: i64) -> Told {
    let server = TailServer::play(script).await;
    let client = Loki::connect(endpoint(&server.base)).expect("a client");
    let mut tail = client.tail(r#"{app="live"}"#.into(), Timestamp::from_nanos(1));
    let mut told = Told::default();
    while told.times.last() != Some(&last) {
        match tail.next().await.expect("a tail does not end").expect("no refusal") {
            Tailed::Lines { lines, dropped } => {
                told.dropped += dropped;
                told.times.extend(lines.iter().map(|line| line.time.nanos()));
            }
            Tailed::Connected { refilled: Some(refill) } => {
                told.missing.push(refill.missing);
                told.why.push(refill.why);
                told.times.extend(refill.lines.iter().map(|line| line.time.nanos()));
            }
            _ => {}
        }
    }
    told
}

/// The past that a server begins a tail with: its newest thousand lines.
fn backfill(now: i64) -> Act {
    Act::Lines(((now - 999).max(1)..=now).collect())
}

fn frames(times: std::ops::RangeInclusive<i64>) -> impl Iterator<Item = Act> {
    let times: Vec<i64> = times.collect();
    times.chunks(100).map(|times| Act::Lines(times.to_vec())).collect::<Vec<_>>().into_iter()
}

/// Lines and the server's word that it left `dropped` others out.
fn frame_with_dropped(times: &[i64], dropped: usize) -> Act {
    let values: Vec<String> = times.iter().map(|time| format!(r#"["{time}","line {time}",{{}}]"#)).collect();
    let entry = r#"{"timestamp":"1","labels":{"app":"live"}}"#;
    Act::Frame(format!(
        r#"{{"streams":[{{"stream":{{"app":"live"}},"values":[{}]}}],"dropped_entries":[{}],"encodingFlags":["categorize-labels"]}}"#,
        values.join(","),
        vec![entry; dropped].join(",")
    ))
}

#[tokio::test]
async fn a_first_connection_fetches_what_the_server_does_not_begin_with() {
    let acts = [backfill(3_000)].into_iter().chain(frames(3_001..=3_300)).chain([Act::Stay]).collect();
    let script = Script { connections: vec![acts], store: (1..=3_000).collect(), ..Script::default() };
    let told = follow(script, 3_300).await;
    assert_eq!(told.times, (1..=3_300).collect::<Vec<_>>());
    assert!(told.missing.is_empty() && told.dropped == 0, "nothing is missing, and nothing need be said");
}

#[tokio::test]
async fn a_first_connection_that_cannot_catch_up_says_how_many_lines_it_left() {
    let script = |uncounted| Script {
        connections: vec![[backfill(9_000)].into_iter().chain(frames(9_001..=9_100)).chain([Act::Stay]).collect()],
        store: (1..=9_000).collect(),
        uncounted,
        ..Script::default()
    };
    let told = follow(script(false), 9_100).await;
    assert_eq!(told.times, (4_001..=9_100).collect::<Vec<_>>());
    assert_eq!(told.missing, [Some(4_000)]);
    let told = follow(script(true), 9_100).await;
    assert_eq!(told.missing, [None], "that nobody could count them is said too");
    assert!(
        matches!(told.why.as_slice(), [Some(Unknown::Uncounted(Cause::Refused { status: 400, .. }))]),
        "{:?}",
        told.why
    );
}

#[tokio::test]
async fn every_line_is_given_once_or_counted() {
    // How many lines there were when the first connection began, when it was lost, and when the second one began.
    for (begun, lost, again) in [(10, 20, 30), (900, 2_500, 2_600), (4_000, 5_000, 9_990), (7_777, 8_000, 30_000)] {
        let end = again + 250;
        // Ten lines are left out by the server itself, as it says with the last frame.
        let first = [backfill(begun)].into_iter().chain(frames(begun + 1..=lost));
        let second = [backfill(again)].into_iter().chain(frames(again + 1..=end - 50));
        let last = frame_with_dropped(&(end - 39..=end).collect::<Vec<_>>(), 10);
        let script = Script {
            connections: vec![first.collect(), second.chain([last, Act::Stay]).collect()],
            store: (1..=again).collect(),
            store_before: Some((1..=begun).collect()),
            ..Script::default()
        };
        let told = follow(script, end).await;
        let mut once = told.times.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), told.times.len(), "none comes twice");
        let missing: u64 = told.missing.iter().map(|missing| missing.expect("a count")).sum();
        let all = u64::try_from(end).expect("positive");
        let given = u64::try_from(once.len()).expect("a length");
        assert_eq!(given + missing + told.dropped, all, "{begun} {lost} {again}: {given} + {missing}");
    }
}
