//! A terminal that takes bytes slowly or not at all: the end still comes, no queue of old frames builds up, and the screen
//! says that the link is slow.
#![cfg(test)]

use std::path::Path;
use std::thread;
use std::time::Duration;

use warroom::port::Journal;

use crate::terminal::Terminal;

/// More bytes in so many frames than the kernel keeps for a reader that has stopped.
const MANY: u16 = 40;
/// What the kernel keeps at the most, twice over.
const KEPT: usize = 200 * 1024;

fn draft(journal: &Path) -> Option<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async { warroom::store::open(journal).await.expect("a journal").draft().await.expect("readable") })
}

#[test]
fn a_terminal_that_takes_nothing_does_not_hold_the_end_and_is_given_back() {
    let home = tempfile::tempdir().expect("a folder");
    let data = home.path().join("data");
    let arguments = ["demo", "--seek", "6m", "--data", data.to_str().expect("a plain path")];
    let mut terminal = Terminal::start(home.path(), 120, 60, &arguments);
    terminal.wait_for("acknowledged");
    terminal.send("ih half a hypo");
    terminal.wait_for("half a hypo");
    terminal.hold(true);
    terminal.ask_for_frames(MANY, 60);
    terminal.signal("TERM");
    assert!(terminal.wait_for_exit().success());
    terminal.hold(false);
    terminal.wait_for_end();
    let raw = terminal.raw();
    assert!(raw.contains("\x18\x1b[?2026l\x1b[0m"), "it was full, and the frame under way was given up");
    assert!(!terminal.uses_alternate_screen(), "the shell's screen is there");
    assert!(raw.ends_with("\x1b[?2004l\x1b[?1049l\x1b[?25h"), "nothing comes after the good-bye");
    assert_eq!(draft(&data.join("demo-lost-orders.db")).as_deref(), Some("h half a hypo"));
}

#[test]
fn a_reader_that_falls_behind_gets_the_newest_state_and_no_queue() {
    let home = tempfile::tempdir().expect("a folder");
    let mut terminal = Terminal::start(home.path(), 120, 60, &["demo", "--seek", "6m"]);
    terminal.wait_for("acknowledged");
    terminal.hold(true);
    let before = terminal.raw().len();
    terminal.ask_for_frames(2 * MANY, 60);
    terminal.send("?");
    terminal.hold(false);
    terminal.wait_for("type to search");
    let came = terminal.raw().len() - before;
    assert!(came < KEPT, "{came} bytes: frames were queued");
    terminal.send("\x1b");
    terminal.wait_until("the keys to be gone", |screen| !screen.contains("type to search"));
    terminal.send("\x03\x03");
    assert!(terminal.wait_for_end().success());
    assert!(!terminal.uses_alternate_screen());
}

#[test]
fn frames_that_wait_again_and_again_make_a_slow_link() {
    let home = tempfile::tempdir().expect("a folder");
    let mut terminal = Terminal::start(home.path(), 120, 60, &["demo", "--seek", "6m"]);
    let screen = terminal.wait_for("acknowledged");
    assert!(!screen.contains("slow link"), "{screen}");
    for _ in 0..3 {
        terminal.hold(true);
        terminal.ask_for_frames(MANY, 60);
        terminal.hold(false);
        // What was held has gone by when an answer to a key shows: another hold is another late frame.
        terminal.send("?");
        terminal.wait_for("type to search");
        terminal.send("\x1b");
        terminal.wait_until("the keys to be gone", |screen| !screen.contains("type to search"));
    }
    terminal.wait_for("slow link");
    terminal.send("\x03\x03");
    assert!(terminal.wait_for_end().success());
}

#[test]
fn a_terminal_that_is_far_away_makes_a_slow_link_by_its_one_answer() {
    let home = tempfile::tempdir().expect("a folder");
    let mut terminal = Terminal::start(home.path(), 120, 40, &["demo", "--seek", "6m"]);
    terminal.wait_for_bytes("\x1b[5n");
    // The way there and back.
    thread::sleep(Duration::from_millis(600));
    terminal.send("\x1b[0n");
    terminal.wait_for("slow link");
    assert_eq!(terminal.raw().matches("\x1b[5n").count(), 1, "one question in all");
    terminal.send("\x03\x03");
    assert!(terminal.wait_for_end().success());
}

#[test]
fn a_screen_that_is_too_small_says_so_and_comes_back() {
    let home = tempfile::tempdir().expect("a folder");
    let mut terminal = Terminal::start(home.path(), 20, 4, &["demo", "--seek", "6m", "--slow-link"]);
    terminal.wait_for("too small");
    terminal.resize(120, 40);
    terminal.wait_until("the whole screen", |screen| screen.contains("4 Logs") && screen.contains("slow link"));
    terminal.send("\x03\x03");
    assert!(terminal.wait_for_end().success());
}
