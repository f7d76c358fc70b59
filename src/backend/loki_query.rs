//! Asking Loki for lines that lie in the past: page by page backward, or by a trace.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::Duration;

use super::http::{Ask, Http};
use super::loki_line::Lines;
use super::loki_seen::Seen;
use super::{loki_line, loki_wire as wire, prometheus_wire};
use crate::domain::signal::Line;
use crate::domain::trace::low_half;
use crate::domain::{Cause, Labels, Symbol, Timestamp, TraceId, Window};
use crate::port::History;

/// Lines a page: well below the five thousand that servers allow by default.
const PAGE: usize = 1_000;
/// Keeps a line's structured metadata apart from its stream's labels.
const CATEGORIES: (&str, &str) = ("x-loki-response-encoding-flags", "categorize-labels");
/// The label that a query over everything names, best first: Loki wants at least one.
const EVERYWHERE: [&str; 8] =
    ["service_name", "service", "app", "job", "namespace", "container", "instance", "filename"];

/// A low half of fewer than sixteen digits is not looked for as a number.
const LEAST_HALF: u64 = 1_000_000_000_000_000;

/// How far from a line those around it are looked for.
const AROUND: Duration = Duration::from_secs(3_600);

/// What a client of Loki and its tails share.
pub(super) struct Client {
    pub http: Http,
    /// The label of [`EVERYWHERE`] that this server has, where it is not the first.
    everywhere: OnceLock<String>,
}

impl Client {
    pub(super) const fn new(http: Http) -> Self {
        Self { http, everywhere: OnceLock::new() }
    }

    /// At most `limit` lines from `start` to before `end`, newest first in each stream. No `end` is the server's now.
    pub(super) async fn page(
        &self,
        query: &str,
        start: Timestamp,
        end: Option<Timestamp>,
        limit: usize,
        lines: &mut Lines,
    ) -> Result<Vec<Line>, Cause> {
        self.page_of(query, (start, end), "backward", limit, lines).await
    }

    async fn page_of(
        &self,
        query: &str,
        (start, end): (Timestamp, Option<Timestamp>),
        direction: &str,
        limit: usize,
        lines: &mut Lines,
    ) -> Result<Vec<Line>, Cause> {
        let mut ask = Ask::get(&["loki", "api", "v1", "query_range"])
            .pair("query", query)
            .pair("start", start.nanos())
            .pair("limit", limit)
            .pair("direction", direction);
        if let Some(end) = end {
            ask = ask.pair("end", end.nanos());
        }
        ask.extra = Some(CATEGORIES);
        wire::lines(&self.http.body(&ask).await?, lines)
    }

    /// Of exactly this stream: the latest `limit` before a moment and the first `limit` from it on, oldest first.
    pub(super) async fn around(&self, stream: &Labels, at: Timestamp, limit: usize) -> Result<Vec<Line>, Cause> {
        if stream.is_empty() {
            return Err(Cause::Malformed("the line tells no labels of its stream".to_owned()));
        }
        let (query, limit) = (selector(stream), limit.min(PAGE));
        let mut lines = Lines::new();
        let before = self.page_of(&query, (at.minus(AROUND), Some(at)), "backward", limit, &mut lines).await?;
        let after = self.page_of(&query, (at, Some(at.plus(AROUND))), "forward", limit, &mut lines).await?;
        let mut all = latest(before, limit);
        let mut after = after;
        after.sort_by_key(|line| line.time);
        all.extend(after);
        Ok(all)
    }

    /// How many lines were written from `start` to `end`, both included.
    pub(super) async fn count(&self, query: &str, start: Timestamp, end: Timestamp) -> Result<u64, Cause> {
        // A range reaches from behind its beginning to its end.
        let nanos = end.since(start).saturating_add(1);
        let question = format!("sum(count_over_time({query} [{nanos}ns]))");
        let ask = Ask::get(&["loki", "api", "v1", "query"]).pair("query", question).pair("time", end.nanos());
        wire::number(&self.http.body(&ask).await?)
    }

    /// How many lines each service wrote, by the same labels that name it on a line.
    pub(super) async fn by_service(&self, query: &str, window: Window) -> Result<Vec<(Symbol, u64)>, Cause> {
        // A range reaches from behind its beginning to its end, and a window does not hold its end.
        let (end, nanos) = (window.end.shifted(-1), window.length().as_nanos().max(1));
        let labels = loki_line::SERVICE.join(", ");
        let question = format!("sum by ({labels}) (count_over_time({query} [{nanos}ns]))");
        let ask = Ask::get(&["loki", "api", "v1", "query"]).pair("query", question).pair("time", end.nanos());
        let answer = prometheus_wire::answer(&self.http.send(&ask).await?)?;
        let mut counts: BTreeMap<Symbol, u64> = BTreeMap::new();
        for series in &answer.series {
            let Some(sample) = series.samples.first().filter(|sample| sample.value.is_finite()) else { continue };
            let service = loki_line::service(&series.labels).unwrap_or_default();
            let count = counts.entry(service).or_default();
            *count = count.saturating_add(sample.value.max(0.0).round() as u64);
        }
        Ok(counts.into_iter().collect())
    }

