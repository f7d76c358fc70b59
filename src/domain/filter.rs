//! What a responder types after `/`, and whether a thing answers to it. Not the thing: a log line and a span each say
//! for themselves what they hold.

use std::fmt;

use serde::{Deserialize, Serialize};

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
                thing.any_value(key, &mut accept)
                    || thing.any_text(&mut |text| super::field::any(text, key, &mut accept))
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

/// A text to look for; without a capital in it, it finds capitals too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needle {
    text: String,
    exact: bool,
}

impl Needle {
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), exact: text.chars().any(char::is_uppercase) }
    }

    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        self.find(text, 0).is_some()
    }

    fn equals(&self, text: &str) -> bool {
        if self.exact { text == self.text } else { fold(text).eq(self.text.chars()) }
    }

    fn starts(&self, text: &str) -> bool {
        if self.exact {
            return text.starts_with(&self.text);
        }
        let mut letters = fold(text);
        self.text.chars().all(|letter| letters.next() == Some(letter))
    }

    /// The first place at or after byte `from`, as a byte range of `text`.
    #[must_use]
    pub fn find(&self, text: &str, from: usize) -> Option<std::ops::Range<usize>> {
        let from = (from..=text.len()).find(|at| text.is_char_boundary(*at))?;
        let rest = text.get(from..)?;
        if self.exact {
            let at = rest.find(&self.text)?;
            return Some(from + at..from + at + self.text.len());
        }
        if self.text.is_ascii() {
            let at = find_ascii(rest.as_bytes(), self.text.as_bytes())?;
            return Some(from + at..from + at + self.text.len());
        }
        rest.char_indices().find_map(|(at, _)| {
            let tail = rest.get(at..)?;
            Some(from + at..from + at + self.length_at(tail)?)
        })
    }

    /// How many bytes of `text` the needle takes, if it stands at its beginning.
    fn length_at(&self, text: &str) -> Option<usize> {
        let mut wanted = self.text.chars().peekable();
        for (at, letter) in text.char_indices() {
            if wanted.peek().is_none() {
                return Some(at);
            }
            if !letter.to_lowercase().all(|small| wanted.next() == Some(small)) {
                return None;
            }
        }
        wanted.peek().is_none().then_some(text.len())
    }
}

