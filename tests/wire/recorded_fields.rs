//! Every field of every recorded answer: changed, it must change what our client tells, or stand among those that are left
//! unread, with the reason. And every recorded file is read here, or spoken by a simulated server (`recorded_spoken.rs`).

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use futures_util::StreamExt;
use serde_json::Value;
use warroom::backend::{Alertmanager, Jaeger, Loki, Prometheus, Tempo};
use warroom::domain::{Failure, Timestamp, TraceId, Window};
use warroom::port::{Alerts, Logs, Metrics, Search, Traces};

use super::ledger::{changed, leaves};
use super::recorded_spoken::{ELSEWHERE, SPOKEN};
use super::recorded_unread::{UNREAD, naming};
use super::replay::{Answer, Asked, Replay, body, endpoint, recorded};
use super::tail_server::{Act, Script, TailServer};

/// Places of one kind that are tried before it counts as unread.
const TRIED: usize = 12;

/// Recorded files: their folder, their name up to the first dot, and what comes behind it.
pub fn files() -> Vec<(String, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded");
    let mut files = Vec::new();
    for server in std::fs::read_dir(root).expect("servers").flatten() {
        let Ok(calls) = std::fs::read_dir(server.path()) else { continue };
        for call in calls.flatten() {
            let name = call.file_name().into_string().expect("a name");
            let (call, kind) = name.split_once('.').expect("a kind");
            if !matches!(kind, "headers" | "req") {
                files.push((server.file_name().into_string().expect("a name"), call.to_owned(), kind.to_owned()));
            }
        }
    }
    files.sort();
    files
}

fn window() -> Window {
    Window { start: Timestamp::from_seconds(1_795_348_000), end: Timestamp::from_seconds(1_795_349_000) }
}

fn id(call: &str) -> TraceId {
    let id = match call {
        _ if call.contains("kafka_consumer") => "580d7b71d8f564135be6128e18c26797",
        _ if call.contains("kafka_producer") => "28df6ec4ce4a2bbdc241330b01a9e71f",
        _ if call.contains("orphan") => "6b65a6a48b8148f6b38a088ca65ed389",
        _ if call.contains("zero") => "58007c0287ea7ff58db0674679279973",
        _ => "bdd640fb06671ad11c80317fa3b1799d",
    };
    id.parse().expect("an id")
}

fn words<T: std::fmt::Debug>(told: Result<T, Failure>) -> String {
    format!("{told:?}")
}

/// The questions as they were put: what an answer made the client ask next.
fn questions(replay: &Replay) -> String {
    replay.asked().iter().map(|asked| format!("{} {:?}\n", asked.path, asked.pairs)).collect()
}

/// What our client makes of this answer; `None` where none of ours asks for it.
async fn tell(server: &str, call: &str, answer: Answer) -> Option<String> {
    let (served, call_is_ready) = (answer.clone(), call == "ready");
    let replay = Replay::serve(move |_: &Asked| served.clone()).await;
    match server {
        "tempo-3.0.3" => tempo(call, answer, &replay).await,
        "jaeger-2.17" => jaeger(call, answer, &replay).await,
        "loki-3.7.6" => loki(call, answer, &replay).await,
        "prometheus-2.42" => {
            let client = Prometheus::connect(replay.endpoint()).expect("a client");
            Some(match call {
                "buildinfo" => words(client.probe().await.map(|probe| probe.version)),
                "labels" => words(client.label_values("x", "", window()).await),
                "exemplars" => words(client.exemplars("x", window()).await),
                "rules" => words(client.recording_rules().await),
                "alerts" => return None,
                _ if call.starts_with("range") || call.starts_with("native") => {
                    words(client.range("x", window(), Duration::from_secs(30)).await)
                }
                _ => words(client.instant("x", window().end).await),
            })
        }
        "alertmanager-0.25" => {
            let replay = Replay::serve(move |asked: &Asked| match asked.path.ends_with("/status") {
                true if call_is_ready => recorded("alertmanager-0.25", "status"),
                _ => answer.clone(),
            })
            .await;
            let client = Alertmanager::connect(replay.endpoint()).expect("a client");
            Some(match call {
                "status" | "ready" => words(client.probe().await.map(|probe| probe.version)),
                "silences" => words(client.silences().await),
                "alerts_groups" | "silence_get" | "silence_create" | "silence_delete" | "webhook_firing" => {
                    return None;
                }
                _ => words(client.firing().await),
            })
        }
        other => panic!("{other} is recorded and not known here"),
    }
}

