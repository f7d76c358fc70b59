//! One log line and its level. Not a million of them: that is `logbook.rs`.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::{Labels, SpanId, Symbol, Timestamp, TraceId};

/// How bad a line says it is, least first. `Unknown` sorts below all, so that "warn and worse" never shows it by accident.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    #[default]
    Unknown,
    Trace,
    Debug,
    Info,
    Warn,
    Error,
    Fatal,
}

impl Level {
    pub const ALL: [Self; 7] =
        [Self::Unknown, Self::Trace, Self::Debug, Self::Info, Self::Warn, Self::Error, Self::Fatal];

    /// Reads what loggers write (`warning`, `ERR`, `critical`, ..), of any case.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        const WORDS: [(Level, &[&str]); 6] = [
            (Level::Info, &["info", "information", "inf", "notice"]),
            (Level::Debug, &["debug", "dbg"]),
            (Level::Warn, &["warn", "warning", "wrn"]),
            (Level::Error, &["error", "err", "eror"]),
            (Level::Trace, &["trace", "trc"]),
            (Level::Fatal, &["fatal", "critical", "crit", "panic", "alert", "emerg", "emergency"]),
        ];
        let text = text.trim();
        let is_of = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
        WORDS.iter().find(|(_, words)| is_of(words)).map_or(Self::Unknown, |(level, _)| *level)
    }

    /// Five letters at most, as the log pane shows it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unknown => "",
            Self::Trace => "TRACE",
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warn => "WARN",
            Self::Error => "ERROR",
            Self::Fatal => "FATAL",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A line as it came, not yet cleaned for drawing: it may hold escape sequences, NUL, or a megabyte.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    pub time: Timestamp,
    pub level: Level,
    /// Empty when the server names none.
    pub service: Symbol,
    /// The index labels of its stream.
    pub stream: Arc<Labels>,
    pub trace: Option<TraceId>,
    pub span: Option<SpanId>,
    /// The whole raw line.
    pub raw: Arc<str>,
    /// What the server knows of it besides: see [`super::pairs`].
    #[serde(default)]
    pub metadata: Option<Arc<str>>,
    pub message: Message,
}

/// Where a line's message for people is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Message {
    /// The whole raw line.
    Raw,
    /// Taken out of a structured line, with its escapes undone.
    Extracted(Arc<str>),
}

impl Line {
    /// What a person reads first.
    #[must_use]
    pub fn text(&self) -> &str {
        match &self.message {
            Message::Raw => &self.raw,
            Message::Extracted(text) => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_ordered_and_read_from_what_loggers_write() {
        assert!(Level::parse("WARNING") > Level::parse("notice"));
        assert!(Level::Unknown < Level::Trace);
        assert_eq!(Level::parse("crit"), Level::Fatal);
        assert_eq!(Level::parse("verbose"), Level::Unknown);
    }
}
