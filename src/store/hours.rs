//! Hours of SLOs in the journal's file: kept once, shared by every program that has the file open.

use futures_util::TryStreamExt;
use futures_util::future::{BoxFuture, FutureExt, ready};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::memory::{FORGOTTEN_AFTER, MemoryJournal};
use super::sqlite::SqliteJournal;
use super::unwritable::UnwritableJournal;
use crate::domain::Timestamp;
use crate::domain::slo::{HOUR, Hour, SETTLES_AFTER};
use crate::port::{HourStore, JournalError};

/// By the rule of [`Hour::replaces`]: what was read when nothing could come late any more stays as it is.
const KEEP: &str = "INSERT INTO hours (key, start, bad, total, read_at) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (key, start) DO UPDATE SET bad = excluded.bad, total = excluded.total, read_at = excluded.read_at \
     WHERE excluded.read_at > hours.read_at AND hours.read_at < hours.start + $6";

impl SqliteJournal {
    async fn read_hours(&self, key: &str, from: Timestamp) -> Result<Vec<Hour>, JournalError> {
        let select = sqlx::query("SELECT start, bad, total, read_at FROM hours WHERE key = $1 AND start >= $2");
        let rows = select.bind(key).bind(from.seconds()).fetch(&self.pool);
        self.within(rows.and_then(|row| ready(hour(&row))).try_collect()).await
    }

    async fn write_hours(&self, key: &str, hours: Vec<Hour>) -> Result<(), JournalError> {
        let settles = seconds(HOUR + SETTLES_AFTER);
        let written = async {
            // One transaction: the disk is waited for once and not for each hour.
            let mut all = self.pool.begin_with("BEGIN IMMEDIATE").await?;
            let mut newest = i64::MIN;
            for hour in hours.iter().filter(|hour| !hour.partial) {
                let Some((bad, total)) = hour.counts else { continue };
                newest = newest.max(hour.start.seconds());
                let keep = sqlx::query(KEEP).bind(key).bind(hour.start.seconds()).bind(bad).bind(total);
                keep.bind(hour.read_at.seconds()).bind(settles).execute(&mut *all).await?;
            }
            let forget = sqlx::query("DELETE FROM hours WHERE start < $1");
            forget.bind(newest.saturating_sub(seconds(FORGOTTEN_AFTER))).execute(&mut *all).await?;
            all.commit().await
        };
        self.within(written).await
    }
}

fn seconds(duration: std::time::Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

fn hour(row: &SqliteRow) -> Result<Hour, sqlx::Error> {
    Ok(Hour {
        start: Timestamp::from_seconds(row.try_get("start")?),
        counts: Some((row.try_get("bad")?, row.try_get("total")?)),
        read_at: Timestamp::from_seconds(row.try_get("read_at")?),
        partial: false,
    })
}

impl HourStore for SqliteJournal {
    fn hours<'a>(&'a self, key: &'a str, from: Timestamp) -> BoxFuture<'a, Result<Vec<Hour>, JournalError>> {
        self.read_hours(key, from).boxed()
    }

    fn keep_hours<'a>(&'a self, key: &'a str, hours: Vec<Hour>) -> BoxFuture<'a, Result<(), JournalError>> {
        self.write_hours(key, hours).boxed()
    }
}

impl HourStore for MemoryJournal {
    fn hours<'a>(&'a self, key: &'a str, from: Timestamp) -> BoxFuture<'a, Result<Vec<Hour>, JournalError>> {
        ready(Ok(self.hours_of(key, from))).boxed()
    }

    fn keep_hours<'a>(&'a self, key: &'a str, hours: Vec<Hour>) -> BoxFuture<'a, Result<(), JournalError>> {
        self.put_hours(key, hours);
        ready(Ok(())).boxed()
    }
}

/// Keeps nothing and says nothing: that the file cannot be written is told by the journal, once.
impl HourStore for UnwritableJournal {
    fn hours<'a>(&'a self, _: &'a str, _: Timestamp) -> BoxFuture<'a, Result<Vec<Hour>, JournalError>> {
        ready(Ok(Vec::new())).boxed()
    }

    fn keep_hours<'a>(&'a self, _: &'a str, _: Vec<Hour>) -> BoxFuture<'a, Result<(), JournalError>> {
        ready(Ok(())).boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::super::sqlite::open;
    use super::*;

    fn hour(start: i64, bad: f64, read_at: i64) -> Hour {
        let at = |hours: i64| Timestamp::from_seconds(hours * 3_600);
        Hour { start: at(start), counts: Some((bad, 100.0)), read_at: at(read_at), partial: false }
    }

    async fn kept(store: &dyn HourStore, key: &str, from: i64) -> Vec<(i64, f64)> {
        let mut hours = store.hours(key, Timestamp::from_seconds(from * 3_600)).await.expect("hours");
        hours.sort_by_key(|hour| hour.start);
        hours.iter().map(|hour| (hour.start.seconds() / 3_600, hour.counts.expect("numbers").0)).collect()
    }

    async fn keeps_by_the_rule(one: &dyn HourStore, other: &dyn HourStore) {
        one.keep_hours("a", vec![hour(10, 1.0, 11), hour(11, 2.0, 20)]).await.expect("kept");
        // The other program read hour 10 later, and hour 11 again though it was settled.
        other.keep_hours("a", vec![hour(10, 3.0, 12), hour(11, 9.0, 21)]).await.expect("kept");
        one.keep_hours("a", vec![hour(10, 1.0, 11)]).await.expect("an older reading changes nothing");
        other.keep_hours("b", vec![hour(10, 7.0, 20)]).await.expect("another question");
        let unfit = [Hour { counts: None, ..hour(12, 0.0, 20) }, Hour { partial: true, ..hour(13, 0.0, 20) }];
        one.keep_hours("a", unfit.to_vec()).await.expect("left out");
        assert_eq!(kept(one, "a", 0).await, [(10, 3.0), (11, 2.0)]);
        assert_eq!(kept(other, "a", 11).await, [(11, 2.0)]);
        assert_eq!(kept(one, "b", 0).await, [(10, 7.0)]);
        one.keep_hours("b", vec![hour(10 + 24 * 101, 1.0, 10_000)]).await.expect("kept");
        assert_eq!(kept(one, "a", 0).await, [], "older than any window");
    }

    #[tokio::test]
    async fn two_programs_keep_the_same_hours() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal.db");
        let (one, other) = (open(&path).await.expect("opened"), open(&path).await.expect("opened twice"));
        keeps_by_the_rule(&one, &other).await;
        let memory = MemoryJournal::new();
        keeps_by_the_rule(&memory, &memory).await;
    }

    #[tokio::test]
    async fn two_programs_that_write_at_once_lose_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal.db");
        let (one, other) = (open(&path).await.expect("opened"), open(&path).await.expect("opened twice"));
        let write = async |store: &SqliteJournal, from: i64| {
            for number in from..from + 40 {
                store.keep_hours("a", vec![hour(number, 1.0, number + 9)]).await.expect("kept");
            }
        };
        tokio::join!(write(&one, 0), write(&other, 20));
        assert_eq!(kept(&one, "a", 0).await.len(), 60);
    }
}
