//! The numbers that services and label sets have in one chunk. Not the names: those stand in the chunk.

use std::collections::HashMap;
use std::sync::Arc;

use super::metadata::Known;
use crate::domain::{Labels, Symbol};

/// Finds the number that a name has in the open chunk.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    services: HashMap<Symbol, u16>,
    streams: HashMap<Arc<Labels>, u16>,
    last: Option<(Arc<Labels>, u16)>,
    pub(super) metadata: Known,
}

impl Names {
    pub(super) fn service(&mut self, name: &Symbol, names: &mut Vec<Symbol>) -> u16 {
        if let Some(number) = self.services.get(name) {
            return *number;
        }
        let number = u16::try_from(names.len()).unwrap_or(u16::MAX);
        names.push(name.clone());
        self.services.insert(name.clone(), number);
        number
    }

    pub(super) fn stream(&mut self, labels: &Arc<Labels>, sets: &mut Vec<Arc<Labels>>) -> u16 {
        if let Some((_, number)) = self.last.as_ref().filter(|(last, _)| Arc::ptr_eq(last, labels)) {
            return *number;
        }
        let number = self.streams.get(labels).copied().unwrap_or_else(|| {
            let number = u16::try_from(sets.len()).unwrap_or(u16::MAX);
            sets.push(Arc::clone(labels));
            self.streams.insert(Arc::clone(labels), number);
            number
        });
        self.last = Some((Arc::clone(labels), number));
        number
    }
}
