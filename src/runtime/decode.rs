//! The bytes that a terminal sends, as keys and pastes. A sequence may come in pieces: what is unfinished is held, and
//! given up when the rest does not come. Not where the bytes come from: `input.rs`.

use std::collections::VecDeque;

use crate::room::{Code, Key};

/// A sequence longer than this is none that a key sends.
const LONGEST: usize = 64;
/// Of one paste; what comes beyond is not taken.
const PASTE: usize = 1024 * 1024;
const PASTE_BEGINS: u32 = 200;
const PASTE_ENDS: &[u8] = b"\x1b[201~";
const ESCAPE: u8 = 0x1b;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    Key(Key),
    /// A bracketed paste: text, whatever it contains.
    Paste(String),
    /// The terminal says that it is there.
    Answer,
}

#[derive(Default)]
pub(super) struct Decoder {
    held: Vec<u8>,
    paste: Option<Vec<u8>>,
}

/// What the first bytes are.
enum Piece {
    /// Whole, and so many bytes long; some mean nothing.
    Whole(usize, Option<Key>),
    Answer(usize),
    PasteBegins(usize),
    /// The rest is to come.
    Part,
}

impl Decoder {
    /// Bytes as they came, to keys in their order.
    pub(super) fn take(&mut self, bytes: &[u8], heard: &mut VecDeque<Input>) {
        self.held.extend_from_slice(bytes);
        while !self.held.is_empty() {
            if self.paste.is_some() {
                if !self.take_paste(heard) {
                    return;
                }
                continue;
            }
            match piece(&self.held) {
                Piece::Part if self.held.len() > LONGEST => self.held.clear(),
                Piece::Part => return,
                Piece::Answer(length) => {
                    self.drop_first(length);
                    heard.push_back(Input::Answer);
                }
                Piece::PasteBegins(length) => {
                    self.drop_first(length);
                    self.paste = Some(Vec::new());
                }
                Piece::Whole(length, key) => {
                    self.drop_first(length);
                    heard.extend(key.map(Input::Key));
                }
            }
        }
    }

    /// Whether the last bytes may be the beginning of something.
    pub(super) const fn waits(&self) -> bool {
        !self.held.is_empty() && self.paste.is_none()
    }

    /// The rest does not come: an escape is the key of that name, and one more sign makes it a key with alt.
    pub(super) fn give_up(&mut self, heard: &mut VecDeque<Input>) {
        let held = std::mem::take(&mut self.held);
        let key = match held.as_slice() {
            [ESCAPE] => Some(Key::plain(Code::Esc)),
            [ESCAPE, letter] => Some(Key::new(Code::Char(char::from(*letter)), false, true, false)),
            _ => None,
        };
        heard.extend(key.map(Input::Key));
    }

    fn drop_first(&mut self, length: usize) {
        self.held.drain(..length.min(self.held.len()));
    }

    /// Whether the paste has ended.
    fn take_paste(&mut self, heard: &mut VecDeque<Input>) -> bool {
        let Some(paste) = &mut self.paste else { return true };
        let end = self.held.windows(PASTE_ENDS.len()).position(|part| part == PASTE_ENDS);
        // The last bytes may be the beginning of the end.
        let taken = end.unwrap_or_else(|| self.held.len().saturating_sub(PASTE_ENDS.len() - 1));
        let room = PASTE.saturating_sub(paste.len());
        paste.extend(self.held.drain(..taken).take(room));
        if end.is_none() {
            return false;
        }
        let text = String::from_utf8_lossy(paste).into_owned();
        self.paste = None;
        self.drop_first(PASTE_ENDS.len());
        heard.push_back(Input::Paste(text));
        true
    }
}

fn piece(bytes: &[u8]) -> Piece {
    match bytes {
        [ESCAPE] => Piece::Part,
        [ESCAPE, ESCAPE, ..] => Piece::Whole(1, Some(Key::plain(Code::Esc))),
        [ESCAPE, b'[', rest @ ..] => control_sequence(rest),
        [ESCAPE, b'O', rest @ ..] => match rest.first() {
            None => Piece::Part,
            Some(letter) => Piece::Whole(3, by_letter(*letter).map(Key::plain)),
        },
        // An answer of the terminal to a question that nobody asked.
        [ESCAPE, b']' | b'P' | b'_' | b'^', rest @ ..] => answer(rest),
        [ESCAPE, rest @ ..] => match sign(rest, true) {
            Piece::Whole(length, key) => Piece::Whole(length + 1, key),
            other => other,
        },
        bytes => sign(bytes, false),
    }
}

