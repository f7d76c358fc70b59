//! The failing trace of the lost orders: the same by every encoding and version, and found by every kind of search.

use std::time::Duration;

use warroom::backend::{Jaeger, Tempo};
use warroom::demo::{Running, Target};
use warroom::domain::signal::{Kind, Span, Status, Summary};
use warroom::domain::{Cause, TraceId};
use warroom::port::{Search, Traces};

use super::replay::{Answer, Asked, Replay};
use super::stage::{EXEMPLAR, at, between, door, play};

const SEVEN_MINUTES: u32 = 420;

fn exemplar() -> TraceId {
    EXEMPLAR.parse().expect("an id")
}

fn sorted(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by_key(|span| span.id);
    spans
}

fn tempo(running: &Running) -> Tempo {
    Tempo::connect(door(running, Target::Tempo)).expect("a client")
}

fn jaeger(running: &Running) -> Jaeger {
    Jaeger::connect(door(running, Target::Jaeger)).expect("a client")
}

/// What the server sends to someone who wants JSON.
async fn json(base: &str, path: &str) -> Vec<u8> {
    drop(rustls::crypto::ring::default_provider().install_default());
    let ask = reqwest::Client::new().get(format!("{base}{path}")).header("accept", "application/json");
    let answer = ask.send().await.expect("an answer");
    assert_eq!(answer.headers()["content-type"].to_str().expect("text").split(';').next(), Some("application/json"));
    answer.bytes().await.expect("a body").to_vec()
}

#[tokio::test]
async fn tempo_tells_the_same_by_protobuf_and_by_both_forms_of_json() {
    let demo = play(SEVEN_MINUTES, 0.0, &[]).await;
    let client = tempo(&demo);
    assert_eq!(client.probe().await.expect("there").version, "3.0.3");
    let trace = client.trace(exemplar(), Some(between(0, 420))).await.expect("a trace");
    let spans = sorted(trace.spans);
    assert_eq!((spans.len(), trace.partial), (11, None));
    let lock = spans.iter().find(|span| span.name == "BLPOP tariff:lock").expect("the span");
    assert_eq!((lock.service.as_str(), lock.kind), ("pricing", Kind::Client));
    assert_eq!(lock.status, Status::Error("context deadline exceeded".into()));
    assert_eq!(lock.start.since(at(0)), 322_494_000_000);
    assert_eq!(lock.end.since(lock.start), 2_000_000_000);
    assert_eq!(lock.attribute("order_id").map(ToString::to_string).as_deref(), Some("4472146"));
    let body = json(&demo.urls.tempo, &format!("/api/v2/traces/{EXEMPLAR}")).await;
    let first = json(&demo.urls.tempo, &format!("/api/traces/{EXEMPLAR}")).await;
    let replay = Replay::serve(move |_: &Asked| Answer::new(200, body.clone())).await;
    let client = Tempo::connect(replay.endpoint()).expect("a client");
    assert_eq!(sorted(client.trace(exemplar(), None).await.expect("a trace").spans), spans);
    let replay = Replay::serve(move |asked: &Asked| match asked.path.starts_with("/api/v2/") {
        true => Answer::new(404, "404 page not found\n"),
        false => Answer::new(200, first.clone()),
    })
    .await;
    let client = Tempo::connect(replay.endpoint()).expect("a client");
    assert_eq!(sorted(client.trace(exemplar(), None).await.expect("a trace").spans), spans);
    demo.stop().await;
}

