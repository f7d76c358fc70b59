//! A runbook page, as blocks from top to bottom.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::command::Command;
use crate::domain::Symbol;

/// What is outside of the program's hands is kept raw: clean it before drawing and before copying.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// From the header, else the file name without its ending.
    pub id: Symbol,
    /// From the header, else the first heading, else the id.
    pub title: String,
    /// Names or globs (`OrderRouting*`).
    pub alerts: Vec<String>,
    pub services: Vec<String>,
    pub owner: Option<String>,
    pub tags: Vec<String>,
    /// When a person last found it right: `verified` or `last_verified`.
    pub verified: Option<NaiveDate>,
    pub blocks: Vec<Block>,
    /// The file name.
    pub source: String,
    /// What could not be read, in words: a broken header, a text that was cut.
    pub warnings: Vec<String>,
}

/// What a section is for, by its heading in English or French.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    Symptoms,
    Diagnosis,
    Resolution,
    TemporaryFix,
    PermanentFix,
    Prevention,
    #[default]
    Other,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    Heading {
        level: u8,
        text: String,
        /// What a link ends in: lower case, words joined by `-`.
        anchor: String,
        section: Section,
    },
    Paragraph(Vec<Inline>),
    Item {
        indent: u8,
        /// The number of an ordered list.
        ordered: Option<u64>,
        inlines: Vec<Inline>,
    },
    /// An item that is to be done. `number` counts from 1 over the page; `command` is the index in `blocks` of the
    /// first code block under it.
    Step {
        number: u16,
        indent: u8,
        inlines: Vec<Inline>,
        command: Option<usize>,
    },
    Code {
        /// `sh`, `bash`, `console`, `promql`, ..; empty when not told.
        language: String,
        text: String,
        step: Option<u16>,
        /// The words of the info string after the language: `danger`, `timeout=30s`.
        attributes: Vec<String>,
    },
    Quote(Vec<Inline>),
    Rule,
    /// Cells as text; the first row is the head.
    Table(Vec<Vec<String>>),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inline {
    pub text: String,
    pub style: Style,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    #[default]
    Plain,
    Strong,
    Emphasis,
    Code,
    /// Where it leads.
    Link(String),
}

/// A step as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step<'a> {
    pub number: u16,
    /// Its place in `blocks`.
    pub block: usize,
    pub inlines: &'a [Inline],
    pub command: Option<Command<'a>>,
    pub section: Section,
}

impl Page {
    /// The steps, in order.
    pub fn steps(&self) -> impl Iterator<Item = Step<'_>> {
        let mut section = Section::Other;
        self.blocks.iter().enumerate().filter_map(move |(block, content)| match content {
            Block::Heading { section: entered, .. } => {
                section = *entered;
                None
            }
            Block::Step { number, inlines, command, .. } => Some(Step {
                number: *number,
                block,
                inlines,
                command: command.and_then(|at| match self.blocks.get(at) {
                    Some(Block::Code { language, text, attributes, .. }) => {
                        Some(Command::new(language, text, attributes))
                    }
                    _ => None,
                }),
                section,
            }),
            _ => None,
        })
    }

    /// The index of the heading that a link's anchor names.
    #[must_use]
    pub fn heading(&self, anchor: &str) -> Option<usize> {
        self.blocks.iter().position(|block| matches!(block, Block::Heading { anchor: own, .. } if own == anchor))
    }
}

/// The words without their styles.
#[must_use]
pub(super) fn plain(inlines: &[Inline]) -> String {
    inlines.iter().map(|inline| inline.text.as_str()).collect()
}
