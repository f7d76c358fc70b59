//! Jaeger: the stable API (v3, OTLP) first, the internal one (v1) behind it for servers that lack it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt};

use super::super::endpoint::Endpoint;
use super::super::http::{Answered, Ask, Http, TRACE_BOUND};
use super::super::otlp::Decoded;
use super::super::{jaeger_wire as wire, lenient, otlp, summary, words};
use super::ask::{self, SPELLED};
use crate::domain::signal::{Listing, Summary};
use crate::domain::{Cause, Failure, SpanId, Symbol, TraceId, Window};
use crate::port::{Fetched, Probe, Reply, Search, Traces};

/// Without a service in the question so many of them are searched, and all at once.
const MOST_SERVICES: usize = 8;

/// A client of one Jaeger query server.
pub struct Jaeger {
    http: Http,
    /// The server was seen not to know v3.
    first_version: AtomicBool,
}

impl Jaeger {
    /// Connects nothing yet; fails for what can be known without asking: a bad URL, header or certificate.
    ///
    /// # Errors
    /// `Unreachable`, with the reason.
    pub fn connect(endpoint: Endpoint) -> Result<Self, Failure> {
        Ok(Self { http: Http::new(endpoint)?, first_version: AtomicBool::new(false) })
    }

    /// Asks v3, and v1 when the server turns out not to speak v3; that is remembered.
    async fn either(&self, third: &Ask<'_>, first: &Ask<'_>) -> Result<(Answered, bool), Cause> {
        if !self.first_version.load(Ordering::Relaxed) {
            let answered = self.http.send(third).await?;
            if !lacks_third(&answered) {
                return Ok((answered, true));
            }
            self.first_version.store(true, Ordering::Relaxed);
        }
        Ok((self.http.send(first).await?, false))
    }

    async fn fetch(&self, id: TraceId, around: Option<Window>) -> Result<Fetched, Cause> {
        let text = id.to_string();
        let (third, first) = (ask::third_by_id(&text, around), ask::first_by_id(&text, around));
        let (answered, is_third) = self.either(&third, &first).await?;
        let decoded = decode(answered, is_third)?;
        if decoded.spans.is_empty() && decoded.skipped == 0 {
            return Err(Cause::NotFound(format!("trace {text}")));
        }
        Ok(Fetched { partial: decoded.partial_in_words(), spans: decoded.spans })
    }

    async fn known(&self) -> Result<Vec<Symbol>, Cause> {
        let (third, first) = (Ask::get(&["api", "v3", "services"]), Ask::get(&["api", "services"]));
        let (answered, is_third) = self.either(&third, &first).await?;
        let body = answered.success()?;
        if !is_third {
            return wire::names(&body);
        }
        #[derive(serde::Deserialize)]
        struct Services<'a> {
            #[serde(borrow, default, deserialize_with = "lenient::or_default")]
            services: Vec<lenient::Text<'a>>,
        }
        let known: Services<'_> = lenient::decode(&body)?;
        Ok(known.services.iter().map(|name| Symbol::from(name.as_str())).collect())
    }

    async fn of_service(&self, search: &Search, window: Window, limit: usize) -> Result<Listing, Cause> {
        let depth = limit.max(1).to_string();
        let mut third = Ask { bound: TRACE_BOUND, ..Ask::get(&["api", "v3", "traces"]) };
        let values = ask::third_values(search, window, &depth);
        for ((camel, snake), value) in SPELLED.iter().zip(values) {
            if let Some(value) = value {
                third = third.pair(camel, &value).pair(snake, value);
            }
        }
        let first = ask::first_search(search, window, &depth);
        let (answered, is_third) = self.either(&third, &first).await?;
        // v3 says 404 where v1 gives an empty list.
        Ok(Listing::limited(summary::of_spans(&decode(answered, is_third)?.spans), limit))
    }

    /// Servers want a service. When none is asked for, a few are searched, each for failed traces as well.
    async fn find(&self, search: &Search, window: Window, limit: usize) -> Result<Listing, Cause> {
        if search.linked_to.is_some() {
            // Neither API searches by links.
            return Ok(Listing::default());
        }
        if search.service.is_some() {
            return self.of_service(search, window, limit).await;
        }
        let mut services = self.known().await?;
        services.sort_unstable();
        let all = services.len();
        services.truncate(MOST_SERVICES);
        let searches: Vec<Search> = services
            .into_iter()
            .flat_map(|service| {
                let failed = Search { service: Some(service), errors_only: true, ..search.clone() };
                let any = Search { errors_only: false, ..failed.clone() };
                std::iter::once(failed).chain((!search.errors_only).then_some(any))
            })
            .collect();
        let asked: Vec<_> = searches.iter().map(|search| self.of_service(search, window, limit)).collect();
        let found: Vec<_> = stream::iter(asked).buffer_unordered(MOST_SERVICES).collect().await;
        let mut rows = BTreeMap::new();
        let (mut more, mut failure, mut failed) = (false, None, 0);
        for result in found {
            match result {
                Ok(found) => {
                    more |= found.more;
                    rows.extend(found.rows.into_iter().map(|row| (row.trace, row)));
                }
                Err(cause) => (failure, failed) = (Some(cause), failed + 1),
            }
        }
        match failure {
            Some(cause) if rows.is_empty() => Err(cause),
            _ => {
                more |= rows.len() > limit;
                let partial = match failed {
                    0 if all > MOST_SERVICES => Some(format!("{MOST_SERVICES} of {all} services")),
                    0 => None,
                    failed => Some(format!("{} of {} searches", searches.len() - failed, searches.len())),
                };
                Ok(Listing { rows: best(rows.into_values().collect(), limit), more, partial })
            }
        }
    }
}

