//! `name="value"` and its three sisters, as filters write them and as silences store them.

use promql_parser::label::Matcher as Compiled;
use promql_parser::parser::token::{T_EQL, T_EQL_REGEX, T_NEQ, T_NEQ_REGEX};
use serde::{Deserialize, Serialize};

use crate::domain::{Labels, Symbol};

/// As the API writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Matcher {
    #[serde(default = "equal")]
    pub is_equal: bool,
    pub is_regex: bool,
    pub name: String,
    pub value: String,
}

const fn equal() -> bool {
    true
}

impl Matcher {
    /// Reads one filter; the value may be quoted.
    pub fn parse(text: &str) -> Option<Self> {
        let trimmed = text.trim();
        let end = trimmed.find(['=', '!'])?;
        let (name, rest) = trimmed.split_at_checked(end)?;
        let operators = [("=~", true, true), ("!~", false, true), ("!=", false, false), ("=", true, false)];
        let (value, is_equal, is_regex) =
            operators.iter().find_map(|(sign, equal, regex)| Some((rest.strip_prefix(sign)?, *equal, *regex)))?;
        let name = name.trim();
        let value = value.trim();
        let value = match value.strip_prefix('"') {
            Some(open) => open.strip_suffix('"')?.replace("\\\"", "\"").replace("\\\\", "\\"),
            None => value.to_owned(),
        };
        is_label_name(name).then(|| Self { is_equal, is_regex, name: name.to_owned(), value })
    }

    /// Ready to be asked many times; `None` when the pattern is not a regular expression.
    pub fn compiled(&self) -> Option<Compiled> {
        let kind = match (self.is_equal, self.is_regex) {
            (true, false) => T_EQL,
            (false, false) => T_NEQ,
            (true, true) => T_EQL_REGEX,
            (false, true) => T_NEQ_REGEX,
        };
        if self.value.len() > 1_000 {
            return None;
        }
        Compiled::new_matcher(kind, self.name.clone(), self.value.clone()).ok()
    }
}

/// An absent label is an empty one.
pub fn all_match(matchers: &[Compiled], labels: &Labels) -> bool {
    matchers.iter().all(|matcher| matcher.is_match(labels.get(&matcher.name).map_or("", Symbol::as_str)))
}

pub fn is_label_name(name: &str) -> bool {
    let letter =
        |(at, byte): (usize, u8)| byte.is_ascii_alphabetic() || byte == b'_' || (at > 0 && byte.is_ascii_digit());
    !name.is_empty() && name.bytes().enumerate().all(letter)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn filters_are_read_and_asked() {
        let labels: Labels = [("severity", "page"), ("slo", "order-routing")].into_iter().collect();
        let matches = |text: &str| {
            let compiled = Matcher::parse(text).expect(text).compiled().expect(text);
            all_match(&[compiled], &labels)
        };
        assert!(matches(r#"severity="page""#) && matches("severity=page") && matches(r#"slo=~"order.*""#));
        assert!(matches(r#"severity!="info""#) && matches(r#"team="""#) && matches(r#"slo!~"x|y""#));
        assert!(!matches("severity==") && !matches(r#"slo=~"order""#));
        assert_eq!(Matcher::parse("severity"), None);
        assert_eq!(Matcher::parse("1a=b"), None);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let _ = Matcher::parse(&text).and_then(|matcher| matcher.compiled());
        }
    }
}
