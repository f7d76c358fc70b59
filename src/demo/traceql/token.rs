//! TraceQL cut into words. Not the grammar.

use std::fmt;

/// A query that Tempo would answer with 400 and this text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceqlError {
    /// 1-based, in characters.
    pub column: usize,
    pub message: String,
}

impl fmt::Display for TraceqlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid TraceQL query: parse error at line 1, col {}: {}", self.column, self.message)
    }
}

impl std::error::Error for TraceqlError {}

#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// An attribute's or intrinsic's full name (`span.http.route`, `.x`, `span:status`, `kind`) or a bare word.
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

/// Longest first.
const SIGNS: [&str; 27] = [
    "&>>", "&<<", "!>>", "!<<", "&&", "||", "!=", "=~", "!~", ">=", "<=", ">>", "<<", "!>", "!<", "{", "}", "(", ")",
    ",", "|", "=", ">", "<", "!", "~", "-",
];

/// The tokens, each with the column where it starts.
pub fn tokens(text: &str) -> Result<Vec<(Token, usize)>, TraceqlError> {
    let (mut rest, mut column) = (text, 1);
    let mut out = Vec::new();
    loop {
        let trimmed = rest.trim_start();
        column += rest.chars().count() - trimmed.chars().count();
        rest = trimmed;
        let Some(first) = rest.chars().next() else {
            out.push((Token::End, column));
            return Ok(out);
        };
        let error = |message: String| TraceqlError { column, message };
        let second = rest.chars().nth(1);
        let attribute = first == '.' && !second.is_some_and(|letter| letter.is_ascii_digit());
        let (token, length) = if first.is_alphabetic() || first == '_' || attribute {
            word(rest).ok_or_else(|| error("syntax error: literal not terminated".into()))?
        } else if first.is_ascii_digit() || first == '.' {
            let length: usize =
                rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '.').map(char::len_utf8).sum();
            (Token::Quantity(rest.get(..length).unwrap_or("").to_owned()), length)
        } else if first == '"' || first == '`' {
            let (text, length) =
                quoted(rest, first).ok_or_else(|| error("syntax error: literal not terminated".into()))?;
            (Token::Text(text), length)
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Token::Sign(sign), sign.len())
        } else {
            return Err(error(format!("syntax error: unexpected {first:?}")));
        };
        out.push((token, column));
        let (taken, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        column += taken.chars().count();
        rest = after;
    }
}

/// Letters, digits and `_ . : / -`, and quoted parts as in `span."a b"`.
fn word(text: &str) -> Option<(Token, usize)> {
    let (mut out, mut at) = (String::new(), 0);
    while let Some(letter) = text.get(at..).and_then(|rest| rest.chars().next()) {
        if letter == '"' {
            let (part, length) = quoted(text.get(at..)?, '"')?;
            out.push_str(&part);
            at += length;
        } else if letter.is_alphanumeric() || matches!(letter, '_' | '.' | ':' | '/' | '-') {
            out.push(letter);
            at += letter.len_utf8();
        } else {
            break;
        }
    }
    Some((Token::Word(out), at))
}

fn quoted(text: &str, quote: char) -> Option<(String, usize)> {
    let mut out = String::new();
    let mut letters = text.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            _ if letter == quote => return Some((out, at + 1)),
            '\\' if quote == '"' => match letters.next()?.1 {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                other => out.push(other),
            },
            other => out.push(other),
        }
    }
    None
}
