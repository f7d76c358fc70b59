//! What lines of one kind have in common: words that stay and places that change, written `order <*> rejected`. Not how
//! kinds are found among lines: that is `signal/pattern.rs`.

use std::fmt;

/// Words beyond this are one place that may hold anything.
pub const MOST_TOKENS: usize = 96;
/// What stands for a place that changes.
const HOLE: &str = "<*>";
/// A quoted text of at most this many bytes is one word.
const LONGEST_QUOTE: usize = 256;
/// What may stand behind a number without being a part of it; other letters make a name of both, as `7f3ab`.
const UNITS: [&str; 25] = [
    "ns", "us", "µs", "ms", "s", "sec", "m", "min", "h", "d", "B", "kB", "KB", "MB", "GB", "TB", "KiB", "MiB", "GiB",
    "TiB", "k", "x", "Hz", "rps", "th",
];

/// One word of a line, a number, or a sign between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    pub text: &'a str,
    pub kind: TokenKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Letters alone.
    Word,
    /// Has a digit in it, or is quoted: what changes from line to line mostly does.
    Changing,
    /// Between words: a run of blanks, or one sign.
    Sign,
}

/// The words of a line, in order, at most [`MOST_TOKENS`].
pub fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    Tokens { rest: text }.take(MOST_TOKENS)
}

struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let first = *self.rest.as_bytes().first()?;
        let (length, kind) = match first {
            b' ' | b'\t' | b'\n' | b'\r' => (run(self.rest, |byte| byte.is_ascii_whitespace()), TokenKind::Sign),
            b'"' => quoted(self.rest).map_or((1, TokenKind::Sign), |length| (length, TokenKind::Changing)),
            _ if is_of_word(first) => word(self.rest),
            _ => (1, TokenKind::Sign),
        };
        let (text, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(Token { text, kind })
    }
}

fn run(text: &str, is_in: impl Fn(u8) -> bool) -> usize {
    text.bytes().position(|byte| !is_in(byte)).unwrap_or(text.len())
}

/// Letters of any script are of a word: every byte of theirs is beyond ASCII.
const fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

fn quoted(text: &str) -> Option<usize> {
    let end = text.bytes().skip(1).take(LONGEST_QUOTE).position(|byte| byte == b'"')?;
    Some(end + 2)
}

/// A number with its points is one; `2387ms` and `1.5GB` are two.
fn word(text: &str) -> (usize, TokenKind) {
    let whole = run(text, is_of_word);
    let bytes = text.as_bytes();
    if !bytes.first().is_some_and(u8::is_ascii_digit) {
        let digit = bytes.iter().take(whole).any(u8::is_ascii_digit);
        return (whole, if digit { TokenKind::Changing } else { TokenKind::Word });
    }
    let mut number = run(text, |byte| byte.is_ascii_digit());
    while bytes.get(number) == Some(&b'.') && bytes.get(number + 1).is_some_and(u8::is_ascii_digit) {
        let rest = text.get(number + 1..).unwrap_or("");
        number += 1 + run(rest, |byte| byte.is_ascii_digit());
    }
    let unit = run(text.get(number..).unwrap_or(""), is_of_word);
    let is_unit = text.get(number..number + unit).is_some_and(|unit| UNITS.contains(&unit));
    (if is_unit { number } else { number + unit }, TokenKind::Changing)
}

/// Words that stay, and holes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Template {
    /// `None` is a hole.
    pieces: Vec<Option<Box<str>>>,
}

impl Template {
    /// Without a hole: what one line says.
    #[must_use]
    pub fn of_line(text: &str) -> Self {
        Self { pieces: tokens(text).map(|token| Some(piece(token))).collect() }
    }

