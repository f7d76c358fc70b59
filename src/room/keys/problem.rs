//! What is wrong with a line of a key configuration, in words. Where in the file it stands is `config`'s to say.

use std::fmt;

use super::super::command::Command;
use super::key::{Code, Key};
use super::text::KeyError;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The name that comes nearest, if one is near.
    UnknownAction {
        nearest: Option<&'static str>,
    },
    NotAKey(KeyError),
    /// These keys equal, begin or continue keys that the configuration gave to another action before.
    Conflict {
        with: Command,
        keys: String,
    },
    /// A default of another action, which is left without any key.
    Taken {
        from: Command,
    },
    /// The key works here and there only; why.
    Reserved(&'static str),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyProblem {
    /// The action as it was written.
    pub action: String,
    /// The keys as they were written; empty when the action itself is the problem.
    pub keys: String,
    pub trouble: Trouble,
}

impl KeyProblem {
    pub(super) fn new(action: &str, keys: &str, trouble: Trouble) -> Self {
        Self { action: action.to_owned(), keys: keys.to_owned(), trouble }
    }

    pub(super) fn unknown(action: &str) -> Self {
        Self::new(action, "", Trouble::UnknownAction { nearest: nearest(action) })
    }

    /// The binding was made all the same.
    #[must_use]
    pub const fn is_warning(&self) -> bool {
        matches!(self.trouble, Trouble::Reserved(_) | Trouble::Taken { .. })
    }

    #[must_use]
    pub fn hint(&self) -> String {
        match &self.trouble {
            Trouble::UnknownAction { nearest: Some(name) } => format!("did you mean `{name}`?"),
            Trouble::UnknownAction { nearest: None } => "`warroom keys` lists every action".to_owned(),
            Trouble::NotAKey(_) => {
                "keys are written like `j`, `gg`, `ctrl-d`, `S-Tab`, `PgDn`, `Space`, `F5`".to_owned()
            }
            Trouble::Conflict { with, .. } => format!("give `{with}` other keys, or this action"),
            Trouble::Taken { from } => format!("give `{from}` other keys as well"),
            Trouble::Reserved(_) => "another key is safer".to_owned(),
        }
    }
}

impl fmt::Display for KeyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { action, keys, trouble } = self;
        match trouble {
            Trouble::UnknownAction { .. } => write!(f, "no action is called `{action}`"),
            Trouble::NotAKey(error) => write!(f, "`{}` for `{action}` is not a key", error.0),
            Trouble::Conflict { with, keys: other } if other == keys => {
                write!(f, "`{keys}` cannot be `{action}`: it is `{with}` already")
            }
            Trouble::Conflict { with, keys: other } => {
                write!(f, "`{keys}` cannot be `{action}`: `{other}` is `{with}`, and one begins with the other")
            }
            Trouble::Taken { from } => write!(f, "`{keys}` was the only key of `{from}`, which has none now"),
            Trouble::Reserved(why) => write!(f, "`{keys}` for `{action}`: {why}"),
        }
    }
}

/// Why a key reaches the program only now and then.
pub(super) fn reserved(key: Key) -> Option<&'static str> {
    if key.has_alt() {
        return Some("terminals send alt as Esc and a letter, or keep it for themselves");
    }
    if !key.has_ctrl() {
        return None;
    }
    match key.code() {
        Code::Char('b') => Some("tmux takes ctrl-b"),
        Code::Char('a') => Some("screen takes ctrl-a"),
        Code::Char('h') => Some("many terminals send ctrl-h for Backspace"),
        Code::Char('i') => Some("a terminal sends ctrl-i for Tab"),
        Code::Char('m' | 'j') => Some("a terminal sends it for Enter"),
        Code::Char('[') => Some("a terminal sends ctrl-[ for Esc"),
        Code::Char(' ') => Some("ctrl-Space belongs to input methods"),
        Code::Char('s' | 'q') => Some("ctrl-s and ctrl-q stop and start the terminal's output"),
        _ => None,
    }
}

/// The name with the fewest letters changed, if these are at most a third of it.
fn nearest(name: &str) -> Option<&'static str> {
    let (distance, best) =
        Command::ALL.iter().map(|action| (distance(name, action.name), action.name)).min_by_key(|(far, _)| *far)?;
    (distance <= best.len().div_ceil(3)).then_some(best)
}

fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.chars().count()).collect();
    for (at, letter) in left.chars().take(64).enumerate() {
        let mut diagonal = std::mem::replace(row.first_mut().unwrap_or(&mut 0), at + 1);
        let mut before = at + 1;
        for (other, cell) in right.chars().zip(row.iter_mut().skip(1)) {
            let cost = (diagonal + usize::from(other != letter)).min(*cell + 1).min(before + 1);
            diagonal = std::mem::replace(cell, cost);
            before = cost;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}
