//! A journal that forgets with the process: for a demo whose notes are nobody's record, and for tests.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::future::{BoxFuture, FutureExt, ready};
use uuid::Uuid;

use crate::domain::Timestamp;
use crate::domain::incident::Entry;
use crate::port::{Journal, JournalError};

type Order = (Timestamp, Timestamp, Uuid);

#[derive(Debug, Default)]
struct Kept {
    entries: BTreeMap<Order, Entry>,
    draft: String,
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
