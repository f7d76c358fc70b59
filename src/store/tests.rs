//! The journal's promises: kept in order, once, for ever; and what it says when it cannot.

use std::path::Path;
use std::time::Duration;

use sqlx::{Connection, Executor};
use uuid::Uuid;

use super::sqlite::{PATIENCE, Patience, open_with};
use super::{MemoryJournal, SqliteJournal, UnwritableJournal, open};
use crate::domain::incident::{Entry, Evidence, HypothesisStatus, Kind, Origin, Severity};
use crate::domain::{Symbol, Timestamp};
use crate::port::{Journal, JournalError};

fn entry(number: u64, happened: i64, recorded: i64, kind: Kind) -> Entry {
    Entry {
        id: Uuid::from_u128(u128::from(number)),
        happened: Timestamp::from_seconds(happened),
        recorded: Timestamp::from_seconds(recorded),
        author: Symbol::from("ana"),
        origin: Origin::Person,
        kind,
        text: format!("note {number}: \u{1b}[2J \0 'quoted' \u{202e}"),
        evidence: vec![Evidence {
            about: Symbol::from("slo"),
            text: "burn 15.4x".to_owned(),
            trace: "0af7651916cd43dd8448eb211c80319c".parse().ok(),
            span: None,
            slo: Some(Symbol::from("orders")),
            at: Some(Timestamp::from_seconds(happened)),
        }],
        supersedes: Some(Uuid::from_u128(7)),
        key: Some(Symbol::from("am:1f")),
    }
}

fn note(number: u64) -> Entry {
    entry(number, 100, 100, Kind::Note)
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

async fn journal(path: &Path) -> SqliteJournal {
    open(path).await.expect("a journal")
}

fn refusal(opened: Result<SqliteJournal, JournalError>) -> String {
    opened.expect_err("refused").0
}

async fn keeps_what_it_promises(journal: &dyn Journal) {
    let early = entry(9, 50, 200, Kind::Hypothesis { number: 1, status: HypothesisStatus::Rejected });
    let late = entry(1, 100, 100, Kind::Declared { severity: Severity::Sev1 });
    let twin = entry(2, 100, 100, Kind::Deployed { service: "pricing".into(), version: "v42".into(), previous: None });
    for written in [&late, &twin, &early, &late] {
        journal.append(written.clone()).await.expect("written");
    }
    let changed = Entry { text: "another text under the same id".to_owned(), ..late.clone() };
    journal.append(changed).await.expect("the same id is no error");
    assert_eq!(journal.entries().await.expect("read"), [early, late, twin]);

    assert_eq!(journal.draft().await, Ok(None));
    journal.keep_draft("h1: the cache".to_owned()).await.expect("kept");
    journal.keep_draft("h1: the cache is cold".to_owned()).await.expect("kept");
    assert_eq!(journal.draft().await, Ok(Some("h1: the cache is cold".to_owned())));
    journal.keep_draft(String::new()).await.expect("forgotten");
    assert_eq!(journal.draft().await, Ok(None));
}

#[tokio::test]
async fn both_journals_keep_what_they_promise() {
    let folder = folder();
    keeps_what_it_promises(&journal(&folder.path().join("journal.db")).await).await;
    keeps_what_it_promises(&MemoryJournal::new()).await;
}

#[tokio::test]
async fn a_journal_that_could_not_be_opened_says_why_each_time() {
    let why = JournalError("journal.db: read-only".to_owned());
    let journal = UnwritableJournal::new(why.clone());
    assert_eq!(journal.append(note(1)).await, Err(why.clone()));
    assert_eq!(journal.entries().await, Err(why.clone()));
    assert_eq!(journal.keep_draft("x".to_owned()).await, Err(why.clone()));
    assert_eq!(journal.draft().await, Err(why));
}

#[tokio::test]
async fn what_was_written_is_there_after_opening_again() {
    let folder = folder();
    let path = folder.path().join("deep/er/journal.db");
    journal(&path).await.append(note(1)).await.expect("written");
    journal(&path).await.keep_draft("half a thou".to_owned()).await.expect("kept");
    let again = journal(&path).await;
    assert_eq!(again.entries().await.expect("read"), [note(1)]);
    assert_eq!(again.draft().await, Ok(Some("half a thou".to_owned())));
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_can_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let path = folder.path().join("warroom/journal.db");
    journal(&path).await.append(note(1)).await.expect("written");
    let mode = |path: &Path| path.metadata().expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(&folder.path().join("warroom")), 0o700);
    for name in ["journal.db", "journal.db-wal"] {
        assert_eq!(mode(&folder.path().join("warroom").join(name)), 0o600, "{name}");
    }
}

