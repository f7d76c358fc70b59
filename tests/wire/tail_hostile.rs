//! Lines that a program should never have written, as a Loki brings them: kept as text, cut, or named as too much.

use futures_util::stream::StreamExt;
use serde_json::json;
use warroom::backend::Loki;
use warroom::domain::signal::{Level, Line};
use warroom::domain::{Cause, Timestamp, Window};
use warroom::port::{Logs, Reply, Tailed};

use super::replay::{Answer, Replay, endpoint};
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
