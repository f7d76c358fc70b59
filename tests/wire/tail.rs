//! Following Loki over a real websocket on loopback: nothing is lost, nothing comes twice, and a refusal is final.

use futures_util::stream::{BoxStream, StreamExt};
use warroom::backend::{Credential, Endpoint, Loki};
use warroom::domain::{Cause, Timestamp};
use warroom::port::{Logs, Reply, Tailed};

use super::replay::endpoint;
use super::tail_server::{Act, Script, TailServer};

fn follow(server: &TailServer) -> BoxStream<'static, Reply<Tailed>> {
    let credential = Some(Credential::Bearer("t0ken".into()));
    let endpoint = Endpoint { credential, tenant: Some("team-a".into()), ..endpoint(&server.base) };
    Loki::connect(endpoint).expect("a client").tail(r#"{app="live"}"#.into(), Timestamp::from_nanos(1))
}

/// The numbers of all lines in the order they were given, refills included, until `count` have come.
async fn gather(tail: &mut BoxStream<'static, Reply<Tailed>>, count: usize) -> (Vec<i64>, Vec<Tailed>) {
    let (mut times, mut told) = (Vec::new(), Vec::new());
    while times.len() < count {
        let item = tail.next().await.expect("a tail does not end").expect("no refusal");
        match &item {
            Tailed::Lines { lines, .. } => times.extend(lines.iter().map(|line| line.time.nanos())),
            Tailed::Connected { refilled: Some(refill) } => {
                times.extend(refill.lines.iter().map(|line| line.time.nanos()));
            }
            _ => {}
        }
        told.push(item);
    }
    (times, told)
}

#[tokio::test]
async fn a_lost_connection_leaves_no_gap_and_no_repetition() {
    let script = Script {
        connections: vec![
            vec![Act::Lines(vec![10, 20]), Act::Lines(vec![30])],
            vec![Act::Lines(vec![20, 30, 50]), Act::Lines(vec![60, 70]), Act::Stay],
        ],
        // 40 and 50 were written while nobody listened.
        store: vec![10, 20, 30, 40, 50],
        store_before: Some(vec![10, 20]),
        ..Script::default()
    };
    let server = TailServer::play(script).await;
    let mut tail = follow(&server);
    let (times, told) = gather(&mut tail, 7).await;
    assert_eq!(times, [10, 20, 30, 40, 50, 60, 70]);
    assert_eq!(told[0], Tailed::Connected { refilled: None });
    let broken = told.iter().position(|item| matches!(item, Tailed::Broken { .. })).expect("it broke");
    let Tailed::Broken { failure, attempt: 0, .. } = &told[broken] else { panic!("no try has failed yet") };
    assert!(failure.is_passing());
    let Tailed::Connected { refilled: Some(refill) } = &told[broken + 1] else { panic!("a refill") };
    assert_eq!(refill.lines.iter().map(|line| line.time.nanos()).collect::<Vec<_>>(), [40, 50]);
    assert_eq!(refill.missing, Some(0));
    assert_eq!(refill.gap.start.nanos(), 30);
    assert!(refill.gap.end.nanos() > 50);
    for head in server.upgrades() {
        let head = head.to_ascii_lowercase();
        assert!(head.contains("authorization: bearer t0ken") && head.contains("x-scope-orgid: team-a"), "{head}");
        assert!(head.contains("x-loki-response-encoding-flags: categorize-labels"));
    }
    assert!(server.upgrades()[0].contains("start=1&"));
}

#[tokio::test]
async fn the_hour_that_a_tail_may_last_is_no_refusal() {
    let script = Script {
        connections: vec![
            vec![Act::Close(1011, "reached tail max duration limit")],
            vec![Act::Close(1001, "")],
            vec![Act::Lines(vec![10]), Act::Stay],
        ],
        ..Script::default()
    };
    let server = TailServer::play(script).await;
    let (times, told) = gather(&mut follow(&server), 1).await;
    assert_eq!(times, [10]);
    assert_eq!(told.iter().filter(|item| matches!(item, Tailed::Broken { .. })).count(), 2);
}

