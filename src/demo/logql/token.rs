//! LogQL cut into words. Not the grammar.

use std::fmt;

/// A query that Loki would answer with 400 and this text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogqlError {
    /// 1-based, in characters; 0 for a mistake that has no place.
    pub column: usize,
    pub line: usize,
    pub message: String,
}

impl fmt::Display for LogqlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.column == 0 {
            write!(f, "parse error : {}", self.message)
        } else {
            write!(f, "parse error at line {}, col {}: {}", self.line, self.column, self.message)
        }
    }
}

impl std::error::Error for LogqlError {}

#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    Word(String),
    Text(String),
    /// Digits with or without a unit, unread.
    Quantity(String),
    Sign(&'static str),
    End,
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(_) => f.write_str("IDENTIFIER"),
            Self::Text(_) => f.write_str("STRING"),
            Self::Quantity(_) => f.write_str("NUMBER"),
            Self::Sign(sign) => f.write_str(sign),
            Self::End => f.write_str("$end"),
        }
    }
}

/// A token and where it starts.
#[derive(Clone, Debug)]
pub struct Placed {
    pub token: Token,
    pub line: usize,
    pub column: usize,
}

/// Longest first: `|=` must not be read as `|`.
const SIGNS: [&str; 21] =
    ["|=", "|~", "!=", "!~", "=~", "==", ">=", "<=", "{", "}", "(", ")", "[", "]", ",", "|", "=", ">", "<", "+", "-"];

pub fn tokens(text: &str) -> Result<Vec<Placed>, LogqlError> {
    let (mut rest, mut line, mut column) = (text, 1, 1);
    let mut out = Vec::new();
    loop {
        let spaces: usize = rest.chars().take_while(|letter| letter.is_whitespace()).map(char::len_utf8).sum();
        let (blank, after) = rest.split_at_checked(spaces).unwrap_or((rest, ""));
        for letter in blank.chars() {
            if letter == '\n' {
                (line, column) = (line + 1, 1);
            } else {
                column += 1;
            }
        }
        rest = after;
        let Some(first) = rest.chars().next() else {
            out.push(Placed { token: Token::End, line, column });
            return Ok(out);
        };
        let error = |message: &str| LogqlError { column, line, message: message.to_owned() };
        let (token, length) = if first.is_ascii_alphabetic() || first == '_' {
            let word = run(rest, |letter| letter.is_ascii_alphanumeric() || letter == '_' || letter == ':');
            (Token::Word(word.to_owned()), word.len())
        } else if first.is_ascii_digit() || first == '.' {
            let digits = run(rest, |letter| letter.is_alphanumeric() || letter == '.');
            (Token::Quantity(digits.to_owned()), digits.len())
        } else if matches!(first, '"' | '`' | '\'') {
            quoted(rest, first).ok_or_else(|| error("syntax error: literal not terminated"))?
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Token::Sign(sign), sign.len())
        } else {
            return Err(error(&format!("syntax error: unexpected character inside braces: {first:?}")));
        };
        out.push(Placed { token, line, column });
        let (taken, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        column += taken.chars().count();
        rest = after;
    }
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> &str {
    let length = text.chars().take_while(|letter| belongs(*letter)).map(char::len_utf8).sum();
    text.split_at_checked(length).map_or(text, |(run, _)| run)
}

/// A literal with Go's escapes, or a raw one in backquotes, and its length in bytes with the quotes.
fn quoted(text: &str, quote: char) -> Option<(Token, usize)> {
    let mut out = String::new();
    let mut letters = text.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            _ if letter == quote => return Some((Token::Text(out), at + 1)),
            '\\' if quote != '`' => match letters.next()?.1 {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                'r' => out.push('\r'),
                'u' => out.push(code(&mut letters, 4)?),
                'x' => out.push(code(&mut letters, 2)?),
                other => out.push(other),
            },
            other => out.push(other),
        }
    }
    None
}

fn code(letters: &mut impl Iterator<Item = (usize, char)>, digits: usize) -> Option<char> {
    let value = (0..digits).try_fold(0, |value, _| Some(value * 16 + letters.next()?.1.to_digit(16)?))?;
    char::from_u32(value)
}
