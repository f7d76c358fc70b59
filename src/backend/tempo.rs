//! Grafana Tempo: a trace by its id, and TraceQL to find some.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use futures_util::future::BoxFuture;

use super::endpoint::Endpoint;
use super::http::{Answered, Ask, Http, TRACE_BOUND};
use super::otlp::Decoded;
use super::{otlp, tempo_wire as wire};
use crate::domain::signal::Listing;
use crate::domain::{Cause, Failure, SpanId, Symbol, Timestamp, TraceId, Window};
use crate::port::{Fetched, Probe, Reply, Search, Traces};

/// A client of one Tempo.
pub struct Tempo {
    http: Http,
    /// An old server, which does not know `/api/v2/traces`.
    first_version: AtomicBool,
}

impl Tempo {
    /// Connects nothing yet; fails for what can be known without asking: a bad URL, header or certificate.
    ///
    /// # Errors
    /// `Unreachable`, with the reason.
    pub fn connect(endpoint: Endpoint) -> Result<Self, Failure> {
        Ok(Self { http: Http::new(endpoint)?, first_version: AtomicBool::new(false) })
    }

    async fn fetch(&self, id: TraceId, around: Option<Window>) -> Result<Fetched, Cause> {
        let text = id.to_string();
        let mut decoded = None;
        if !self.first_version.load(Ordering::Relaxed) {
            let answered = self.http.send(&by_id(&["api", "v2", "traces", &text], around)).await?;
            if answered.status == 404 && answered.body.starts_with(b"404 page not found") {
                self.first_version.store(true, Ordering::Relaxed);
            } else {
                decoded = Some(decode(answered, otlp::decode_by_id)?);
            }
        }
        let decoded = match decoded {
            Some(decoded) => decoded,
            None => {
                let answered = self.http.send(&by_id(&["api", "traces", &text], around)).await?;
                decode(answered, otlp::decode_traces)?
            }
        };
        if decoded.spans.is_empty() && decoded.skipped == 0 {
            // A 200 with nothing in it is how the second version says no; it also comes while the first spans are written.
            let why =
                if decoded.is_unknown { "the server knows no such trace (404)" } else { "the answer is empty (200)" };
            return Err(Cause::NotFound(format!("trace {text}: {why}")));
        }
        Ok(Fetched { partial: decoded.partial_in_words(), spans: decoded.spans })
    }

    async fn version(&self) -> Result<String, Cause> {
        let answered = self.http.send(&Ask::get(&["api", "status", "buildinfo"])).await?;
        if answered.status != 404 {
            let version = wire::version(&answered.success()?)?;
            // While it starts it tells its version and lacks the newest spans.
            self.http.ready(&["ready"]).await?;
            return Ok(version);
        }
        self.http.body(&Ask::get(&["api", "echo"])).await.map(|_| String::new())
    }
}

impl Traces for Tempo {
    fn name(&self) -> &Symbol {
        self.http.name()
    }

    fn probe(&self) -> BoxFuture<'_, Reply<Probe>> {
        Box::pin(async {
            let asked = Instant::now();
            let version = self.version().await.map_err(|cause| self.http.fail(cause))?;
            Ok(Probe { version, latency: asked.elapsed() })
        })
    }

    fn trace(&self, id: TraceId, around: Option<Window>) -> BoxFuture<'_, Reply<Fetched>> {
        Box::pin(async move { self.fetch(id, around).await.map_err(|cause| self.http.fail(cause)) })
    }

    fn search<'a>(&'a self, search: &'a Search, window: Window, limit: usize) -> BoxFuture<'a, Reply<Listing>> {
        Box::pin(async move { self.query(&wire::traceql(search), window, limit).await })
    }

    fn query<'a>(&'a self, query: &'a str, window: Window, limit: usize) -> BoxFuture<'a, Reply<Listing>> {
        Box::pin(async move {
            let (start, end) = seconds(window);
            let ask = Ask::get(&["api", "search"])
                .pair("q", query)
                .pair("start", start)
                .pair("end", end)
                .pair("limit", limit.max(1))
                .pair("spss", 1);
            let found = async { wire::listing(&self.http.body(&ask).await?, limit) };
            found.await.map_err(|cause| self.http.fail(cause))
        })
    }

    fn holding(&self, span: SpanId, window: Window, limit: usize) -> BoxFuture<'_, Reply<Option<Listing>>> {
        Box::pin(async move {
            match self.query(&wire::of_span(span), window, limit).await {
                Err(failure) if wire::is_unspoken(&failure.cause) => Ok(None),
                answer => answer.map(Some),
            }
        })
    }

    fn services(&self, window: Window) -> BoxFuture<'_, Reply<Vec<Symbol>>> {
        Box::pin(async move {
            let (start, end) = seconds(window);
            let ask = Ask::get(&["api", "v2", "search", "tag", "resource.service.name", "values"])
                .pair("start", start)
                .pair("end", end);
            let told = async { wire::values(&self.http.body(&ask).await?) };
            told.await.map_err(|cause| self.http.fail(cause))
        })
    }
}

fn by_id<'a>(path: &[&'a str], around: Option<Window>) -> Ask<'a> {
    let mut ask = Ask { accept: "application/protobuf", bound: TRACE_BOUND, ..Ask::get(path) };
    if let Some(window) = around {
        let (start, end) = seconds(window);
        ask = ask.pair("start", start).pair("end", end);
    }
    ask
}

/// Whole seconds around the window, which Tempo wants as 32 bits and never empty.
fn seconds(window: Window) -> (i64, i64) {
    let most = i64::from(u32::MAX);
    let start = window.start.seconds().clamp(0, most - 1);
    let up = |moment: Timestamp| moment.shifted(999_999_999).seconds();
    (start, up(window.end).clamp(start + 1, most))
}

/// What came decides, not what was asked for: a proxy or an older server may answer JSON.
fn decode(answered: Answered, proto: fn(&[u8]) -> Result<Decoded, Cause>) -> Result<Decoded, Cause> {
    match answered.status {
        404 => return Ok(Decoded { is_unknown: true, ..Decoded::default() }),
        422 => {
            let Cause::Refused { status, message } = answered.cause() else { return Err(answered.cause()) };
            // The setting stands first: the rest of the row may be cut.
            let message = format!("larger than its max_bytes_per_trace: {message}");
            return Err(Cause::Refused { status, message });
        }
        _ => {}
    }
    let is_proto = answered.content_type.contains("protobuf");
    let body = answered.success()?;
    let is_json = matches!(body.trim_ascii_start().first(), Some(b'{' | b'<'));
    if is_proto || !is_json { proto(&body) } else { otlp::decode_json(body) }
}
