//! What is gone to by a key, from one to the next: errors, warnings, what is slow. Not where it is looked for.

use super::super::room::Room;
use crate::domain::filter::Searched;

/// From which share of the trace on a span that does its own work is slow.
pub(super) const SLOW_SHARE: i64 = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// What answers to the filter.
    Match,
    Error,
    Warning,
    Slow,
    /// Where the context was lost.
    Gap,
    Mark,
}

impl Wanted {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Slow => "slow one",
            Self::Gap => "broken context",
            Self::Mark => "mark",
        }
    }
}

/// Text that a filter is held against.
pub(super) struct Words<'a>(pub(super) &'a str);

impl Searched for Words<'_> {
    fn any_text(&self, accept: &mut dyn FnMut(&str) -> bool) -> bool {
        accept(self.0)
    }

    fn any_value(&self, _key: &str, _accept: &mut dyn FnMut(&str) -> bool) -> bool {
        false
    }
}

/// Whether a text answers to the filter of all panes.
pub(super) fn answers(room: &Room, text: &str) -> bool {
    room.lens.filter.matches(&Words(text))
}
