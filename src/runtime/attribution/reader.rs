//! Reads traces and keeps what they are reduced to, so that none is read twice. Not which traces: that is `attribution.rs`
//! and `baseline.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;

use super::super::means::Means;
use super::super::traces::fetch_trace;
use crate::domain::incident::Versions;
use crate::domain::signal::{Summary, Value};
use crate::domain::trace::{Profile, Sampler, Unread};
use crate::domain::{Symbol, Timestamp, TraceId, Window};

/// Asked of one server at a time.
const AT_ONCE: usize = 4;
/// Traces read once are not read again; past this many those that nobody asks for are forgotten.
const REMEMBERED: usize = 2_000;
/// Traces of one failure that are held against healthy ones: beyond that a share does not change any more.
const GATHERED: usize = 500;
/// What failed shortly before something was seen to burn is of the same failure.
const BEFORE_ALARM: Duration = Duration::from_secs(10 * 60);

/// Traces that were read, reduced; and how many questions that cost.
#[derive(Default)]
pub(super) struct Reader {
    known: BTreeMap<TraceId, Arc<Profile>>,
    pub requests: u32,
    /// The traces of the failure that goes on.
    gathered: BTreeSet<TraceId>,
    /// A search for them stopped at its limit or before its end, or more were found than are kept.
    more: bool,
    by_slowness: bool,
    sampler: Option<Sampler>,
}

impl Reader {
    pub fn new(sampler: Option<Sampler>) -> Self {
        Self { sampler, ..Self::default() }
    }

    /// The profiles of these traces; of those that could not be read the reasons, counted.
    pub async fn read(&mut self, means: &Means, rows: &[Summary], window: Window) -> (Vec<TraceId>, Unread) {
        let new: Vec<TraceId> =
            rows.iter().map(|row| row.trace).filter(|trace| !self.known.contains_key(trace)).collect();
        if self.known.len() + new.len() > REMEMBERED {
            let gathered = &self.gathered;
            self.known.retain(|trace, _| gathered.contains(trace) || rows.iter().any(|row| row.trace == *trace));
        }
        let sampler = self.sampler;
        self.requests = self.requests.saturating_add(u32::try_from(new.len()).unwrap_or(u32::MAX));
        let read: Vec<_> = futures_util::stream::iter(new)
            .map(|id| async move {
                let tree = fetch_trace(&means.ports, id, Some(window)).await;
                // Reducing a tree of 100,000 spans is no work for a thread that waits.
                let profile = match tree {
                    Ok(tree) => tokio::task::spawn_blocking(move || Profile::sampled(&tree, sampler))
                        .await
                        .map_err(|_| "it could not be analysed".to_owned()),
                    Err(failure) => Err(failure.cause.to_string()),
                };
                (id, profile)
            })
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        let mut unread = Unread::new();
        for (id, profile) in read {
            match profile {
                Ok(profile) => drop(self.known.insert(id, Arc::new(profile))),
                // The id is in the words of some failures: counted together they would each be another.
                Err(why) => *unread.entry(why.replace(&id.to_string(), "it")).or_default() += 1,
            }
        }
        (rows.iter().map(|row| row.trace).filter(|trace| self.known.contains_key(trace)).collect(), unread)
    }

    /// Which versions were seen when, in all that was read.
    pub fn versions(&self) -> Versions {
        let mut versions = Versions::default();
        for profile in self.known.values() {
            for (key, carried) in profile.attributes.iter().filter(|(key, _)| key.name.as_str() == "service.version") {
                let values = carried.values.iter().filter_map(Value::as_text);
                for (service, version) in key.service.iter().zip(values) {
                    versions.see(profile.start, service, &Symbol::from(version));
                }
            }
        }
        versions
    }

    /// These, and the ones gathered before that began since the failure did, the newest first, at most [`GATHERED`]; and
    /// whether more of that failure may have failed: `more` says it of the search that found these. What was gathered of
    /// failing traces is no part of a set of slow ones, nor the other way round.
    pub fn gather(
        &mut self,
        newest: &[TraceId],
        more: bool,
        by_slowness: bool,
        since: Option<Timestamp>,
    ) -> (Vec<TraceId>, bool) {
        if self.by_slowness != by_slowness {
            self.by_slowness = by_slowness;
            self.gathered.clear();
        }
        let began = since.map_or(Timestamp::EPOCH, |since| since.minus(BEFORE_ALARM));
        self.gathered.extend(newest.iter().copied());
        let known = &self.known;
        let start = |trace: &TraceId| known.get(trace).map(|profile| profile.start);
        self.gathered.retain(|trace| newest.contains(trace) || start(trace).is_some_and(|start| start >= began));
        // A new failure: how the last one was searched for says nothing of it.
        self.more &= self.gathered.iter().any(|trace| !newest.contains(trace));
        self.more |= more || self.gathered.len() > GATHERED;
        let mut all: Vec<TraceId> = self.gathered.iter().copied().collect();
        all.sort_by_key(|trace| (std::cmp::Reverse(start(trace)), *trace));
        all.truncate(GATHERED);
        self.gathered = all.iter().copied().collect();
        (all, self.more)
    }

    pub fn has_gathered(&self) -> bool {
        !self.gathered.is_empty()
    }

    pub fn profiles(&self, traces: &[TraceId]) -> Vec<&Profile> {
        traces.iter().filter_map(|trace| self.known.get(trace)).map(Arc::as_ref).collect()
    }

    /// To keep longer than this reader may remember them.
    pub fn shared(&self, traces: &[TraceId]) -> Vec<Arc<Profile>> {
        traces.iter().filter_map(|trace| self.known.get(trace)).map(Arc::clone).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::trace::{SkewOptions, Tree};

    #[test]
    fn what_was_gathered_over_a_limit_stays_a_part_until_another_failure_begins() {
        let mut reader = Reader::default();
        let ids = |range: std::ops::Range<u128>| -> Vec<TraceId> { range.filter_map(TraceId::new).collect() };
        for trace in ids(1..1_000) {
            let start = Timestamp::from_seconds(i64::try_from(trace.value()).expect("small"));
            let tree = Tree::build(trace, Vec::new(), None, SkewOptions::OFF);
            let profile = Profile { start, ..Profile::of(&tree) };
            reader.known.insert(trace, Arc::new(profile));
        }
        let since = |seconds: i64| Some(Timestamp::from_seconds(seconds).plus(BEFORE_ALARM));
        let mut told = |range, more, since| {
            let (all, more) = reader.gather(&ids(range), more, false, since);
            (all.len(), more)
        };
        assert_eq!(told(1..10, false, since(0)), (9, false));
        assert_eq!(told(5..15, true, since(0)), (14, true));
        assert_eq!(told(10..16, false, since(0)), (15, true), "those in between stay unread");
        assert_eq!(told(100..110, false, since(100)), (10, false), "another failure");
        assert_eq!(told(110..700, false, since(100)), (GATHERED, true), "more than are kept");
    }
}
