//! What the label sets of a book's chunks cost: each counted once, however many chunks share it.

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::Labels;

/// What one costs besides its letters, its place in this table included.
const EACH: usize = 160;
/// What a pair costs besides its letters, where no other set shares them.
const PAIR: usize = 64;

/// By the address of the set: equal sets that are not shared cost twice.
#[derive(Debug, Default)]
pub(super) struct Holdings {
    users: HashMap<usize, u32>,
    bytes: usize,
}

impl Holdings {
    pub(super) fn take(&mut self, sets: &[Arc<Labels>]) {
        for set in sets {
            let users = self.users.entry(Arc::as_ptr(set).addr()).or_default();
            *users += 1;
            if *users == 1 {
                self.bytes += size(set);
            }
        }
    }

    pub(super) fn give_back(&mut self, sets: &[Arc<Labels>]) {
        for set in sets {
            let address = Arc::as_ptr(set).addr();
            if let Some(users) = self.users.get_mut(&address) {
                *users = users.saturating_sub(1);
                if *users == 0 {
                    self.users.remove(&address);
                    self.bytes = self.bytes.saturating_sub(size(set));
                }
            }
        }
        // A table that grew for a flood of sets is given back when it has gone.
        if self.users.len() * 8 < self.users.capacity() {
            self.users.shrink_to(self.users.len() * 2);
        }
    }

    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn bytes_of(sets: &[Arc<Labels>]) -> usize {
        sets.iter().map(|set| size(set)).sum()
    }
}

fn size(set: &Labels) -> usize {
    EACH + set.iter().map(|(name, value)| PAIR + name.len() + value.len()).sum::<usize>()
}
