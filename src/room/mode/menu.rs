//! A small menu of letters: what may follow `,`, what to copy, of which kind a note is. Not a list to search: that is
//! `prompt.rs`.

use super::super::keys::Key;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MenuKind {
    /// More keys of a sequence: the choice is a key of it.
    Leader,
    Copy,
    /// The kinds of a note.
    Kinds,
    /// Values of a span: the choice is what the traces that are looked for have.
    Values,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub key: Key,
    pub words: String,
    /// What is copied; what the note begins with; the action's name; service, key and value with zeros between them.
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Menu {
    pub kind: MenuKind,
    pub title: String,
    pub choices: Vec<Choice>,
}