#[tokio::test]
async fn jaeger_tells_by_both_versions_what_tempo_tells() {
    let demo = play(SEVEN_MINUTES, 0.0, &[]).await;
    let of_tempo = sorted(tempo(&demo).trace(exemplar(), None).await.expect("a trace").spans);
    let third = jaeger(&demo);
    assert!(third.probe().await.is_ok());
    let of_third = sorted(third.trace(exemplar(), Some(between(0, 420))).await.expect("a trace").spans);
    let body = json(&demo.urls.jaeger, &format!("/api/traces/{EXEMPLAR}")).await;
    let replay = Replay::serve(move |asked: &Asked| match asked.path.starts_with("/api/v3/") {
        true => Answer::new(200, "<!doctype html><title>Jaeger UI</title>"),
        false => Answer::new(200, body.clone()),
    })
    .await;
    let first = Jaeger::connect(replay.endpoint()).expect("a client");
    let of_first = sorted(first.trace(exemplar(), None).await.expect("a trace").spans);
    assert_eq!((of_tempo.len(), of_third.len(), of_first.len()), (11, 11, 11));
    for ((tempo, third), first) in of_tempo.iter().zip(&of_third).zip(&of_first) {
        for other in [third, first] {
            assert_eq!((tempo.id, tempo.parent, tempo.kind), (other.id, other.parent, other.kind));
            assert_eq!((&tempo.service, &tempo.name, &tempo.status), (&other.service, &other.name, &other.status));
            assert_eq!((tempo.start.micros(), tempo.end.micros()), (other.start.micros(), other.end.micros()));
            for (key, value) in &tempo.attributes {
                assert_eq!(other.attribute(key), Some(value), "{key} of {}", tempo.name);
            }
            assert_eq!(tempo.events.len(), other.events.len(), "{}", tempo.name);
        }
    }
    demo.stop().await;
}

#[tokio::test]
async fn a_trace_that_nobody_has_is_not_found() {
    let demo = play(SEVEN_MINUTES, 0.0, &[]).await;
    let nobody: TraceId = "77".parse().expect("an id");
    let (tempo, jaeger) = (tempo(&demo), jaeger(&demo));
    let empty = "trace 00000000000000000000000000000077: the answer is empty (200)";
    let unknown = "trace 00000000000000000000000000000077";
    for (answer, words) in [(tempo.trace(nobody, None).await, empty), (jaeger.trace(nobody, None).await, unknown)] {
        assert_eq!(answer.expect_err("nothing").cause, Cause::NotFound(words.into()));
    }
    demo.stop().await;
}

async fn found(client: &dyn Traces, search: Search) -> Vec<Summary> {
    let found = client.search(&search, between(0, 420), 20).await.expect("rows").rows;
    assert!(found.len() <= 20 && found.is_sorted_by(|one, next| one.start >= next.start), "{search:?}: {found:?}");
    assert!(found.iter().all(|row| between(0, 420).contains(row.start)), "{search:?}: {found:?}");
    found
}

#[tokio::test]
async fn every_kind_of_search_finds_what_it_asks_for() {
    let demo = play(SEVEN_MINUTES, 0.0, &[]).await;
    let (tempo, jaeger) = (tempo(&demo), jaeger(&demo));
    let clients: [(&str, &dyn Traces); 2] = [("tempo", &tempo), ("jaeger", &jaeger)];
    let longer = Some(Duration::from_secs(2));
    let wanted = Some(("order_id".into(), "4472146".into()));
    for (name, client) in clients {
        let failed = found(client, Search { errors_only: true, ..Search::default() }).await;
        assert_eq!(failed.len(), 20, "{name}");
        assert!(failed.iter().all(|row| row.errors.is_some_and(|errors| errors > 0)), "{name}: {failed:?}");
        let slow = found(client, Search { longer_than: longer, ..Search::default() }).await;
        assert!(!slow.is_empty() && slow.iter().all(|row| row.duration_nanos >= 2_000_000_000), "{name}: {slow:?}");
        let service = Some("routing".into());
        let one =
            found(client, Search { service: service.clone(), attribute: wanted.clone(), ..Search::default() }).await;
        assert_eq!(one.iter().map(|row| row.trace).collect::<Vec<_>>(), [exemplar()], "{name}");
        assert_eq!((one[0].root_service.as_str(), one[0].root_name.as_str()), ("edge-gateway", "POST /orders"));
        // From the first start to the last end as they were reported: the clock of the inventory's node is ahead.
        assert_eq!(one[0].duration_nanos, 2_499_000_000, "{name}");
        let nothing = Search { service, attribute: Some(("order_id".into(), "1".into())), ..Search::default() };
        assert_eq!(found(client, nothing).await, [], "{name}");
        let nobody = Search { service: Some("nobody".into()), ..Search::default() };
        assert_eq!(found(client, nobody).await, [], "{name}");
    }
    demo.stop().await;
}
