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
    terminal.send("o key gone\r");
    terminal.wait_until("the note without its pending mark", |screen| {
        screen.lines().any(|line| line.contains("lea") && line.contains("key gone") && !line.contains("key gone …"))
            && !screen.contains("letters are text here")
            && !screen.contains("not yet on disk")
    });
    terminal.signal("KILL");
    terminal.wait_for_end();
    let terminal = Terminal::start(home.path(), 120, 40, &arguments);
    terminal.wait_for("key gone");
}

#[test]
fn a_note_is_kept_though_the_program_is_left_at_once() {
    let home = tempfile::tempdir().expect("a folder");
    let data = home.path().join("data");
    let data = data.to_str().expect("a plain path");
    let arguments: Vec<&str> = ANCHOR.iter().copied().chain([data]).collect();
    let mut terminal = Terminal::start(home.path(), 120, 40, &arguments);
    terminal.wait_for("acknowledged");
    terminal.send("i");
    terminal.wait_for("letters are text here");
    terminal.send("o left at once\r\x03\x03");
    assert!(terminal.wait_for_end().success());
    let terminal = Terminal::start(home.path(), 120, 40, &arguments);
    terminal.wait_for("left at once");
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
