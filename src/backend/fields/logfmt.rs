//! A line of `key=value` pairs, taken apart. Not a sentence that holds a pair somewhere: such a line is text.

use std::borrow::Cow;

/// Pairs that are read of one line.
const MOST: usize = 64;
/// Longer words are no keys.
const LONGEST_KEY: usize = 64;

/// Gives the pairs of a line that begins with one; false when it does not.
pub(in crate::backend) fn read<'a>(line: &'a str, give: &mut dyn FnMut(&'a str, Cow<'a, str>)) -> bool {
    let mut rest = line.trim_start();
    if key(rest).is_none() {
        return false;
    }
    for _ in 0..MOST {
        let Some((name, after)) = key(rest) else {
            // A word between pairs is passed over.
            match rest.split_once(' ') {
                Some((_, after)) => rest = after.trim_start(),
                None => break,
            }
            continue;
        };
        let (value, after) = value(after);
        give(name, value);
        rest = after.trim_start();
        if rest.is_empty() {
            break;
        }
    }
    true
}

fn key(text: &str) -> Option<(&str, &str)> {
    let is_of_key = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'@' | b'/');
    let end = text.bytes().take(LONGEST_KEY).position(|byte| !is_of_key(byte)).filter(|end| *end > 0)?;
    let (name, after) = text.split_at_checked(end)?;
    Some((name, after.strip_prefix('=')?))
}

fn value(text: &str) -> (Cow<'_, str>, &str) {
    let Some(inner) = text.strip_prefix('"') else {
        let (value, rest) = text.split_once(' ').unwrap_or((text, ""));
        return (Cow::Borrowed(value), rest);
    };
    let (mut escaped, mut escapes) = (false, false);
    let end = inner.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escapes |= escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    let (value, rest) = inner.split_at_checked(end.unwrap_or(inner.len())).unwrap_or((inner, ""));
    let value = if escapes { Cow::Owned(unescaped(value)) } else { Cow::Borrowed(value) };
    (value, rest.strip_prefix('"').unwrap_or(rest))
}

fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n') => plain.push('\n'),
                Some('t') => plain.push('\t'),
                Some(other) => plain.push(other),
                None => plain.push('\\'),
            },
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pairs(line: &str) -> Option<Vec<(String, String)>> {
        let mut pairs = Vec::new();
        read(line, &mut |key, value| pairs.push((key.to_owned(), value.into_owned()))).then_some(pairs)
    }

    #[test]
    fn pairs_are_read_and_sentences_are_not() {
        let line = r#"ts=2026-03-13T17:30:12Z level=warn then msg="lock \"tariff\" lost" empty= k="#;
        let told = pairs(line).expect("pairs");
        let told: Vec<(&str, &str)> = told.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let wanted = [
            ("ts", "2026-03-13T17:30:12Z"),
            ("level", "warn"),
            ("msg", "lock \"tariff\" lost"),
            ("empty", ""),
            ("k", ""),
        ];
        assert_eq!(told, wanted);
        assert!(pairs("order rejected id=4").is_none() && pairs("").is_none());
    }

    proptest! {
        #[test]
        fn no_line_breaks_it(line in r#"([a-z]{1,3}=|[a-z"\\é\u{0} =]){0,40}"#) {
            let _ = pairs(&line);
        }
    }
}
