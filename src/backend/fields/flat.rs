//! The quick way through a flat JSON object, which is what most log lines are: names and values are found without building
//! anything. Whatever is not that plain is left to a whole parser: `loki_text.rs`.

use std::borrow::Cow;

/// A number that is longer may need rounding.
const DIGITS: usize = 18;

/// Gives the fields whose names may be wanted. False when a part of the object is not plain; what was given until then
/// counts for nothing.
pub(in crate::backend) fn read<'a>(object: &'a str, give: &mut dyn FnMut(&'a str, Cow<'a, str>)) -> bool {
    fields(object, give).is_some()
}

/// `None` where a parser has to look.
fn fields<'a>(text: &'a str, give: &mut dyn FnMut(&'a str, Cow<'a, str>)) -> Option<()> {
    let mut rest = blank(text.strip_prefix('{')?);
    if rest.starts_with('}') {
        return Some(());
    }
    loop {
        let (name, after) = quoted(rest)?;
        let name = Some(name).filter(|name| !name.contains('\\'))?;
        rest = blank(blank(after).strip_prefix(':')?);
        let is_wanted = may_be_known(name);
        if rest.starts_with('"') {
            let (value, after) = quoted(rest)?;
            if is_wanted {
                give(name, unescaped(value)?);
            }
            rest = after;
        } else {
            // Objects and lists within are not plain.
            let end = rest.bytes().position(|byte| matches!(byte, b',' | b'}' | b' ' | b'\t' | b'\r' | b'\n'))?;
            let (value, after) = rest.split_at_checked(end)?;
            let value = scalar(value, is_wanted)?;
            if is_wanted {
                give(name, Cow::Borrowed(value));
            }
            rest = after;
        }
        rest = blank(rest);
        match rest.strip_prefix(',') {
            Some(after) => rest = blank(after),
            None => return rest.starts_with('}').then_some(()),
        }
    }
}

fn blank(text: &str) -> &str {
    match text.as_bytes().first() {
        Some(b' ' | b'\t' | b'\r' | b'\n') => text.trim_start_matches([' ', '\t', '\r', '\n']),
        _ => text,
    }
}

/// What stands between the quotes at the beginning, its escapes left as they are, and what follows.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut at = 0;
    loop {
        at += plain(inner.as_bytes().get(at..)?);
        match inner.as_bytes().get(at)? {
            b'"' => return Some((inner.get(..at)?, inner.get(at + 1..)?)),
            // What follows is looked at by whoever wants the value.
            b'\\' => at += 2,
            _ => return None,
        }
    }
}

/// How many bytes stand before the first quote, backslash or control character; eight are looked at together.
fn plain(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    let has_zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let (chunks, _) = bytes.as_chunks::<8>();
    for (number, chunk) in chunks.iter().enumerate() {
        let word = u64::from_le_bytes(*chunk);
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let found = control | has_zero(word ^ (ONES * u64::from(b'"'))) | has_zero(word ^ (ONES * u64::from(b'\\')));
        if found != 0 {
            // The lowest mark is never a false one.
            return number * 8 + (found.trailing_zeros() / 8) as usize;
        }
    }
    let from = chunks.len() * 8;
    let is_end = |byte: &u8| matches!(byte, b'"' | b'\\' | ..0x20);
    from + bytes.get(from..).and_then(|rest| rest.iter().position(is_end)).unwrap_or(bytes.len() - from)
}

fn unescaped(inner: &str) -> Option<Cow<'_, str>> {
    if !inner.contains('\\') {
        return Some(Cow::Borrowed(inner));
    }
    serde_json::from_str(&format!("\"{inner}\"")).ok().map(Cow::Owned)
}

/// A number, a truth or nothing, as text. Of what is not wanted only the letters are looked at.
fn scalar(text: &str, is_wanted: bool) -> Option<&str> {
    match text {
        "true" | "false" => return Some(text),
        "null" => return Some(""),
        _ => {}
    }
    let bytes = text.as_bytes();
    let is_count =
        |bytes: &[u8]| bytes.iter().all(u8::is_ascii_digit) && (bytes.first() != Some(&b'0') || bytes.len() == 1);
    let is_plain = if is_wanted {
        bytes.len() <= DIGITS && is_count(bytes)
    } else {
        bytes.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E'))
    };
    (is_plain && bytes.first().is_some_and(|byte| matches!(byte, b'0'..=b'9' | b'-'))).then_some(text)
}

/// By its ends: whether it may be one of the names that `loki_text.rs` knows. Most names are not.
fn may_be_known(name: &str) -> bool {
    let (Some(first), Some(last)) = (name.as_bytes().first(), name.as_bytes().last()) else { return false };
    let apart = !first.is_ascii_alphanumeric() || !last.is_ascii_alphanumeric();
    let ends = (first.to_ascii_lowercase(), last.to_ascii_lowercase());
    // `dd`, `trace` and `span` may hold objects, which are not plain: those are never looked at here.
    apart
        || matches!(
            ends,
            (b't', b'd' | b't' | b'e' | b's' | b'p')
                | (b'o' | b'x' | b'n', b'd')
                | (b'd', b'd' | b'l' | b'e')
                | (b's', b'd' | b'y' | b't' | b'e')
                | (b'l', b'l')
                | (b'm', b'g' | b'e')
                | (b'b', b'y')
                | (b'a', b'p' | b'e')
                | (b'e', b'e')
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_line_breaks_it(line in r#"\{?([{}\[\]":,\\ é\u{0}a-z0-9]|"msg":"|"level":){0,40}"#) {
            read(&line, &mut |_, _| ());
        }

        #[test]
        fn the_end_of_a_text_is_found_wherever_it_is(text in r#"[a-zé\u{1}"\\\u{7f}ÿ ]{0,40}"#) {
            let wanted = text.bytes().position(|byte| byte < 0x20 || byte == b'"' || byte == b'\\').unwrap_or(text.len());
            prop_assert_eq!(plain(text.as_bytes()), wanted);
        }
    }
}
