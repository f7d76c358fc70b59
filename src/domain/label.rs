//! Label sets: what names a series or a log stream. Not attribute values, which have types (`signal/span.rs`).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::symbol::Symbol;

/// Pairs sorted by name, each name once.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "std::collections::BTreeMap<Symbol, Symbol>", into = "std::collections::BTreeMap<Symbol, Symbol>")]
pub struct Labels(Vec<(Symbol, Symbol)>);

impl Labels {
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Symbol> {
        let at = self.0.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
        self.0.get(at).map(|(_, value)| value)
    }

    /// The value of the first of these names that is present: servers differ in what they call a service.
    #[must_use]
    pub fn first_of(&self, names: &[&str]) -> Option<&Symbol> {
        names.iter().find_map(|name| self.get(name))
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Symbol, &Symbol)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Of two pairs with one name the later wins.
impl<N: Into<Symbol>, V: Into<Symbol>> FromIterator<(N, V)> for Labels {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let sorted: std::collections::BTreeMap<Symbol, Symbol> =
            pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self::from(sorted)
    }
}

impl From<std::collections::BTreeMap<Symbol, Symbol>> for Labels {
    fn from(sorted: std::collections::BTreeMap<Symbol, Symbol>) -> Self {
        Self(sorted.into_iter().collect())
    }
}

impl From<Labels> for std::collections::BTreeMap<Symbol, Symbol> {
    fn from(labels: Labels) -> Self {
        labels.0.into_iter().collect()
    }
}

impl fmt::Display for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (at, (name, value)) in self.iter().enumerate() {
            if at > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{name}={value:?}")?;
        }
        f.write_str("}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_later_of_two_wins_and_lookup_is_by_name() {
        let labels: Labels = [("b", "1"), ("a", "2"), ("b", "3")].into_iter().collect();
        assert_eq!(labels.to_string(), r#"{a="2", b="3"}"#);
        assert_eq!(labels.first_of(&["x", "b"]).map(Symbol::as_str), Some("3"));
        assert!(labels.get("c").is_none());
    }
}
