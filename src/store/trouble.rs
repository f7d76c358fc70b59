//! What went wrong with the journal's file, in words for the responder: the file, what happened, what to do.

use std::time::Duration;

use sqlx::migrate::MigrateError;

use super::schema;
use crate::port::JournalError;

pub(super) fn of_query(name: &str, error: &sqlx::Error) -> JournalError {
    let told = match error {
        sqlx::Error::Database(error) => {
            // The lowest byte of an extended result code is the code itself.
            let code = error.code().and_then(|code| code.parse::<u32>().ok()).map_or(0, |code| code & 0xff);
            of_code(code).map_or_else(|| format!("SQLite refused: {}", error.message()), str::to_owned)
        }
        sqlx::Error::Migrate(error) => return of_migration(name, error),
        other => other.to_string(),
    };
    JournalError(format!("{name}: {told}"))
}

fn of_code(code: u32) -> Option<&'static str> {
    Some(match code {
        5 | 6 => "locked by another process; close the other program that holds it open",
        8 => "read-only; give this user the right to write the file and its directory",
        10 => "the disk does not take it: full or failing; `df` shows which, and a network file system its connection",
        13 => "the disk is full; make room on it",
        14 => "cannot be opened; check that its directory exists and that this user may write there",
        11 | 26 => "damaged, or not a journal of warroom; move it away and a new one is made",
        _ => return None,
    })
}

pub(super) fn of_migration(name: &str, error: &MigrateError) -> JournalError {
    match error {
        MigrateError::VersionMissing(version) => newer(name, *version),
        MigrateError::VersionMismatch(version) => JournalError(format!(
            "{name}: its schema {version} is not the one that this warroom knows; use the version that made it"
        )),
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => of_query(name, error),
        other => JournalError(format!("{name}: cannot be brought up to date: {other}")),
    }
}

fn newer(name: &str, version: i64) -> JournalError {
    JournalError(format!(
        "{name}: written by a newer warroom (schema {version}, this one knows {}); update warroom",
        schema::VERSION
    ))
}

pub(super) fn foreign(name: &str) -> JournalError {
    JournalError(format!("{name}: a database of another program; move it away and a new journal is made"))
}

pub(super) fn late(name: &str, deadline: Duration) -> JournalError {
    JournalError(format!(
        "{name}: the disk did not answer within {} s; check the disk, a network file system above all",
        deadline.as_secs_f32()
    ))
}

/// Whether the same thing may succeed in a moment: another process is at the file, or has just made the tables.
pub(super) fn is_passing(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(error) => {
            let code = error.code().and_then(|code| code.parse::<u32>().ok()).map_or(0, |code| code & 0xff);
            matches!(code, 5 | 6) || error.is_unique_violation() || error.message().contains("already exists")
        }
        sqlx::Error::Migrate(error) => match error.as_ref() {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => is_passing(error),
            _ => false,
        },
        _ => false,
    }
}
