//! Fields inside a raw text: `"key":"value"` as JSON has it, `key=value` as logfmt has it. Not a parser of either: a line
//! may be cut short, or be half a sentence, and its fields are found all the same.

/// Gives every value that stands under `key` in `text` to `accept`, until it says yes. Escapes are left as they are.
pub(super) fn any(text: &str, key: &str, accept: &mut dyn FnMut(&str) -> bool) -> bool {
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find(key)) {
        let start = from + at;
        let end = start + key.len();
        if let (Some(before), Some(after)) = (text.get(..start), text.get(end..))
            && let Some(value) = value(before, after)
            && accept(value)
        {
            return true;
        }
        from = end.max(start + 1);
    }
    false
}

/// The value that follows a key, given what stands before and after it; `None` if that is no key after all.
fn value<'a>(before: &str, after: &'a str) -> Option<&'a str> {
    if before.ends_with('"') {
        let rest = after.strip_prefix('"')?.trim_start().strip_prefix(':')?.trim_start();
        return Some(quoted(rest).unwrap_or_else(|| until(rest, &[',', '}', ']'])));
    }
    let apart = before.chars().next_back().is_none_or(|letter| letter.is_whitespace() || "([{,;|&?".contains(letter));
    let rest = after.strip_prefix('=').filter(|_| apart)?;
    Some(quoted(rest).unwrap_or_else(|| until(rest, &[]).trim_end_matches([',', ';', ')', ']', '}'])))
}

/// What stands between double quotes, if the text begins with one.
fn quoted(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('"')?;
    let mut escaped = false;
    let end = inner.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    inner.get(..end.unwrap_or(inner.len()))
}

fn until<'a>(text: &'a str, stops: &[char]) -> &'a str {
    text.split(|letter: char| letter.is_whitespace() || stops.contains(&letter)).next().unwrap_or(text)
}
