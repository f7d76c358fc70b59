//! Loki 3.7.6 as recorded, and a store of lines to page through.

use warroom::backend::Loki;
use warroom::demo::Target;
use warroom::domain::signal::{Level, Line, Message, pairs};
use warroom::domain::{Cause, Timestamp, TraceId, Window};
use warroom::port::Logs;

use super::replay::{Answer, Asked, Replay, recorded};
use super::stage::{between, door, play};

const SERVER: &str = "loki-3.7.6";
const FAILED: &str = "bdd640fb06671ad11c80317fa3b1799d";

fn window() -> Window {
    Window {
        start: Timestamp::from_nanos(1_795_348_452_549_628_383),
        end: Timestamp::from_nanos(1_795_348_912_549_628_383),
    }
}

async fn against(call: &'static str) -> (Loki, Replay) {
    let replay = Replay::serve(move |_: &Asked| recorded(SERVER, call)).await;
    (Loki::connect(replay.endpoint()).expect("a client"), replay)
}

async fn lines(call: &'static str) -> Vec<Line> {
    let (client, _replay) = against(call).await;
    let history = client.history("{}", window(), 100).await.expect("lines");
    assert!(!history.more);
    history.lines
}

#[tokio::test]
async fn a_line_field_by_field() {
    let (client, replay) = against("range_streams_otlp_categorized").await;
    let query = r#"{service_name="checkout"} | trace_id!="""#;
    let lines = client.history(query, window(), 100).await.expect("lines").lines;
    assert_eq!(lines.len(), 2);
    let (accepted, failed) = (&lines[0], &lines[1]);
    assert_eq!(accepted.text(), "order accepted ord-1001");
    assert_eq!(failed.raw.lines().count(), 3);
    assert_eq!(failed.time.nanos(), 1_795_348_512_639_628_383);
    assert_eq!((accepted.level, failed.level), (Level::Info, Level::Error));
    assert_eq!((failed.service.as_str(), &failed.message), ("checkout", &Message::Raw));
    let stream = r#"{deployment_environment="lab", k8s_pod_name="checkout-7d9f-x1", service_name="checkout"}"#;
    assert_eq!(failed.stream.to_string(), stream);
    assert!(std::sync::Arc::ptr_eq(&accepted.stream, &failed.stream));
    assert_eq!(failed.trace.map(|trace| trace.to_string()).as_deref(), Some(FAILED));
    assert_eq!(failed.span.map(|span| span.to_string()).as_deref(), Some("3eb13b9046685257"));
    let beside: Vec<_> = pairs(failed.metadata.as_deref().expect("metadata")).collect();
    assert_eq!(
        beside,
        [
            ("detected_level", "error"),
            ("order_id", "ord-1001"),
            ("retry", "2"),
            ("scope_name", "shop"),
            ("severity_number", "17"),
            ("severity_text", "ERROR"),
        ],
        "the ids have places of their own"
    );
    let asked = replay.asked();
    assert_eq!(asked[0].path, "/loki/api/v1/query_range");
    assert_eq!(asked[0].headers["x-loki-response-encoding-flags"], "categorize-labels");
    assert_eq!((asked[0].pair("query"), asked[0].pair("direction")), (Some(query), Some("backward")));
    assert_eq!(asked[0].pair("start"), Some("1795348452549628383"));
    assert_eq!((asked[0].pair("end"), asked[0].pair("limit")), (Some("1795348912549628383"), Some("101")));
}

