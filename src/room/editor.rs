//! A line of text that is being typed: notes, prompts. The one place of this floor that holds a widget's state, since the
//! text area crate keeps text and cursor together. One line only, with the keys of readline.

use tui_textarea::{CursorMove, TextArea};

use super::keys::{Code, Key};

/// Longer texts are cut: a note is a sentence, and what is pasted may be a log file.
pub const TEXT_BOUND: usize = 4_000;

/// What a key did to the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    Changed,
    /// Only the cursor moved, or nothing did.
    Moved,
}

/// Never holds a line break or a control character.
#[derive(Clone, Debug, Default)]
pub struct Editor {
    area: TextArea<'static>,
}

impl Editor {
    /// The cursor stands after the text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut editor = Self::default();
        editor.paste(text);
        editor
    }

    #[must_use]
    pub fn text(&self) -> &str {
        self.area.lines().first().map_or("", String::as_str)
    }

    /// How many characters stand before the cursor.
    #[must_use]
    pub fn cursor(&self) -> usize {
        self.area.cursor().1
    }

    /// Replaces everything; the cursor stands after the text.
    pub fn set(&mut self, text: &str) {
        *self = Self::new(text);
    }

    /// Inserts at the cursor; line breaks and tabs become spaces, other control characters are left out.
    pub fn paste(&mut self, text: &str) -> Edit {
        let room = TEXT_BOUND.saturating_sub(self.text().chars().count());
        let one_line: String = text
            .trim_matches(['\r', '\n'])
            .replace("\r\n", " ")
            .chars()
            .map(|letter| if matches!(letter, '\n' | '\r' | '\t') { ' ' } else { letter })
            .filter(|letter| !letter.is_control())
            .take(room)
            .collect();
        if one_line.is_empty() {
            return Edit::Moved;
        }
        self.area.insert_str(one_line);
        Edit::Changed
    }

    /// Keys that are none of a text field's do nothing. Enter and Esc are the caller's.
    pub fn input(&mut self, key: Key) -> Edit {
        if let Some(letter) = key.typed() {
            return self.paste(letter.encode_utf8(&mut [0; 4]));
        }
        let before = self.text().len();
        match (key.code(), key.has_ctrl(), key.has_alt()) {
            (Code::Char('a'), true, _) | (Code::Home, ..) => self.area.move_cursor(CursorMove::Head),
            (Code::Char('e'), true, _) | (Code::End, ..) => self.area.move_cursor(CursorMove::End),
            (Code::Char('b'), _, true) | (Code::Left, true, _) | (Code::Left, _, true) => {
                self.area.move_cursor(CursorMove::WordBack);
            }
            (Code::Char('f'), _, true) | (Code::Right, true, _) | (Code::Right, _, true) => {
                self.area.move_cursor(CursorMove::WordForward);
            }
            (Code::Left, ..) | (Code::Char('b'), true, _) => self.area.move_cursor(CursorMove::Back),
            (Code::Right, ..) | (Code::Char('f'), true, _) => self.area.move_cursor(CursorMove::Forward),
            (Code::Char('w'), true, _) | (Code::Backspace, _, true) | (Code::Backspace, true, _) => {
                self.area.delete_word();
            }
            (Code::Char('d'), _, true) => {
                self.area.delete_next_word();
            }
            (Code::Char('u'), true, _) => {
                self.area.delete_line_by_head();
            }
            (Code::Char('k'), true, _) => {
                self.area.delete_line_by_end();
            }
            (Code::Backspace, ..) | (Code::Char('h'), true, _) => {
                self.area.delete_char();
            }
            (Code::Delete, ..) | (Code::Char('d'), true, _) => {
                self.area.delete_next_char();
            }
            (Code::Char('y'), true, _) => {
                self.area.paste();
            }
            _ => {}
        }
        if self.text().len() == before { Edit::Moved } else { Edit::Changed }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::room::parse_script;

    fn typed(start: &str, script: &str) -> (String, usize) {
        let mut editor = Editor::new(start);
        for key in parse_script(script) {
            editor.input(key);
        }
        (editor.text().to_owned(), editor.cursor())
    }

    #[test]
    fn readline_keys_do_what_hands_know() {
        assert_eq!(typed("", "abc<Left>X"), ("abXc".to_owned(), 3));
        assert_eq!(typed("one two", "ctrl-w"), ("one ".to_owned(), 4));
        assert_eq!(typed("one two", "ctrl-a ctrl-k"), (String::new(), 0));
        assert_eq!(typed("one two", "ctrl-u"), (String::new(), 0));
        assert_eq!(typed("one two", "alt-b alt-b X"), ("Xone two".to_owned(), 1));
        assert_eq!(typed("one two", "ctrl-w ctrl-y"), ("one two".to_owned(), 7));
        assert_eq!(typed("été", "<Backspace>"), ("ét".to_owned(), 2));
        assert_eq!(typed("ab", "ctrl-a ctrl-d"), ("b".to_owned(), 0));
    }

    #[test]
    fn what_is_pasted_is_text_on_one_line() {
        assert_eq!(Editor::new("a\r\nb\tc\u{1b}[31m\u{0}\n").text(), "a b c[31m");
        assert_eq!(Editor::new(&"x".repeat(100_000)).text().len(), TEXT_BOUND);
    }

    proptest! {
        #[test]
        fn the_cursor_stays_in_the_text(keys in prop::collection::vec(
            prop_oneof![
                prop::sample::select(vec!["ctrl-w", "ctrl-u", "ctrl-k", "ctrl-y", "alt-b", "alt-f", "Left", "Right",
                    "Backspace", "Delete", "Home", "End", "Tab", "F1", "alt-d"]).prop_map(ToOwned::to_owned),
                "\\PC".prop_map(|letter| letter),
            ], 0..40)
        ) {
            let mut editor = Editor::default();
            for key in keys {
                match key.parse() {
                    Ok(key) => { editor.input(key); }
                    Err(_) => { editor.paste(&key); }
                }
                prop_assert!(editor.cursor() <= editor.text().chars().count());
                prop_assert!(!editor.text().contains(char::is_control));
            }
        }
    }
}
