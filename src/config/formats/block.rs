//! An imported SLO as a table of `config.toml`: what the other formats know, in our own words, for people to keep and
//! for our own reader to check.

use std::fmt::Write;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use crate::config::problem::{Problem, Sink};
use crate::config::section::Section;
use crate::config::slo;
use crate::domain::Symbol;
use crate::domain::slo::{Sli, Slo};

/// One `[[slo]]`.
#[derive(Debug)]
pub(super) struct Block {
    /// Where it stands in its file.
    pub(super) at: Range<usize>,
    keys: Vec<(&'static str, String)>,
    /// Tables of `[[slo.burn]]`.
    burn: Vec<Vec<(&'static str, String)>>,
    /// What a reader should know: above the table, as comments.
    notes: Vec<String>,
}

impl Block {
    pub(super) const fn new(at: Range<usize>) -> Self {
        Self { at, keys: Vec::new(), burn: Vec::new(), notes: Vec::new() }
    }

    pub(super) fn set(&mut self, key: &'static str, value: &str) {
        self.keys.push((key, quoted(value)));
    }

    pub(super) fn set_list(&mut self, key: &'static str, values: &[String]) {
        let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
        self.keys.push((key, format!("[{}]", values.join(", "))));
    }

    pub(super) fn set_sli(&mut self, sli: &Sli) {
        self.set(if matches!(sli, Sli::BadOverTotal { .. }) { "bad" } else { "good" }, sli.first());
        self.set("total", sli.total());
    }

    pub(super) fn add_burn(&mut self, keys: &[(&'static str, &str)]) {
        self.burn.push(keys.iter().map(|(key, value)| (*key, quoted(value))).collect());
    }

    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// As it could stand in `config.toml`.
    pub(super) fn toml(&self) -> String {
        let mut text = String::new();
        for note in &self.notes {
            for line in note.lines() {
                let line: String = line.chars().filter(|sign| !sign.is_control()).collect();
                // Writing to a string cannot fail.
                let _ = writeln!(text, "# {line}");
            }
        }
        text.push_str("[[slo]]\n");
        for (key, value) in &self.keys {
            let _ = writeln!(text, "{key} = {value}");
        }
        for pair in &self.burn {
            text.push_str("[[slo.burn]]\n");
            for (key, value) in pair {
                let _ = writeln!(text, "{key} = {value}");
            }
        }
        text
    }

    /// Reads it as the config does. What the config would not take is told at its place in the imported file.
    pub(super) fn checked(&self, sink: &Sink) -> Option<(Slo, Vec<Symbol>)> {
        let text = self.toml();
        let own = Sink::default();
        let read = DeTable::parse(&text).ok().and_then(|document| {
            let slos = document.get_ref().iter().find(|(key, _)| key.get_ref().as_ref() == "slo");
            let (_, slos) = slos?;
            let DeValue::Array(items) = slos.get_ref() else { return None };
            let DeValue::Table(table) = items.iter().next()?.get_ref() else { return None };
            let section = Section::open(slo::TITLE, table, 0..0, slo::KEYS, &own);
            slo::read(&section).map(|(slo, marks)| (slo, marks.by))
        });
        let problems = own.into_inner();
        let none = problems.is_empty();
        for problem in problems {
            sink.borrow_mut().push(Problem { span: self.at.clone(), ..problem });
        }
        if read.is_none() && none {
            let problem = Problem::at(self.at.clone(), "this cannot be written as an SLO of config.toml");
            sink.borrow_mut().push(problem);
        }
        read.filter(|_| none)
    }
}

/// A text of TOML: as it stands where it can, for queries are full of quotes and backslashes.
fn quoted(text: &str) -> String {
    if !text.contains(['"', '\\']) && !text.contains(char::is_control) {
        return format!("\"{text}\"");
    }
    let plain = |sign: char| sign == '\n' || sign == '\t' || !sign.is_control();
    if !text.contains('\'') && text.chars().all(plain) {
        return match text.contains('\n') {
            false => format!("'{text}'"),
            true => format!("'''\n{text}'''"),
        };
    }
    let mut quoted = String::from("\"");
    for sign in text.chars() {
        match sign {
            '"' | '\\' => quoted.extend(['\\', sign]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            _ if sign.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(sign));
            }
            _ => quoted.push(sign),
        }
    }
    quoted.push('"');
    quoted
}
