//! The shape of the journal's file and how an older one is brought up to it. A step that was released is never edited.

use std::borrow::Cow;

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// What this program can read and write.
pub(super) const VERSION: i64 = 2;

/// "warr" as a number.
pub(super) const APPLICATION: i64 = 0x7761_7272;

pub(super) fn migrator() -> Migrator {
    let step = |version, name, text| Migration::new(version, Cow::Borrowed(name), MigrationType::Simple, text, false);
    Migrator::with_migrations(vec![
        step(1, "journal", include_str!("schema/0001_journal.sql").into_sql_str()),
        step(VERSION, "hours", include_str!("schema/0002_hours.sql").into_sql_str()),
    ])
}
