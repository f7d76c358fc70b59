//! The head of a page: flat keys between two lines of `---` (YAML) or `+++` (TOML). Not a YAML reader: lists, quotes and
//! comments of flat keys are all that a head may hold; anything else is left out with a warning.

use chrono::NaiveDate;

use super::Page;
use crate::domain::Symbol;

/// More than any head needs.
pub(super) const MAX_HEADER: usize = 64 * 1024;
const MAX_WARNINGS: usize = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Yaml,
    Toml,
}

/// Key and values, as written.
pub(super) type Fields = Vec<(String, Vec<String>)>;

/// The head and its form, and the text after it. A head that never ends is text.
pub(super) fn split(text: &str) -> (Option<(Form, &str)>, &str) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.split_inclusive('\n');
    let (fence, form) = match lines.next().map(str::trim_end) {
        Some("---") => ("---", Form::Yaml),
        Some("+++") => ("+++", Form::Toml),
        _ => return (None, text),
    };
    let start = text.find('\n').map_or(text.len(), |at| at + 1);
    let mut at = start;
    for line in lines {
        if line.trim_end() == fence {
            let (head, body) = (text.get(start..at).unwrap_or(""), text.get(at + line.len()..).unwrap_or(""));
            return if head.len() > MAX_HEADER { (None, text) } else { (Some((form, head)), body) };
        }
        at += line.len();
    }
    (None, text)
}

/// Flat YAML: `key: value`, `key: [a, "b"]`, `key:` with `- a` lines under it.
pub(super) fn read_yaml(head: &str, warnings: &mut Vec<String>) -> Fields {
    let mut fields: Fields = Vec::new();
    for line in head.lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        if let Some(item) = trimmed.strip_prefix("- ") {
            match fields.last_mut() {
                Some((_, values)) => values.push(scalar(item)),
                None => warn(warnings, format!("head: a list without a key: {}", excerpt(trimmed))),
            }
            continue;
        }
        let nested = line.starts_with([' ', '\t']);
        match trimmed.split_once(':') {
            Some((key, value)) if !nested && (value.is_empty() || value.starts_with([' ', '\t'])) => {
                fields.push((scalar(key), values(value.trim())));
            }
            _ => warn(warnings, format!("head: not understood: {}", excerpt(trimmed))),
        }
    }
    fields
}

/// A few warnings tell as much as ten thousand.
fn warn(warnings: &mut Vec<String>, text: String) {
    if warnings.len() < MAX_WARNINGS {
        warnings.push(text);
    }
}

fn values(text: &str) -> Vec<String> {
    let bare = scalar(text);
    match text.strip_prefix('[').and_then(|list| list.rsplit_once(']')) {
        Some((list, _)) => apart(list).iter().map(|item| scalar(item)).filter(|item| !item.is_empty()).collect(),
        None if bare.is_empty() => Vec::new(),
        None => vec![bare],
    }
}

/// Split at commas outside of quotes.
fn apart(list: &str) -> Vec<String> {
    let mut items = vec![String::new()];
    let mut quote: Option<char> = None;
    for letter in list.chars() {
        if letter == ',' && quote.is_none() {
            items.push(String::new());
            continue;
        }
        if quote == Some(letter) {
            quote = None;
        } else if quote.is_none() && matches!(letter, '"' | '\'') {
            quote = Some(letter);
        }
        if let Some(item) = items.last_mut() {
            item.push(letter);
        }
    }
    items
}

/// Without quotes, and without a comment behind it.
fn scalar(text: &str) -> String {
    let text = text.trim();
    for quote in ['"', '\''] {
        if let Some((inside, _)) = text.strip_prefix(quote).and_then(|rest| rest.rsplit_once(quote)) {
            return inside.to_owned();
        }
    }
    text.split_once(" #").map_or(text, |(value, _)| value.trim_end()).to_owned()
}

fn excerpt(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Puts known keys into the page; unknown ones are nobody's business.
pub(super) fn fill(page: &mut Page, fields: Fields) {
    for (key, values) in fields {
        let single = values.first().filter(|value| !value.is_empty()).cloned();
        match key.as_str() {
            "id" => page.id = single.map_or_else(|| page.id.clone(), Symbol::from),
            "title" => page.title = single.unwrap_or_default(),
            "alerts" | "alert" => page.alerts = values,
            "services" | "service" => page.services = values,
            "owner" => page.owner = single,
            "tags" => page.tags = values,
            "verified" | "last_verified" => match single.as_deref().map(date) {
                Some(Some(date)) => page.verified = Some(date),
                Some(None) => page.warnings.push(format!("head: {key} is not a date such as 2026-02-20")),
                None => {}
            },
            _ => {}
        }
    }
}

/// `2026-02-20`, with or without a time behind it.
fn date(text: &str) -> Option<NaiveDate> {
    text.get(..10)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flat_yaml_is_read_and_the_rest_named() {
        let mut warnings = Vec::new();
        let fields = read_yaml(
            "id: x # why\nalerts: [\"A,B\", C*]\nservices:\n  - pricing\n  - 'routing'\n# no\ntitle: \"a: b\"\nnested:\n  deep: 1\n",
            &mut warnings,
        );
        let of = |key: &str| fields.iter().find(|(known, _)| known == key).map(|(_, values)| values.clone());
        assert_eq!(of("id"), Some(vec!["x".to_owned()]));
        assert_eq!(of("alerts"), Some(vec!["A,B".to_owned(), "C*".to_owned()]));
        assert_eq!(of("services"), Some(vec!["pricing".to_owned(), "routing".to_owned()]));
        assert_eq!(of("title"), Some(vec!["a: b".to_owned()]));
        assert_eq!(warnings, ["head: not understood: deep: 1"]);
    }

    #[test]
    fn warnings_are_few() {
        let mut warnings = Vec::new();
        read_yaml(&"- a\n".repeat(1_000), &mut warnings);
        assert_eq!(warnings.len(), MAX_WARNINGS);
    }

    #[test]
    fn a_head_that_never_ends_is_text() {
        assert_eq!(split("---\nid: x\n"), (None, "---\nid: x\n"));
        assert_eq!(split("---\r\nid: x\r\n---\r\nbody"), (Some((Form::Yaml, "id: x\r\n")), "body"));
        assert_eq!(split("+++\n+++"), (Some((Form::Toml, "")), ""));
        assert_eq!(split(""), (None, ""));
    }
}
