//! The demo comes up, keys do what they say, and no size of terminal makes it fall.
#![cfg(test)]

use crate::terminal::Terminal;

#[test]
fn the_demo_starts_and_quits_clean() {
    let home = tempfile::tempdir().expect("a folder");
    let mut terminal = Terminal::start(home.path(), 120, 40, &["demo", "--seek", "6m"]);
    let screen = terminal.wait_for("responsible pricing");
    assert!(terminal.uses_alternate_screen());
    assert!(screen.contains("order-routing"), "{screen}");
    terminal.send("?");
    terminal.wait_for("type to search");
    terminal.send("\x1b");
    terminal.wait_until("the keys to be gone", |screen| !screen.contains("type to search"));
    terminal.send("4");
    terminal.wait_for("▸4 Logs");
    terminal.send("\x03\x03");
    assert!(terminal.wait_for_end().success());
    assert!(!terminal.uses_alternate_screen(), "the terminal is given back");
}

#[test]
fn a_storm_of_sizes_ends_in_the_last_one() {
    let home = tempfile::tempdir().expect("a folder");
    let mut terminal = Terminal::start(home.path(), 120, 40, &["demo", "--seek", "6m"]);
    terminal.wait_for("order-routing");
    for (columns, rows) in [(1, 1), (200, 60), (2, 50), (80, 24), (20, 5), (300, 3), (59, 15), (1, 100), (100, 30)] {
        terminal.resize(columns, rows);
        terminal.send("\x0c");
    }
    terminal.wait_until("a frame of the last size", |screen| {
        let rule = screen.lines().any(|line| line.starts_with('━') && line.chars().count() == 100);
        rule && screen.lines().count() <= 30 && screen.contains("? keys")
    });
    terminal.send("\x03\x03");
    assert!(terminal.wait_for_end().success());
}

#[test]
fn a_board_shows_and_writes_nothing() {
    let home = tempfile::tempdir().expect("a folder");
    let mut terminal = Terminal::start(home.path(), 120, 40, &["--board", "demo", "--seek", "6m"]);
    let screen = terminal.wait_for("board, read-only");
    assert!(screen.contains("▸1 SLOs"), "the gauges over the whole screen: {screen}");
    terminal.wait_for("PAGE since");
    for (keys, refused) in [
        ("i", "a board is read-only: note"),
        (",d", "a board is read-only: declare"),
        ("a", "a board is read-only: ack"),
    ] {
        terminal.send(keys);
        let screen = terminal.wait_for(refused);
        assert!(!screen.contains("▸Note") && !screen.contains("Declare as"), "{screen}");
    }
    terminal.send("\x03\x03");
    assert!(terminal.wait_for_end().success());
}
