//! However it ends, the terminal is given back.
#![cfg(test)]

use std::io::Read;
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::terminal::Terminal;

fn ends_by(signal: &str) {
    let home = tempfile::tempdir().expect("a folder");
    let mut terminal = Terminal::start(home.path(), 80, 24, &["demo"]);
    terminal.wait_for("order-routing");
    terminal.signal(signal);
    terminal.wait_for_end();
    assert!(!terminal.uses_alternate_screen(), "{signal}: still on the alternate screen");
    let raw = terminal.raw();
    assert!(raw.contains("\x1b[?2004l"), "{signal}: bracketed paste is still on");
    assert!(raw.rfind("\x1b[?25h") > raw.rfind("\x1b[?25l"), "{signal}: the cursor is still hidden");
}

#[test]
fn sigterm_gives_the_terminal_back() {
    ends_by("TERM");
}

#[test]
fn sighup_gives_the_terminal_back() {
    ends_by("HUP");
}

#[test]
fn sigint_gives_the_terminal_back() {
    ends_by("INT");
}

/// The window is closed, or the connection breaks: nobody reads and nobody will.
#[test]
fn a_terminal_that_is_gone_ends_the_program() {
    let home = tempfile::tempdir().expect("a folder");
    let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size).expect("a pseudo terminal");
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_warroom"));
    command.arg("demo");
    command.env("HOME", home.path());
    command.env("TERM", "xterm-256color");
    let mut child = pair.slave.spawn_command(command).expect("the program starts");
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().expect("a reader");
    let mut seen = Vec::new();
    while !String::from_utf8_lossy(&seen).contains("Logs") {
        let mut buffer = [0; 4096];
        let read = reader.read(&mut buffer).expect("a frame");
        assert!(read > 0, "it ended before its first frame");
        seen.extend_from_slice(&buffer[..read]);
    }
    drop((reader, pair.master));
    let deadline = Instant::now() + Duration::from_secs(60);
    while child.try_wait().expect("a child of ours").is_none() {
        assert!(Instant::now() < deadline, "it runs on without a terminal");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Set for the child that panics.
const CHILD: &str = "WARROOM_PANICKING_CHILD";

/// In the child: takes the terminal as the program does, and panics. Otherwise: there is nothing to do.
#[test]
fn panicking_child() {
    if std::env::var_os(CHILD).is_some() {
        let _guard = warroom::runtime::Guard::take().expect("a terminal");
        panic!("the planted panic");
    }
}

#[test]
fn a_panic_gives_the_terminal_back_and_then_speaks() {
    let home = tempfile::tempdir().expect("a folder");
    let mut terminal = Terminal::start_test(home.path(), "ending::panicking_child", CHILD);
    assert!(!terminal.wait_for_end().success());
    let raw = terminal.raw();
    let (before, after) = raw.split_once("\x1b[?1049l").expect("the alternate screen is left");
    assert!(before.contains("\x1b[?1049h"), "it was entered");
    assert!(after.contains("the planted panic"), "the message comes after the screen was left: {raw:?}");
}
