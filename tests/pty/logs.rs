//! Lines without a server: files that grow and are replaced, and what another program writes.
#![cfg(test)]

use std::fs::{self, OpenOptions};
use std::io::Write;

use crate::terminal::Terminal;

fn append(path: &std::path::Path, text: &str) {
    let mut file = OpenOptions::new().append(true).create(true).open(path).expect("a file");
    file.write_all(text.as_bytes()).expect("written");
}

#[test]
fn files_are_read_as_one_followed_and_found_again_when_they_are_replaced() {
    let home = tempfile::tempdir().expect("a folder");
    let (app, web) = (home.path().join("app.log"), home.path().join("web.log"));
    append(&app, "{\"ts\":\"2026-03-13T17:30:01Z\",\"level\":\"error\",\"msg\":\"pool is empty\"}\n");
    append(&app, "ts=2026-03-13T17:30:03Z level=warn msg=\"third\"\n");
    append(&web, "2026-03-13 17:30:02,000 INFO second\n");
    let paths = [app.display().to_string(), web.display().to_string()];
    let mut terminal = Terminal::start(home.path(), 120, 40, &["logs", &paths[0], &paths[1]]);
    let screen = terminal.wait_for("third");
    let row = |text: &str| screen.lines().position(|line| line.contains(text)).expect("on the screen");
    assert!(row("pool is empty") < row("second") && row("second") < row("third"), "{screen}");
    append(&app, "2026-03-13T17:30:04Z ERROR it grew \u{1b}]0;title\u{7}\0\n");
    terminal.wait_for("it grew");
    fs::rename(&app, home.path().join("app.log.1")).expect("moved");
    append(&app, "2026-03-13T17:30:05Z INFO after rotation\n");
    terminal.wait_for("after rotation");
    terminal.send("/~pool|rotation\r");
    terminal.wait_until("two lines", |screen| screen.contains("pool is empty") && !screen.contains("third"));
    terminal.send("\\#");
    terminal.wait_for("first seen");
    terminal.send("\x03\x03");
    assert!(terminal.wait_for_end().success());
    assert!(!terminal.uses_alternate_screen());
}

#[test]
fn what_another_program_writes_is_read_and_the_keyboard_still_works() {
    let home = tempfile::tempdir().expect("a folder");
    let long = "x".repeat(3 * 1024 * 1024);
    let input = home.path().join("input");
    fs::write(&input, format!("level=error msg=\"from a pipe\"\n{long}\nE0313 17:30:12.5 1 a.go:7] the end\n"))
        .expect("written");
    let program = env!("CARGO_BIN_EXE_warroom");
    let command = format!("cat '{}' | '{program}' logs -", input.display());
    let mut terminal = Terminal::start_shell(home.path(), 120, 40, &command);
    terminal.wait_for("the standard input has ended");
    terminal.send("gg");
    terminal.wait_for("▸");
    terminal.send("G/from\r");
    terminal.wait_until("one line", |screen| screen.contains("from a pipe") && !screen.contains("the end"));
    terminal.send("\x03\x03");
    assert!(terminal.wait_for_end().success());
}

#[test]
fn a_large_file_shows_its_end_first_then_all_of_it_and_says_when_it_is_cut_short() {
    let home = tempfile::tempdir().expect("a folder");
    let path = home.path().join("large.log");
    let line =
        |number: usize| format!("{{\"ts\":{},\"level\":\"info\",\"msg\":\"n{number}n\"}}\n", 1_773_400_000 + number);
    append(&path, &(0..60_000).map(line).collect::<String>());
    append(&path, "Traceback (most recent call last):\n  File \"pool.py\", line 7\nPoolTimeout: empty\n");
    let mut terminal = Terminal::start(home.path(), 120, 40, &["logs", &path.display().to_string()]);
    let screen = terminal.wait_for("60,003 lines");
    assert!(screen.contains("n59999n") && screen.contains("┊") && screen.contains("PoolTimeout"), "{screen}");
    assert!(!screen.contains("SLO is") && !screen.contains("no incident"), "{screen}");
    terminal.send("gg");
    terminal.wait_for("n0n");
    terminal.send("/n31337n\r");
    terminal.wait_until("one line", |screen| screen.contains("n31337n") && !screen.contains("n0n"));
    fs::write(&path, "").expect("cut short");
    terminal.send("\\G");
    terminal.wait_for("was cut short");
    // What stood on the screen was read, and its block of the file with it; what is far from there is not there any more.
    terminal.send("gg");
    terminal.send(&"\x04".repeat(400));
    terminal.wait_for("this line is no more");
    terminal.send("\x03\x03");
    assert!(terminal.wait_for_end().success());
}

#[test]
fn a_file_that_is_not_there_is_said_before_the_screen_is_taken() {
    let home = tempfile::tempdir().expect("a folder");
    let mut terminal = Terminal::start(home.path(), 100, 10, &["logs", "no-such.log"]);
    terminal.wait_for("no-such.log");
    assert!(!terminal.wait_for_end().success());
    assert!(!terminal.uses_alternate_screen());
}
