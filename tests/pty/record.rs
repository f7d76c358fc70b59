//! What a person typed survives: a note after Enter, and a draft before it, even kill -9.
#![cfg(test)]

use std::path::Path;
use std::time::{Duration, Instant};

use warroom::port::Journal;

use crate::terminal::Terminal;

const ANCHOR: [&str; 6] = ["demo", "--anchor", "2026-03-13T17:30:00Z", "--seek", "6m", "--data"];

#[test]
fn a_note_survives_kill_9() {
    let home = tempfile::tempdir().expect("a folder");
    let data = home.path().join("data");
    let data = data.to_str().expect("a plain path");
    let arguments: Vec<&str> = ANCHOR.iter().copied().chain([data]).collect();
    let mut terminal = Terminal::start(home.path(), 120, 40, &arguments);
    terminal.wait_for("acknowledged");
    terminal.send("i");
    terminal.wait_for("letters are text here");
    terminal.send("o the lock waits on a key that is gone\r");
    terminal.wait_until("the note without its pending mark", |screen| {
        screen
            .lines()
            .any(|line| line.contains("the lock waits on a key") && !line.contains('…') && line.contains("lea"))
            && !screen.contains("letters are text here")
            && !screen.contains("not yet on disk")
    });
    terminal.signal("KILL");
    terminal.wait_for_end();
    let terminal = Terminal::start(home.path(), 120, 40, &arguments);
    terminal.wait_for("key gone");
}

/// Waits until the journal holds this draft.
fn kept(journal: &Path, wanted: &str) {
    let deadline = Instant::now() + Duration::from_secs(30);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let journal = warroom::store::open(journal).await.expect("the journal");
        while journal.draft().await.expect("readable").as_deref() != Some(wanted) {
            assert!(Instant::now() < deadline, "the draft never reached the disk");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
}

#[test]
fn a_draft_survives_kill_9() {
    let home = tempfile::tempdir().expect("a folder");
    let data = home.path().join("data");
    let data = data.to_str().expect("a plain path");
    let arguments: Vec<&str> = ANCHOR.iter().copied().chain([data]).collect();
    let mut terminal = Terminal::start(home.path(), 120, 40, &arguments);
    terminal.wait_for("acknowledged");
    terminal.send("ih half a hypo");
    kept(&home.path().join("data").join("demo-lost-orders.db"), "h half a hypo");
    terminal.signal("KILL");
    terminal.wait_for_end();
    let mut terminal = Terminal::start(home.path(), 120, 40, &arguments);
    terminal.wait_for("acknowledged");
    terminal.send("i");
    terminal.wait_for("h half a hypo");
}
