//! Reading and writing keys: one key, a sequence (`gg`, `,d`, `ctrl-c ctrl-c`), a script (`x j <Enter>`).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::key::{Code, Key};

#[cfg(test)]
mod tests;

/// The text that is no key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyError(pub String);

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a key: write `j`, `gg`, `ctrl-d`, `S-Tab`, `PgDn`, `Space` or `F5`", self.0)
    }
}

impl std::error::Error for KeyError {}

const NAMES: [(Code, &str); 14] = [
    (Code::Enter, "Enter"),
    (Code::Esc, "Esc"),
    (Code::Tab, "Tab"),
    (Code::Backspace, "Backspace"),
    (Code::Delete, "Delete"),
    (Code::Insert, "Insert"),
    (Code::Up, "Up"),
    (Code::Down, "Down"),
    (Code::Left, "Left"),
    (Code::Right, "Right"),
    (Code::Home, "Home"),
    (Code::End, "End"),
    (Code::PageUp, "PgUp"),
    (Code::PageDown, "PgDn"),
];

/// Other spellings that people and other programs use.
const ALIASES: [(Code, &str); 7] = [
    (Code::Enter, "Return"),
    (Code::Esc, "Escape"),
    (Code::Delete, "Del"),
    (Code::Insert, "Ins"),
    (Code::PageUp, "PageUp"),
    (Code::PageDown, "PageDown"),
    (Code::Char(' '), "Space"),
];

/// The name of a key that is not a character; `?` for the others, which never ask.
fn name(code: Code) -> &'static str {
    NAMES.iter().find(|(known, _)| *known == code).map_or("?", |(_, name)| name)
}

/// Whether the case of a bare name counts: in a script `tab` is three letters, in a configuration it is the key.
#[derive(Clone, Copy, PartialEq)]
enum Case {
    Any,
    Exact,
}

fn code(text: &str, case: Case) -> Option<Code> {
    let mut letters = text.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return Some(Code::Char(letter));
    }
    let same = |name: &str| if case == Case::Any { name.eq_ignore_ascii_case(text) } else { name == text };
    if let Some((code, _)) = NAMES.iter().chain(&ALIASES).find(|(_, name)| same(name)) {
        return Some(*code);
    }
    if let Some(hex) = text.strip_prefix("U+") {
        let valid = (4..=6).contains(&hex.len()) && hex.bytes().all(|digit| digit.is_ascii_hexdigit());
        return u32::from_str_radix(hex, 16).ok().filter(|_| valid).and_then(char::from_u32).map(Code::Char);
    }
    let number = text.strip_prefix('F').or_else(|| text.strip_prefix('f').filter(|_| case == Case::Any))?;
    let plain = number.bytes().all(|digit| digit.is_ascii_digit()) && !number.starts_with('0');
    number.parse().ok().filter(|number| plain && (1..=24).contains(number)).map(Code::F)
}

fn bare(text: &str, case: Case) -> Option<Key> {
    let (mut ctrl, mut alt, mut shift) = (false, false, false);
    let mut rest = text;
    loop {
        let found = [("ctrl-", 0), ("C-", 0), ("alt-", 1), ("M-", 1), ("A-", 1), ("shift-", 2), ("S-", 2)]
            .into_iter()
            .find_map(|(prefix, which)| {
                rest.strip_prefix(prefix).filter(|rest| !rest.is_empty()).map(|rest| (rest, which))
            });
        match found {
            Some((after, 0)) => (rest, ctrl) = (after, true),
            Some((after, 1)) => (rest, alt) = (after, true),
            Some((after, _)) => (rest, shift) = (after, true),
            None => break,
        }
    }
    // After a modifier nothing but a key can be meant, so its name may have any case.
    let case = if ctrl || alt || shift { Case::Any } else { case };
    code(rest, case).map(|code| Key::new(code, ctrl, alt, shift))
}

fn bracketed(text: &str) -> Option<Key> {
    text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).and_then(|inside| bare(inside, Case::Any))
}

fn one(text: &str) -> Option<Key> {
    bare(text, Case::Any).or_else(|| bracketed(text))
}

/// The keys of one word: a key's name, else its letters one by one, with names in angle brackets between them.
fn word(text: &str, case: Case, keys: &mut Vec<Key>) {
    if let Some(key) = bare(text, case).or_else(|| bracketed(text)) {
        keys.push(key);
        return;
    }
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let named = rest
            .find('>')
            .and_then(|end| rest.split_at_checked(end + 1))
            .and_then(|(inside, after)| bracketed(inside).map(|key| (key, after)));
        if let Some((key, after)) = named {
            keys.push(key);
            rest = after;
        } else {
            keys.push(Key::letter(letter));
            rest = rest.get(letter.len_utf8()..).unwrap_or_default();
        }
    }
}

/// The keys to press one after the other for one action: `gg`, `,d`, `ctrl-c ctrl-c`. At most four.
///
/// # Errors
/// When there is no key, or more than four: then it is most likely a name that does not exist.
pub fn parse_sequence(text: &str) -> Result<Vec<Key>, KeyError> {
    let mut keys = Vec::new();
    for part in text.split_whitespace() {
        word(part, Case::Any, &mut keys);
    }
    if keys.is_empty() || keys.len() > 4 { Err(KeyError(text.to_owned())) } else { Ok(keys) }
}

/// A sequence as help shows it and as [`parse_sequence`] reads it: together where that is clear, else with spaces.
#[must_use]
pub fn show_sequence(keys: &[Key]) -> String {
    let parts: Vec<String> = keys.iter().map(Key::to_string).collect();
    let together = parts.concat();
    if parse_sequence(&together).as_deref() == Ok(keys) { together } else { parts.join(" ") }
}

/// The keys of `snapshot --keys "x j <Enter>"`: words parted by spaces, each one key's exact name (`Enter`, `ctrl-d`), or
/// letters with names in angle brackets (`iredis<Space>is<Space>full<Enter>`). Every text is a script.
#[must_use]
pub fn parse_script(text: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    for part in text.split_whitespace() {
        word(part, Case::Exact, &mut keys);
    }
    keys
}

/// One key in the spelling of help texts; [`Key::from_str`] reads it back.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.has_ctrl() {
            f.write_str("ctrl-")?;
        }
        if self.has_alt() {
            f.write_str("alt-")?;
        }
        if self.has_shift() {
            f.write_str("S-")?;
        }
        match self.code() {
            Code::Char(' ') => f.write_str("Space"),
            Code::Char(letter) if letter.is_whitespace() || letter.is_control() => {
                write!(f, "U+{:04X}", u32::from(letter))
            }
            Code::Char(letter) => write!(f, "{letter}"),
            Code::F(number) => write!(f, "F{number}"),
            code => f.write_str(name(code)),
        }
    }
}

impl FromStr for Key {
    type Err = KeyError;

    /// One key: `j`, `ctrl-d`, `<Enter>`, `S-Tab`; names in any case.
    fn from_str(text: &str) -> Result<Self, KeyError> {
        one(text).ok_or_else(|| KeyError(text.to_owned()))
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Every code that has a name, for the law that names read back.
#[cfg(test)]
fn named_codes() -> Vec<Code> {
    NAMES.iter().map(|(code, _)| *code).collect()
}
