//! Brings entries and drafts to the journal, in order, and tells what became of them. Not the journal: that is `store`.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use super::inbox::Sender;
use crate::domain::incident::Entry;
use crate::port::Ports;
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

pub(super) async fn keep_drafts(ports: Arc<Ports>, mut drafts: watch::Receiver<Option<String>>, inbox: Sender) {
    let mut told = None;
    while drafts.changed().await.is_ok() {
        let Some(text) = drafts.borrow_and_update().clone() else { continue };
        match ports.journal.keep_draft(text).await {
            Ok(()) => told = None,
            Err(error) => {
                let reason = error.to_string();
                if told.as_ref() != Some(&reason) {
                    inbox.send(Fact::Notice(format!("the draft is not on the disk: {reason}"))).await;
                    told = Some(reason);
                }
            }
        }
        tokio::time::sleep(TYPING).await;
    }
}
