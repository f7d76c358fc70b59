//! The ledger of what was written: append-only, local, fsynced.

use futures_util::future::BoxFuture;

use crate::domain::incident::Entry;

/// Why the ledger did not take an entry, in words for the responder (disk full, read-only, locked).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct JournalError(pub String);

pub trait Journal: Send + Sync {
    /// Returns only when the entry is on the disk. The same id twice is one entry.
    fn append(&self, entry: Entry) -> BoxFuture<'_, Result<(), JournalError>>;

    /// Every entry, superseded ones included, ordered by (happened, recorded, id).
    fn entries(&self) -> BoxFuture<'_, Result<Vec<Entry>, JournalError>>;

    /// Keeps the text that is being typed; an empty one forgets it.
    fn keep_draft(&self, text: String) -> BoxFuture<'_, Result<(), JournalError>>;

    fn draft(&self) -> BoxFuture<'_, Result<Option<String>, JournalError>>;
}
