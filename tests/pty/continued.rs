//! Stopped and continued, resized while keys come: the screen comes back whole and no key is lost.
#![cfg(test)]

use crate::terminal::Terminal;

fn whole(screen: &str) -> bool {
    screen.contains("order-routing") && screen.contains("4 Logs") && screen.contains("? keys")
}

#[test]
fn ctrl_z_gives_the_terminal_back_and_fg_takes_it_again() {
    let home = tempfile::tempdir().expect("a folder");
    let mut terminal = Terminal::start(home.path(), 120, 40, &["demo", "--seek", "6m"]);
    terminal.wait_until("the first frame", whole);
    for _ in 0..3 {
        terminal.send("\x1a");
        terminal.wait_until_stopped();
        terminal.wait_until("the shell's screen", |screen| !screen.contains("order-routing"));
        assert!(!terminal.uses_alternate_screen(), "stopped: the shell's screen is there");
        terminal.signal("CONT");
        terminal.wait_until("the whole screen again", whole);
        assert!(terminal.uses_alternate_screen());
        terminal.send("?");
        terminal.wait_for("type to search");
        terminal.send("\x1b");
        terminal.wait_until("the keys to be gone", |screen| !screen.contains("type to search"));
    }
    terminal.send("\x03\x03");
    assert!(terminal.wait_for_end().success());
}

#[test]
fn a_stop_that_nobody_told_of_is_mended() {
    let home = tempfile::tempdir().expect("a folder");
    let mut terminal = Terminal::start(home.path(), 120, 40, &["demo", "--seek", "6m"]);
    terminal.wait_until("the first frame", whole);
    terminal.signal("STOP");
    terminal.wait_until_stopped();
    // What a shell does that has the terminal now.
    terminal.others("stty sane; printf '\\033[r\\033[?1049l\\033[2J\\033[41mstrange words\\n'");
    terminal.wait_for("strange words");
    terminal.signal("CONT");
    let screen = terminal.wait_until("the whole screen again", whole);
    assert!(!screen.contains("strange"), "{screen}");
    assert!(terminal.uses_alternate_screen());
    terminal.send("?");
    terminal.wait_for("type to search");
    terminal.send("\x1b");
    terminal.wait_until("the keys to be gone", |screen| !screen.contains("type to search"));
    terminal.send("\x03\x03");
    assert!(terminal.wait_for_end().success());
}

#[test]
fn no_key_is_lost_in_a_storm_of_sizes() {
    let home = tempfile::tempdir().expect("a folder");
    let mut terminal = Terminal::start(home.path(), 120, 40, &["demo", "--seek", "6m"]);
    terminal.wait_until("the first frame", whole);
    terminal.send("i");
    terminal.wait_for("letters are text here");
    let text: String = ('a'..='z').chain('A'..='Z').collect();
    for (number, letter) in (0_u16..).zip(text.chars()) {
        terminal.resize(100 + number % 20, 30 + number % 7);
        terminal.send(&letter.to_string());
    }
    terminal.resize(120, 40);
    terminal.wait_for(&text);
    terminal.signal("TERM");
    assert!(terminal.wait_for_end().success());
}