async fn tempo(call: &str, answer: Answer, replay: &Replay) -> Option<String> {
    let client = Tempo::connect(replay.endpoint()).expect("a client");
    Some(match call {
        "tags_v2" | "tag_values_v2" | "metrics_range" | "metrics_range_quantile" => return None,
        "buildinfo" => words(client.probe().await.map(|probe| probe.version)),
        "echo" | "ready" => {
            let page = format!("/{call}");
            let build = if call == "echo" { Answer::new(404, "") } else { recorded("tempo-3.0.3", "buildinfo") };
            let replay = Replay::serve(move |asked: &Asked| match asked.path.ends_with(&page) {
                true => answer.clone(),
                false => build.clone(),
            })
            .await;
            let client = Tempo::connect(replay.endpoint()).expect("a client");
            words(client.probe().await.map(|probe| probe.version))
        }
        _ if call.starts_with("trace_v1") => {
            let replay = Replay::serve(move |asked: &Asked| match asked.path.contains("/v2/") {
                true => Answer::new(404, "404 page not found\n"),
                false => answer.clone(),
            })
            .await;
            let client = Tempo::connect(replay.endpoint()).expect("a client");
            words(client.trace(id(call), None).await)
        }
        _ if call.starts_with("trace_v2") => words(client.trace(id(call), None).await),
        _ => words(client.query("{}", window(), 100).await.map(|found| found.rows)),
    })
}

async fn jaeger(call: &str, answer: Answer, replay: &Replay) -> Option<String> {
    let search = Search { service: Some("checkout".into()), ..Search::default() };
    let client = Jaeger::connect(replay.endpoint()).expect("a client");
    if call == "operations" {
        return None;
    }
    if call == "v3_services" || call == "services" {
        let is_old = call == "services";
        let replay = Replay::serve(move |asked: &Asked| match asked.path.as_str() {
            path if is_old && path.starts_with("/api/v3/") => Answer::new(404, "404 page not found\n"),
            path if path.ends_with("/services") => answer.clone(),
            _ if is_old => recorded("jaeger-2.17", "traces_empty"),
            _ => recorded("jaeger-2.17", "v3_trace_404"),
        })
        .await;
        let client = Jaeger::connect(replay.endpoint()).expect("a client");
        let found = words(client.search(&Search::default(), window(), 20).await.map(|found| found.rows));
        return Some(found + &questions(&replay));
    }
    if call.starts_with("v3_") {
        return Some(match call {
            "v3_traces" => words(client.search(&search, window(), 100).await.map(|found| found.rows)),
            _ => words(client.trace(id(call), None).await),
        });
    }
    let replay = Replay::serve(move |asked: &Asked| match asked.path.starts_with("/api/v3/") {
        true => Answer::new(200, "<!doctype html><title>Jaeger UI</title>"),
        false => answer.clone(),
    })
    .await;
    let client = Jaeger::connect(replay.endpoint()).expect("a client");
    Some(match call {
        "traces_service" | "traces_empty" => words(client.search(&search, window(), 100).await.map(|found| found.rows)),
        _ => words(client.trace(id(call), None).await),
    })
}

async fn loki(call: &str, answer: Answer, replay: &Replay) -> Option<String> {
    let client = Loki::connect(replay.endpoint()).expect("a client");
    Some(match call {
        "series" | "stats" => return None,
        "buildinfo" => words(client.probe().await.map(|probe| probe.version)),
        "ready_starting" => {
            let replay = Replay::serve(move |asked: &Asked| match asked.path.ends_with("/ready") {
                true => answer.clone(),
                false => recorded("loki-3.7.6", "buildinfo"),
            })
            .await;
            let client = Loki::connect(replay.endpoint()).expect("a client");
            words(client.probe().await.map(|probe| probe.version))
        }
        "labels" | "labels_empty_window" => {
            let replay = Replay::serve(move |asked: &Asked| match asked.path.ends_with("/labels") {
                true => answer.clone(),
                false => recorded("loki-3.7.6", "range_empty"),
            })
            .await;
            let client = Loki::connect(replay.endpoint()).expect("a client");
            let found = words(client.of_trace(id(""), window(), 100).await);
            found + &questions(&replay)
        }
        _ => words(client.history("{}", window(), 100).await),
    })
}

/// What a tail tells of these frames, until it has nothing more to tell.
async fn tailed(texts: Vec<String>) -> String {
    let mut acts: Vec<Act> = texts.into_iter().map(Act::Frame).collect();
    acts.push(Act::Close(1011, "only log selector is supported"));
    let server = TailServer::play(Script { connections: vec![acts], ..Script::default() }).await;
    let client = Loki::connect(endpoint(&server.base)).expect("a client");
    let mut tail = client.tail("{}".into(), Timestamp::from_nanos(1));
    let mut told = String::new();
    while let Some(item) = tail.next().await {
        let is_line = format!("{item:?}");
        // A frame that cannot be read ends the connection: that is told as well.
        told += &is_line;
        if is_line.contains("Broken") {
            break;
        }
    }
    told
}

/// The general paths whose leaves change nothing, whatever stands there.
async fn silent(json: &Value, mut tell: impl AsyncFnMut(&Value) -> String) -> BTreeSet<String> {
    let told = tell(json).await;
    let mut silent = BTreeSet::new();
    'paths: for (path, places) in leaves(json) {
        for place in places.iter().take(TRIED) {
            for other in changed(json, place) {
                if tell(&other).await != told {
                    continue 'paths;
                }
            }
        }
        silent.insert(path);
    }
    silent
}

