//! A note that is being written: its line, the moment and the evidence that it was opened on. Not the entry it becomes.

use super::super::editor::Editor;
use crate::domain::Timestamp;
use crate::domain::incident::{Draft, Evidence};

#[derive(Clone, Debug)]
pub struct Note {
    pub line: Editor,
    /// The moment that was looked at when it was opened; a time in the line goes before it.
    pub at: Timestamp,
    /// What the cursors of the panes stood on, `without ..` not yet applied; at most three.
    pub evidence: Vec<Evidence>,
    /// What the line says so far: kind, time, text.
    pub draft: Draft,
    /// What an action wrote into the line before the responder did.
    pub beginning: String,
    /// An unfinished note that waits behind this one.
    pub behind: String,
}

impl Note {
    /// When it happened, as far as the line says.
    #[must_use]
    pub const fn happened(&self) -> Timestamp {
        if self.draft.back_dated { self.draft.happened } else { self.at }
    }

    /// The evidence that `without ..` in the line leaves.
    #[must_use]
    pub fn kept_evidence(&self) -> Vec<Evidence> {
        self.evidence.iter().filter(|evidence| !self.draft.without.contains(&evidence.about)).cloned().collect()
    }

    /// The text that must not be lost if this note is never saved: none of it is what an action wrote alone.
    #[must_use]
    pub fn unsaved(&self) -> String {
        let typed = self.line.text().trim();
        match (typed.is_empty() || typed == self.beginning.trim(), self.behind.is_empty()) {
            (true, _) => self.behind.clone(),
            (false, true) => self.line.text().to_owned(),
            (false, false) => format!("{} · {}", self.behind, self.line.text()),
        }
    }
}
