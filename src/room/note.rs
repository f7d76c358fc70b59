//! A note that is being written: its line, the moment and the evidence that it was opened on. Not the entry it becomes.

use super::editor::Editor;
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
}

impl Note {
    /// The evidence that `without ..` in the line leaves.
    #[must_use]
    pub fn kept_evidence(&self) -> Vec<Evidence> {
        self.evidence.iter().filter(|evidence| !self.draft.without.contains(&evidence.about)).cloned().collect()
    }
}
