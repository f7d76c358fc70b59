//! The layer around every simulated server that makes its faults true. Not `down`: only the listener can refuse (`server.rs`).

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};

use super::partial::{LONGEST_EDITED, partial};
use super::schedule::Schedule;
use super::spec::FaultKind;

const HUGE_CHUNK: usize = 1 << 20;
const HUGE_CHUNKS: usize = 100;
/// How long the first half of a cut answer may take to leave.
const FLUSH: Duration = Duration::from_millis(50);
const LOGIN_PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><h1>Sign in to continue</h1>\
<form method=\"post\" action=\"/login\"><input name=\"user\"><input name=\"password\" type=\"password\"></form></body></html>\n";

/// The router with its faults; without faults it costs a look at the clock.
pub fn wrap(router: Router, schedule: Schedule) -> Router {
    router.layer(from_fn_with_state(Arc::new(schedule), apply))
}

async fn apply(State(schedule): State<Arc<Schedule>>, request: Request, next: Next) -> Response {
    let kinds = schedule.active();
    for kind in &kinds {
        if let FaultKind::Slow(delay) = kind {
            tokio::time::sleep(*delay).await;
        }
    }
    if let Some(answer) = kinds.iter().find_map(|kind| instead(*kind)) {
        return answer;
    }
    let mut answer = next.run(request).await;
    if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
        return answer;
    }
    if kinds.contains(&FaultKind::Partial) {
        answer = partial(schedule.target(), answer).await;
    }
    if kinds.contains(&FaultKind::Truncate) {
        answer = truncate(answer).await;
    }
    answer
}

/// The answer that comes in place of the real one.
fn instead(kind: FaultKind) -> Option<Response> {
    let plain = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    match kind {
        FaultKind::Http(status) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            Some((status, plain, format!("{}\n", status.canonical_reason().unwrap_or("error"))).into_response())
        }
        FaultKind::Garbage => {
            let bytes: &'static [u8] = b"\x00\xff\xfe{{]]\x1b[2J\x80 not JSON \"\\ud800";
            Some(([(header::CONTENT_TYPE, "application/json")], bytes).into_response())
        }
        FaultKind::Html => Some(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], LOGIN_PAGE).into_response()),
        FaultKind::Huge => Some(huge()),
        FaultKind::Unauthorised => {
            let challenge = [(header::WWW_AUTHENTICATE, "Basic realm=\"demo\"")];
            Some((StatusCode::UNAUTHORIZED, plain, challenge, "no valid credentials\n").into_response())
        }
        FaultKind::Throttle(wait) => {
            let seconds = wait.max(Duration::from_secs(1)).as_secs();
            let after = [(header::RETRY_AFTER, HeaderValue::from(seconds))];
            Some((StatusCode::TOO_MANY_REQUESTS, plain, after, "too many requests\n").into_response())
        }
        FaultKind::Down | FaultKind::Slow(_) | FaultKind::Truncate | FaultKind::Partial => None,
        FaultKind::Flood(_) | FaultKind::Disconnect(_) => None,
    }
}

fn huge() -> Response {
    let head = Bytes::from_static(br#"{"status":"success","data":{"resultType":"vector","padding":""#);
    let chunk = Bytes::from(vec![b'a'; HUGE_CHUNK]);
    let chunks = std::iter::once(head).chain(std::iter::repeat_n(chunk, HUGE_CHUNKS));
    let body = Body::from_stream(stream::iter(chunks.map(Ok::<Bytes, io::Error>)));
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// Promises the whole length, sends half of it and breaks off.
async fn truncate(answer: Response) -> Response {
    let (mut parts, body) = answer.into_parts();
    let Ok(bytes) = to_bytes(body, LONGEST_EDITED).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    let half = bytes.slice(..bytes.len() / 2);
    // Without a pause the half would be thrown away with the connection before it is sent.
    let broken = async {
        tokio::time::sleep(FLUSH).await;
        Err(io::Error::new(io::ErrorKind::ConnectionReset, "cut by the fault"))
    };
    let stream = stream::once(async { Ok(half) }).chain(stream::once(broken));
    Response::from_parts(parts, Body::from_stream(stream))
}

#[cfg(test)]
mod tests {
    use super::super::spec::{Fault, Target};
    use super::*;
    use crate::demo::site::Clock;
    use crate::domain::Timestamp;
    use axum::routing::get;

    async fn ask(fault: &str) -> Result<(u16, String, usize), reqwest::Error> {
        drop(rustls::crypto::ring::default_provider().install_default());
        let faults: [Fault; 1] = [fault.parse().expect("a fault")];
        let schedule = Schedule::new(Target::Tempo, Clock::fixed(Timestamp::EPOCH), &faults);
        let answer = r#"{"trace":{},"metrics":{}}"#;
        let real = move || async move { ([(header::CONTENT_TYPE, "application/json")], answer) };
        let router = wrap(Router::new().route("/", get(real)), schedule.clone());
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let server = crate::demo::server::Server::serve(listener, router, schedule).expect("an address");
        let answer = reqwest::get(server.url()).await?;
        let status = answer.status().as_u16();
        let kind = answer.headers()[header::CONTENT_TYPE].to_str().expect("text").to_owned();
        Ok((status, kind, answer.bytes().await?.len()))
    }

    #[tokio::test]
    async fn each_fault_shows_as_itself() {
        let plain = "text/plain; charset=utf-8";
        let known = |text: &'static str| async move { ask(text).await.expect(text) };
        assert_eq!(known("tempo:http=503").await, (503, plain.into(), 20));
        assert_eq!(known("tempo:unauthorised").await.0, 401);
        assert_eq!(known("tempo:throttle=5s").await.0, 429);
        assert_eq!(known("tempo:html").await.1, "text/html; charset=utf-8");
        assert_eq!(known("tempo:garbage").await.1, "application/json");
        assert!(known("tempo:huge").await.2 > 100 << 20);
        assert_eq!(known("tempo:slow=1ms").await, (200, "application/json".into(), 25));
        assert_eq!(known("tempo:html@5s..").await.2, 25, "not yet");
        assert_eq!(known("jaeger:html").await.2, 25, "another server's");
        assert!(known("tempo:partial").await.2 > 25);
    }

    #[tokio::test]
    async fn a_cut_answer_and_a_server_that_is_down_are_transport_errors() {
        let cut = ask("tempo:truncate").await.expect_err("cut");
        assert!(cut.is_body() || cut.is_decode(), "the headers came: {cut:?}");
        assert!(ask("tempo:down").await.is_err());
    }
}
