//! A process that is killed while it writes: what was acknowledged is in the journal. The test starts itself as that
//! process.

#![cfg(test)]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use uuid::Uuid;
use warroom::domain::incident::{Entry, Kind, Origin};
use warroom::domain::{Symbol, Timestamp};
use warroom::port::Journal;
use warroom::store;

/// Set in the process that is to be killed: the journal it writes.
const VICTIM: &str = "WARROOM_TEST_JOURNAL";

fn note(number: u128) -> Entry {
    Entry {
        id: Uuid::from_u128(number),
        happened: Timestamp::from_seconds(100),
        recorded: Timestamp::from_seconds(100),
        author: Symbol::from("ana"),
        origin: Origin::Person,
        kind: Kind::Note,
        text: "x".repeat(2_000),
        evidence: Vec::new(),
        supersedes: None,
        key: None,
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime")
}

/// Writes until it is killed, and says each note's number once the journal has acknowledged it.
fn write_for_ever(path: &Path, from: u128) {
    runtime().block_on(async {
        let journal = store::open(path).await.expect("a journal");
        for number in from.. {
            journal.keep_draft(format!("typing {number}")).await.expect("kept");
            journal.append(note(number)).await.expect("written");
            eprintln!("acknowledged {number}");
        }
    });
}

#[test]
fn a_kill_loses_nothing_that_was_acknowledged() {
    if let Some(path) = std::env::var_os(VICTIM) {
        let known = runtime().block_on(async {
            store::open(Path::new(&path)).await.expect("a journal").entries().await.expect("read").len()
        });
        return write_for_ever(Path::new(&path), known as u128 + 1);
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path: PathBuf = folder.path().join("journal.db");
    for acknowledged_before_the_kill in [1, 7, 40] {
        let mut victim = Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", "a_kill_loses_nothing_that_was_acknowledged", "--nocapture"])
            .env(VICTIM, &path)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("started");
        let told = BufReader::new(victim.stderr.take().expect("its voice"));
        let mut last = 0;
        let mut count = 0;
        for line in told.lines().map_while(Result::ok) {
            if let Some(number) = line.strip_prefix("acknowledged ") {
                last = number.parse().expect("a number");
                count += 1;
            }
            if count == acknowledged_before_the_kill {
                // SIGKILL on Unix.
                victim.kill().expect("killed");
            }
        }
        victim.wait().expect("gone");
        assert!(count >= acknowledged_before_the_kill, "the writer ended by itself after {count} notes");
        let entries = runtime().block_on(async {
            let journal = store::open(&path).await.expect("opened after the kill");
            assert!(journal.draft().await.expect("read").is_some_and(|draft| draft.starts_with("typing ")));
            journal.entries().await.expect("read")
        });
        for number in 1..=last {
            assert!(entries.contains(&note(number)), "note {number} of {last} is lost");
        }
    }
}
