//! What a responder types after `/`, and whether a thing answers to it. Not the thing: a log line and a span each say
//! for themselves what they hold.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::field;
use super::needle::Needle;

/// Something that a [`Filter`] can be held against. `accept` is called until it says yes.
pub trait Searched {
    /// Every text that plain words are looked for in.
    fn any_text(&self, accept: &mut dyn FnMut(&str) -> bool) -> bool;

    /// Every value that the thing itself knows under this key; what stands inside its texts is looked for by the filter.
    fn any_value(&self, key: &str, accept: &mut dyn FnMut(&str) -> bool) -> bool;
}

/// Terms that must all hold. Written with blanks between them; quotes keep blanks inside a term; `!` before a term
/// turns it round; `key=value` asks for a field, `key=value*` for its beginning. A term in small letters matches
/// capitals too, one with a capital only itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Filter {
    text: String,
    terms: Vec<Term>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    wanted: bool,
    test: Test,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    Contains(Needle),
    Field { key: String, value: Needle, beginning: bool },
}

impl Filter {
    /// Never fails: what is not a field is a word. A leading `/` is dropped; nothing at all matches everything.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        let text = text.strip_prefix('/').unwrap_or(text);
        Self { text: text.to_owned(), terms: split(text).into_iter().filter_map(|word| Term::parse(&word)).collect() }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    #[must_use]
    pub fn matches(&self, thing: &impl Searched) -> bool {
        self.terms.iter().all(|term| term.test.holds(thing) == term.wanted)
    }

    /// A text that everything that matches has in one of its texts, if it has no field; the longest such. For finding
    /// candidates quickly: each must still be held against the filter.
    #[must_use]
    pub fn needle(&self) -> Option<&Needle> {
        let needles = self.terms.iter().filter(|term| term.wanted).filter_map(|term| match &term.test {
            Test::Contains(needle) => Some(needle),
            Test::Field { .. } => None,
        });
        needles.max_by_key(|needle| needle.text.len())
    }

    /// Where the wanted words stand in a text, as byte ranges in order, none overlapping, to be marked on the screen.
    #[must_use]
    pub fn marks(&self, text: &str) -> Vec<std::ops::Range<usize>> {
        let mut found = Vec::new();
        for term in self.terms.iter().filter(|term| term.wanted) {
            let (Test::Contains(needle) | Test::Field { value: needle, .. }) = &term.test;
            let mut from = 0;
            while let Some(range) = needle.find(text, from) {
                from = range.end.max(from + 1);
                found.push(range);
            }
        }
        found.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
        let mut reached = 0;
        found.retain(|range| {
            let apart = range.start >= reached && range.end > range.start;
            if apart {
                reached = range.end;
            }
            apart
        });
        found
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<String> for Filter {
    fn from(text: String) -> Self {
        Self::parse(&text)
    }
}

impl From<Filter> for String {
    fn from(filter: Filter) -> Self {
        filter.text
    }
}

impl Term {
    fn parse(word: &str) -> Option<Self> {
        let (wanted, word) = match word.strip_prefix('!') {
            Some(rest) => (false, rest),
            None => (true, word),
        };
        let word = unquoted(word);
        if word.is_empty() {
            return None;
        }
        let field = word.split_once('=').filter(|(key, _)| is_key(key));
        let test = match field {
            None => Test::Contains(Needle::new(&word)),
            Some((key, value)) => {
                // `key!=value` as PromQL writes it.
                let (key, turned) = key.strip_suffix('!').map_or((key, false), |key| (key, true));
                let beginning = value.strip_suffix('*');
                let value = Needle::new(beginning.unwrap_or(value));
                let test = Test::Field { key: key.to_owned(), value, beginning: beginning.is_some() };
                return Some(Self { wanted: wanted != turned, test });
            }
        };
        Some(Self { wanted, test })
    }
}

impl Test {
    fn holds(&self, thing: &impl Searched) -> bool {
        match self {
            Self::Contains(needle) => thing.any_text(&mut |text| needle.is_in(text)),
            Self::Field { key, value, beginning } => {
                let mut accept = |text: &str| if *beginning { value.starts(text) } else { value.equals(text) };
                thing.any_value(key, &mut accept) || thing.any_text(&mut |text| field::any(text, key, &mut accept))
            }
        }
    }
}

fn is_key(key: &str) -> bool {
    let key = key.strip_suffix('!').unwrap_or(key);
    !key.is_empty()
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'@' | b'/'))
}

/// At blanks that are not between double quotes.
fn split(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for letter in text.chars() {
        if letter == '"' {
            quoted = !quoted;
        }
        if letter.is_whitespace() && !quoted {
            words.push(String::new());
        } else if let Some(word) = words.last_mut() {
            word.push(letter);
        }
    }
    words
}

fn unquoted(word: &str) -> String {
    word.chars().filter(|letter| *letter != '"').collect()
}
