//! A regular expression as a responder types it: bounded in what it may cost, and never a reason to show nothing while it
//! is not finished. Not the plain words: `needle.rs`.

use std::fmt;
use std::ops::Range;

use regex::{Regex, RegexBuilder};

/// Memory of one compiled expression.
const COMPILED: usize = 1024 * 1024;
const NESTED: u32 = 64;

/// Matches in time that grows with the text alone. Without a capital it finds capitals too; `(?-i)` in it ends that.
#[derive(Clone)]
pub struct Expression {
    text: String,
    compiled: Option<Regex>,
    complaint: Option<String>,
    /// Whether what it finds in a line is what it finds in many lines at once.
    by_text: bool,
}

impl Expression {
    /// One that cannot be read matches nothing, and says why.
    pub(super) fn new(text: &str) -> Self {
        let built = RegexBuilder::new(text)
            .case_insensitive(!has_capital(text))
            .multi_line(true)
            .size_limit(COMPILED)
            .dfa_size_limit(COMPILED)
            .nest_limit(NESTED)
            .build();
        let (compiled, complaint) = match built {
            Ok(compiled) => (Some(compiled), None),
            Err(error) => (None, Some(words(&error))),
        };
        let by_text = ["\\A", "\\z", "(?"].iter().all(|sign| !text.contains(sign));
        Self { text: text.to_owned(), compiled, complaint, by_text }
    }

    pub(super) fn is_in(&self, text: &str) -> bool {
        self.compiled.as_ref().is_some_and(|compiled| compiled.is_match(text))
    }

    /// The first place at or after byte `from`, which must lie between letters.
    pub(super) fn find(&self, text: &str, from: usize) -> Option<Range<usize>> {
        let found = self.compiled.as_ref()?.find_at(text, from)?;
        Some(found.range())
    }

    pub(super) fn complaint(&self) -> Option<&str> {
        self.complaint.as_deref()
    }

    /// Whether lines that stand one below the other may be searched as one text.
    pub(super) const fn goes_over_lines(&self) -> bool {
        self.by_text
    }
}

/// Its text decides; what was compiled of it follows.
impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Expression {}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

/// Capitals that are letters to be found: not those of `\S`, `\W`, `\B`.
fn has_capital(text: &str) -> bool {
    let mut escaped = false;
    text.chars().any(|letter| {
        let counts = letter.is_uppercase() && !escaped;
        escaped = letter == '\\' && !escaped;
        counts
    })
}

/// The last line of the error says what; those before draw where.
fn words(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(_) => "this expression is too large".to_owned(),
        error => {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default();
            last.strip_prefix("error: ").unwrap_or(last).to_owned()
        }
    }
}
