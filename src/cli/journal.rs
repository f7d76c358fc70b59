//! The responder's own record: where it is, and what stands in for it when it cannot be kept.

use std::sync::Arc;

use super::args::Common;
use super::demo;
use crate::config::Surroundings;
use crate::port::{HourStore, Journal, JournalError};
use crate::store::UnwritableJournal;

pub(super) async fn own(common: &Common, around: &Surroundings) -> (Arc<dyn Journal>, Arc<dyn HourStore>) {
    let place = match &common.data {
        Some(folder) => Some(folder.join("journal.db")),
        None => around.journal(),
    };
    match place {
        Some(path) => demo::open_journal(&path).await,
        None => {
            let none = UnwritableJournal::new(JournalError("no data directory for this user".to_owned()));
            (Arc::new(none.clone()), Arc::new(none))
        }
    }
}
