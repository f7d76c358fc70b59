//! Where a change was seen: which server told it, and what of that server's showed it. Not what changed: `change.rs`.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::Symbol;

/// What of a server's showed a change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Somebody, or a pipeline, marked it on a dashboard.
    Mark,
    Silence,
    /// A metric of this name.
    Series(Symbol),
    /// The version that spans carry.
    Spans,
    /// The version that log lines carry.
    Lines,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Sighting {
    /// The `name` of the source.
    pub source: Symbol,
    pub place: Place,
}

impl fmt::Display for Sighting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { source, place } = self;
        match place {
            Place::Mark => write!(f, "{source} mark"),
            Place::Silence => write!(f, "{source} silence"),
            Place::Series(name) => write!(f, "{source} {name}"),
            Place::Spans => write!(f, "{source} spans"),
            Place::Lines => write!(f, "{source} lines"),
        }
    }
}

/// `grafana mark, tempo spans`; several series of one server name it once: `prometheus a + b`.
#[must_use]
pub fn seen_in_words(seen: &[Sighting]) -> String {
    let mut words = String::new();
    let mut before: Option<&Sighting> = None;
    for sighting in seen {
        match (&sighting.place, before) {
            (Place::Series(name), Some(Sighting { source, place: Place::Series(_) })) if *source == sighting.source => {
                words.push_str(&format!(" + {name}"));
            }
            _ => {
                let comma = if words.is_empty() { "" } else { ", " };
                words.push_str(&format!("{comma}{sighting}"));
            }
        }
        before = Some(sighting);
    }
    words
}
