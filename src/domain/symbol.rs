//! Names that come again and again (services, label names, attribute keys): one allocation each. Not for free text.

use std::borrow::Borrow;
use std::collections::HashSet;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::keyed::Keyed;

/// A shared, immutable name; cloning it copies a pointer.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Symbol(Arc<str>);

impl Symbol {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Symbol {
    fn default() -> Self {
        Self(Arc::from(""))
    }
}

impl From<&str> for Symbol {
    fn from(text: &str) -> Self {
        Self(Arc::from(text))
    }
}

impl From<String> for Symbol {
    fn from(text: String) -> Self {
        Self(Arc::from(text))
    }
}

impl Deref for Symbol {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Symbol {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Symbol {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Symbol {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// Gives the same [`Symbol`] for the same text, up to a bound; past the bound each text gets its own, so that a
/// server with two million label sets costs time and not memory for ever.
#[derive(Debug)]
pub struct Interner {
    known: HashSet<Symbol, Keyed>,
    bound: usize,
}

impl Interner {
    #[must_use]
    pub fn with_bound(bound: usize) -> Self {
        Self { known: HashSet::default(), bound }
    }

    pub fn intern(&mut self, text: &str) -> Symbol {
        if let Some(symbol) = self.known.get(text) {
            return symbol.clone();
        }
        let symbol = Symbol::from(text);
        if self.known.len() < self.bound {
            self.known.insert(symbol.clone());
        }
        symbol
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interning_shares_up_to_its_bound() {
        let mut interner = Interner::with_bound(1);
        let first = interner.intern("pricing");
        assert!(Arc::ptr_eq(&first.0, &interner.intern("pricing").0));
        let beyond = interner.intern("routing");
        assert_eq!(beyond, "routing");
        assert!(!Arc::ptr_eq(&beyond.0, &interner.intern("routing").0));
    }
}