#[tokio::test]
async fn every_field_is_read_or_said_to_be_left_unread() {
    let (mut wrong, mut needed) = (Vec::new(), BTreeSet::new());
    for (server, call, kind) in files() {
        let file = format!("{server}/{call}");
        if SPOKEN.iter().map(|spoken| spoken.file).chain(ELSEWHERE).any(|known| known == file) {
            let told = tell(&server, &call, Answer::new(200, body(&server, &call))).await;
            assert_eq!(told, None, "{file} is asked for by a client of ours: it must be read here");
            continue;
        }
        // A websocket has no head of its own.
        let answer = if kind == "frames.jsonl" { Answer::new(200, "") } else { recorded(&server, &call) };
        let silent = match kind.as_str() {
            "json" => {
                let json: Value = serde_json::from_slice(&body(&server, &call)).expect("JSON");
                silent(&json, async |json| {
                    let answer = answer.clone().with(json.to_string());
                    tell(&server, &call, answer).await.unwrap_or_else(|| panic!("nobody asks for {file}"))
                })
                .await
            }
            "txt" if body(&server, &call).starts_with(b"{") => {
                let json: Value = serde_json::from_slice(&body(&server, &call)).expect("JSON");
                silent(&json, async |json| {
                    let answer = answer.clone().with(json.to_string());
                    tell(&server, &call, answer).await.unwrap_or_else(|| panic!("nobody asks for {file}"))
                })
                .await
            }
            "txt" => {
                let text = String::from_utf8(body(&server, &call)).expect("text");
                let told = tell(&server, &call, answer.clone()).await;
                let other = tell(&server, &call, answer.with(format!("other {text}"))).await;
                let nothing = told == other && !text.is_empty();
                assert!(told.is_some(), "nobody asks for {file}");
                if nothing { BTreeSet::from([String::new()]) } else { BTreeSet::new() }
            }
            // Its fields are those of the JSON: `recorded_traces.rs` compares the two.
            "pb" => {
                let told = tell(&server, &call, answer).await.expect("asked for");
                let named = call.replace("_pb", "_json");
                if !call.contains("404") {
                    assert_eq!(Some(told), tell(&server, &named, recorded(&server, &named)).await, "{file}");
                }
                BTreeSet::new()
            }
            "frames.jsonl" => frames(&server, &call).await,
            other => panic!("{file}: {other} is a kind that is not known here"),
        };
        for path in silent {
            let named = naming(&file, &path);
            if named.is_empty() {
                wrong.push(format!("{file}: {path} is unread and not listed"));
            }
            needed.extend(named);
        }
    }
    for (number, (_, paths, reason)) in UNREAD.iter().enumerate() {
        let idle = paths.iter().filter(|path| !needed.contains(&(number, **path)));
        wrong.extend(idle.map(|path| format!("{path} is listed as unread and is not ({reason})")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Frames of a websocket: what stands in the texts. The rest of each row is the recorder's own.
async fn frames(server: &str, call: &str) -> BTreeSet<String> {
    let name = format!("{}/tests/recorded/{server}/{call}.frames.jsonl", env!("CARGO_MANIFEST_DIR"));
    let rows = std::fs::read_to_string(name).expect("recorded frames");
    let rows: Vec<Value> = rows.lines().map(|row| serde_json::from_str(row).expect("JSON")).collect();
    let texts: Vec<Value> = rows
        .iter()
        .filter_map(|row| row["text"].as_str())
        .map(|text| serde_json::from_str(text).expect("JSON"))
        .collect();
    if texts.is_empty() {
        refused(&rows).await;
        return BTreeSet::new();
    }
    silent(&Value::Array(texts), async |texts| {
        let texts = texts.as_array().expect("a list");
        tailed(texts.iter().map(Value::to_string).collect()).await
    })
    .await
}

/// A tail that is refused, before or after the upgrade: in the server's words, for the caret to stand under.
async fn refused(rows: &[Value]) {
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let head = text(&rows[0], "http");
    let status = head.split(' ').nth(1).and_then(|code| code.parse::<u16>().ok()).expect("a status");
    let leaked = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let (script, said) = if status == 101 {
        let words = leaked(text(&rows[1], "reason"));
        let code = u16::try_from(rows[1]["code"].as_u64().expect("a code")).expect("small");
        (Script { connections: vec![vec![Act::Close(code, words)]], ..Script::default() }, (code, words))
    } else {
        let words = leaked(text(&rows[1], "body"));
        let refusal = Act::Refuse(leaked(format!("{}\r\n\r\n{words}", head.trim_end())));
        (
            Script { connections: vec![vec![refusal]], refusal: Some(("400 Bad Request", words)), ..Script::default() },
            (status, words),
        )
    };
    let server = TailServer::play(script).await;
    let client = Loki::connect(endpoint(&server.base)).expect("a client");
    let told: Vec<_> = client.tail("{}".into(), Timestamp::from_nanos(1)).collect().await;
    let failure = told.into_iter().last().expect("an end").expect_err("a refusal");
    let cause = warroom::domain::Cause::Refused { status: said.0, message: said.1.to_owned() };
    assert_eq!(failure.cause, cause);
}
