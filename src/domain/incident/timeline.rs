//! The record as a person reads it: every entry once, in order, with what was taken back marked. Append-only: an edit
//! is an entry that supersedes, an undo is one that takes back, a redo takes back the undo.

use std::cmp::Reverse;
use std::collections::HashMap;

use uuid::Uuid;

use super::{Entry, Kind};
use crate::domain::{Symbol, Timestamp};

/// Ordered by (happened, recorded, id). Holds what is inserted, whatever the order, and gives the same.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    entries: Vec<Entry>,
    at: HashMap<Uuid, (Timestamp, Timestamp)>,
    keys: HashMap<Symbol, Uuid>,
    /// Target, and those that supersede it.
    superseders: HashMap<Uuid, Vec<Uuid>>,
    /// Entries that do not stand, and by which other.
    fallen: HashMap<Uuid, Uuid>,
}

/// When an entry was recorded, and its id: a total order in which only the later takes back the earlier.
type Record = (Timestamp, Uuid);

/// Whether an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Effective,
    /// Edited: this one stands for it, unless that was edited again.
    Superseded(Uuid),
    /// Taken back by this one.
    Undone(Uuid),
    /// Itself only takes another one back.
    Mark,
}

fn place(entry: &Entry) -> (Timestamp, Timestamp, Uuid) {
    (entry.happened, entry.recorded, entry.id)
}

impl Timeline {
    /// `false`, and nothing changes, when the entry is already there: by its id, or by its key (then the one that was
    /// recorded first stays).
    pub fn insert(&mut self, entry: Entry) -> bool {
        let changed = self.put(entry);
        if changed.is_some_and(|touches| touches) {
            self.settle();
        }
        changed.is_some()
    }

    /// `None` when nothing changed, else whether standings may have.
    fn put(&mut self, entry: Entry) -> Option<bool> {
        if self.at.contains_key(&entry.id) {
            return None;
        }
        let mut touches = entry.supersedes.is_some() || self.superseders.contains_key(&entry.id);
        if let Some(key) = &entry.key {
            if let Some(known) = self.keys.get(key).copied() {
                let recorded = self.at.get(&known).map(|(_, recorded)| (*recorded, known));
                if recorded.is_some_and(|known| known <= (entry.recorded, entry.id)) {
                    return None;
                }
                touches |= self.remove(known);
            }
            self.keys.insert(key.clone(), entry.id);
        }
        if let Some(target) = entry.supersedes {
            self.superseders.entry(target).or_default().push(entry.id);
        }
        self.at.insert(entry.id, (entry.happened, entry.recorded));
        let index = self.entries.partition_point(|known| place(known) < place(&entry));
        self.entries.insert(index, entry);
        Some(touches)
    }

    fn index(&self, id: Uuid) -> Option<usize> {
        let (happened, recorded) = *self.at.get(&id)?;
        self.entries.binary_search_by(|entry| place(entry).cmp(&(happened, recorded, id))).ok()
    }

    /// Whether what it superseded may stand again.
    fn remove(&mut self, id: Uuid) -> bool {
        let Some(index) = self.index(id) else { return false };
        let entry = self.entries.remove(index);
        self.at.remove(&id);
        if let Some(by) = entry.supersedes.and_then(|target| self.superseders.get_mut(&target)) {
            by.retain(|known| *known != id);
        }
        entry.supersedes.is_some()
    }

    /// Decides anew which entries have fallen. Only a later record can take an earlier one back, so that two that name
    /// each other are no riddle.
    fn settle(&mut self) {
        self.fallen.clear();
        let age = |id: &Uuid| self.at.get(id).map(|(_, recorded)| (*recorded, *id));
        let mut targets: Vec<(Record, Vec<Record>)> = self
            .superseders
            .iter()
            .filter_map(|(target, by)| {
                let target = age(target)?;
                Some((target, by.iter().filter_map(age).filter(|by| *by > target).collect()))
            })
            .collect();
        // Latest first: whether a superseder stands is then already known.
        targets.sort_unstable_by_key(|(target, _)| Reverse(*target));
        for ((_, target), by) in targets {
            let standing = by.into_iter().filter(|(_, by)| !self.fallen.contains_key(by)).max();
            if let Some((_, by)) = standing {
                self.fallen.insert(target, by);
            }
        }
    }

    /// Every entry, those that do not stand included.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry> + ExactSizeIterator {
        self.entries.iter()
    }

    /// What stands: no superseded or undone entry, no undo.
    pub fn effective(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.kind != Kind::Undone && !self.fallen.contains_key(&entry.id))
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    #[must_use]
    pub fn get(&self, id: Uuid) -> Option<&Entry> {
        self.entries.get(self.index(id)?)
    }

    #[must_use]
    pub fn nth(&self, index: usize) -> Option<&Entry> {
        self.entries.get(index)
    }

    /// `None` for an id that is not here.
    #[must_use]
    pub fn standing(&self, id: Uuid) -> Option<Standing> {
        let entry = self.get(id)?;
        Some(match self.fallen.get(&id) {
            Some(by) if self.get(*by).is_some_and(|by| by.kind == Kind::Undone) => Standing::Undone(*by),
            Some(by) => Standing::Superseded(*by),
            None if entry.kind == Kind::Undone => Standing::Mark,
            None => Standing::Effective,
        })
    }

    /// What `z` takes back: the entry that this author recorded last and that stands.
    #[must_use]
    pub fn undoable(&self, author: &str) -> Option<&Entry> {
        self.effective().filter(|entry| entry.author == *author).max_by_key(|entry| (entry.recorded, entry.id))
    }

    /// What `Z` takes back: this author's last undo, if nothing else was recorded by them since.
    #[must_use]
    pub fn redoable(&self, author: &str) -> Option<&Entry> {
        let own = self.entries.iter().filter(|entry| entry.author == *author);
        let standing = own.filter(|entry| !self.fallen.contains_key(&entry.id) || entry.kind != Kind::Undone);
        // A redo is itself an undo; it must not be redone into the undo that it took back.
        let taken_back = |entry: &Entry| {
            entry.supersedes.and_then(|target| self.get(target)).is_some_and(|target| target.kind == Kind::Undone)
        };
        let last = standing.filter(|entry| !taken_back(entry)).max_by_key(|entry| (entry.recorded, entry.id))?;
        (last.kind == Kind::Undone).then_some(last)
    }

    /// The number for a new hypothesis: one more than the highest ever used, undone ones included.
    #[must_use]
    pub fn next_hypothesis(&self) -> u16 {
        let highest = self.entries.iter().filter_map(|entry| match entry.kind {
            Kind::Hypothesis { number, .. } => Some(number),
            _ => None,
        });
        highest.max().unwrap_or(0).saturating_add(1)
    }
}

impl FromIterator<Entry> for Timeline {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        let mut timeline = Self::default();
        for entry in entries {
            timeline.put(entry);
        }
        timeline.settle();
        timeline
    }
}
