//! What a responder types after `/`, and whether a thing answers to it. Not the thing: a log line and a span each say
//! for themselves what they hold.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::expression::Expression;
use super::field;
use super::needle::Needle;
use super::words::{split, unquoted};
use crate::domain::template::Template;

/// Something that a [`Filter`] can be held against. `accept` is called until it says yes.
pub trait Searched {
    /// Every text that plain words are looked for in.
    fn any_text(&self, accept: &mut dyn FnMut(&str) -> bool) -> bool;

    /// The text that a person reads first, where there is one; templates are of it.
    fn any_message(&self, accept: &mut dyn FnMut(&str) -> bool) -> bool {
        self.any_text(accept)
    }

    /// Every value that the thing itself knows under this key; what stands inside its texts is looked for by the filter.
    fn any_value(&self, key: &str, accept: &mut dyn FnMut(&str) -> bool) -> bool;
}

/// Terms that must all hold. Written with blanks between them; quotes keep blanks inside a term, and a term that begins
/// with one is a text and nothing else; `!` before a term turns it round; `~word` is a regular expression; `key=value`
/// asks for a field, `key=value*` for its beginning, `key=~word` for what an expression finds in it; `pattern=` and the
/// rest is a template of whole messages. A term in small letters matches capitals too, one with a capital only itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Filter {
    text: String,
    terms: Vec<Term>,
    complaint: Option<String>,
}

/// Begins the last term of a filter: lines of one kind.
const PATTERN: &str = "pattern=";

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    wanted: bool,
    test: Test,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    Contains(Needle),
    Finds(Expression),
    Field { key: String, value: Wanted },
    Pattern(Template),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Wanted {
    Equal(Needle),
    Beginning(Needle),
    Finds(Expression),
}

