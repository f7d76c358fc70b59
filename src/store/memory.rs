//! A journal that forgets with the process: for a demo whose notes are nobody's record, and for tests.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::future::{BoxFuture, FutureExt, ready};
use uuid::Uuid;

use crate::domain::Timestamp;
use crate::domain::incident::Entry;
use crate::domain::slo::Hour;
use crate::port::{Journal, JournalError};

/// Longer than the longest window of an SLO.
pub(super) const FORGOTTEN_AFTER: std::time::Duration = std::time::Duration::from_secs(100 * 86_400);

type Order = (Timestamp, Timestamp, Uuid);

#[derive(Debug, Default)]
struct Kept {
    entries: BTreeMap<Order, Entry>,
    draft: String,
    hours: BTreeMap<String, BTreeMap<Timestamp, Hour>>,
}

#[derive(Debug, Default)]
pub struct MemoryJournal {
    kept: Mutex<Kept>,
}

impl MemoryJournal {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn hours_of(&self, key: &str, from: Timestamp) -> Vec<Hour> {
        let kept = self.kept();
        let of_key = kept.hours.get(key).into_iter();
        of_key.flat_map(|hours| hours.range(from..).map(|(_, hour)| *hour)).collect()
    }

    pub(super) fn put_hours(&self, key: &str, hours: Vec<Hour>) {
        let mut kept = self.kept();
        let whole: Vec<Hour> = hours.into_iter().filter(|hour| hour.counts.is_some() && !hour.partial).collect();
        let newest = whole.iter().map(|hour| hour.start).max();
        let of_key = kept.hours.entry(key.to_owned()).or_default();
        for hour in whole {
            if of_key.get(&hour.start).is_none_or(|old| hour.replaces(old)) {
                of_key.insert(hour.start, hour);
            }
        }
        if let Some(newest) = newest {
            for hours in kept.hours.values_mut() {
                *hours = hours.split_off(&newest.minus(FORGOTTEN_AFTER));
            }
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Journal for MemoryJournal {
    fn append(&self, entry: Entry) -> BoxFuture<'_, Result<(), JournalError>> {
        let mut kept = self.kept();
        if !kept.entries.values().any(|known| known.id == entry.id) {
            kept.entries.insert((entry.happened, entry.recorded, entry.id), entry);
        }
        ready(Ok(())).boxed()
    }

    fn entries(&self) -> BoxFuture<'_, Result<Vec<Entry>, JournalError>> {
        ready(Ok(self.kept().entries.values().cloned().collect())).boxed()
    }

    fn keep_draft(&self, text: String) -> BoxFuture<'_, Result<(), JournalError>> {
        self.kept().draft = text;
        ready(Ok(())).boxed()
    }

    fn draft(&self) -> BoxFuture<'_, Result<Option<String>, JournalError>> {
        ready(Ok(Some(self.kept().draft.clone()).filter(|text| !text.is_empty()))).boxed()
    }
}