#[tokio::test]
async fn an_acknowledged_append_is_on_the_disk() {
    let folder = folder();
    let journal = journal(&folder.path().join("journal.db")).await;
    let full: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(&journal.pool).await.expect("asked");
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&journal.pool).await.expect("asked");
    assert_eq!((full, mode.as_str()), (2, "wal"));
}

#[tokio::test]
async fn sql_reads_the_columns_and_changes_nothing() {
    let folder = folder();
    let journal = journal(&folder.path().join("journal.db")).await;
    let written = entry(1, 100, 160, Kind::Declared { severity: Severity::Sev2 });
    journal.append(written.clone()).await.expect("written");
    let row: (String, String, String, i64) =
        sqlx::query_as("SELECT author, origin, kind, (recorded - happened) / 1000000000 FROM entries")
            .fetch_one(&journal.pool)
            .await
            .expect("read");
    assert_eq!(row, ("ana".to_owned(), "person".to_owned(), "declared".to_owned(), 60));
    for change in ["UPDATE entries SET text = 'x'", "DELETE FROM entries"] {
        let error = journal.pool.execute(change).await.expect_err("refused").to_string();
        assert!(error.contains("the journal is append-only"), "{error}");
    }
    let replace = "INSERT OR REPLACE INTO entries SELECT id, 0, 0, 'eve', origin, kind, 'x', NULL, '{}' FROM entries";
    journal.pool.execute(replace).await.expect("ignored");
    assert_eq!(journal.entries().await.expect("read"), [written]);
}

#[tokio::test]
async fn a_row_of_an_unknown_kind_is_shown_by_its_columns() {
    let folder = folder();
    let journal = journal(&folder.path().join("journal.db")).await;
    let insert = "INSERT INTO entries VALUES ('00000000-0000-0000-0000-000000000001', 5, 6, 'ben', 'person', 'sung', 'la la', NULL, '{\"kind\":\"sung\"}')";
    journal.pool.execute(insert).await.expect("written");
    let read = journal.entries().await.expect("read");
    assert_eq!(read.len(), 1);
    assert_eq!(read[0].text, "la la (a `sung` that this version of warroom cannot read whole)");
    assert_eq!((read[0].author.as_str(), read[0].happened.nanos(), &read[0].kind), ("ben", 5, &Kind::Note));
}

#[tokio::test]
async fn eight_at_once_on_a_fresh_file() {
    let folder = folder();
    let path = folder.path().join("journal.db");
    let opened = futures_util::future::join_all((1..=8).map(|number| {
        let path = path.clone();
        async move { journal(&path).await.append(note(number)).await }
    }));
    assert!(opened.await.into_iter().all(|written| written.is_ok()));
    assert_eq!(journal(&path).await.entries().await.expect("read").len(), 8);
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let folder = folder();
    let path = folder.path().join("journal.db");
    let future = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (3, 'x', 1, x'00', 0)";
    journal(&path).await.pool.execute(future).await.expect("written");
    assert_eq!(
        refusal(open(&path).await),
        "journal.db: written by a newer warroom (schema 3, this one knows 2); update warroom"
    );
}

