//! A question to the responder with a line to type in, and for `?` and `:` the actions that answer to it.

use super::super::command::{Action, Command};
use super::super::editor::Editor;
use super::super::keys::Keymap;
use super::super::pane::Cursor;
use crate::domain::Symbol;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PromptKind {
    /// `/`: narrows while it is typed; Esc takes back to what was before.
    Filter { before: String },
    /// `@`
    GoTo,
    /// `:`
    Palette,
    /// `?`
    Help,
    /// `;`: a query for a server. `back` counts the queries of before that were walked over, `wrong_at` is the column that the
    /// server complained about, and while the question is `asked` its answer is waited for.
    Query { back: usize, wrong_at: Option<usize>, asked: bool },
    /// "What if it burns on?": how fast, for how long.
    WhatIf,
    /// Why a step of a runbook is passed over.
    PassReason { runbook: Symbol, step: u16 },
}

#[derive(Clone, Debug)]
pub struct Prompt {
    pub kind: PromptKind,
    pub text: Editor,
    /// The actions that the text finds, the likeliest first; all, in the order of the table, while there is no text.
    pub choices: Vec<Command>,
    /// Over the choices.
    pub cursor: Cursor,
    /// What is wrong with the text, in words.
    pub complaint: Option<String>,
}

impl Prompt {
    #[must_use]
    pub fn new(kind: PromptKind, text: &str) -> Self {
        Self { kind, text: Editor::new(text), choices: Vec::new(), cursor: Cursor::default(), complaint: None }
    }

    /// Finds the choices for what is typed; `near` are the actions of the focused pane, which come first.
    pub fn search(&mut self, near: &[Command], keymap: &Keymap) {
        self.complaint = None;
        if !matches!(self.kind, PromptKind::Palette | PromptKind::Help) {
            return;
        }
        let typed = self.text.text().trim().to_lowercase();
        let mut found: Vec<&Action> = Command::ALL.iter().filter(|action| answers(action, &typed, keymap)).collect();
        if !typed.is_empty() {
            found.sort_by_key(|action| {
                // In help one looks a key up; in the palette one types a name.
                let is_key = self.kind == PromptKind::Help
                    && keymap.show(action.command).split(' ').any(|key| key == self.text.text().trim());
                (!is_key, action.name != typed, !action.name.starts_with(&typed), !near.contains(&action.command))
            });
        }
        self.choices = found.iter().map(|action| action.command).collect();
        self.cursor.set_total(self.choices.len());
        self.cursor.first();
    }

    #[must_use]
    pub fn chosen(&self) -> Option<Command> {
        self.choices.get(self.cursor.selected).copied()
    }
}

/// Every word that was typed stands in the name, the words, the group or the keys.
fn answers(action: &Action, typed: &str, keymap: &Keymap) -> bool {
    typed.split_whitespace().all(|word| {
        action.name.contains(word)
            || action.words.to_lowercase().contains(word)
            || action.group.word().to_lowercase() == word
            || keymap.show(action.command).to_lowercase().split(' ').any(|key| key == word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&'static str> {
        let mut prompt = Prompt::new(PromptKind::Palette, text);
        prompt.search(&[Command::Pivot], &Keymap::default());
        prompt.choices.iter().map(|command| command.name()).collect()
    }

    #[test]
    fn what_is_typed_finds_actions_by_name_words_group_and_key() {
        assert_eq!(found("").len(), Command::ALL.len());
        assert_eq!(found("ackn"), ["acknowledge"]);
        assert_eq!(found("q").first(), Some(&"quit"));
        assert_eq!(found("note").first(), Some(&"note"));
        assert_eq!(found("ctrl-t"), ["cycle-clock"]);
        assert_eq!(found("other signal"), ["pivot"]);
        assert_eq!(found("runbook tick"), ["tick-step"]);
        assert!(found("no such thing").is_empty());
    }
}