/// When there are too many, failed traces stay and others go.
fn best(mut rows: Vec<Summary>, limit: usize) -> Vec<Summary> {
    summary::newest_first(&mut rows);
    rows.sort_by_key(|row| row.errors.unwrap_or(0) == 0);
    rows.truncate(limit);
    rows
}

impl Traces for Jaeger {
    fn query<'a>(&'a self, query: &'a str, window: Window, limit: usize) -> BoxFuture<'a, Reply<Listing>> {
        let _ = (query, window, limit);
        let message = "this server has no query language: name a tempo as a [[source]]".to_owned();
        Box::pin(async move { Err(Failure::new(self.name().clone(), Cause::Refused { status: 501, message })) })
    }

    fn name(&self) -> &Symbol {
        self.http.name()
    }

    /// Jaeger's query API tells no version.
    fn probe(&self) -> BoxFuture<'_, Reply<Probe>> {
        Box::pin(async {
            let asked = Instant::now();
            self.known().await.map_err(|cause| self.http.fail(cause))?;
            Ok(Probe { version: String::new(), latency: asked.elapsed() })
        })
    }

    fn trace(&self, id: TraceId, around: Option<Window>) -> BoxFuture<'_, Reply<Fetched>> {
        Box::pin(async move { self.fetch(id, around).await.map_err(|cause| self.http.fail(cause)) })
    }

    fn search<'a>(&'a self, search: &'a Search, window: Window, limit: usize) -> BoxFuture<'a, Reply<Listing>> {
        Box::pin(async move {
            let mut found = self.find(search, window, limit).await.map_err(|cause| self.http.fail(cause))?;
            summary::newest_first(&mut found.rows);
            found.rows.truncate(limit);
            Ok(found)
        })
    }

    /// Neither API searches by a span's id.
    fn holding(&self, span: SpanId, window: Window, limit: usize) -> BoxFuture<'_, Reply<Option<Listing>>> {
        let _ = (span, window, limit);
        Box::pin(async { Ok(None) })
    }

    /// Neither API tells services by time.
    fn services(&self, _window: Window) -> BoxFuture<'_, Reply<Vec<Symbol>>> {
        Box::pin(async { self.known().await.map_err(|cause| self.http.fail(cause)) })
    }
}

/// Old servers answer an unknown path with their web page, plain text, 405 or 501; some v3 cannot search at all.
fn lacks_third(answered: &Answered) -> bool {
    match answered.status {
        404 => answered.body.trim_ascii_start().first() != Some(&b'{'),
        405 | 501 => true,
        500 => words::of_error(&answered.body).contains("search depth"),
        _ => words::is_page(&answered.body),
    }
}

fn decode(answered: Answered, is_third: bool) -> Result<Decoded, Cause> {
    if answered.status == 404 {
        return Ok(Decoded::default());
    }
    let body = answered.success()?;
    if is_third { otlp::decode_json(body) } else { wire::decode(&body) }
}
