//! Fields found in a line by `| json` and `| logfmt`. Not where they go: that is `pipeline.rs`.

use serde_json::Value;

/// Most fields that one line may yield.
const MOST_FIELDS: usize = 256;

/// The leaves of a JSON object, nested names joined by `_`; arrays are left out, as Loki does. `None`: not an object.
pub fn json(line: &str) -> Option<Vec<(String, String)>> {
    let Ok(Value::Object(object)) = serde_json::from_str(line) else { return None };
    let mut out = Vec::new();
    flatten("", object, &mut out);
    Some(out)
}

fn flatten(prefix: &str, object: serde_json::Map<String, Value>, out: &mut Vec<(String, String)>) {
    for (key, value) in object {
        if out.len() >= MOST_FIELDS {
            return;
        }
        let name = label_name(&if prefix.is_empty() { key } else { format!("{prefix}_{key}") });
        match value {
            Value::Object(inner) => flatten(&name, inner, out),
            Value::Array(_) => {}
            Value::String(text) => out.push((name, text)),
            Value::Null => out.push((name, String::new())),
            other => out.push((name, other.to_string())),
        }
    }
}

/// `key=value` and `key="value"` pairs; a word without `=` is skipped.
pub fn logfmt(line: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() && out.len() < MOST_FIELDS {
        let end = rest.find(|letter: char| letter == '=' || letter.is_whitespace()).unwrap_or(rest.len());
        let (key, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        rest = after;
        if let Some(after) = rest.strip_prefix('=') {
            let (value, after) = match after.strip_prefix('"') {
                Some(inside) => unquoted(inside),
                None => {
                    let end = after.find(char::is_whitespace).unwrap_or(after.len());
                    let (value, after) = after.split_at_checked(end).unwrap_or((after, ""));
                    (value.to_owned(), after)
                }
            };
            if !key.is_empty() {
                out.push((label_name(key), value));
            }
            rest = after;
        }
        rest = rest.trim_start();
    }
    out
}

/// The text up to the closing quote, escapes undone, and what follows it.
fn unquoted(text: &str) -> (String, &str) {
    let (mut out, mut escape) = (String::new(), false);
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escape => {
                out.push(if letter == 'n' { '\n' } else { letter });
                escape = false;
            }
            '\\' => escape = true,
            '"' => return (out, text.get(at + 1..).unwrap_or("")),
            other => out.push(other),
        }
    }
    (out, "")
}

/// Label names have no dots and no dashes.
fn label_name(key: &str) -> String {
    let clean: String =
        key.chars().map(|letter| if letter.is_ascii_alphanumeric() || letter == '_' { letter } else { '_' }).collect();
    if clean.starts_with(|letter: char| letter.is_ascii_digit()) { format!("_{clean}") } else { clean }
}