    /// The latest `limit` lines, oldest first. There is no cursor: the next page ends just after the oldest line so far,
    /// and what comes twice is given once.
    pub(super) async fn pages(
        &self,
        query: &str,
        start: Timestamp,
        mut end: Option<Timestamp>,
        limit: usize,
    ) -> Result<History, Cause> {
        let mut lines = Lines::new();
        let mut seen = Seen::with_bound(usize::MAX);
        let mut kept: Vec<Line> = Vec::new();
        let mut at_edge = 0;
        // A server that ignores `end` must not keep us for ever.
        let most = 2 * limit.div_ceil(PAGE) + 8;
        let mut more = true;
        // Fewer lines a page where so many are more bytes than are read.
        let mut at_once = PAGE;
        let mut turns = 0;
        while turns < most {
            let wanted = (limit.saturating_add(1).saturating_sub(kept.len()) + at_edge).min(at_once);
            let page = match self.page(query, start, end, wanted, &mut lines).await {
                Err(Cause::TooLarge(_)) if wanted > 1 => {
                    at_once = (wanted / 8).max(1);
                    continue;
                }
                page => page?,
            };
            turns += 1;
            let is_full = page.len() >= wanted;
            let oldest = page.iter().map(|line| line.time).min();
            let before = kept.len();
            kept.extend(page.into_iter().filter(|line| seen.is_new(line)));
            let (Some(oldest), true) = (oldest, is_full) else {
                more = kept.len() > limit;
                break;
            };
            if kept.len() > limit {
                break;
            }
            // A nanosecond with more lines than a page cannot be paged through: it is passed over.
            let next = if kept.len() == before { oldest } else { oldest.shifted(1) };
            if next <= start {
                break;
            }
            at_edge = kept.iter().filter(|line| line.time == oldest).count();
            end = Some(next);
        }
        Ok(History { lines: latest(kept, limit), more })
    }

    pub(super) async fn of_trace(&self, trace: TraceId, window: Window, limit: usize) -> Result<History, Cause> {
        let known = self.everywhere.get().map_or("service_name", String::as_str);
        let found = self.of_trace_by(known, trace, window, limit).await?;
        if !found.lines.is_empty() || self.everywhere.get().is_some() {
            return Ok(found);
        }
        // Nothing: because there is nothing, or because this server's streams have no such label?
        let label = self.label(window).await?;
        match label {
            Some(label) if label != "service_name" => {
                let label = self.everywhere.get_or_init(|| label).clone();
                self.of_trace_by(&label, trace, window, limit).await
            }
            _ => Ok(found),
        }
    }

    /// By structured metadata, or by a label of the stream; a server before structured metadata has the latter alone.
    pub(super) async fn versions(&self, window: Window) -> Result<Vec<(Symbol, Symbol)>, Cause> {
        let label = match self.everywhere.get() {
            Some(label) => label.clone(),
            None => "service_name".to_owned(),
        };
        let seconds = window.length().as_secs().max(1);
        let query = format!(
            "sum by ({label}, service_version, version) (count_over_time({{{label}=~\".+\"}} \
             | service_version!=\"\" or version!=\"\" [{seconds}s]))"
        );
        let ask = Ask::get(&["loki", "api", "v1", "query"]).pair("query", query).pair("time", window.end.nanos());
        let answer = prometheus_wire::answer(&self.http.send(&ask).await?)?;
        let told = answer.series.iter().filter_map(|series| {
            let service = series.labels.get(&label)?.clone();
            Some((service, series.labels.first_of(&["service_version", "version"])?.clone()))
        });
        Ok(told.filter(|(service, version)| !service.is_empty() && !version.is_empty()).collect())
    }

    async fn label(&self, window: Window) -> Result<Option<String>, Cause> {
        let ask = Ask::get(&["loki", "api", "v1", "labels"])
            .pair("start", window.start.nanos())
            .pair("end", window.end.nanos());
        let names = wire::names(&self.http.body(&ask).await?)?;
        let best = EVERYWHERE.iter().find(|known| names.iter().any(|name| name == *known));
        Ok(best.map(ToString::to_string).or_else(|| names.into_iter().next()))
    }

    /// By structured metadata and by the id in the text: a trace's lines may be of both kinds.
    async fn of_trace_by(&self, label: &str, trace: TraceId, window: Window, limit: usize) -> Result<History, Cause> {
        let everywhere = format!("{{{label}=~\".+\"}}");
        let by_metadata = format!("{everywhere} | trace_id=\"{trace}\"");
        // A tracer that keeps 64 bits writes the low half as a number; a short number would stand in other lines too.
        let by_text = match low_half(trace) {
            half if half >= LEAST_HALF => format!("{everywhere} |~ \"{trace}|{half}\""),
            _ => format!("{everywhere} |= \"{trace}\""),
        };
        let first = self.pages(&by_metadata, window.start, Some(window.end), limit).await;
        let second = self.pages(&by_text, window.start, Some(window.end), limit).await;
        let (mut found, other) = match (first, second) {
            (Ok(first), Ok(second)) => (first, second),
            // Servers before structured metadata may refuse the first kind of question.
            (Err(Cause::Refused { .. }), Ok(second)) => (second, History::default()),
            (Err(cause), _) | (_, Err(cause)) => return Err(cause),
        };
        let mut seen = Seen::with_bound(usize::MAX);
        found.lines.retain(|line| seen.is_new(line));
        found.lines.extend(other.lines.into_iter().filter(|line| seen.is_new(line)));
        let more = found.more || other.more || found.lines.len() > limit;
        Ok(History { lines: latest(found.lines, limit), more })
    }
}

/// A query for one stream, as LogQL writes it.
fn selector(stream: &Labels) -> String {
    let pairs = stream.iter().map(|(name, value)| {
        let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        format!("{name}=\"{value}\"")
    });
    format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
}

/// The latest `limit`, oldest first; of one moment in the order of their arrival.
fn latest(mut lines: Vec<Line>, limit: usize) -> Vec<Line> {
    // Pages come newest first.
    lines.reverse();
    lines.sort_by_key(|line| line.time);
    let extra = lines.len().saturating_sub(limit);
    lines.drain(..extra);
    lines
}
