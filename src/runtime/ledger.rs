//! Brings entries and drafts to the journal, in order, and tells what became of them. Not the journal: that is `store`.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

use super::inbox::Sender;
use crate::domain::incident::Entry;
use crate::port::{Journal, Ports};
use crate::room::Fact;

/// Keys typed within this time are kept by one write.
const TYPING: Duration = Duration::from_millis(100);

/// One after the other, so that the order on the disk is the order of the keyboard. A refused entry stays on the screen;
/// the room asks again for it.
pub(super) async fn write_entries(ports: Arc<Ports>, mut entries: mpsc::Receiver<Entry>, inbox: Sender) {
    while let Some(entry) = entries.recv().await {
        let id = entry.id;
        let fact = match ports.journal.append(entry).await {
            Ok(()) => Fact::Appended { id },
            Err(error) => Fact::NotAppended { id, reason: error.to_string() },
        };
        inbox.send(fact).await;
    }
}

/// Until nobody types any more; then the last draft is kept at once.
pub(super) async fn keep_drafts(journal: Arc<dyn Journal>, mut drafts: watch::Receiver<Option<String>>, inbox: Sender) {
    let (mut told, mut kept) = (None, None);
    loop {
        let is_over = drafts.changed().await.is_err();
        let draft = drafts.borrow_and_update().clone();
        if let Some(text) = draft.clone().filter(|_| draft != kept) {
            match journal.keep_draft(text).await {
                Ok(()) => told = None,
                Err(error) => {
                    let reason = error.to_string();
                    if told.as_ref() != Some(&reason) {
                        inbox.send(Fact::Notice(format!("the draft is not on the disk: {reason}"))).await;
                        told = Some(reason);
                    }
                }
            }
            kept = draft;
        }
        if is_over {
            return;
        }
        // What is typed meanwhile is kept together; the end is not waited for.
        let is_typing = timeout(TYPING, drafts.wait_for(|_| false)).await.is_err();
        if is_typing && *drafts.borrow() != kept {
            drafts.mark_changed();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::{Mutex, PoisonError};

    use futures_util::FutureExt;
    use futures_util::future::{BoxFuture, pending, ready};

    use super::super::inbox::Inbox;
    use super::*;
    use crate::port::JournalError;

    #[derive(Default)]
    struct Kept(Mutex<Vec<String>>);

    impl Journal for Kept {
        fn append(&self, _: Entry) -> BoxFuture<'_, Result<(), JournalError>> {
            pending().boxed()
        }

        fn entries(&self) -> BoxFuture<'_, Result<Vec<Entry>, JournalError>> {
            pending().boxed()
        }

        fn keep_draft(&self, text: String) -> BoxFuture<'_, Result<(), JournalError>> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(text);
            ready(Ok(())).boxed()
        }

        fn draft(&self) -> BoxFuture<'_, Result<Option<String>, JournalError>> {
            pending().boxed()
        }
    }

    #[tokio::test]
    async fn at_the_end_the_last_draft_is_kept_and_nothing_is_waited_for() {
        let (journal, (inbox, _facts)) = (Arc::new(Kept::default()), Inbox::new());
        let (typed, drafts) = watch::channel(None);
        let mut keeping = pin!(keep_drafts(journal.clone(), drafts, inbox));
        for text in ["a", "ab", "abc"] {
            typed.send_replace(Some(text.to_owned()));
            assert_eq!(keeping.as_mut().now_or_never(), None);
        }
        drop(typed);
        assert_eq!(keeping.now_or_never(), Some(()));
        assert_eq!(*journal.0.lock().unwrap_or_else(PoisonError::into_inner), ["a", "abc"]);
    }
}
