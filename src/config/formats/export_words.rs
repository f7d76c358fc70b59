//! Texts as YAML writes them, so that any reader gives them back as they were.

use std::fmt::Write;

/// In double quotes: nothing in it means anything to YAML.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for sign in text.chars() {
        match sign {
            '"' | '\\' => quoted.extend(['\\', sign]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            // What some readers take for the end of a line, or refuse.
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(sign));
            }
            _ if sign.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(sign));
            }
            _ => quoted.push(sign),
        }
    }
    quoted.push('"');
    quoted
}

/// A query: in single quotes on one line, for it is full of double ones and of backslashes.
pub(super) fn query(text: &str) -> String {
    if text.contains(char::is_control) || text.contains(['\u{2028}', '\u{2029}', '\u{feff}']) {
        return quoted(text);
    }
    format!("'{}'", text.replace('\'', "''"))
}

/// A comment, a line for each of its lines.
pub(super) fn comment(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let plain: String = line.chars().filter(|sign| !sign.is_control()).collect();
        format!("# {plain}\n")
    });
    lines.collect()
}

/// `a`, `b and c`, in the order given.
pub(super) fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
