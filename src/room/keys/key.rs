//! A key as a responder knows it. Not its text (`key_text.rs`), not the terminal's event (`runtime/input.rs`).

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// As typed, shift included: `G`, not shift and `g`.
    Char(char),
    Enter,
    Esc,
    Tab,
    Backspace,
    Delete,
    Insert,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    /// 1 to 24.
    F(u8),
}

/// One key press. [`Key::new`] is the only way to make one, so that a key has one spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    code: Code,
    ctrl: bool,
    alt: bool,
    shift: bool,
}

impl Key {
    /// Brings the spellings of one key together: shift is part of a character, ctrl knows no case, and control characters
    /// are the keys that send them.
    #[must_use]
    pub const fn new(code: Code, ctrl: bool, alt: bool, shift: bool) -> Self {
        match code {
            Code::Char('\r' | '\n') => Self { code: Code::Enter, ctrl, alt, shift },
            Code::Char('\t') => Self { code: Code::Tab, ctrl, alt, shift },
            Code::Char('\u{1b}') => Self { code: Code::Esc, ctrl, alt, shift },
            Code::Char('\u{8}' | '\u{7f}') => Self { code: Code::Backspace, ctrl, alt, shift },
            Code::Char(letter) if ctrl => {
                Self { code: Code::Char(letter.to_ascii_lowercase()), ctrl, alt, shift: false }
            }
            Code::Char(letter) if shift => {
                Self { code: Code::Char(letter.to_ascii_uppercase()), ctrl, alt, shift: false }
            }
            code => Self { code, ctrl, alt, shift },
        }
    }

    #[must_use]
    pub const fn plain(code: Code) -> Self {
        Self::new(code, false, false, false)
    }

    #[must_use]
    pub const fn letter(letter: char) -> Self {
        Self::plain(Code::Char(letter))
    }

    #[must_use]
    pub const fn ctrl(letter: char) -> Self {
        Self::new(Code::Char(letter), true, false, false)
    }

    #[must_use]
    pub const fn code(self) -> Code {
        self.code
    }

    #[must_use]
    pub const fn has_ctrl(self) -> bool {
        self.ctrl
    }

    #[must_use]
    pub const fn has_alt(self) -> bool {
        self.alt
    }

    /// Never set for a character.
    #[must_use]
    pub const fn has_shift(self) -> bool {
        self.shift
    }

    /// The character that this key writes into a text, if it writes one.
    #[must_use]
    pub const fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(letter) if !self.ctrl && !self.alt => Some(letter),
            _ => None,
        }
    }
}
