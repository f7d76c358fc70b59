//! Reading JSON as servers write it and not as they should: numbers as text, text as numbers, null for empty.
//! Borrows from the answer where it can; never builds a tree of values.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::words;
use crate::domain::Cause;

/// Attributes, events or links of one span, and items of one list, that are kept.
pub(super) const MOST: usize = 4_096;

/// What the parser reads no further than, as it is told.
const TOO_DEEP: &str = "nested deeper than 127 levels";

/// Decodes a body, or says what it is instead.
pub(super) fn decode<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Cause> {
    serde_json::from_slice(body).map_err(|error| malformed(body, &error))
}

pub(super) fn malformed(body: &[u8], error: &serde_json::Error) -> Cause {
    if words::is_page(body) {
        let page = "an HTML page came instead of JSON: is there a login page or a wrong path in front?";
        return Cause::Malformed(page.into());
    }
    if body.is_empty() {
        return Cause::Malformed("the answer is empty".into());
    }
    let told = error.to_string();
    // The parser names its own limit and a place that nobody can look at.
    if told.starts_with("recursion limit exceeded") {
        return Cause::Malformed(TOO_DEEP.into());
    }
    Cause::Malformed(words::clean(&told))
}

/// Text, a number or a boolean, as text; null, objects and lists are the empty text.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Text<'a>(pub Cow<'a, str>);

impl Text<'_> {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// `None` when it is not an integer. `1e3` and `1.0` are integers as well.
    #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates, and that is what is wanted")]
    pub(super) fn integer(&self) -> Option<i64> {
        let text = self.0.trim();
        text.parse()
            .ok()
            .or_else(|| text.parse::<f64>().ok().filter(|value| value.is_finite()).map(|value| value as i64))
    }

    /// As [`Self::integer`], for what is never negative.
    pub(super) fn unsigned(&self) -> Option<u64> {
        let text = self.0.trim();
        text.parse().ok().or_else(|| self.integer().and_then(|value| u64::try_from(value).ok()))
    }

    /// `NaN`, `+Inf` and `-Infinity` are numbers as well.
    pub(super) fn float(&self) -> Option<f64> {
        self.0.trim().parse().ok()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text or a number")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(value.to_string())))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(value.to_string())))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(value.to_string())))
            }
            fn visit_bool<E>(self, value: bool) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(if value { "true" } else { "false" })))
            }
            fn visit_unit<E>(self) -> Result<Text<'de>, E> {
                Ok(Text::default())
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text<'de>, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Text::default())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Text<'de>, A::Error> {
                while items.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Text::default())
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// An object of scalars in the order of the text; a null is an empty object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pairs<'a>(pub Vec<(Text<'a>, Text<'a>)>);

impl Pairs<'_> {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known.as_str() == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Pairs<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_unit<E>(self) -> Result<Pairs<'de>, E> {
                Ok(Pairs::default())
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<'de>, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// The first items of a list, as many as anybody reads, and how many came after them; null is an empty one. An item of two
/// bytes may take hundreds in memory: none of those beyond is built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Few<T, const N: usize = MOST> {
    pub items: Vec<T>,
    pub left_out: u64,
}

impl<T, const N: usize> Default for Few<T, N> {
    fn default() -> Self {
        Self { items: Vec::new(), left_out: 0 }
    }
}

impl<'de, T: Deserialize<'de>, const N: usize> Deserialize<'de> for Few<T, N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<T, const N: usize>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>, const N: usize> Visitor<'de> for Reader<T, N> {
            type Value = Few<T, N>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_unit<E>(self) -> Result<Few<T, N>, E> {
                Ok(Few::default())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Few<T, N>, A::Error> {
                let mut few = Few::default();
                while few.items.len() < N {
                    match list.next_element()? {
                        Some(item) => few.items.push(item),
                        None => return Ok(few),
                    }
                }
                while list.next_element::<IgnoredAny>()?.is_some() {
                    few.left_out = few.left_out.saturating_add(1);
                }
                Ok(few)
            }
        }
        deserializer.deserialize_any(Reader::<T, N>(PhantomData))
    }
}

/// For `#[serde(default, deserialize_with)]`: null counts as absent.
pub(super) fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(from: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_of_any_kind_are_text() {
        let texts: Vec<Text<'_>> = decode(br#"["a", "\u0041", 7, -7, 1.5, true, null, {"x":[1]}, [2]]"#).expect("JSON");
        let texts: Vec<&str> = texts.iter().map(Text::as_str).collect();
        assert_eq!(texts, ["a", "A", "7", "-7", "1.5", "true", "", "", ""]);
        assert_eq!(Text(Cow::Borrowed("9007199254740993")).integer(), Some(9_007_199_254_740_993));
        assert_eq!(Text(Cow::Borrowed("18446744073709551615")).unsigned(), Some(u64::MAX));
        assert_eq!(Text(Cow::Borrowed("+Inf")).float(), Some(f64::INFINITY));
    }

    #[test]
    fn a_page_and_nothing_are_named() {
        assert!(matches!(decode::<Text<'_>>(b"<html>"), Err(Cause::Malformed(what)) if what.contains("HTML page")));
        assert!(matches!(decode::<Text<'_>>(b""), Err(Cause::Malformed(what)) if what.contains("empty")));
        assert!(decode::<Pairs<'_>>(&b"[".repeat(100_000)).is_err());
    }

    #[test]
    fn what_is_nested_too_deep_is_said_in_levels() {
        let lists = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(decode::<serde_json::Value>(lists(127).as_bytes()).is_ok());
        let told = decode::<serde_json::Value>(lists(128).as_bytes()).expect_err("too deep");
        assert_eq!(told, Cause::Malformed("nested deeper than 127 levels".to_owned()));
    }
}