#[tokio::test]
async fn a_question_that_cannot_be_answered_ends_the_tail() {
    let closed = vec![vec![Act::Close(1011, "only log selector is supported")]];
    let server = TailServer::play(Script { connections: closed, ..Script::default() }).await;
    let mut tail = follow(&server);
    assert_eq!(tail.next().await, Some(Ok(Tailed::Connected { refilled: None })));
    let failure = tail.next().await.expect("an end").expect_err("a refusal");
    assert_eq!(failure.cause, Cause::Refused { status: 1011, message: "only log selector is supported".into() });
    assert_eq!(tail.next().await, None);

    let words = "parse error at line 1, col 6: syntax error: unexpected $end, expecting STRING";
    let refused = vec![vec![Act::Refuse("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")]];
    let server = TailServer::play(Script {
        connections: refused,
        refusal: Some(("400 Bad Request", words)),
        ..Script::default()
    })
    .await;
    let mut tail = follow(&server);
    let failure = tail.next().await.expect("an end").expect_err("a refusal");
    assert_eq!(failure.cause, Cause::Refused { status: 400, message: words.into() });
    assert_eq!(tail.next().await, None);

    let refused = vec![vec![Act::Refuse("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")]];
    let refusal = Some(("401 Unauthorized", "no token"));
    let server = TailServer::play(Script { connections: refused, refusal, ..Script::default() }).await;
    let failure = follow(&server).next().await.expect("an end").expect_err("a refusal");
    assert!(matches!(failure.cause, Cause::Unauthorised(_)));
}

#[tokio::test]
async fn without_websockets_the_lines_are_asked_for() {
    for refusal in [
        "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\n\r\n",
        // Of a proxy that keeps websockets out and lets queries through.
        "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
    ] {
        let script = Script { connections: vec![vec![Act::Refuse(refusal)]], store: vec![10, 20], ..Script::default() };
        let server = TailServer::play(script).await;
        let (times, told) = gather(&mut follow(&server), 2).await;
        assert_eq!(times, [10, 20], "{refusal}");
        assert_eq!(told[0], Tailed::Connected { refilled: None });
    }
}

