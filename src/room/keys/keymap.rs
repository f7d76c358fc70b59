//! Which keys mean which action: the defaults of the table, and what a configuration changes. Every complaint is a value,
//! so that a bad line costs that line and not the war room.

use std::collections::{BTreeMap, BTreeSet};

use super::super::command::Command;
use super::key::Key;
use super::preset::Preset;
use super::problem::{KeyProblem, Trouble, reserved};
use super::text::{parse_sequence, show_sequence};

#[cfg(test)]
mod tests;

/// What the keys pressed so far mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolved {
    Command(Command),
    /// More keys are needed.
    Pending,
    Unknown,
}

/// Law: no sequence of it is the beginning of another, so that every key is decided at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    bindings: BTreeMap<Vec<Key>, Command>,
    remapped: BTreeSet<Command>,
    preset: Preset,
    /// The first keys of each action, as they are shown: a frame asks for dozens of them.
    first: BTreeMap<Command, String>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self::with(&[]).0
    }
}

impl Keymap {
    /// The defaults with these actions bound to other keys; an empty list of keys takes an action's keys away.
    /// What is wrong is left out and told; a warning is told and done.
    #[must_use]
    pub fn with(changes: &[(String, Vec<String>)]) -> (Self, Vec<KeyProblem>) {
        Self::of(Preset::Default, changes)
    }

    /// The same from another set of keys to start with.
    #[must_use]
    pub fn of(preset: Preset, changes: &[(String, Vec<String>)]) -> (Self, Vec<KeyProblem>) {
        let mut map = Self { bindings: BTreeMap::new(), remapped: BTreeSet::new(), preset, first: BTreeMap::new() };
        let mut problems = Vec::new();
        for (name, texts) in changes {
            let Some(command) = Command::from_name(name) else {
                problems.push(KeyProblem::unknown(name));
                continue;
            };
            map.remapped.insert(command);
            for text in texts {
                match parse_sequence(text) {
                    Err(error) => problems.push(KeyProblem::new(name, text, Trouble::NotAKey(error))),
                    Ok(keys) => map.bind(&keys, command, &mut problems),
                }
            }
        }
        for action in Command::ALL.iter().filter(|action| !map.remapped.contains(&action.command)).collect::<Vec<_>>() {
            for keys in preset.keys(action.command).iter().filter_map(|text| parse_sequence(text).ok()) {
                // A key that was given away on purpose is told once, where it was taken from, and only if nothing is left.
                if map.clash(&keys).is_none() {
                    map.bindings.insert(keys, action.command);
                }
            }
        }
        for action in Command::ALL.iter().filter(|action| !preset.keys(action.command).is_empty()) {
            if !map.remapped.contains(&action.command) && map.keys_of(action.command).is_empty() {
                let text = preset.keys(action.command).first().copied().unwrap_or_default();
                let taker = parse_sequence(text).ok().and_then(|keys| map.clash(&keys));
                if let Some((_, taker)) = taker {
                    problems.push(KeyProblem::new(taker.name(), text, Trouble::Taken { from: action.command }));
                }
            }
        }
        map.first =
            Command::ALL.iter().filter_map(|action| Some((action.command, map.find_first(action.command)?))).collect();
        (map, problems)
    }

    fn bind(&mut self, keys: &[Key], command: Command, problems: &mut Vec<KeyProblem>) {
        let text = show_sequence(keys);
        if let Some((other_keys, other)) = self.clash(keys) {
            if other != command || other_keys != keys {
                let trouble = Trouble::Conflict { with: other, keys: show_sequence(&other_keys) };
                problems.push(KeyProblem::new(command.name(), &text, trouble));
            }
            return;
        }
        if let Some(reason) = keys.iter().find_map(|key| reserved(*key)) {
            problems.push(KeyProblem::new(command.name(), &text, Trouble::Reserved(reason)));
        }
        self.bindings.insert(keys.to_vec(), command);
    }

    /// A binding that these keys equal, begin or continue.
    fn clash(&self, keys: &[Key]) -> Option<(Vec<Key>, Command)> {
        let clashes = |known: &[Key]| known.starts_with(keys) || keys.starts_with(known);
        self.bindings.iter().find(|(known, _)| clashes(known)).map(|(known, command)| (known.clone(), *command))
    }

    #[must_use]
    pub fn resolve(&self, keys: &[Key]) -> Resolved {
        if let Some(command) = self.bindings.get(keys) {
            return Resolved::Command(*command);
        }
        if !keys.is_empty() && self.bindings.keys().any(|known| known.starts_with(keys)) {
            Resolved::Pending
        } else {
            Resolved::Unknown
        }
    }

    /// All sequences of an action: the defaults in the order of the table.
    #[must_use]
    pub fn keys_of(&self, command: Command) -> Vec<Vec<Key>> {
        let mut found: Vec<Vec<Key>> =
            self.bindings.iter().filter(|(_, known)| **known == command).map(|(keys, _)| keys.clone()).collect();
        let defaults = self.preset.keys(command);
        found.sort_by_key(|keys| {
            let text = show_sequence(keys);
            defaults.iter().position(|default| *default == text).unwrap_or(usize::MAX)
        });
        found
    }

    /// The keys of an action for help and footer, `j Down`; empty when it has none.
    #[must_use]
    pub fn show(&self, command: Command) -> String {
        self.keys_of(command).iter().map(|keys| show_sequence(keys)).collect::<Vec<_>>().join(" ")
    }

    /// The first keys of an action, for the footer.
    #[must_use]
    pub fn first_key(&self, command: Command) -> Option<String> {
        self.first.get(&command).cloned()
    }

    /// The same, borrowed.
    #[must_use]
    pub fn first(&self, command: Command) -> Option<&str> {
        self.first.get(&command).map(String::as_str)
    }

    fn find_first(&self, command: Command) -> Option<String> {
        self.keys_of(command).first().map(|keys| show_sequence(keys))
    }

    /// Whether a configuration said which keys this action has.
    #[must_use]
    pub fn is_remapped(&self, command: Command) -> bool {
        self.remapped.contains(&command)
    }

    /// What may follow the keys pressed so far: the next key and where it leads.
    #[must_use]
    pub fn continuations(&self, pressed: &[Key]) -> Vec<(Key, Command)> {
        let follows = |keys: &Vec<Key>| keys.strip_prefix(pressed).and_then(<[Key]>::first).copied();
        self.bindings.iter().filter_map(|(keys, command)| follows(keys).map(|key| (key, *command))).collect()
    }
}
