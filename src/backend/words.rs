//! What a server says, made fit for one line of a screen: an error's own words found in whatever shape it has.

use serde_json::Value;

/// Longer words than this are cut: some servers answer an error with a page.
const LONGEST: usize = 300;

/// One line, without control characters, of at most 300 characters.
pub(super) fn clean(text: &str) -> String {
    let mut cleaned = String::new();
    let mut kept = 0;
    for word in text.split(|letter: char| letter.is_whitespace() || is_hostile(letter)).filter(|word| !word.is_empty())
    {
        let room = LONGEST.saturating_sub(kept);
        if room == 0 {
            cleaned.push('…');
            break;
        }
        if kept > 0 {
            cleaned.push(' ');
        }
        let before = cleaned.len();
        cleaned.extend(word.chars().take(room));
        kept += 1 + cleaned.get(before..).map_or(0, |added| added.chars().count());
    }
    cleaned
}

/// Controls, and the marks that turn the direction of writing.
fn is_hostile(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The words of an error's body: JSON of any of the known shapes whatever its content type, else the text itself.
/// Empty when there are none.
pub(super) fn of_error(body: &[u8]) -> String {
    if is_page(body) {
        return "an HTML page came: is there a login page or a wrong path in front?".into();
    }
    let said = serde_json::from_slice::<Value>(body).ok().and_then(|value| of_json(&value));
    clean(&said.unwrap_or_else(|| String::from_utf8_lossy(body).into_owned()))
}

/// Prometheus `error`, Alertmanager a bare string or `message`, Jaeger v1 `errors[0].msg`, Jaeger v3 `error.message`.
fn of_json(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Object(fields) => {
            ["error", "message", "msg", "errors"].iter().find_map(|name| of_json(fields.get(*name)?))
        }
        Value::Array(items) => items.first().and_then(of_json),
        _ => None,
    }
}

pub(super) fn is_page(body: &[u8]) -> bool {
    body.trim_ascii_start().first() == Some(&b'<')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_found_in_every_shape() {
        assert_eq!(of_error(br#"{"status":"error","errorType":"bad_data","error":"1:17: parse"}"#), "1:17: parse");
        assert_eq!(of_error(br#""Failed to create silence""#), "Failed to create silence");
        assert_eq!(of_error(br#"{"code":612,"message":"matchers"}"#), "matchers");
        assert_eq!(of_error(br#"{"data":null,"errors":[{"code":404,"msg":"trace not found"}]}"#), "trace not found");
        assert_eq!(of_error(br#"{"error":{"httpCode":404,"message":"No traces found"}}"#), "No traces found");
        assert_eq!(of_error(b"parse error\n at \x1b[31mline 1"), "parse error at [31mline 1");
        assert!(of_error(b" <!DOCTYPE html>").contains("HTML"));
        assert_eq!(of_error(b""), "");
    }

    #[test]
    fn long_words_are_cut() {
        assert!(clean(&"x ".repeat(2_000)).chars().count() <= LONGEST + 1);
        assert_eq!(clean(&"é".repeat(2_000)).chars().count(), LONGEST);
    }
}