#[tokio::test]
async fn more_than_one_asking_brings_is_counted() {
    let refusal = Act::Refuse("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    let store = (1..=6_000).collect();
    let server = TailServer::play(Script { connections: vec![vec![refusal]], store, ..Script::default() }).await;
    let (times, told) = gather(&mut follow(&server), 5_000).await;
    assert_eq!((times.first(), times.last()), (Some(&1_001), Some(&6_000)));
    assert!(
        matches!(&told[1], Tailed::Connected { refilled: Some(refill) } if refill.missing == Some(1_000)),
        "{:?}",
        told.len()
    );
}

#[tokio::test]
async fn an_ill_server_is_tried_again() {
    let ill = || vec![Act::Refuse("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")];
    let script = Script { connections: vec![ill(), ill(), vec![Act::Lines(vec![10]), Act::Stay]], ..Script::default() };
    let server = TailServer::play(script).await;
    let (times, told) = gather(&mut follow(&server), 1).await;
    assert_eq!(times, [10]);
    let attempts: Vec<u32> = told
        .iter()
        .filter_map(|item| match item {
            Tailed::Broken { attempt, .. } => Some(*attempt),
            _ => None,
        })
        .collect();
    assert_eq!(attempts, [1, 2]);
    assert!(told.contains(&Tailed::Connected { refilled: None }));
}

#[tokio::test]
async fn a_websocket_that_fails_time_after_time_is_done_without() {
    let ill = || vec![Act::Refuse("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")];
    let connections = (0..9).map(|_| ill()).collect();
    let server = TailServer::play(Script { connections, store: vec![10, 20], ..Script::default() }).await;
    let (times, told) = gather(&mut follow(&server), 2).await;
    assert_eq!((times, server.upgrades().len()), (vec![10, 20], 3));
    assert!(
        matches!(told.as_slice(), [Tailed::Broken { .. }, Tailed::Broken { .. }, Tailed::Connected { refilled: Some(refill) }]
            if refill.missing == Some(0)),
        "{told:?}"
    );
}

#[tokio::test]
async fn a_tail_that_may_not_come_back_is_asked_for_without_a_hole() {
    let refused = Act::Refuse("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    let connections = vec![vec![Act::Lines(vec![10])], vec![refused]];
    let script = Script { connections, store: vec![10, 20, 30], store_before: Some(vec![10]), ..Script::default() };
    let server = TailServer::play(script).await;
    let (times, told) = gather(&mut follow(&server), 3).await;
    assert_eq!(times, [10, 20, 30]);
    assert!(
        matches!(told.last(), Some(Tailed::Connected { refilled: Some(refill) }) if refill.missing == Some(0)),
        "{told:?}"
    );
}

#[tokio::test]
async fn recorded_frames_are_lines_and_what_was_dropped_is_counted() {
    for (call, count, lost) in
        [("tail_live_categorized", 5, 0), ("tail_live", 5, 0), ("tail_slow_client_dropped", 34, 166)]
    {
        let name = format!("{}/tests/recorded/loki-3.7.6/{call}.frames.jsonl", env!("CARGO_MANIFEST_DIR"));
        let frames = std::fs::read_to_string(name).expect("recorded frames");
        let mut acts: Vec<Act> = frames
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON").get("text").cloned())
            .map(|text| Act::Frame(text.as_str().expect("text").to_owned()))
            .collect();
        assert!(!acts.is_empty());
        acts.push(Act::Stay);
        let server = TailServer::play(Script { connections: vec![acts], ..Script::default() }).await;
        let (_, told) = gather(&mut follow(&server), count).await;
        let (mut dropped, mut traced) = (0, 0);
        for item in &told {
            if let Tailed::Lines { lines, dropped: more } = item {
                dropped += more;
                traced += lines.iter().filter(|line| line.trace.is_some()).count();
            }
        }
        assert_eq!((dropped, traced), (lost, count), "{call}");
    }
}

#[tokio::test]
async fn a_frame_that_cannot_be_read_breaks_the_connection_and_not_the_tail() {
    let script = Script {
        connections: vec![vec![Act::Frame("<html>".into()), Act::Stay], vec![Act::Lines(vec![10]), Act::Stay]],
        ..Script::default()
    };
    let server = TailServer::play(script).await;
    let (times, told) = gather(&mut follow(&server), 1).await;
    assert_eq!(times, [10]);
    let broken = told
        .iter()
        .any(|item| matches!(item, Tailed::Broken { failure, .. } if matches!(failure.cause, Cause::Malformed(_))));
    assert!(broken);
}

#[tokio::test]
async fn a_line_beyond_the_bound_is_passed_over_and_the_tail_goes_on_behind_it() {
    let huge = format!(r#"{{"streams":[{{"stream":{{}},"values":[["20","{}"]]}}]}}"#, "x".repeat(50 * 1024 * 1024));
    let script = Script {
        connections: vec![
            vec![Act::Lines(vec![10]), Act::Frame(huge), Act::Stay],
            vec![Act::Lines(vec![9_000_000_000]), Act::Stay],
        ],
        store: vec![10],
        ..Script::default()
    };
    let server = TailServer::play(script).await;
    let (times, told) = gather(&mut follow(&server), 2).await;
    assert_eq!(times, [10, 9_000_000_000]);
    let broken =
        |item: &Tailed| matches!(item, Tailed::Broken { failure, .. } if matches!(failure.cause, Cause::TooLarge(_)));
    assert!(told.iter().any(broken), "{told:?}");
    let holes = told.iter().filter_map(|item| match item {
        Tailed::Connected { refilled } => refilled.as_ref().map(|refill| refill.missing),
        _ => None,
    });
    assert!(holes.clone().any(|missing| missing.is_none()), "that a line is missing is told: {told:?}");
    let again = server.upgrades().pop().expect("a second connection");
    let start = again.split("start=").nth(1).and_then(|rest| rest.split(['&', ' ']).next()?.parse::<i64>().ok());
    // Behind it, and not in the time to come: so long it had not been quiet.
    assert!(start.is_some_and(|start| (11..2_000_000_000).contains(&start)), "{again}");
}
