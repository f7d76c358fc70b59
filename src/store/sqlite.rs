//! The journal on SQLite: write-ahead log, synchronous=FULL, so that an append that returned is on the disk.

use std::future::Future;
use std::path::Path;
use std::time::Duration;

use futures_util::TryStreamExt;
use futures_util::future::{BoxFuture, FutureExt};
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::row::Columns;
use super::{place, schema, trouble};
use crate::domain::incident::Entry;
use crate::port::{Journal, JournalError};

/// How long to wait for another process, and for the disk as a whole.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    pub(super) lock: Duration,
    pub(super) deadline: Duration,
}

pub(super) const PATIENCE: Patience = Patience { lock: Duration::from_secs(5), deadline: Duration::from_secs(10) };

/// How often making the tables is tried when another process is at it too, and the pause between.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(50);

/// Several processes may have one file open; each append waits for the others.
#[derive(Debug)]
pub struct SqliteJournal {
    pub(super) pool: SqlitePool,
    /// The file's own name, for messages.
    name: String,
    patience: Patience,
}

/// Makes the file and its directories where there are none. Fails when the file cannot be written now, is of a newer
/// schema, or is not a journal.
pub async fn open(path: &Path) -> Result<SqliteJournal, JournalError> {
    open_with(path, PATIENCE).await
}

pub(super) async fn open_with(path: &Path, patience: Patience) -> Result<SqliteJournal, JournalError> {
    let name = place::name_of(path);
    let opened = tokio::time::timeout(patience.deadline, async {
        let wanted = path.to_owned();
        tokio::task::spawn_blocking(move || place::prepare(&wanted))
            .await
            .map_err(|error| JournalError(format!("{name}: {error}")))??;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(false)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(patience.lock);
        let mut tries = 0;
        loop {
            tries += 1;
            match connect(options.clone(), patience).await {
                Ok(Some(pool)) => return Ok(pool),
                Ok(None) => return Err(trouble::foreign(&name)),
                Err(error) if trouble::is_passing(&error) && tries < TRIES => tokio::time::sleep(PAUSE).await,
                Err(error) => return Err(trouble::of_query(&name, &error)),
            }
        }
    });
    let pool = opened.await.map_err(|_| trouble::late(&name, patience.deadline))??;
    Ok(SqliteJournal { pool, name, patience })
}

/// `None` when the file is a database of another program.
async fn connect(options: SqliteConnectOptions, patience: Patience) -> Result<Option<SqlitePool>, sqlx::Error> {
    // One connection: SQLite has one writer, and the readers here are few and short.
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        // Longer than the deadline of every question, which tells the trouble better.
        .acquire_timeout(patience.deadline + PATIENCE.deadline)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options)
        .await?;
    let tables: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM sqlite_schema WHERE name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'",
    )
    .fetch_one(&pool)
    .await?;
    // Read after the tables: who makes them sets it in the same transaction, so that another program of ours that is just
    // making the file is not taken for a stranger.
    let application: i64 = sqlx::query_scalar("PRAGMA application_id").fetch_one(&pool).await?;
    if application != schema::APPLICATION && (application != 0 || tables > 0) {
        return Ok(None);
    }
    schema::migrator().run(&pool).await?;
    // Takes the right to write and gives it back: a file that cannot be written is known now and not at the first note.
    let write = pool.begin_with("BEGIN IMMEDIATE").await?;
    write.rollback().await?;
    Ok(Some(pool))
}

impl SqliteJournal {
    pub(super) async fn within<T>(
        &self,
        asked: impl Future<Output = Result<T, sqlx::Error>>,
    ) -> Result<T, JournalError> {
        match tokio::time::timeout(self.patience.deadline, asked).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(trouble::of_query(&self.name, &error)),
            Err(_) => Err(trouble::late(&self.name, self.patience.deadline)),
        }
    }

    async fn write(&self, entry: Entry) -> Result<(), JournalError> {
        let columns = Columns::of(&entry)
            .map_err(|error| JournalError(format!("{}: the entry cannot be written as JSON: {error}", self.name)))?;
        let insert = sqlx::query(
            "INSERT INTO entries (id, happened, recorded, author, origin, kind, text, supersedes, entry) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING",
        )
        .bind(columns.id)
        .bind(columns.happened)
        .bind(columns.recorded)
        .bind(columns.author)
        .bind(columns.origin)
        .bind(columns.kind)
        .bind(columns.text)
        .bind(columns.supersedes)
        .bind(columns.entry);
        self.within(insert.execute(&self.pool)).await.map(drop)
    }

    async fn read(&self) -> Result<Vec<Entry>, JournalError> {
        let select = sqlx::query(
            "SELECT id, happened, recorded, author, origin, kind, text, supersedes, entry \
             FROM entries ORDER BY happened, recorded, id",
        );
        let rows = select.fetch(&self.pool).and_then(|row| std::future::ready(Columns::read(&row)));
        self.within(rows.map_ok(Columns::into_entry).try_collect()).await
    }

    async fn write_draft(&self, text: String) -> Result<(), JournalError> {
        let change = if text.is_empty() {
            sqlx::query("DELETE FROM draft")
        } else {
            sqlx::query(
                "INSERT INTO draft (one, text) VALUES (1, $1) ON CONFLICT (one) DO UPDATE SET text = excluded.text",
            )
            .bind(text)
        };
        self.within(change.execute(&self.pool)).await.map(drop)
    }

    async fn read_draft(&self) -> Result<Option<String>, JournalError> {
        self.within(sqlx::query_scalar("SELECT text FROM draft").fetch_optional(&self.pool)).await
    }
}

impl Journal for SqliteJournal {
    fn append(&self, entry: Entry) -> BoxFuture<'_, Result<(), JournalError>> {
        self.write(entry).boxed()
    }

    fn entries(&self) -> BoxFuture<'_, Result<Vec<Entry>, JournalError>> {
        self.read().boxed()
    }

    fn keep_draft(&self, text: String) -> BoxFuture<'_, Result<(), JournalError>> {
        self.write_draft(text).boxed()
    }

    fn draft(&self) -> BoxFuture<'_, Result<Option<String>, JournalError>> {
        self.read_draft().boxed()
    }
}