#[tokio::test]
async fn the_lines_around_one_are_asked_for_by_its_stream_alone_both_ways() {
    let (client, replay) = against("range_streams_otlp_categorized").await;
    let stream = [("app", "a \"quoted\" \\ name"), ("pod", "x-1")].into_iter().collect();
    let at = Timestamp::from_nanos(1_795_348_512_000_000_000);
    let lines = client.around(&stream, at, 50).await.expect("lines");
    assert!(lines.len() == 4 && lines[..2].is_sorted_by_key(|line| line.time));
    let asked = replay.asked();
    let told = |at: usize| ["query", "start", "end", "direction", "limit"].map(|name| asked[at].pair(name));
    let query = Some(r#"{app="a \"quoted\" \\ name", pod="x-1"}"#);
    let (start, middle, end) = ("1795344912000000000", "1795348512000000000", "1795352112000000000");
    assert_eq!(told(0), [query, Some(start), Some(middle), Some("backward"), Some("50")]);
    assert_eq!(told(1), [query, Some(middle), Some(end), Some("forward"), Some("50")]);
}

#[tokio::test]
async fn metadata_folded_into_the_stream_tells_the_same() {
    let told = |lines: Vec<Line>| -> Vec<_> {
        lines.into_iter().map(|line| (line.time, line.level, line.service, line.trace, line.span, line.raw)).collect()
    };
    let folded = lines("range_streams_otlp").await;
    assert!(folded.iter().all(|line| line.stream.get("trace_id").is_none()));
    assert_eq!(told(folded), told(lines("range_streams_otlp_categorized").await));
}

#[tokio::test]
async fn lines_that_are_no_json_come_with_what_they_have() {
    let lines = lines("range_json_error_categorized").await;
    let texts: Vec<_> = lines.iter().map(|line| (line.raw.len(), line.level, line.trace.is_some())).collect();
    let expected = [
        (81, Level::Warn, true),
        (27, Level::Unknown, false),
        (0, Level::Unknown, false),
        (3_000, Level::Unknown, false),
        (24, Level::Unknown, true),
    ];
    assert_eq!(texts, expected);
    assert_eq!(lines[0].trace.map(|id| id.to_string()).as_deref(), Some("0822e8f36c031199972a846916419f82"));
    assert!(lines.iter().all(|line| line.service == "payment"));
}

#[tokio::test]
async fn escapes_come_as_they_are_and_json_lines_are_read() {
    let hostile = lines("range_escape_and_rtl").await;
    assert!(hostile[0].raw.contains("\u{1b}[31m"));
    let bulk = lines("range_limit2_backward").await;
    assert_eq!((bulk.len(), bulk[1].level), (2, Level::Info));
    assert!(bulk[0].time < bulk[1].time);
    assert_eq!(bulk[1].trace.map(|id| id.to_string()).as_deref(), Some("0ab54bde20a045026e06809725e97977"));
    assert!(lines("range_empty").await.is_empty());
}

#[tokio::test]
async fn refusals_are_in_the_servers_words() {
    let (client, _replay) = against("range_bad_query_400").await;
    let cause = client.history("{app=", window(), 5).await.expect_err("refused").cause;
    let message = "parse error at line 1, col 9: syntax error: unexpected $end, expecting } or ,".into();
    assert_eq!(cause, Cause::Refused { status: 400, message });
    let (client, _replay) = against("range_metric").await;
    let cause = client.history("sum(x)", window(), 5).await.expect_err("refused").cause;
    assert!(matches!(cause, Cause::Refused { message, .. } if message.contains("numbers, not lines")));
    let (client, _replay) = against("buildinfo").await;
    assert_eq!(client.probe().await.expect("there").version, "3.7.6");
}

/// A store of `count` lines, three to a moment, a moment a millisecond, in two streams.
fn store(count: i64) -> impl Fn(&Asked) -> Answer + Clone + Send + Sync + 'static {
    move |asked| {
        let number = |name: &str| asked.pair(name).and_then(|text| text.parse::<i64>().ok()).expect("a number");
        let (start, end, limit) = (number("start"), number("end"), number("limit"));
        let within =
            (0..count).rev().map(|at| (at / 3 * 1_000_000, at)).filter(|(time, _)| (start..end).contains(time));
        let mut streams = [Vec::new(), Vec::new()];
        for (time, at) in within.take(usize::try_from(limit).expect("a limit")) {
            streams[usize::from(at % 2 == 0)].push(format!(r#"["{time}","line {at}"]"#));
        }
        let [odd, even] = streams.map(|values| values.join(","));
        Answer::new(
            200,
            format!(
                r#"{{"status":"success","data":{{"resultType":"streams","encodingFlags":["categorize-labels"],"result":[{{"stream":{{"app":"odd"}},"values":[{odd}]}},{{"stream":{{"app":"even"}},"values":[{even}]}}]}}}}"#
            ),
        )
    }
}

#[tokio::test]
async fn pages_join_without_a_gap_or_a_repetition() {
    let replay = Replay::serve(store(2_500)).await;
    let client = Loki::connect(replay.endpoint()).expect("a client");
    let all = Window { start: Timestamp::EPOCH, end: Timestamp::from_seconds(10) };
    for (limit, more) in [(2_200, true), (2_499, true), (2_500, false), (4_000, false)] {
        let history = client.history("{}", all, limit).await.expect("lines");
        let mut numbers: Vec<usize> =
            history.lines.iter().map(|line| line.raw.trim_start_matches("line ").parse().expect("a number")).collect();
        assert!(history.lines.is_sorted_by_key(|line| line.time));
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!((numbers.len(), history.more), (limit.min(2_500), more), "limit {limit}");
        assert!(numbers[0] + 3 >= 2_500_usize.saturating_sub(limit));
    }
}

#[tokio::test]
async fn a_server_that_always_gives_the_same_page_is_left() {
    let page: Vec<String> = (0..1_000).map(|at| format!(r#"["5","{at}"]"#)).collect();
    let page = format!(
        r#"{{"status":"success","data":{{"resultType":"streams","result":[{{"stream":{{}},"values":[{}]}}]}}}}"#,
        page.join(",")
    );
    let replay = Replay::serve(move |_: &Asked| Answer::new(200, page.clone())).await;
    let client = Loki::connect(replay.endpoint()).expect("a client");
    let history = client.history("{}", window(), 3_000).await.expect("lines");
    assert_eq!((history.lines.len(), history.more), (1_000, true));
}

#[tokio::test]
async fn a_traces_lines_are_found_by_metadata_and_by_text_once() {
    let replay = Replay::serve(|asked: &Asked| match asked.pair("query") {
        Some(query) if query.contains("| trace_id=") => recorded(SERVER, "range_streams_otlp_categorized"),
        _ => recorded(SERVER, "range_limit2_backward"),
    })
    .await;
    let client = Loki::connect(replay.endpoint()).expect("a client");
    let trace: TraceId = FAILED.parse().expect("an id");
    let found = client.of_trace(trace, window(), 100).await.expect("lines");
    assert_eq!(found.lines.len(), 4);
    assert!(found.lines.is_sorted_by_key(|line| line.time));
    let queries: Vec<_> = replay.asked().iter().filter_map(|asked| asked.pair("query").map(String::from)).collect();
    let everywhere = r#"{service_name=~".+"}"#;
    // A tracer that keeps 64 bits of an id writes them as a number.
    let low = u64::from_str_radix(FAILED.get(16..).unwrap_or_default(), 16).expect("hex");
    let of_text = format!("{everywhere} |~ \"{FAILED}|{low}\"");
    assert_eq!(queries, [format!("{everywhere} | trace_id=\"{FAILED}\""), of_text]);
}

#[tokio::test]
async fn a_server_without_service_names_is_asked_by_a_label_it_has() {
    let replay = Replay::serve(|asked: &Asked| match (asked.path.as_str(), asked.pair("query")) {
        ("/loki/api/v1/labels", _) => Answer::new(200, r#"{"status":"success","data":["filename","job"]}"#),
        (_, Some(query)) if query.starts_with("{job=") => recorded(SERVER, "range_limit2_backward"),
        _ => recorded(SERVER, "range_empty"),
    })
    .await;
    let client = Loki::connect(replay.endpoint()).expect("a client");
    let trace: TraceId = FAILED.parse().expect("an id");
    assert_eq!(client.of_trace(trace, window(), 100).await.expect("lines").lines.len(), 2);
}

/// It tells its version while it starts, and lacks the newest lines: that is said in its own words.
#[tokio::test]
async fn a_server_that_starts_is_not_well_until_it_says_so() {
    let replay = Replay::serve(|asked: &Asked| match asked.path.as_str() {
        "/ready" => recorded(SERVER, "ready_starting"),
        _ => recorded(SERVER, "buildinfo"),
    })
    .await;
    let client = Loki::connect(replay.endpoint()).expect("a client");
    let failure = client.probe().await.expect_err("not ready");
    let message = "Ingester not ready: waiting for 15s after being ready".to_owned();
    assert_eq!(failure.cause, Cause::Failing { status: 503, message });
    assert!(failure.is_passing());
    // A gateway may have no such page.
    let replay = Replay::serve(|asked: &Asked| match asked.path.as_str() {
        "/ready" => Answer::new(404, "404 page not found\n"),
        _ => recorded(SERVER, "buildinfo"),
    })
    .await;
    let client = Loki::connect(replay.endpoint()).expect("a client");
    assert_eq!(client.probe().await.expect("well").version, "3.7.6");
}

/// As the search for a business key asks for it.
#[tokio::test]
async fn what_stands_beside_lines_is_found_under_its_key() {
    let demo = play(420, 0.0, &[]).await;
    let client = Loki::connect(door(&demo, Target::Loki)).expect("a client");
    let all = client.history(r#"{service_name="pricing"}"#, between(0, 60), 50).await.expect("lines").lines;
    let version = all.iter().find_map(|line| {
        pairs(line.metadata.as_deref()?).find(|(key, _)| *key == "service_version").map(|(_, value)| value.to_owned())
    });
    let version = version.expect("a collector's word");
    assert!(all.iter().all(|line| !line.metadata.as_deref().unwrap_or("").contains("trace_id")), "{all:?}");
    let query = format!(r#"{{service_name="pricing"}} | order_id = "{version}" or service_version = "{version}""#);
    let found = client.history(&query, between(0, 60), 50).await.expect("lines").lines;
    assert!(
        !found.is_empty()
            && found.iter().all(|line| line.metadata.as_deref().is_some_and(|pairs| pairs.contains(&version)))
    );
    demo.stop().await;
}