    /// Reads what [`fmt::Display`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut pieces = Vec::new();
        for (number, part) in text.split(HOLE).enumerate() {
            if number > 0 {
                pieces.push(None);
            }
            pieces.extend(Tokens { rest: part }.map(|token| Some(piece(token))));
        }
        pieces.truncate(MOST_TOKENS);
        Self { pieces }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Whether a line is of this kind.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let mut pieces = self.pieces.iter();
        let fits = tokens(text).all(|token| match pieces.next() {
            Some(Some(piece)) => is_same(piece, token),
            Some(None) => token.kind != TokenKind::Sign,
            None => false,
        });
        fits && pieces.next().is_none()
    }

    /// Makes holes where the line has other words. Gives how many are new. The line must have as many tokens.
    pub fn widen(&mut self, text: &str) -> usize {
        let mut new = 0;
        for (piece, token) in self.pieces.iter_mut().zip(tokens(text)) {
            if piece.as_ref().is_some_and(|piece| !is_same(piece, token)) {
                *piece = None;
                new += 1;
            }
        }
        new
    }

    /// Which share of the words (not of what changes anyway) stands in the line too; `None` if it is built otherwise.
    #[must_use]
    pub fn likeness(&self, text: &str) -> Option<f64> {
        let (mut words, mut same, mut count) = (0_u32, 0_u32, 0);
        for token in tokens(text) {
            let piece = self.pieces.get(count)?;
            count += 1;
            match (token.kind, piece) {
                (TokenKind::Sign, Some(piece)) if is_same(piece, token) => {}
                (TokenKind::Sign, _) => return None,
                (_, Some(piece)) if is_sign(piece) => return None,
                (TokenKind::Changing, _) => {}
                (TokenKind::Word, piece) => {
                    words += 1;
                    same += u32::from(piece.as_ref().is_some_and(|piece| is_same(piece, token)));
                }
            }
        }
        if count != self.pieces.len() {
            return None;
        }
        Some(if words == 0 { 1.0 } else { f64::from(same) / f64::from(words) })
    }

    /// The texts between holes, as every line of this kind has them, a run of blanks being one blank.
    #[must_use]
    pub fn runs(&self) -> Vec<String> {
        let runs = self.pieces.split(Option::is_none).filter(|run| !run.is_empty());
        runs.map(|run| run.iter().flatten().map(AsRef::as_ref).collect()).collect()
    }

    /// The longest text that every line of this kind has, blanks as one blank aside; for finding candidates quickly.
    #[must_use]
    pub fn longest(&self) -> Option<&str> {
        let texts = self.pieces.iter().flatten().map(AsRef::as_ref).filter(|piece| !is_sign(piece));
        texts.max_by_key(|piece| piece.len())
    }
}

fn piece(token: Token<'_>) -> Box<str> {
    if is_blank(token.text) { " ".into() } else { token.text.into() }
}

fn is_blank(text: &str) -> bool {
    text.bytes().next().is_some_and(|byte| byte.is_ascii_whitespace())
}

fn is_sign(piece: &str) -> bool {
    piece.bytes().next().is_some_and(|byte| !is_of_word(byte) && (byte != b'"' || piece.len() == 1))
}

fn is_same(piece: &str, token: Token<'_>) -> bool {
    piece == token.text || (piece == " " && token.kind == TokenKind::Sign && is_blank(token.text))
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces.iter().try_for_each(|piece| f.write_str(piece.as_deref().unwrap_or(HOLE)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(text: &str) -> Vec<&str> {
        tokens(text).map(|token| token.text).collect()
    }

    #[test]
    fn a_line_falls_into_words_numbers_and_signs() {
        assert_eq!(split("in  2387ms (max=20)"), ["in", "  ", "2387", "ms", " ", "(", "max", "=", "20", ")"]);
        assert_eq!(
            split("10.2.3.4:80 v1.5GB 7f3ab 1e"),
            ["10.2.3.4", ":", "80", " ", "v1", ".", "5", "GB", " ", "7f3ab", " ", "1e"]
        );
        assert_eq!(split(r#"say "a b" é" "#), ["say", " ", r#""a b""#, " ", "é", "\"", " "]);
    }

    #[test]
    fn a_template_learns_what_changes() {
        let mut template = Template::of_line("tariff cache miss zone=FR-75 waited 2000ms for lock");
        let other = "tariff cache miss zone=FR-13 waited 2000ms for lock";
        assert_eq!(template.likeness(other), Some(1.0));
        assert_eq!(template.widen(other), 1);
        assert_eq!(template.to_string(), "tariff cache miss zone=FR-<*> waited 2000ms for lock");
        assert!(template.matches("tariff  cache miss zone=FR-2A waited 2000ms for lock"));
        assert!(!template.matches("tariff cache miss zone=FR-75 waited 2001ms for lock"));
        assert!(!template.matches("tariff cache miss zone=FR-- waited 2000ms for lock"));
        assert_eq!(template.longest(), Some("waited"));
        assert_eq!(template.likeness("tariff cache miss"), None);
        assert_eq!(Template::of_line("order accepted").likeness("order rejected"), Some(0.5));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn what_is_written_is_read_again_and_still_matches(
            text in r#"([a-c]{1,3}|[0-9.]{1,4}|[ "=(é\\<*>\u{0}-]|ms){0,24}"#,
            other in r#"([a-c]{1,3}|[0-9.]{1,4}|[ "=(é-]){0,24}"#,
        ) {
            let mut template = Template::of_line(&text);
            prop_assert!(template.matches(&text), "{:?}", template);
            if template.likeness(&other).is_some() {
                template.widen(&other);
                prop_assert!(template.matches(&text) && template.matches(&other), "{:?}", template);
            }
            // A sign of our own in the line is read as a place.
            if !text.contains('<') && !text.contains('>') {
                let read = Template::parse(&template.to_string());
                prop_assert_eq!(read.to_string(), template.to_string());
            }
            prop_assert!(tokens(&text).all(|token| !token.text.is_empty()));
        }
    }
}
