//! One client for one server: deadlines, headers, body bound, retries, and every failure as a [`Cause`]. No error ever
//! holds a URL or a header. Not what the answers mean: that is each vendor's file.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use tokio::sync::Semaphore;
use url::{Host, Url};

use super::endpoint::Endpoint;
use super::{retry, skew, tls, words};
use crate::domain::{Cause, Failure, Symbol};

const MIB: usize = 1024 * 1024;
/// The most that is read of an answer.
pub(super) const BODY_BOUND: usize = 16 * MIB;
/// The most that is read of a trace.
pub(super) const TRACE_BOUND: usize = 64 * MIB;
/// Answers up to here are read side by side, however many there are.
pub(super) const SMALL: usize = MIB;
/// Larger ones of one server at a time: dozens of questions are open at once, and each may be answered without end.
pub(super) const LARGE_AT_ONCE: usize = 2;
/// The most that is read of an error.
const ERROR_BOUND: usize = 64 * 1024;
const CONNECT_DEADLINE: Duration = Duration::from_secs(5);
const MOST_REDIRECTS: usize = 5;
/// Connections that are kept for the next question: as many as one turn of the polls asks at the same time, so that none is
/// opened anew each time. Those of a burst beyond them are closed when they have answered.
const MOST_IDLE: usize = 16;
const IDLE: Duration = Duration::from_secs(45);

/// One question. `path` is appended to the server's base, each segment percent-encoded.
#[derive(Clone, Debug)]
pub(super) struct Ask<'a> {
    pub path: Vec<&'a str>,
    pub pairs: Vec<(&'a str, String)>,
    /// Sends the pairs as a form by POST, and does not retry.
    pub form: bool,
    pub accept: &'static str,
    pub extra: Option<(&'static str, &'static str)>,
    pub bound: usize,
}

impl<'a> Ask<'a> {
    pub(super) fn get(path: &[&'a str]) -> Self {
        Self {
            path: path.to_vec(),
            pairs: Vec::new(),
            form: false,
            accept: "application/json",
            extra: None,
            bound: BODY_BOUND,
        }
    }

    pub(super) fn pair(mut self, name: &'a str, value: impl ToString) -> Self {
        self.pairs.push((name, value.to_string()));
        self
    }
}

/// An answer of any status that is about the question (not 401, 403, 429, nor 502 to 504).
#[derive(Debug)]
pub(super) struct Answered {
    pub status: u16,
    pub content_type: String,
    pub body: Vec<u8>,
    /// Of the server's clock against ours, in seconds; see `skew.rs`.
    pub skew: Option<i64>,
}

impl Answered {
    /// The body of a 2xx, or what the server's status and words amount to.
    pub(super) fn success(self) -> Result<Vec<u8>, Cause> {
        if (200..300).contains(&self.status) { Ok(self.body) } else { Err(self.cause()) }
    }

