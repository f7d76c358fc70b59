//! What lies above the panes: keys, palette, questions, menus, a value in full.

use std::time::Duration;

use warroom::domain::{Cause, Failure};
use warroom::room::{Fact, Slot};

use super::scene::{Desk, shows};

#[test]
fn help() {
    let mut desk = Desk::six_minutes();
    desk.press("?");
    for (width, height) in [(120, 40), (100, 30), (80, 24), (59, 15)] {
        shows(&format!("help_{width}x{height}"), &desk.frame(width, height));
    }
    desk.type_text("crit");
    shows("help_searched_80x24", &desk.frame(80, 24));
}

#[test]
fn palette() {
    let mut desk = Desk::six_minutes();
    desk.press(":").type_text("ack");
    desk.shows("palette");
}

#[test]
fn go_to_a_time() {
    let mut desk = Desk::six_minutes();
    desk.press("@").type_text("18:33");
    shows("go_to_80x24", &desk.frame(80, 24));
    desk.type_text("x").press("<Enter>");
    shows("go_to_complaint_80x24", &desk.frame(80, 24));
    desk.press("<Backspace> <Enter>");
    shows("go_to_gone_120x40", &desk.frame(120, 40));
}

#[test]
fn leader() {
    let mut desk = Desk::six_minutes();
    desk.press(",");
    desk.wait(Duration::from_millis(350));
    desk.shows("leader");
    desk.press("s");
    shows("leader_severity_80x24", &desk.frame(80, 24));
}

#[test]
fn copy_menu() {
    let mut desk = Desk::six_minutes();
    desk.press("y");
    shows("copy_menu_80x24", &desk.frame(80, 24));
}

#[test]
fn kinds_of_notes() {
    let mut desk = Desk::six_minutes();
    desk.press("I");
    shows("kinds_80x24", &desk.frame(80, 24));
}

/// The mark of a mistake stands under the letter that the server means, however long the server's words are.
#[test]
fn the_mark_under_a_query_stands_where_it_belongs() {
    let mut desk = Desk::six_minutes();
    desk.silent.insert(Slot::Query);
    desk.press(";");
    desk.type_text(r#"{ resource.service.name = "pricing" && status = }"#);
    desk.press("<Enter>");
    let words = "parse error at line 1, col 49: syntax error: unexpected }, expecting a value of the type that it is compared with";
    let refuse = |desk: &mut Desk, message: &str| {
        let failure = Failure::new("tempo", Cause::Refused { status: 400, message: message.to_owned() });
        desk.tell(Fact::Failed { ticket: desk.ticket(Slot::Query), failure });
    };
    refuse(&mut desk, words);
    let sizes = [(120, 40), (80, 24), (200, 60)];
    for (columns, rows) in sizes {
        let frame = desk.frame(columns, rows);
        let mut lines = frame.lines().skip_while(|line| !line.starts_with(';'));
        let row = lines.nth(1).unwrap_or_else(|| panic!("{frame}"));
        assert_eq!(row.chars().position(|letter| letter == '▲'), Some(49), "{frame}");
        // However little room there is beside the mark, nothing of it is cut.
        let all = frame.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(all.contains(words), "{frame}");
    }
    // A line that is longer than the screen is moved, and the mark with it.
    let long = format!(r#"{{ resource.service.name = "{}" && status = }}"#, "pricing".repeat(14));
    desk.press("<C-u>");
    desk.type_text(&long);
    desk.press("<Enter>");
    refuse(&mut desk, &format!("parse error at line 1, col {}: syntax error: unexpected }}", long.len()));
    for (columns, rows) in sizes {
        let frame = desk.frame(columns, rows);
        let lines: Vec<Vec<char>> = frame.lines().map(|line| line.chars().collect()).collect();
        let typed = lines.iter().position(|line| line.first() == Some(&';')).unwrap_or_else(|| panic!("{frame}"));
        let mark = lines[typed + 1].iter().position(|letter| *letter == '▲').unwrap_or_else(|| panic!("{frame}"));
        assert_eq!(lines[typed][mark], '}', "{frame}");
    }
}
