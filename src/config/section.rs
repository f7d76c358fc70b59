//! One table of the file, read key by key: every wrong key and every value of the wrong kind becomes a problem, and
//! reading goes on.

use std::ops::Range;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::duration;
use super::nearest::{hint, nearest};
use super::problem::{Found, Problem, Sink};

pub(super) struct Section<'a> {
    /// As it is written: `[ui]`, `[[slo]]`.
    title: &'static str,
    table: &'a DeTable<'a>,
    /// Of the table's head.
    pub(super) span: Range<usize>,
    /// Known keys that are there under a mistyped name; they are not told as missing too.
    meant: Vec<&'static str>,
    sink: &'a Sink,
}

impl<'a> Section<'a> {
    pub(super) fn open(
        title: &'static str,
        table: &'a DeTable<'a>,
        span: Range<usize>,
        known: &[&'static str],
        sink: &'a Sink,
    ) -> Self {
        let mut meant = Vec::new();
        for (key, _) in table.iter().filter(|(key, _)| !known.contains(&key.get_ref().as_ref())) {
            let word = key.get_ref().as_ref();
            let place = if title.is_empty() { String::new() } else { format!(" in {title}") };
            let message = format!("unknown key `{}`{place}", shown(word));
            sink.borrow_mut().push(Problem::at(key.span(), message).hint(hint(word, known)));
            meant.extend(known.iter().filter(|name| nearest(word, known.iter().copied()) == Some(**name)));
        }
        Self { title, table, span, meant, sink }
    }

    pub(super) fn problem(&self, problem: Problem) {
        self.sink.borrow_mut().push(problem);
    }

    pub(super) fn value(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.table.iter().find(|(name, _)| name.get_ref().as_ref() == key).map(|(_, value)| value)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.value(key).is_some()
    }

    /// `[[key]]`, each.
    pub(super) fn tables(&self, key: &str, title: &'static str, known: &[&'static str]) -> Vec<Self> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let wrong = |span, found: &DeValue<'_>| {
            let hint = format!("write {title} with two brackets: there can be several");
            let message = format!("`{key}` must be a list of tables, not {}", kind(found));
            self.problem(Problem::at(span, message).hint(hint));
        };
        let DeValue::Array(items) = value.get_ref() else {
            wrong(value.span(), value.get_ref());
            return Vec::new();
        };
        let sections = items.iter().filter_map(|item| {
            if let DeValue::Table(table) = item.get_ref() {
                return Some(Self::open(title, table, item.span(), known, self.sink));
            }
            wrong(item.span(), item.get_ref());
            None
        });
        sections.collect()
    }

    /// Says that a key is missing, unless it is there mistyped.
    pub(super) fn missing(&self, key: &str, hint: &str) {
        if !self.meant.contains(&key) {
            self.problem(Problem::at(self.span.clone(), format!("{} without `{key}`", self.title)).hint(hint));
        }
    }

    fn wrong_kind(&self, key: &str, wanted: &str, value: &Spanned<DeValue<'_>>, hint: Option<String>) {
        let message = format!("`{key}` must be {wanted}, not {}", kind(value.get_ref()));
        self.problem(Problem { span: value.span(), message, hint });
    }

    /// Text that is not blank.
    pub(super) fn text(&self, key: &str) -> Option<Found<String>> {
        let value = self.value(key)?;
        match value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => {
                Some(Found { value: text.trim().to_owned(), span: value.span() })
            }
            DeValue::String(_) => {
                self.problem(Problem::at(value.span(), format!("`{key}` is empty")).hint("leave the key out instead"));
                None
            }
            other => {
                let quoted = written(other).map(|text| format!("write it in quotes: {key} = \"{text}\""));
                self.wrong_kind(key, "text", value, quoted);
                None
            }
        }
    }

    /// Text that becomes a header or a row of the screen: one line, nothing that drives a terminal.
    pub(super) fn line(&self, key: &str) -> Option<Found<String>> {
        let found = self.text(key)?;
        if found.value.chars().any(char::is_control) || found.value.chars().count() > 200 {
            let problem = Problem::at(found.span, format!("`{key}` must be one line of at most 200 plain characters"));
            self.problem(problem);
            return None;
        }
        Some(found)
    }

    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        let value = self.value(key)?;
        if let DeValue::Boolean(flag) = value.get_ref() {
            return Some(*flag);
        }
        self.wrong_kind(key, "true or false", value, Some(format!("write {key} = true")));
        None
    }

    /// A list of texts; one text alone is a list of one when `single` allows it.
    pub(super) fn texts(&self, key: &str, single: bool) -> Option<Vec<Found<String>>> {
        texts_of(key, self.value(key)?, single, self.sink)
    }

    pub(super) fn duration(&self, key: &str, least: &str, most: &str) -> Option<Duration> {
        let found = self.text(key)?;
        let within = |parsed: &Duration| {
            duration::parse(least).is_none_or(|least| *parsed >= least)
                && duration::parse(most).is_none_or(|most| *parsed <= most)
        };
        let parsed = duration::parse(&found.value).filter(within);
        if parsed.is_none() {
            let message = format!("`{key}` must be a duration from {least} to {most}");
            self.problem(Problem::at(found.span, message).hint(format!("for example {key} = \"{least}\"")));
        }
        parsed
    }

    /// One of these words.
    pub(super) fn choice(&self, key: &str, words: &[&'static str]) -> Option<Found<&'static str>> {
        let found = self.text(key)?;
        if let Some(word) = words.iter().find(|word| **word == found.value) {
            return Some(Found { value: word, span: found.span });
        }
        let message = format!("`{key}` cannot be `{}`", shown(&found.value));
        self.problem(Problem::at(found.span, message).hint(hint(&found.value, words)));
        None
    }
}

/// See [`Section::texts`].
pub(super) fn texts_of(
    key: &str,
    value: &Spanned<DeValue<'_>>,
    single: bool,
    sink: &Sink,
) -> Option<Vec<Found<String>>> {
    let example = format!("write {key} = [\"..\"]");
    let wrong = |span: Range<usize>, message: String| sink.borrow_mut().push(Problem::at(span, message).hint(&example));
    match value.get_ref() {
        DeValue::String(text) if single => Some(vec![Found { value: text.to_string(), span: value.span() }]),
        DeValue::Array(items) => {
            let mut texts = Vec::new();
            for item in items.iter() {
                match item.get_ref() {
                    DeValue::String(text) if !text.trim().is_empty() => {
                        texts.push(Found { value: text.to_string(), span: item.span() });
                    }
                    DeValue::String(_) => wrong(item.span(), format!("an empty text in `{key}`")),
                    other => wrong(item.span(), format!("`{key}` must hold texts, not {}", kind(other))),
                }
            }
            Some(texts)
        }
        other => {
            wrong(value.span(), format!("`{key}` must be a list of texts, not {}", kind(other)));
            None
        }
    }
}

/// What a value is, for people.
pub(super) fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// A scalar as it could stand in quotes.
fn written(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Float(number) => Some(number.to_string()),
        DeValue::Boolean(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// A word of the file inside a message: short, and without signs that drive a terminal.
pub(super) fn shown(word: &str) -> String {
    word.chars().take(40).map(|sign| if sign.is_control() { '?' } else { sign }).collect()
}