fn fold(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

/// The needle has no capital. Looks for its rarest byte first, as English and JSON have bytes, then compares around it.
fn find_ascii(text: &[u8], needle: &[u8]) -> Option<usize> {
    let (pivot, byte) = needle.iter().copied().enumerate().min_by_key(|(_, byte)| commonness(*byte))?;
    let last = text.len().checked_sub(needle.len())?;
    let (small, large) = (byte, byte.to_ascii_uppercase());
    let window = text.get(pivot..=last + pivot)?;
    let mut base = 0;
    // Whole blocks without the byte are passed over by one comparison each, which the compiler turns into vectors.
    for block in window.chunks(64) {
        if block.iter().fold(false, |any, byte| any | (*byte == small) | (*byte == large)) {
            for (offset, byte) in block.iter().enumerate() {
                let at = base + offset;
                if (*byte == small || *byte == large)
                    && text.get(at..at + needle.len()).is_some_and(|there| there.eq_ignore_ascii_case(needle))
                {
                    return Some(at);
                }
            }
        }
        base += block.len();
    }
    None
}

/// The higher, the more often a byte is met in log lines.
fn commonness(byte: u8) -> usize {
    const COMMON: &[u8] = b"qzxjkvwbyg<>%*@~|+=(){}[]'/fhpmu_.9876543-lcdsronia:,2t10e\" ";
    match byte {
        b'A'..=b'Z' => 0,
        _ => COMMON.iter().position(|common| *common == byte).unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Texts<'a>(&'a [&'a str], &'a [(&'a str, &'a str)]);

    impl Searched for Texts<'_> {
        fn any_text(&self, accept: &mut dyn FnMut(&str) -> bool) -> bool {
            self.0.iter().any(|text| accept(text))
        }

        fn any_value(&self, key: &str, accept: &mut dyn FnMut(&str) -> bool) -> bool {
            self.1.iter().any(|(known, value)| *known == key && accept(value))
        }
    }

    fn matches(filter: &str, text: &str) -> bool {
        Filter::parse(filter).matches(&Texts(&[text], &[("service", "pricing")]))
    }

    #[test]
    fn small_letters_find_capitals_and_capitals_only_themselves() {
        assert!(matches("/pool", "PoolTimeoutError"));
        assert!(matches("timeouterror", "PoolTimeoutError"));
        assert!(!matches("pooL", "PoolTimeoutError"));
        assert!(matches("Pool", "PoolTimeoutError") && !matches("Pool", "pool"));
        assert!(matches("été", "L'ÉTÉ") && !matches("ete", "L'ÉTÉ"));
        assert!(matches("", "anything") && matches("/", "") && !matches("x", ""));
    }

    #[test]
    fn every_term_must_hold() {
        assert!(matches("order rejected", "order 42 rejected") && !matches("order accepted", "order 42 rejected"));
        assert!(matches("\"42 rejected\"", "order 42 rejected") && !matches("\"order rejected\"", "order 42 rejected"));
        assert!(!matches("/!health-check", "GET /health-check") && matches("!health-check", "GET /orders"));
        assert!(matches("order !accepted", "order 42 rejected"));
        assert!(matches("!", "a lone sign asks for nothing"));
    }

    #[test]
    fn fields_are_found_in_json_in_logfmt_and_beside_the_text() {
        let json = r#"{"zone":"FR-75", "order" : {"id":4472146,"note":"a \"b\" c"},"ok":true}"#;
        for filter in [
            "zone=FR-75",
            "zone=fr-75",
            "id=4472146",
            "ok=true",
            "zone=FR*",
            "service=pricing",
            "!zone=FR-7",
            "zone!=DE",
        ] {
            assert!(matches(filter, json), "{filter}");
        }
        for filter in ["zone=FR-7", "zone=", "id=447214", "!zone=FR-75", "one=FR-75", "service=routing", "zone!=FR-75"]
        {
            assert!(!matches(filter, json), "{filter}");
        }
        let logfmt = r#"level=error msg="no connection within 360ms" (in_use=20 max=20) at=x"#;
        for filter in ["level=error", "in_use=20", "max=20", "at=x", r#"msg="no connection within 360ms""#, "msg=no*"] {
            assert!(matches(filter, logfmt), "{filter}");
        }
        assert!(!matches("use=20", logfmt) && !matches("msg=no", logfmt));
    }

    #[test]
    fn what_is_no_field_is_a_word() {
        assert!(matches("a+b=c", "x a+b=c y") && !matches("a+b=c", "x a+b y"));
        assert!(matches("=>", "x => y"));
    }

    #[test]
    fn marks_are_apart_and_on_letters() {
        let marked = |filter: &str, text: &'static str| -> Vec<&str> {
            Filter::parse(filter).marks(text).into_iter().map(|range| text.get(range).expect("on letters")).collect()
        };
        assert_eq!(marked("ab b", "xABab"), ["AB", "ab"]);
        assert_eq!(marked("é", "aÉé"), ["É", "é"]);
        assert_eq!(marked("aa", "aaaaa"), ["aa", "aa"]);
        assert!(marked("!ab", "ab").is_empty());
    }

    #[test]
    fn a_filter_is_written_as_it_was_typed() {
        let filter = Filter::parse("/!health zone=FR*");
        assert_eq!(filter.to_string(), "!health zone=FR*");
        assert_eq!(Filter::parse(&filter.to_string()), filter);
        assert!(Filter::parse("  / ").is_empty());
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(256))]

        #[test]
        fn an_ascii_needle_is_found_where_a_plain_search_finds_it(text in "[abAB:e ]{0,90}", needle in "[ab:e ]{1,4}") {
            let found = Needle::new(&needle).find(&text, 0).map(|range| range.start);
            proptest::prop_assert_eq!(found, text.to_ascii_lowercase().find(&needle));
        }

        #[test]
        fn no_text_and_no_filter_break_it(filter in ".{0,20}", text in ".{0,40}", from in 0..50_usize) {
            let parsed = Filter::parse(&filter);
            let _ = parsed.matches(&Texts(&[&text], &[]));
            for range in parsed.marks(&text) {
                proptest::prop_assert!(text.get(range).is_some());
            }
            if let Some(range) = parsed.needle().and_then(|needle| needle.find(&text, from)) {
                proptest::prop_assert!(text.get(range).is_some());
            }
        }
    }
}
