//! The kinds of lines in the log pane: which show, in which order, and which is selected. Not how kinds are told apart:
//! that is the domain's.

use std::time::Duration;

use super::Cursor;
use crate::domain::Timestamp;
use crate::domain::filter::Filter;
use crate::domain::signal::{Earlier, Level, Look, Pattern, Patterns};

/// What the log pane shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PatternsShown {
    #[default]
    Lines,
    /// Kinds above, lines below.
    Both,
    Patterns,
}

#[derive(Debug, Default)]
pub struct PatternsPart {
    pub shown: PatternsShown,
    pub patterns: Patterns,
    /// Their numbers, as they stand below each other.
    pub ranked: Vec<usize>,
    /// Over `ranked`.
    pub cursor: Cursor,
    /// Another thread still reads the lines that were there before.
    pub is_counting: bool,
    /// Older lines are on their way, so that what is new can be told from what was there before.
    pub is_tracing_back: bool,
    /// How many times they were asked for.
    pub(in crate::room) pages: u8,
    /// What was looked at when the counting began; `None` before the first.
    pub(in crate::room) look: Option<Look>,
    /// The kind whose past is being counted.
    pub(in crate::room) asked: Option<KindBefore>,
    /// What is known of the time before the incident, the latest answer last.
    pub(in crate::room) earlier: Vec<(KindBefore, Earlier)>,
    /// The filter and the level before one kind was looked into, and the filter that was set for it.
    pub(in crate::room) left: Option<(Filter, Level, Filter)>,
}

/// A kind of lines as it was known when its past was asked for, and the moment that the past ends at. A kind that has become
/// wider since is another one; a start of the impact that is known better by some minutes is not worth another look at a month.
#[derive(Clone, Debug)]
pub(in crate::room) struct KindBefore {
    words: String,
    until: Timestamp,
}

/// Two starts of one impact may differ so much.
const SAME_START: Duration = Duration::from_secs(600);

impl PartialEq for KindBefore {
    fn eq(&self, other: &Self) -> bool {
        let apart = self.until.elapsed_since(other.until).max(other.until.elapsed_since(self.until));
        self.words == other.words && apart <= SAME_START
    }
}

impl KindBefore {
    pub(in crate::room) fn new(pattern: &Pattern, until: Timestamp) -> Self {
        Self { words: format!("{} {} {}", pattern.service, pattern.level.word(), pattern.template), until }
    }
}

impl PatternsPart {
    /// What is known of the selected kind's time before a moment: nothing that was asked for, `Some(None)` while it is being
    /// counted.
    #[must_use]
    pub fn earlier(&self, until: Timestamp) -> Option<Option<&Earlier>> {
        let kind = KindBefore::new(self.selected()?, until);
        match self.earlier.iter().find(|(known, _)| *known == kind) {
            Some((_, earlier)) => Some(Some(earlier)),
            None => (self.asked.as_ref() == Some(&kind)).then_some(None),
        }
    }

    /// Whether a kind began with the incident, as far as is known: no line of it from before is here, and none was found when
    /// the time before was counted.
    #[must_use]
    pub fn is_new(&self, pattern: &Pattern, since: Timestamp) -> bool {
        let was_there = || {
            let kind = KindBefore::new(pattern, since);
            self.earlier.iter().any(|(known, earlier)| *known == kind && earlier.lines > 0)
        };
        pattern.first >= since && !was_there()
    }

    /// Whether keys go from kind to kind.
    #[must_use]
    pub fn has_cursor(&self) -> bool {
        self.shown != PatternsShown::Lines
    }

    /// Whether this filter is that of one kind that was looked into.
    #[must_use]
    pub fn is_of_kind(&self, filter: &Filter) -> bool {
        self.left.as_ref().is_some_and(|(_, _, of_kind)| of_kind == filter)
    }

    #[must_use]
    pub fn selected(&self) -> Option<&Pattern> {
        self.at(self.cursor.selected)
    }

    #[must_use]
    pub fn at(&self, row: usize) -> Option<&Pattern> {
        self.patterns.all().get(*self.ranked.get(row)?)
    }

    /// Orders the kinds anew; the same one stays selected.
    pub(in crate::room) fn rank(&mut self, since: Option<Timestamp>) {
        let selected = self.ranked.get(self.cursor.selected).copied();
        self.ranked = self.patterns.ranked(since);
        let row = selected.and_then(|number| self.ranked.iter().position(|other| *other == number));
        // At the first row one looks at what is first, whatever that is.
        let row = row.filter(|_| self.cursor.selected > 0).unwrap_or(0);
        self.cursor.reanchor(row, self.ranked.len());
    }
}
