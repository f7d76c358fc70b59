//! The ledger: entries in SQLite on this machine, append-only, on the disk before they count. Not the order or the
//! meaning of entries: that is `domain::incident`.

mod hours;
mod memory;
mod place;
mod row;
mod schema;
mod sqlite;
#[cfg(test)]
mod tests;
mod trouble;
mod unwritable;

pub use memory::MemoryJournal;
pub use sqlite::{SqliteJournal, open};
pub use unwritable::UnwritableJournal;
