//! One line of a book, read where it stands. Not a line of its own: `line.rs`.

use std::sync::Arc;

use super::line::{Level, Line, Message};
use super::metadata::{self, pairs, unfolded};
use super::text::PENDING;
use crate::domain::filter::Searched;
use crate::domain::{Labels, SpanId, Symbol, Timestamp, TraceId};

/// One line, read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LineView<'a> {
    pub time: Timestamp,
    pub level: Level,
    pub service: &'a Symbol,
    pub stream: &'a Arc<Labels>,
    /// What a person reads first; not cleaned for drawing.
    pub text: &'a str,
    /// The whole line as it came.
    pub raw: &'a str,
    pub trace: Option<TraceId>,
    pub span: Option<SpanId>,
    /// What the server knows of it besides, empty when nothing: see [`super::pairs`].
    pub metadata: &'a str,
    /// It belongs to the line before: a part of a stack trace.
    pub goes_on: bool,
}

impl LineView<'_> {
    /// The whole line, its stream and what else the server knows of it, one below the other.
    #[must_use]
    pub fn in_full(&self) -> String {
        let mut words = format!("{}\n\n{}", self.raw, self.stream);
        let blank = if self.metadata.is_empty() { "" } else { "\n" };
        words.push_str(blank);
        for (key, value) in pairs(self.metadata) {
            words.push_str(&format!("\n{key}  {}", unfolded(value)));
        }
        words
    }

    /// It stands in a file and has not been read back yet: there is no text, and whose trace it is may be unknown.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        std::ptr::eq(self.raw, PENDING)
    }
}

/// A line that is in no book is read, searched and drawn like one that is.
impl<'a> From<&'a Line> for LineView<'a> {
    fn from(line: &'a Line) -> Self {
        Self {
            time: line.time,
            level: line.level,
            service: &line.service,
            stream: &line.stream,
            text: line.text(),
            raw: &line.raw,
            trace: line.trace,
            span: line.span,
            metadata: line.metadata.as_deref().unwrap_or(""),
            goes_on: false,
        }
    }
}

/// A line of its own, out of the book.
impl From<&LineView<'_>> for Line {
    fn from(view: &LineView<'_>) -> Self {
        let is_whole = view.text.as_ptr() == view.raw.as_ptr() && view.text.len() == view.raw.len();
        Self {
            time: view.time,
            level: view.level,
            service: view.service.clone(),
            stream: Arc::clone(view.stream),
            trace: view.trace,
            span: view.span,
            raw: Arc::from(view.raw),
            metadata: (!view.metadata.is_empty()).then(|| view.metadata.into()),
            message: if is_whole { Message::Raw } else { Message::Extracted(Arc::from(view.text)) },
        }
    }
}

impl Searched for LineView<'_> {
    fn any_text(&self, accept: &mut dyn FnMut(&str) -> bool) -> bool {
        // Mostly the message is a part of the raw line, and has been looked at with it.
        let apart = !self.raw.as_bytes().as_ptr_range().contains(&self.text.as_ptr());
        accept(self.raw) || (apart && accept(self.text)) || metadata::rows(self.metadata).any(accept)
    }

    fn any_value(&self, key: &str, accept: &mut dyn FnMut(&str) -> bool) -> bool {
        let known = match key {
            "service" | "service_name" | "service.name" => accept(self.service),
            "level" | "severity" => accept(self.level.word()),
            "trace_id" | "trace" => self.trace.is_some_and(|id| accept(&id.to_string())),
            "span_id" | "span" => self.span.is_some_and(|id| accept(&id.to_string())),
            _ => false,
        };
        known
            || self.stream.get(key).is_some_and(|value| accept(value))
            || pairs(self.metadata).any(|(known, value)| known == key && accept(value))
    }

    fn any_message(&self, accept: &mut dyn FnMut(&str) -> bool) -> bool {
        accept(self.text)
    }
}

/// Whether lines have values of their own under this key, whatever their texts say.
pub(super) fn is_known(key: &str) -> bool {
    matches!(
        key,
        "service" | "service_name" | "service.name" | "level" | "severity" | "trace_id" | "trace" | "span_id" | "span"
    )
}
