//! Servers that lie, stall, stammer or refuse: every client says what is wrong and never panics.

use std::time::Duration;

use url::Url;
use warroom::backend::{Alertmanager, Credential, Endpoint, Jaeger, Loki, Prometheus, Tempo};
use warroom::domain::{Cause, Failure, Timestamp, TraceId, Window};
use warroom::port::{Alerts, Logs, Metrics, Traces};

use super::replay::{Answer, Asked, Replay, endpoint, raw};

const DAY: Window = Window { start: Timestamp::EPOCH, end: Timestamp::from_seconds(86_400) };

/// What each client makes of the same server, by its name.
async fn all(at: &Endpoint) -> Vec<(&'static str, Failure)> {
    let id: TraceId = "1".parse().expect("an id");
    let metrics = Prometheus::connect(at.clone()).expect("a client");
    let logs = Loki::connect(at.clone()).expect("a client");
    let tempo = Tempo::connect(at.clone()).expect("a client");
    let jaeger = Jaeger::connect(at.clone()).expect("a client");
    let alerts = Alertmanager::connect(at.clone()).expect("a client");
    vec![
        ("metrics", metrics.instant("up", Timestamp::EPOCH).await.expect_err("a failure")),
        ("logs", logs.history("{}", DAY, 10).await.expect_err("a failure")),
        ("tempo", tempo.trace(id, None).await.expect_err("a failure")),
        ("jaeger", jaeger.trace(id, None).await.expect_err("a failure")),
        ("alerts", alerts.firing().await.expect_err("a failure")),
    ]
}

async fn always(answer: Answer) -> Vec<(&'static str, Failure)> {
    let replay = Replay::serve(move |_: &Asked| answer.clone()).await;
    all(&replay.endpoint()).await
}

#[tokio::test]
async fn garbage_is_malformed() {
    for garbage in ["{", "[[[", "\u{0}\u{1}\u{2}", "7", "nul", "{\"trace\":[}"] {
        for (client, failure) in always(Answer::new(200, garbage)).await {
            assert!(matches!(failure.cause, Cause::Malformed(_)), "{client} of {garbage:?}: {failure}");
            assert_eq!(failure.source, "lab");
        }
    }
}

#[tokio::test]
async fn a_login_page_is_named() {
    let page = Answer::new(200, "\n<!DOCTYPE html><title>Sign in</title>").header("content-type", "text/html");
    for (client, failure) in always(page).await {
        assert!(failure.to_string().contains("login page"), "{client}: {failure}");
    }
}

#[tokio::test]
async fn no_entrance_and_no_patience() {
    for (client, failure) in always(Answer::new(401, "no org id\n")).await {
        assert!(matches!(&failure.cause, Cause::Unauthorised(why) if why.contains("tenant")), "{client}: {failure}");
    }
    for (client, failure) in always(Answer::new(403, "")).await {
        assert!(matches!(failure.cause, Cause::Unauthorised(_)), "{client}: {failure}");
    }
    for (client, failure) in always(Answer::new(429, "slow down").header("retry-after", "7")).await {
        assert_eq!(failure.cause, Cause::Throttled(Some(Duration::from_secs(7))), "{client}");
    }
    for (client, failure) in always(Answer::new(429, "slow down")).await {
        assert_eq!(failure.cause, Cause::Throttled(None), "{client}");
    }
}

#[tokio::test]
async fn a_cut_answer_is_malformed() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"status\":";
    let base = raw(Some(head.as_bytes().to_vec())).await;
    for (client, failure) in all(&endpoint(&base)).await {
        assert_eq!(failure.cause, Cause::Malformed("the answer was cut short".into()), "{client}");
    }
}

#[tokio::test]
async fn an_endless_answer_is_not_read_to_its_end() {
    let mut endless = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[".to_vec();
    endless.resize(17 * 1024 * 1024, b' ');
    let client = Prometheus::connect(endpoint(&raw(Some(endless)).await)).expect("a client");
    let failure = client.instant("up", Timestamp::EPOCH).await.expect_err("too large");
    assert_eq!(failure.cause, Cause::TooLarge(16 * 1024 * 1024));
}

/// One that says itself that it is too large is not begun: nothing of it need come.
#[tokio::test]
async fn an_answer_of_ten_gigabytes_is_not_begun() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10737418240\r\n\r\n[";
    let base = raw(Some(head.as_bytes().to_vec())).await;
    for (client, failure) in all(&endpoint(&base)).await {
        assert!(matches!(failure.cause, Cause::TooLarge(_)), "{client}: {failure}");
    }
}

#[tokio::test]
async fn silence_ends_at_the_deadline() {
    let deadline = Duration::from_millis(80);
    let silent = Endpoint { timeout: deadline, ..endpoint(&raw(None).await) };
    for (client, failure) in all(&silent).await {
        assert_eq!(failure.cause, Cause::TimedOut(deadline), "{client}");
    }
}

#[tokio::test]
async fn nobody_there_is_said_without_the_url() {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let mut base = super::replay::base(&listener);
    drop(listener);
    base.set_password(Some("s3cret")).expect("a password");
    base.set_query(Some("token=s3cret"));
    for (client, failure) in all(&endpoint(&base)).await {
        let said = failure.to_string();
        assert!(matches!(failure.cause, Cause::Unreachable(_)), "{client}: {said}");
        assert!(said.contains("refused") && !said.contains("s3cret") && !said.contains("127.0.0.1"), "{said}");
    }
}

#[tokio::test]
async fn credentials_stay_with_their_host() {
    let other = Replay::serve(|_: &Asked| Answer::new(200, "[]")).await;
    let elsewhere = other.base.as_str().replace("127.0.0.1", "localhost");
    let replay = Replay::serve(move |_: &Asked| Answer::new(302, "").header("location", &elsewhere)).await;
    let credential = Some(Credential::Bearer("t0ken".into()));
    let client = Alertmanager::connect(Endpoint { credential, ..replay.endpoint() }).expect("a client");
    let cause = client.firing().await.expect_err("refused").cause;
    assert!(matches!(&cause, Cause::Refused { status: 302, message } if message.contains("localhost")), "{cause:?}");
    assert!(other.asked().is_empty());
}

#[tokio::test]
async fn a_url_that_is_none_of_ours_is_refused_at_once() {
    let ftp = Endpoint::new("lab", Url::parse("ftp://127.0.0.1/").expect("a URL"));
    assert!(
        matches!(Loki::connect(ftp).err().expect("refused").cause, Cause::Unreachable(why) if why.contains("http"))
    );
}