#[tokio::test]
async fn what_is_no_journal_is_left_alone() {
    let folder = folder();
    let text = folder.path().join("notes.txt");
    let content = "not a database, but long enough to look like one ".repeat(40);
    std::fs::write(&text, &content).expect("written");
    assert_eq!(
        refusal(open(&text).await),
        "notes.txt: damaged, or not a journal of warroom; move it away and a new one is made"
    );
    assert_eq!(std::fs::read_to_string(&text).expect("read"), content);

    let other = folder.path().join("other.db");
    let address = format!("sqlite://{}?mode=rwc", other.display());
    let mut connection = sqlx::SqliteConnection::connect(&address).await.expect("connected");
    connection.execute("CREATE TABLE songs (title TEXT)").await.expect("made");
    assert_eq!(
        refusal(open(&other).await),
        "other.db: a database of another program; move it away and a new journal is made"
    );
    let tables: i64 =
        sqlx::query_scalar("SELECT count(*) FROM sqlite_schema").fetch_one(&mut connection).await.expect("asked");
    assert_eq!(tables, 1);
}

#[tokio::test]
async fn a_lock_is_waited_for_and_then_named() {
    let folder = folder();
    let path = folder.path().join("journal.db");
    let patience = Patience { lock: Duration::from_millis(20), ..PATIENCE };
    let waiting = open_with(&path, patience).await.expect("a journal");
    let holder = journal(&path).await;
    let held = holder.pool.begin_with("BEGIN IMMEDIATE").await.expect("locked");
    let locked = "journal.db: locked by another process; close the other program that holds it open";
    assert_eq!(waiting.append(note(1)).await, Err(JournalError(locked.to_owned())));
    assert_eq!(refusal(open_with(&path, patience).await), locked);
    held.rollback().await.expect("let go");
    assert_eq!(waiting.append(note(1)).await, Ok(()));
    assert_eq!(waiting.entries().await.expect("read"), [note(1)]);
}

#[tokio::test]
async fn a_full_disk_and_a_read_only_one_are_named() {
    let folder = folder();
    let journal = journal(&folder.path().join("journal.db")).await;
    journal.append(note(1)).await.expect("written");
    journal.pool.execute("PRAGMA max_page_count = 1").await.expect("set");
    let long = Entry { text: "x".repeat(100_000), ..note(2) };
    let full = "journal.db: the disk is full; make room on it";
    assert_eq!(journal.append(long.clone()).await, Err(JournalError(full.to_owned())));
    journal.pool.execute("PRAGMA max_page_count = 100000").await.expect("set");
    assert_eq!(journal.append(long).await, Ok(()));

    journal.pool.execute("PRAGMA query_only = ON").await.expect("set");
    let read_only = "journal.db: read-only; give this user the right to write the file and its directory";
    assert_eq!(journal.append(note(3)).await, Err(JournalError(read_only.to_owned())));
    assert_eq!(journal.entries().await.expect("still read").len(), 2);
}

#[tokio::test]
async fn a_place_that_cannot_be_is_named_with_a_hint() {
    let folder = folder();
    std::fs::write(folder.path().join("file"), "x").expect("written");
    let below = refusal(open(&folder.path().join("file/journal.db")).await);
    assert!(below.starts_with("journal.db: its directory cannot be made: "), "{below}");
    assert!(below.ends_with("; set XDG_DATA_HOME to a directory that may be written"), "{below}");
    let directory = refusal(open(folder.path()).await);
    assert!(directory.contains(": cannot be written: not a file; "), "{directory}");
}

#[tokio::test]
async fn a_disk_that_does_not_answer_is_not_waited_for() {
    let folder = folder();
    let patience = Patience { deadline: Duration::ZERO, ..PATIENCE };
    let late = refusal(open_with(&folder.path().join("journal.db"), patience).await);
    assert!(late.starts_with("journal.db: the disk did not answer within 0 s; "), "{late}");
}
