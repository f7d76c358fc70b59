//! What frames cost, and which bytes never go out.

use ratatui::style::Style;
use warroom::writer::Means;

use crate::canvas::Canvas;
use crate::desk::Desk;

const WITHOUT_SCROLL: Means = Means { scroll: false, ..Means::FULL };

/// A pane of logs in a frame of two borders, the first line being number `first`.
fn logs(first: usize) -> Canvas {
    let mut canvas = Canvas::new(120, 40);
    let picture = &mut canvas.picture;
    picture.set_string(0, 0, "━".repeat(120), Style::new().dim());
    picture.set_string(0, 39, " j down  k up  ? keys", Style::new().dim());
    for row in 1..39 {
        let number = first + usize::from(row);
        let word = ["accepted", "rejected", "priced", "queued"][number % 4];
        picture.set_string(0, row, format!("13:{:02}:{:02}", number / 60 % 60, number % 60), Style::new().dim());
        picture.set_string(10, row, word, if number % 4 == 1 { Style::new().red() } else { Style::new() });
        picture.set_string(22, row, format!("order {} quote {}", number * 7919, number * 104_729), Style::new());
    }
    canvas
}

fn costs(means: Means, from: &Canvas, to: &Canvas) -> Vec<u8> {
    let mut desk = Desk::new(120, 40, means);
    desk.draw(&from.picture, None);
    desk.draw(&to.picture, None)
}

#[test]
fn a_line_that_comes_in_costs_about_its_own_bytes() {
    let down = costs(Means::FULL, &logs(100), &logs(101));
    assert!(down.len() < 120, "{} bytes: {:?}", down.len(), String::from_utf8_lossy(&down));
    let up = costs(Means::FULL, &logs(101), &logs(100));
    assert!(up.len() < 120, "{} bytes: {:?}", up.len(), String::from_utf8_lossy(&up));
    let painted = costs(WITHOUT_SCROLL, &logs(100), &logs(101));
    assert!(painted.len() > 6 * down.len(), "without moving rows it takes {}", painted.len());
}

#[test]
fn a_terminal_is_asked_only_what_it_may_be() {
    let text = |means| String::from_utf8(costs(means, &logs(100), &logs(140))).expect("text");
    let (full, narrow) = (text(Means::FULL), text(WITHOUT_SCROLL));
    assert!(!narrow.contains(['L', 'M']), "{narrow:?}");
    assert!(full.starts_with("\x1b[?2026h") && full.ends_with("\x1b[?2026l"), "{full:?}");
    let pane = text(Means { synchronized: false, ..Means::FULL });
    assert!(!pane.contains("2026"), "{pane:?}");
    let small = String::from_utf8(costs(Means::FULL, &logs(100), &logs(101))).expect("text");
    assert!(!small.contains("2026"), "a small frame needs no brackets: {small:?}");
    let plain = text(Means::PLAIN);
    for sequence in plain.split('\x1b').skip(1) {
        let end = sequence.chars().find(char::is_ascii_alphabetic);
        assert!(matches!(end, Some('H' | 'm')), "a stranger is told {sequence:?}");
    }
    assert!(plain.chars().all(|sign| sign == '\x1b' || !sign.is_control()), "{plain:?}");
}

#[test]
fn nothing_from_a_cell_drives_the_terminal() {
    let mut canvas = Canvas::new(20, 3);
    for (x, symbol) in [(0, "\x1b[2J"), (2, "a\u{9b}31m"), (6, "\r\n"), (8, "x")] {
        canvas.picture.cell_mut((x, 1)).expect("inside").set_symbol(symbol);
    }
    let mut desk = Desk::new(20, 3, Means::FULL);
    desk.draw(&canvas.picture, None);
    assert_eq!(desk.screen.screen().rows(0, 20).nth(1).as_deref(), Some("        x"));
}

#[test]
fn thousands_of_clusters_are_forgotten_again() {
    let mut desk = Desk::new(40, 12, Means::FULL);
    for round in 0..40_u32 {
        let mut canvas = Canvas::new(40, 12);
        for (number, y) in (0..12).enumerate() {
            for x in 0..40_u16 {
                let base = char::from_u32(0x4e00 + round * 480 + u32::from(x)).expect("a sign");
                let symbol = format!("{}\u{301}", if number % 2 == 0 { 'a' } else { base });
                if number % 2 == 0 || x % 2 == 0 {
                    canvas.picture.cell_mut((x, y)).expect("inside").set_symbol(&symbol);
                }
            }
        }
        desk.draw(&canvas.picture, None);
        assert_eq!(desk.wrong(&canvas.picture, None), None, "round {round}");
    }
}
