//! Grafana Loki: lines of the past, the lines of a trace, lines as they come.

use std::sync::Arc;
use std::time::Instant;

use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

use super::endpoint::Endpoint;
use super::http::{Ask, Http};
use super::loki_query::Client;
use super::{loki_tail, loki_wire as wire};
use crate::domain::signal::Line;
use crate::domain::{Cause, Failure, Labels, Symbol, Timestamp, TraceId, Window};
use crate::port::{History, Logs, Probe, Reply, Tailed};

/// A client of one Loki.
pub struct Loki(Arc<Client>);

impl Loki {
    /// Connects nothing yet; fails for what can be known without asking: a bad URL, header or certificate.
    ///
    /// # Errors
    /// `Unreachable`, with the reason.
    pub fn connect(endpoint: Endpoint) -> Result<Self, Failure> {
        Ok(Self(Arc::new(Client::new(Http::new(endpoint)?))))
    }

    async fn version(&self) -> Result<String, Cause> {
        let http = &self.0.http;
        let answered = http.send(&Ask::get(&["loki", "api", "v1", "status", "buildinfo"])).await?;
        if answered.status != 404 {
            let version = wire::version(&answered.success()?)?;
            // While it starts it tells its version and lacks the newest lines.
            http.ready(&["ready"]).await?;
            return Ok(version);
        }
        // A gateway may let only questions about logs through.
        let labels = http.body(&Ask::get(&["loki", "api", "v1", "labels"])).await?;
        wire::names(&labels).map(|_| String::new())
    }
}

impl Logs for Loki {
    fn name(&self) -> &Symbol {
        self.0.http.name()
    }

    fn probe(&self) -> BoxFuture<'_, Reply<Probe>> {
        Box::pin(async {
            let asked = Instant::now();
            let version = self.version().await.map_err(|cause| self.0.http.fail(cause))?;
            Ok(Probe { version, latency: asked.elapsed() })
        })
    }

    fn history<'a>(&'a self, query: &'a str, window: Window, limit: usize) -> BoxFuture<'a, Reply<History>> {
        Box::pin(async move {
            let history = self.0.pages(query, window.start, Some(window.end), limit).await;
            history.map_err(|cause| self.0.http.fail(cause))
        })
    }

    fn of_trace(&self, trace: TraceId, window: Window, limit: usize) -> BoxFuture<'_, Reply<History>> {
        Box::pin(async move {
            let history = self.0.of_trace(trace, window, limit).await;
            history.map_err(|cause| self.0.http.fail(cause))
        })
    }

    fn around<'a>(&'a self, stream: &'a Labels, at: Timestamp, limit: usize) -> BoxFuture<'a, Reply<Vec<Line>>> {
        Box::pin(async move { self.0.around(stream, at, limit).await.map_err(|cause| self.0.http.fail(cause)) })
    }

    fn count<'a>(&'a self, query: &'a str, window: Window) -> BoxFuture<'a, Reply<u64>> {
        Box::pin(async move {
            // A window does not hold its end.
            let count = self.0.count(query, window.start, window.end.shifted(-1)).await;
            count.map_err(|cause| self.0.http.fail(cause))
        })
    }

    fn by_service<'a>(&'a self, query: &'a str, window: Window) -> BoxFuture<'a, Reply<Vec<(Symbol, u64)>>> {
        Box::pin(async move { self.0.by_service(query, window).await.map_err(|cause| self.0.http.fail(cause)) })
    }

    fn versions(&self, window: Window) -> BoxFuture<'_, Reply<Vec<(Symbol, Symbol)>>> {
        Box::pin(async move { self.0.versions(window).await.map_err(|cause| self.0.http.fail(cause)) })
    }

    fn tail(&self, query: String, from: Timestamp) -> BoxStream<'static, Reply<Tailed>> {
        loki_tail::tail(Arc::clone(&self.0), query, from)
    }
}
