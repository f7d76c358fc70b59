//! One table of a YAML file, read key by key: every unknown key and every value of the wrong kind becomes a problem with
//! its line, and reading goes on.

use std::ops::Range;
use std::rc::Rc;

use super::yaml::{Entry, Kind, Node};
use crate::config::nearest::hint;
use crate::config::problem::{Found, Problem, Sink};
use crate::config::section::shown;

pub(super) struct Fields<'a> {
    /// Where it stands: `spec.sli`; empty for a document.
    path: String,
    entries: &'a [Entry],
    pub(super) span: Range<usize>,
    sink: &'a Sink,
}

impl<'a> Fields<'a> {
    /// `None` when it is no table, which is told; unknown keys are told too.
    pub(super) fn open(path: &str, node: &'a Node, known: &[&str], sink: &'a Sink) -> Option<Self> {
        let fields = Self::free(path, node, sink)?;
        for entry in fields.entries.iter().filter(|entry| !known.contains(&entry.key.as_str())) {
            let place = if path.is_empty() { String::new() } else { format!(" in {path}") };
            let problem = Problem::at(entry.span.clone(), format!("unknown key `{}`{place}", shown(&entry.key)));
            fields.problem(problem.hint(hint(&entry.key, known)));
        }
        Some(fields)
    }

    /// A table whose keys are anybody's.
    pub(super) fn free(path: &str, node: &'a Node, sink: &'a Sink) -> Option<Self> {
        if let Kind::Map(entries) = &node.kind {
            // The span of a collection ends where it begins; its first key is what a person would point at.
            let span = entries.first().map_or_else(|| node.span.clone(), |entry| entry.span.clone());
            return Some(Self { path: path.to_owned(), entries, span, sink });
        }
        let what = if path.is_empty() { "a document" } else { path };
        let message = format!("{what} must be a table of keys, not {}", node.kind.word());
        sink.borrow_mut().push(Problem::at(node.span.clone(), message));
        None
    }

    pub(super) fn problem(&self, problem: Problem) {
        self.sink.borrow_mut().push(problem);
    }

    /// `spec.sli.events` below `spec.sli`.
    fn below(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    pub(super) fn entry(&self, key: &str) -> Option<&'a Entry> {
        self.entries.iter().find(|entry| entry.key == key && !matches!(entry.value.kind, Kind::Null))
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.entry(key).is_some()
    }

    /// Tells that a key is missing or blank; of another kind it was told already. `None`, for use with `?`.
    pub(super) fn missing<T>(&self, key: &str, hint: &str) -> Option<T> {
        if self
            .entry(key)
            .is_some_and(|entry| !matches!(&entry.value.kind, Kind::Scalar(text) if text.trim().is_empty()))
        {
            return None;
        }
        let message = format!("`{}` is missing", self.below(key));
        self.problem(Problem::at(self.span.clone(), message).hint(hint));
        None
    }

    /// Refuses a key that is there.
    pub(super) fn refuse(&self, key: &str, why: &str, hint: &str) {
        if let Some(entry) = self.entry(key) {
            let message = format!("`{}`: {why}", self.below(key));
            self.problem(Problem::at(entry.span.clone(), message).hint(hint));
        }
    }

    fn wrong(&self, entry: &Entry, wanted: &str) {
        let message = format!("`{}` must be {wanted}, not {}", self.below(&entry.key), entry.value.kind.word());
        self.problem(Problem::at(entry.value.span.clone(), message));
    }

    /// One value that is not blank, of whatever type; its blanks around are cut.
    pub(super) fn text(&self, key: &str) -> Option<Found<String>> {
        let entry = self.entry(key)?;
        match &entry.value.kind {
            Kind::Scalar(text) if !text.trim().is_empty() => {
                Some(Found { value: text.trim().to_owned(), span: entry.value.span.clone() })
            }
            Kind::Scalar(_) => None,
            _ => {
                self.wrong(entry, "a single value");
                None
            }
        }
    }

    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        let found = self.text(key)?;
        match found.value.as_str() {
            "true" | "True" | "TRUE" => Some(true),
            "false" | "False" | "FALSE" => Some(false),
            _ => {
                let message = format!("`{}` must be true or false", self.below(key));
                self.problem(Problem::at(found.span, message));
                None
            }
        }
    }

    pub(super) fn table(&self, key: &str, known: &[&str]) -> Option<Fields<'a>> {
        Fields::open(&self.below(key), &self.entry(key)?.value, known, self.sink)
    }

    /// The items of a list; none when it is left out.
    pub(super) fn list(&self, key: &str) -> &'a [Rc<Node>] {
        match self.entry(key) {
            Some(Entry { value, .. }) => match &value.kind {
                Kind::List(items) => items,
                _ => {
                    self.entry(key).into_iter().for_each(|entry| self.wrong(entry, "a list"));
                    &[]
                }
            },
            None => &[],
        }
    }

    /// The items of a list, each a table.
    pub(super) fn tables(&self, key: &str, known: &[&str]) -> Vec<Fields<'a>> {
        let path = self.below(key);
        self.list(key).iter().filter_map(|item| Fields::open(&path, item, known, self.sink)).collect()
    }

    /// The items of a list, each one value.
    pub(super) fn texts(&self, key: &str) -> Vec<String> {
        let items = self.list(key).iter();
        let texts = items.filter_map(|item| {
            if let Kind::Scalar(text) = &item.kind {
                return Some(text.trim().to_owned());
            }
            let message = format!("`{}` must hold single values, not {}", self.below(key), item.kind.word());
            self.problem(Problem::at(item.span.clone(), message));
            None
        });
        texts.collect()
    }

    /// A table of labels or annotations: any key, each with one value.
    pub(super) fn labels(&self, key: &str) -> Vec<(&'a str, Found<String>)> {
        let Some(entry) = self.entry(key) else { return Vec::new() };
        let Some(table) = Fields::free(&self.below(key), &entry.value, self.sink) else { return Vec::new() };
        table.entries.iter().filter_map(|entry| Some((entry.key.as_str(), table.text(&entry.key)?))).collect()
    }
}