    pub(super) fn cause(&self) -> Cause {
        let message = words::of_error(&self.body);
        match self.status {
            404 if message.is_empty() => Cause::NotFound("the server has no such thing".into()),
            404 => Cause::NotFound(message),
            400 if message.contains("Authentication to data source failed") => {
                Cause::Unauthorised("Grafana's own credentials for this data source are not accepted".into())
            }
            status if status >= 500 => Cause::Failing { status, message },
            status => Cause::Refused { status, message },
        }
    }
}

pub(super) struct Http {
    name: Symbol,
    base: Url,
    client: Client,
    headers: HeaderMap,
    tls: Arc<rustls::ClientConfig>,
    timeout: Duration,
    /// Turns of the answers of more than [`SMALL`].
    large: Semaphore,
}

impl Http {
    /// Checks all that can be checked without a connection.
    pub(super) fn new(mut endpoint: Endpoint) -> Result<Self, Failure> {
        endpoint.take_userinfo();
        let fail = |reason: String| Failure::new(endpoint.name.clone(), Cause::Unreachable(reason));
        if !matches!(endpoint.base.scheme(), "http" | "https") || endpoint.base.host().is_none() {
            return Err(fail("the URL must begin with http:// or https:// and name a host".into()));
        }
        let headers = endpoint.headers().map_err(|reason| fail(reason.into()))?;
        let needed = endpoint.base.scheme() == "https";
        let tls = tls::client_config(endpoint.ca_file.as_deref(), needed).map_err(fail)?;
        let mut builder = Client::builder()
            .tls_backend_preconfigured(tls.clone())
            .default_headers(headers.clone())
            .user_agent(concat!("warroom/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_DEADLINE.min(endpoint.timeout))
            .pool_max_idle_per_host(MOST_IDLE)
            .pool_idle_timeout(IDLE)
            .redirect(redirects(headers.is_empty()));
        if is_loopback(&endpoint.base) {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| fail(reason(&error.without_url())))?;
        let Endpoint { name, base, timeout, .. } = endpoint;
        Ok(Self { name, base, client, headers, tls: Arc::new(tls), timeout, large: Semaphore::new(LARGE_AT_ONCE) })
    }

    pub(super) const fn name(&self) -> &Symbol {
        &self.name
    }

    #[cfg(test)]
    pub(super) fn free_turns(&self) -> usize {
        self.large.available_permits()
    }

    pub(super) const fn timeout(&self) -> Duration {
        self.timeout
    }

    /// The base without a user, and the tenant.
    pub(super) fn place(&self) -> String {
        let tenant = text(self.headers.get("x-scope-orgid"));
        format!("{} {tenant}", self.base)
    }

    /// What a websocket needs to say beside its own headers.
    pub(super) const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    pub(super) fn tls(&self) -> Arc<rustls::ClientConfig> {
        Arc::clone(&self.tls)
    }

    pub(super) fn fail(&self, cause: Cause) -> Failure {
        Failure::new(self.name.clone(), cause)
    }

    pub(super) fn url(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }

    /// The body of a 2xx.
    pub(super) async fn body(&self, ask: &Ask<'_>) -> Result<Vec<u8>, Cause> {
        self.send(ask).await?.success()
    }

    /// The answer of any status that is about the question. Retries within the deadline what may be retried.
    pub(super) async fn send(&self, ask: &Ask<'_>) -> Result<Answered, Cause> {
        let answer = retry::quickly(!ask.form, || self.once(ask));
        match tokio::time::timeout(self.timeout, answer).await {
            Ok(answer) => answer,
            Err(_) => Err(Cause::TimedOut(self.timeout)),
        }
    }

    /// Fails, in the server's words, while it says at this path that it is up and cannot answer yet. One that has no such page,
    /// or does not let us see it, is taken for ready.
    pub(super) async fn ready(&self, path: &[&str]) -> Result<(), Cause> {
        let ask = Ask::get(path);
        match tokio::time::timeout(self.timeout, self.once(&ask)).await {
            Ok(Err(cause @ Cause::Failing { status: 503, .. })) => Err(cause),
            _ => Ok(()),
        }
    }

    async fn once(&self, ask: &Ask<'_>) -> Result<Answered, Cause> {
        let mut url = self.url(&ask.path);
        let request = if ask.form {
            self.client.post(url).form(&ask.pairs)
        } else {
            if !ask.pairs.is_empty() {
                url.query_pairs_mut().extend_pairs(&ask.pairs);
            }
            self.client.get(url)
        };
        let mut request = request.header(ACCEPT, ask.accept);
        if let Some((name, value)) = ask.extra {
            request = request.header(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let response = request.send().await.map_err(|error| self.unreached(&error.without_url()))?;
        self.read(response, ask.bound).await
    }

    async fn read(&self, mut response: Response, bound: usize) -> Result<Answered, Cause> {
        let status = response.status();
        let content_type = text(response.headers().get(CONTENT_TYPE)).to_ascii_lowercase();
        let wait = retry::after(text(response.headers().get(RETRY_AFTER)));
        let target = host_of(text(response.headers().get(LOCATION)));
        let skew = skew::of(response.headers(), chrono::Utc::now());
        // Of an error the beginning is enough.
        let (bound, whole) = if status.is_success() { (bound, true) } else { (bound.min(ERROR_BOUND), false) };
        let too_large = || Cause::TooLarge(u64::try_from(bound).unwrap_or(u64::MAX));
        // A body that grows step by step is two bodies for a moment.
        let told = response.content_length().map_or(0, |told| usize::try_from(told).unwrap_or(usize::MAX));
        if whole && told > bound {
            return Err(too_large());
        }
        let mut turn = if told.min(bound) > SMALL { self.large.acquire().await.ok() } else { None };
        let mut body = Vec::with_capacity(told.min(bound));
        while let Some(chunk) = response.chunk().await.map_err(|error| self.cut_short(&error))? {
            if turn.is_none() && body.len() + chunk.len() > SMALL {
                turn = self.large.acquire().await.ok();
            }
            let room = bound.saturating_sub(body.len());
            if chunk.len() > room {
                if whole {
                    return Err(too_large());
                }
                body.extend(chunk.iter().take(room));
                break;
            }
            body.extend_from_slice(&chunk);
        }
        let message = || words::of_error(&body);
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(Cause::Unauthorised(unauthorised(&message()))),
            StatusCode::TOO_MANY_REQUESTS => Err(Cause::Throttled(wait)),
            StatusCode::SERVICE_UNAVAILABLE if wait.is_some() => Err(Cause::Throttled(wait)),
            StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
                Err(Cause::Failing { status: status.as_u16(), message: message() })
            }
            redirect if redirect.is_redirection() => Err(Cause::Refused {
                status: redirect.as_u16(),
                message: format!("it sends us on to {target}, which we do not follow with our credentials"),
            }),
            _ => Ok(Answered { status: status.as_u16(), content_type, body, skew }),
        }
    }

    fn unreached(&self, error: &reqwest::Error) -> Cause {
        if error.is_timeout() && !error.is_connect() {
            Cause::TimedOut(self.timeout)
        } else {
            Cause::Unreachable(reason(error))
        }
    }

    fn cut_short(&self, error: &reqwest::Error) -> Cause {
        if error.is_timeout() {
            Cause::TimedOut(self.timeout)
        } else {
            Cause::Malformed("the answer was cut short".into())
        }
    }
}

/// Follows within the same host; to another host only when there is nothing to give away.
fn redirects(harmless: bool) -> Policy {
    Policy::custom(move |attempt| {
        let first = attempt.previous().first();
        let same = first.is_some_and(|first| {
            first.host() == attempt.url().host() && (first.scheme() == "http" || attempt.url().scheme() == "https")
        });
        if attempt.previous().len() > MOST_REDIRECTS || !(same || harmless) { attempt.stop() } else { attempt.follow() }
    })
}

fn host_of(location: &str) -> String {
    let host = Url::parse(location).ok().and_then(|url| url.host_str().map(words::clean));
    host.unwrap_or_else(|| "another place".into())
}

fn is_loopback(base: &Url) -> bool {
    match base.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    }
}

fn text(value: Option<&HeaderValue>) -> &str {
    value.and_then(|value| value.to_str().ok()).unwrap_or("")
}

fn unauthorised(message: &str) -> String {
    match message {
        "no org id" => "no org id: this server wants a `tenant`".into(),
        "" => "the server does not accept our credentials".into(),
        _ => message.into(),
    }
}

/// The innermost words of an error: `error sending request` says nothing, `connection refused` does.
pub(super) fn reason(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    words::clean(&innermost.to_string())
}
