//! Lines that a program should never have written, as a Loki brings them: kept as text, cut, or named as too much.

use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::stream::StreamExt;
use serde_json::json;
use warroom::backend::Loki;
use warroom::domain::signal::{Level, Line, Unknown};
use warroom::domain::{Cause, Timestamp, Window};
use warroom::port::{Logs, Reply, Tailed};

use super::replay::{Answer, Asked, Replay, endpoint};
use super::tail_server::{Act, Script, TailServer};

const MEGABYTE: usize = 1024 * 1024;

/// Texts that are no good, and what becomes of them.
fn texts() -> Vec<String> {
    vec![
        "a\0b \u{1b}[2J\u{7f}".to_owned(),
        "x".repeat(3 * MEGABYTE),
        format!("{}{}", r#"{"a":"#.repeat(10_000), "}".repeat(10_000)),
        format!(r#"{{"level":"error","msg":"kept","a":{}"#, "[".repeat(10_000)),
        String::new(),
    ]
}

fn check(lines: &[Line]) {
    let wanted = texts();
    assert_eq!(lines.len(), wanted.len());
    for (line, wanted) in lines.iter().zip(&wanted) {
        if wanted.len() > MEGABYTE {
            assert!(line.raw.len() < MEGABYTE + 64 && line.raw.ends_with("bytes cut]"));
        } else {
            assert_eq!(&*line.raw, wanted);
        }
    }
    assert_eq!((lines[2].level, lines[3].level, lines[3].text()), (Level::Unknown, Level::Error, "kept"));
}

fn values() -> Vec<serde_json::Value> {
    (10..).zip(texts()).map(|(time, text)| json!([time.to_string(), text, {}])).collect()
}

async fn history(answer: Answer) -> Reply<warroom::port::History> {
    let replay = Replay::serve(move |_| answer.clone()).await;
    let client = Loki::connect(replay.endpoint()).expect("a client");
    let window = Window { start: Timestamp::from_nanos(1), end: Timestamp::from_seconds(9) };
    client.history(r#"{app="live"}"#, window, 100).await
}

fn streams(values: &serde_json::Value) -> Answer {
    let result = json!([{"stream": {"app": "live"}, "values": values}]);
    let data = json!({"resultType": "streams", "encodingFlags": ["categorize-labels"], "result": result});
    let body = json!({"status": "success", "data": data}).to_string();
    Answer::new(200, body).header("content-type", "application/json")
}

#[tokio::test]
async fn a_frame_of_hostile_lines_is_lines() {
    let frame =
        json!({"streams": [{"stream": {"app": "live"}, "values": values()}], "encodingFlags": ["categorize-labels"]});
    let deep = format!(r#"{{"streams":{}"#, "[".repeat(10_000));
    let connections =
        vec![vec![Act::Frame(frame.to_string()), Act::Frame(deep), Act::Stay], vec![Act::Lines(vec![99]), Act::Stay]];
    let server = TailServer::play(Script { connections, ..Script::default() }).await;
    let client = Loki::connect(endpoint(&server.base)).expect("a client");
    let mut tail = client.tail(r#"{app="live"}"#.into(), Timestamp::from_nanos(1));
    let (mut lines, mut broken) = (Vec::new(), Vec::new());
    while lines.last().is_none_or(|line: &Line| line.time.nanos() < 99) {
        match tail.next().await.expect("a tail does not end").expect("no refusal") {
            Tailed::Lines { lines: more, .. } => lines.extend(more),
            Tailed::Broken { failure, .. } => broken.push(failure.cause),
            _ => {}
        }
    }
    lines.pop();
    check(&lines);
    assert!(matches!(broken.as_slice(), [Cause::Malformed(_)]), "what is nested too deep is named: {broken:?}");
}

#[tokio::test]
async fn an_answer_of_hostile_lines_is_lines_and_what_is_too_much_is_named() {
    let mut newest_first = values();
    newest_first.reverse();
    check(&history(streams(&newest_first.into())).await.expect("lines").lines);
    let huge = json!([["10", "x".repeat(50 * MEGABYTE), {}]]);
    let failure = history(streams(&huge)).await.expect_err("too much");
    assert!(matches!(failure.cause, Cause::TooLarge(_)), "{failure}");
    let deep = format!(r#"{{"status":"success","data":{}"#, r#"{"result":["#.repeat(10_000));
    let failure = history(Answer::new(200, deep)).await.expect_err("too deep");
    assert!(matches!(failure.cause, Cause::Malformed(_)), "{failure}");
}

/// A server that needs two pages of login, then answers: what comes after is given, by the same tail.
async fn after(bad: Answer) {
    let asked = AtomicUsize::new(0);
    let turns = std::sync::Arc::new(asked);
    let replay = Replay::serve(move |asked: &Asked| {
        if asked.path.ends_with("/tail") {
            return Answer::new(404, "no websockets here");
        }
        match turns.fetch_add(1, Ordering::Relaxed) {
            0 | 1 | 3 => bad.clone(),
            _ => streams(&json!([["10", "back again", {}]])),
        }
    })
    .await;
    let client = Loki::connect(replay.endpoint()).expect("a client");
    let mut tail = client.tail(r#"{app="live"}"#.into(), Timestamp::from_nanos(1));
    let (mut broken, mut lines) = (0, 0);
    while lines == 0 {
        match tail.next().await.expect("a tail does not end").expect("it is asked again") {
            Tailed::Lines { lines: more, .. } => lines += more.len(),
            Tailed::Connected { refilled } => lines += refilled.map_or(0, |refill| refill.lines.len()),
            Tailed::Broken { .. } => broken += 1,
            _ => {}
        }
    }
    assert_eq!((broken, lines), (3, 1));
}

#[tokio::test]
async fn a_tail_outlives_a_login_page() {
    after(Answer::new(200, "<!DOCTYPE html><title>Sign in</title>").header("content-type", "text/html")).await;
}

#[tokio::test]
async fn a_tail_outlives_what_is_nested_too_deep() {
    after(Answer::new(200, format!(r#"{{"status":"success","data":{}"#, r#"{"result":["#.repeat(10_000)))).await;
}

/// Four lines of five megabytes are too much for one answer and not for several.
#[tokio::test]
async fn lines_that_are_too_many_bytes_at_once_come_in_smaller_pages() {
    let replay = Replay::serve(|asked: &Asked| {
        let number = |name: &str, or: i64| asked.pair(name).and_then(|text| text.parse().ok()).unwrap_or(or);
        let (limit, start, end) = (number("limit", 0), number("start", 0), number("end", i64::MAX));
        let times = (1..=4).rev().filter(|time| (start..end).contains(time)).take(usize::try_from(limit).unwrap_or(0));
        let values: Vec<_> = times.map(|time| json!([time.to_string(), "x".repeat(5 * MEGABYTE), {}])).collect();
        streams(&values.into())
    })
    .await;
    let client = Loki::connect(replay.endpoint()).expect("a client");
    let window = Window { start: Timestamp::from_nanos(1), end: Timestamp::from_nanos(100) };
    let found = client.history(r#"{app="live"}"#, window, 100).await.expect("lines");
    assert_eq!(found.lines.len(), 4);
}

/// The past cannot be read for one line of it: that is said with its size, and what comes live is given.
#[tokio::test]
async fn a_past_with_a_line_beyond_the_bound_names_it() {
    let script = Script {
        connections: vec![vec![Act::Lines(vec![10]), Act::Stay]],
        huge: Some(17 * MEGABYTE),
        ..Script::default()
    };
    let server = TailServer::play(script).await;
    let client = Loki::connect(endpoint(&server.base)).expect("a client");
    let mut tail = client.tail(r#"{app="live"}"#.into(), Timestamp::from_nanos(1));
    let Tailed::Connected { refilled: Some(refill) } = tail.next().await.expect("an item").expect("no refusal") else {
        panic!("a past that was not read is told");
    };
    assert_eq!((refill.lines.len(), refill.missing), (0, None));
    assert_eq!(refill.why, Some(Unknown::Unread(Cause::TooLarge(16 * 1024 * 1024))));
    let live = tail.next().await.expect("an item").expect("no refusal");
    assert!(matches!(&live, Tailed::Lines { lines, .. } if lines.len() == 1), "{live:?}");
}
