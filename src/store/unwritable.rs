//! Stands in for a journal that could not be opened: the war room starts all the same, and each note says why it is not
//! kept.

use futures_util::future::{BoxFuture, FutureExt, ready};

use crate::domain::incident::Entry;
use crate::port::{Journal, JournalError};

#[derive(Clone, Debug)]
pub struct UnwritableJournal {
    why: JournalError,
}

impl UnwritableJournal {
    #[must_use]
    pub fn new(why: JournalError) -> Self {
        Self { why }
    }
}

impl Journal for UnwritableJournal {
    fn append(&self, _: Entry) -> BoxFuture<'_, Result<(), JournalError>> {
        ready(Err(self.why.clone())).boxed()
    }

    fn entries(&self) -> BoxFuture<'_, Result<Vec<Entry>, JournalError>> {
        ready(Err(self.why.clone())).boxed()
    }

    fn keep_draft(&self, _: String) -> BoxFuture<'_, Result<(), JournalError>> {
        ready(Err(self.why.clone())).boxed()
    }

    fn draft(&self) -> BoxFuture<'_, Result<Option<String>, JournalError>> {
        ready(Err(self.why.clone())).boxed()
    }
}
