//! Which lines were given already: by time, stream and text, as far back as a bound. Nothing is given twice across a
//! reconnect, a refill and a page.

use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use crate::domain::Timestamp;
use crate::domain::signal::Line;

/// Lines of several streams arrive a little out of order: so far back a new connection is asked again.
const OVERLAP: Duration = Duration::from_secs(2);

pub(super) struct Seen {
    hasher: RandomState,
    known: HashSet<(Timestamp, u64)>,
    order: VecDeque<(Timestamp, u64)>,
    bound: usize,
    /// Up to here, included, some lines may have been forgotten.
    forgotten: Option<Timestamp>,
    last: Option<Timestamp>,
}

impl Seen {
    pub(super) fn with_bound(bound: usize) -> Self {
        Self {
            hasher: RandomState::new(),
            known: HashSet::new(),
            order: VecDeque::new(),
            bound,
            forgotten: None,
            last: None,
        }
    }

    /// Remembers the line. False when it is known.
    pub(super) fn is_new(&mut self, line: &Line) -> bool {
        let key = (line.time, self.hasher.hash_one((&line.stream, &line.raw)));
        if !self.known.insert(key) {
            return false;
        }
        self.order.push_back(key);
        self.last = self.last.max(Some(line.time));
        if self.order.len() > self.bound
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
            self.forgotten = self.forgotten.max(Some(oldest.0));
        }
        true
    }

    pub(super) fn knows(&self, line: &Line) -> bool {
        self.known.contains(&(line.time, self.hasher.hash_one((&line.stream, &line.raw))))
    }

    /// How many of the lines that are remembered were written from `start` to `end`, both included.
    pub(super) fn between(&self, start: Timestamp, end: Timestamp) -> u64 {
        let within = self.order.iter().filter(|(time, _)| start <= *time && *time <= end);
        u64::try_from(within.count()).unwrap_or(u64::MAX)
    }

    /// The time of the latest line.
    pub(super) const fn last(&self) -> Option<Timestamp> {
        self.last
    }

    /// From where to ask again so that nothing is missed and all that comes twice is recognised; never before `from`.
    pub(super) fn resume(&self, from: Timestamp) -> Timestamp {
        let Some(last) = self.last else { return from };
        let remembered = self.forgotten.map_or(from, |forgotten| forgotten.shifted(1));
        last.minus(OVERLAP).max(remembered).min(last).max(from)
    }
}