/// One sign, or the control character that a key sends.
fn sign(bytes: &[u8], alt: bool) -> Piece {
    let Some(first) = bytes.first().copied() else { return Piece::Part };
    let length = match first {
        0x00..0x80 => 1,
        0xc2..0xe0 => 2,
        0xe0..0xf0 => 3,
        0xf0..0xf5 => 4,
        _ => return Piece::Whole(1, None),
    };
    let Some(encoded) = bytes.get(..length) else {
        let rest = bytes.iter().skip(1);
        return if rest.copied().all(|byte| byte & 0xc0 == 0x80) { Piece::Part } else { Piece::Whole(1, None) };
    };
    let Some(sign) = std::str::from_utf8(encoded).ok().and_then(|text| text.chars().next()) else {
        return Piece::Whole(1, None);
    };
    let letter = |number: u8, first: u8, of_first: u8| Code::Char(char::from(number - first + of_first));
    let (code, ctrl) = match first {
        b'\r' => (Code::Enter, false),
        b'\t' => (Code::Tab, false),
        0x7f => (Code::Backspace, false),
        0x00 => (Code::Char(' '), true),
        0x01..=0x1a => (letter(first, 0x01, b'a'), true),
        0x1c..=0x1f => (letter(first, 0x1c, b'4'), true),
        _ => (Code::Char(sign), false),
    };
    let key = Key::new(code, ctrl, alt, false);
    Piece::Whole(length, Some(key))
}

/// Ends with BEL or `ESC \`.
fn answer(rest: &[u8]) -> Piece {
    let bell = rest.iter().position(|byte| *byte == 7).map(|at| at + 3);
    let terminated = rest.windows(2).position(|pair| pair == b"\x1b\\").map(|at| at + 4);
    match (bell, terminated) {
        (None, None) => Piece::Part,
        (one, other) => Piece::Whole(one.unwrap_or(usize::MAX).min(other.unwrap_or(usize::MAX)), None),
    }
}

/// What stands behind `ESC [`.
fn control_sequence(rest: &[u8]) -> Piece {
    // F1 to F5 of the Linux console.
    if let [b'[', more @ ..] = rest {
        return match more.first() {
            None => Piece::Part,
            Some(letter @ b'A'..=b'E') => Piece::Whole(4, Some(Key::plain(Code::F(letter - b'A' + 1)))),
            Some(_) => Piece::Whole(3, None),
        };
    }
    let Some(end) = rest.iter().position(|byte| !(0x20..0x40).contains(byte)) else { return Piece::Part };
    let (Some(parameters), Some(last)) = (rest.get(..end), rest.get(end)) else { return Piece::Part };
    let length = end + 3;
    if !(0x40..0x7f).contains(last) {
        // Cut short by something else, which is read anew.
        return Piece::Whole(length - 1, None);
    }
    let numbers: Vec<Vec<Option<u32>>> = parameters
        .split(|byte| *byte == b';')
        .map(|field| field.split(|byte| *byte == b':').map(number).collect())
        .collect();
    let field = |at: usize, part: usize| numbers.get(at).and_then(|field| field.get(part)).copied().flatten();
    let first = field(0, 0);
    if *last == b'~' && first == Some(PASTE_BEGINS) {
        return Piece::PasteBegins(length);
    }
    if *last == b'n' && parameters == b"0" {
        return Piece::Answer(length);
    }
    let code = match (*last, first) {
        (b'u', Some(number)) => by_code_point(number),
        (b'~', Some(27)) => field(2, 0).and_then(by_code_point),
        (b'~', Some(number)) => by_number(number),
        (b'Z', _) => return Piece::Whole(length, Some(Key::new(Code::Tab, false, false, true))),
        (letter, None | Some(1)) => by_letter(letter),
        _ => None,
    };
    // One more than the sum of shift, alt and ctrl; behind the colon stands 3 for a key that is let go.
    let held = field(1, 0).unwrap_or(1).saturating_sub(1);
    let key = code.filter(|_| field(1, 1) != Some(3));
    Piece::Whole(length, key.map(|code| Key::new(code, held & 4 != 0, held & 2 != 0, held & 1 != 0)))
}

fn number(digits: &[u8]) -> Option<u32> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

const fn by_letter(letter: u8) -> Option<Code> {
    Some(match letter {
        b'A' => Code::Up,
        b'B' => Code::Down,
        b'C' => Code::Right,
        b'D' => Code::Left,
        b'H' => Code::Home,
        b'F' => Code::End,
        b'M' => Code::Enter,
        b'P'..=b'S' => Code::F(letter - b'P' + 1),
        _ => return None,
    })
}

fn by_number(number: u32) -> Option<Code> {
    Some(match number {
        1 | 7 => Code::Home,
        2 => Code::Insert,
        3 => Code::Delete,
        4 | 8 => Code::End,
        5 => Code::PageUp,
        6 => Code::PageDown,
        // The numbers leave one out between some of them.
        11..=15 => Code::F(u8::try_from(number - 10).ok()?),
        17..=21 => Code::F(u8::try_from(number - 11).ok()?),
        23..=26 => Code::F(u8::try_from(number - 12).ok()?),
        _ => return None,
    })
}

fn by_code_point(number: u32) -> Option<Code> {
    Some(match number {
        13 => Code::Enter,
        9 => Code::Tab,
        27 => Code::Esc,
        8 | 127 => Code::Backspace,
        _ => Code::Char(char::from_u32(number).filter(|sign| !sign.is_control())?),
    })
}

#[cfg(test)]
mod tests;
