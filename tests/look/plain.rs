//! Without colour and without Unicode: the same cells, and nothing lost but the colour.

use ratatui::style::Color;
use warroom::ui::Glyphs;

use super::scene::{buffer, lost_orders, rows};

#[test]
fn ascii_changes_signs_and_no_column() {
    for (width, height) in [(120, 40), (80, 24)] {
        let unicode = rows(&buffer(&mut lost_orders(6.0), width, height, "dark", Glyphs::Unicode));
        let ascii = rows(&buffer(&mut lost_orders(6.0), width, height, "dark", Glyphs::Ascii));
        for (before, after) in unicode.iter().zip(&ascii) {
            assert!(after.is_ascii(), "{after}");
            let blank = |row: &str| row.chars().map(|sign| sign == ' ').collect::<Vec<_>>();
            assert_eq!(blank(before), blank(after), "\n{before}\n{after}");
            let words = |row: &str| row.chars().filter(char::is_ascii_digit).collect::<String>();
            assert_eq!(words(before), words(after));
        }
    }
}

#[test]
fn every_sign_of_ours_has_one_in_ascii() {
    let ascii = rows(&buffer(&mut lost_orders(6.0), 120, 40, "dark", Glyphs::Ascii)).join("\n");
    // One is meant: the key of help.
    assert!(!ascii.replace("? keys", "").contains('?'), "{ascii}");
    // A change that is suspected has a sign of its own, which is not that of a hypothesis.
    assert!(ascii.contains("2.14.0 <"), "{ascii}");
}

#[test]
fn mono_has_no_colour_and_the_same_text() {
    let mono = buffer(&mut lost_orders(6.0), 120, 40, "mono", Glyphs::Unicode);
    let dark = buffer(&mut lost_orders(6.0), 120, 40, "dark", Glyphs::Unicode);
    assert_eq!(rows(&mono), rows(&dark));
    for cell in &mono.content {
        assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset), "{cell:?}");
    }
}