/// What finds the places in a text at which something that matches may stand.
#[derive(Clone, Copy, Debug)]
pub enum Probe<'a> {
    Needle(&'a Needle),
    Expression(&'a Expression),
    /// Exactly these letters.
    Letters(&'a str),
}

impl Probe<'_> {
    /// The first place at or after byte `from`.
    #[must_use]
    pub fn find(&self, text: &str, from: usize) -> Option<usize> {
        match self {
            Self::Needle(needle) => needle.find(text, from).map(|range| range.start),
            Self::Expression(expression) => expression.find(text, from).map(|range| range.start),
            Self::Letters(letters) => text.get(from..)?.find(letters).map(|at| from + at),
        }
    }

    /// The longer, the fewer places.
    fn length(&self) -> usize {
        match self {
            Self::Needle(needle) => needle.text.len(),
            Self::Expression(_) => 1,
            Self::Letters(letters) => letters.len(),
        }
    }
}

impl Filter {
    /// Never fails: what is not a field is a word, and an expression that cannot be read asks for nothing. A leading `/` is
    /// dropped; nothing at all matches everything.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        let text = text.strip_prefix('/').unwrap_or(text);
        let (words, pattern) = match text.split_once(PATTERN) {
            Some((before, pattern)) if before.is_empty() || before.ends_with(' ') => (before, Some(pattern)),
            _ => (text, None),
        };
        let mut terms: Vec<Term> = split(words).into_iter().filter_map(|word| Term::parse(&word)).collect();
        terms.extend(
            pattern
                .map(Template::parse)
                .filter(|template| !template.is_empty())
                .map(|template| Term { wanted: true, test: Test::Pattern(template) }),
        );
        let complaint = terms.iter().find_map(|term| term.test.expression()?.complaint().map(str::to_owned));
        terms.retain(|term| term.test.expression().is_none_or(|expression| expression.complaint().is_none()));
        Self { text: text.to_owned(), terms, complaint }
    }

    /// The lines of one kind: of a service, of a level, with the words of a template. Nothing is asked of what is empty.
    #[must_use]
    pub fn of_pattern(service: &str, level: &str, template: &str) -> Self {
        let field = |key: &str, value: &str| match value {
            "" => String::new(),
            value if value.contains(char::is_whitespace) => format!("{key}=\"{value}\" "),
            value => format!("{key}={value} "),
        };
        Self::parse(&format!("{}{}{PATTERN}{template}", field("service", service), field("level", level)))
    }

    /// Why a part of it is not applied.
    #[must_use]
    pub fn complaint(&self) -> Option<&str> {
        self.complaint.as_deref()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    #[must_use]
    pub fn matches(&self, thing: &impl Searched) -> bool {
        self.terms.iter().all(|term| term.test.holds(thing) == term.wanted)
    }

    /// Finds candidates in the texts of many things at once, one below the other: each must still be held against the
    /// filter. `None` when a thing could match by something that does not stand in its texts; `is_known` says under which
    /// keys things have such values.
    #[must_use]
    pub fn probe(&self, is_known: impl Fn(&str) -> bool) -> Option<Probe<'_>> {
        let probes = self.terms.iter().filter(|term| term.wanted).filter_map(|term| match &term.test {
            Test::Contains(needle) => Some(Probe::Needle(needle)),
            Test::Finds(expression) if expression.goes_over_lines() => Some(Probe::Expression(expression)),
            Test::Field { key, value: Wanted::Equal(value) | Wanted::Beginning(value) }
                if !value.text.is_empty() && !is_known(key) =>
            {
                Some(Probe::Needle(value))
            }
            Test::Pattern(template) => template.longest().map(Probe::Letters),
            Test::Finds(_) | Test::Field { .. } => None,
        });
        probes.max_by_key(Probe::length)
    }

    /// Where the wanted words stand in a text, as byte ranges in order, none overlapping, to be marked on the screen.
    #[must_use]
    pub fn marks(&self, text: &str) -> Vec<std::ops::Range<usize>> {
        let mut found = Vec::new();
        for term in self.terms.iter().filter(|term| term.wanted) {
            let mut from = 0;
            while let Some(range) = term.test.place(text, from) {
                from = text.ceil_char_boundary(range.end.max(from + 1));
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
        let is_text = word.starts_with('"');
        let word = unquoted(word);
        if word.is_empty() {
            return None;
        }
        if let Some(expression) = word.strip_prefix('~').filter(|rest| !is_text && !rest.is_empty()) {
            return Some(Self { wanted, test: Test::Finds(Expression::new(expression)) });
        }
        if let Some((key, expression)) = word.split_once("!~").filter(|(key, _)| !is_text && is_key(key)) {
            let value = Wanted::Finds(Expression::new(expression));
            return Some(Self { wanted: !wanted, test: Test::Field { key: key.to_owned(), value } });
        }
        let field = word.split_once('=').filter(|(key, _)| !is_text && is_key(key));
        let Some((key, value)) = field else { return Some(Self { wanted, test: Test::Contains(Needle::new(&word)) }) };
        // `key!=value` as PromQL writes it.
        let (key, turned) = key.strip_suffix('!').map_or((key, false), |key| (key, true));
        let value = match (value.strip_prefix('~'), value.strip_suffix('*')) {
            (Some(expression), _) => Wanted::Finds(Expression::new(expression)),
            (None, Some(beginning)) => Wanted::Beginning(Needle::new(beginning)),
            (None, None) => Wanted::Equal(Needle::new(value)),
        };
        Some(Self { wanted: wanted != turned, test: Test::Field { key: key.to_owned(), value } })
    }
}

impl Test {
    fn holds(&self, thing: &impl Searched) -> bool {
        match self {
            Self::Contains(needle) => thing.any_text(&mut |text| needle.is_in(text)),
            Self::Finds(expression) => thing.any_text(&mut |text| expression.is_in(text)),
            Self::Pattern(template) => thing.any_message(&mut |text| template.matches(text)),
            Self::Field { key, value } => {
                let mut accept = |text: &str| match value {
                    Wanted::Equal(value) => value.equals(text),
                    Wanted::Beginning(value) => value.starts(text),
                    Wanted::Finds(expression) => expression.is_in(text),
                };
                thing.any_value(key, &mut accept) || thing.any_text(&mut |text| field::any(text, key, &mut accept))
            }
        }
    }

    const fn expression(&self) -> Option<&Expression> {
        match self {
            Self::Finds(expression) | Self::Field { value: Wanted::Finds(expression), .. } => Some(expression),
            _ => None,
        }
    }

    /// What of a text is to be marked, at or after a byte.
    fn place(&self, text: &str, from: usize) -> Option<std::ops::Range<usize>> {
        if from > text.len() {
            return None;
        }
        match self {
            Self::Contains(needle) | Self::Field { value: Wanted::Equal(needle) | Wanted::Beginning(needle), .. } => {
                needle.find(text, from)
            }
            Self::Finds(expression) | Self::Field { value: Wanted::Finds(expression), .. } => {
                expression.find(text, from)
            }
            Self::Pattern(_) => None,
        }
    }
}

fn is_key(key: &str) -> bool {
    let key = key.strip_suffix('!').unwrap_or(key);
    !key.is_empty()
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'@' | b'/'))
}
