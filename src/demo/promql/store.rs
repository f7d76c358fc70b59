//! The series of a company as a Prometheus has stored them: a sample each 15 s, nothing later than now.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use promql_parser::label::{Matcher, Matchers};

use super::range::{Ends, Samples};
use super::value::{NAME, with};
use crate::demo::{Company, Metric, MetricKind};
use crate::domain::{Labels, Symbol, Timestamp};

const SCRAPE: Duration = Duration::from_secs(15);
const SCRAPE_NANOS: i64 = 15_000_000_000;
/// How old the latest sample may be for an instant to have a value.
const LOOKBACK_NANOS: i64 = 300_000_000_000;

/// All series of a company by name.
#[derive(Clone)]
pub struct Store {
    company: Arc<dyn Company>,
    /// The labels of each metric with its name.
    labels: Arc<Vec<Labels>>,
    by_name: Arc<BTreeMap<&'static str, Vec<usize>>>,
}

impl Store {
    #[must_use]
    pub fn new(company: Arc<dyn Company>) -> Self {
        let mut by_name: BTreeMap<&'static str, Vec<usize>> = BTreeMap::new();
        for (index, metric) in company.metrics().iter().enumerate() {
            by_name.entry(metric.name).or_default().push(index);
        }
        let labels = company.metrics().iter().map(|metric| with(&metric.labels, NAME, metric.name)).collect();
        Self { labels: Arc::new(labels), by_name: Arc::new(by_name), company }
    }

    pub fn metrics(&self) -> &[Metric] {
        self.company.metrics()
    }

    /// The name and kind of every metric, each name once.
    pub fn kinds(&self) -> impl Iterator<Item = (&'static str, MetricKind)> + '_ {
        self.by_name.iter().filter_map(|(name, indices)| {
            let metric = self.metrics().get(*indices.first()?)?;
            Some((*name, metric.kind))
        })
    }

    /// The labels of a series with its name.
    pub(super) fn labels(&self, index: usize) -> Option<&Labels> {
        self.labels.get(index)
    }

    /// The series that match: an absent label is an empty one, as everywhere in PromQL.
    pub(super) fn select(&self, name: Option<&str>, matchers: &Matchers) -> Vec<usize> {
        let passes = |group: &[Matcher], labels: &Labels| {
            group.iter().all(|matcher| matcher.is_match(labels.get(&matcher.name).map_or("", Symbol::as_str)))
        };
        let fits = |index: &usize| {
            self.labels.get(*index).is_some_and(|labels| {
                passes(&matchers.matchers, labels)
                    && (matchers.or_matchers.is_empty()
                        || matchers.or_matchers.iter().any(|group| passes(group, labels)))
            })
        };
        match name {
            Some(name) => self.by_name.get(name).into_iter().flatten().copied().filter(fits).collect(),
            None => (0..self.labels.len()).filter(fits).collect(),
        }
    }

    /// The labels of the series that match and have a sample within the time; both ends belong to it.
    #[must_use]
    pub fn series(
        &self,
        selector: &promql_parser::parser::VectorSelector,
        start: Timestamp,
        end: Timestamp,
    ) -> Vec<Labels> {
        let alive = |index: &usize| {
            // A series that lived only between the ends is seen by looking in steps.
            let step = (end.since(start) / 24).max(SCRAPE_NANOS);
            (0..=24).any(|at| {
                let moment = start.shifted(step.saturating_mul(at)).min(end);
                self.metrics().get(*index).is_some_and(|metric| (metric.value)(moment).is_some())
            })
        };
        let found = self.select(selector.name.as_deref(), &selector.matchers).into_iter().filter(alive);
        found.filter_map(|index| self.labels(index).cloned()).collect()
    }

    /// The value of a series at an instant. A series that was gone at the last scrape has none: Prometheus marks it stale.
    pub(super) fn at(&self, index: usize, moment: Timestamp, now: Timestamp) -> Option<f64> {
        let scrape = moment.min(now).floor_to(SCRAPE);
        if moment.since(scrape) >= LOOKBACK_NANOS {
            return None;
        }
        (self.metrics().get(index)?.value)(scrape)
    }

    /// The samples of a series within a time, both ends belonging to it.
    pub(super) fn samples(&self, index: usize, start: Timestamp, end: Timestamp, now: Timestamp) -> Option<Samples> {
        let metric = self.metrics().get(index)?;
        let (first, last) = scrapes(start, end.min(now))?;
        let count = usize::try_from(last.since(first) / SCRAPE_NANOS).ok()?;
        let moments = (0..=count).map(|step| first.shifted(i64::try_from(step).unwrap_or(0) * SCRAPE_NANOS));
        let samples: Samples =
            moments.filter_map(|moment| (metric.value)(moment).map(|value| (moment, value))).collect();
        (!samples.is_empty()).then_some(samples)
    }

    /// How many samples [`Store::samples`] would read.
    pub(super) fn cost(start: Timestamp, end: Timestamp, now: Timestamp) -> u64 {
        scrapes(start, end.min(now)).map_or(0, |(first, last)| (last.since(first) / SCRAPE_NANOS).unsigned_abs() + 1)
    }

    /// What increase and rate need of a series, without reading it where it is a counter: a counter neither falls nor ends, so
    /// its first and last sample tell all. `Err` where it has to be read after all.
    pub(super) fn ends(
        &self,
        index: usize,
        start: Timestamp,
        end: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Ends>, Unread> {
        let Some(metric) = self.metrics().get(index) else { return Ok(None) };
        if metric.kind == MetricKind::Gauge {
            return Err(Unread);
        }
        let Some((first, last)) = scrapes(start, end.min(now)) else { return Ok(None) };
        match ((metric.value)(first), (metric.value)(last)) {
            (Some(from), Some(to)) => {
                let count = (last.since(first) / SCRAPE_NANOS).unsigned_abs() + 1;
                Ok(Some(Ends { first: (first, from), last: (last, to), count, rise: to - from }))
            }
            (None, None) => Ok(None),
            _ => Err(Unread),
        }
    }
}

/// The series has to be read sample by sample.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unread;

/// The first and the last scrape within a time.
fn scrapes(start: Timestamp, end: Timestamp) -> Option<(Timestamp, Timestamp)> {
    let first = start.shifted(SCRAPE_NANOS - 1).floor_to(SCRAPE);
    let last = end.floor_to(SCRAPE);
    (first <= last).then_some((first, last))
}
