//! The next line of a level among a million: by the columns of the chunks, never by the lines. Not what is looked at: the
//! rows are those of a view.

use std::ops::Range;

use super::line::Level;
use super::logbook::{LogBook, Seq};

/// Reads one line after the other without looking for the chunk of each.
#[derive(Debug, Default)]
pub(super) struct Near<'a> {
    first: u64,
    levels: &'a [Level],
}

impl<'a> Near<'a> {
    pub(super) fn level(&mut self, book: &'a LogBook, seq: u64) -> Option<Level> {
        let place = |first: u64| seq.checked_sub(first).and_then(|at| usize::try_from(at).ok());
        if let Some(level) = place(self.first).and_then(|at| self.levels.get(at)) {
            return Some(*level);
        }
        let (first, chunk) = book.chunk_of(Seq(seq))?;
        *self = Self { first, levels: &chunk.levels };
        self.levels.get(place(first)?).copied()
    }
}

impl LogBook {
    /// The first line among `seqs` whose level is wanted, or the last one; chunks without such a level are passed over.
    pub(super) fn seek_level(&self, seqs: Range<u64>, back: bool, is_wanted: impl Fn(Level) -> bool) -> Option<u64> {
        let mut left = seqs.start.max(self.first_seq().0)..seqs.end.min(self.end_seq().0);
        while left.start < left.end {
            let (first, chunk) = self.chunk_of(Seq(if back { left.end - 1 } else { left.start }))?;
            let end = first.saturating_add(chunk.len() as u64);
            let here = left.start.max(first)..left.end.min(end);
            let place = |seq: u64| usize::try_from(seq - first).unwrap_or(usize::MAX);
            let levels = chunk.levels.get(place(here.start)..place(here.end)).unwrap_or(&[]);
            let mut found = levels.iter().map(|level| is_wanted(*level));
            let found = match back {
                _ if !chunk.has_level(&is_wanted) => None,
                true => found.rposition(|is_found| is_found),
                false => found.position(|is_found| is_found),
            };
            if let Some(at) = found {
                return Some(here.start.saturating_add(at as u64));
            }
            if back { left.end = here.start } else { left.start = here.end }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::domain::filter::Filter;
    use crate::domain::signal::{GapKind, GapNote, Line, LogView, Look, Message, Row};
    use crate::domain::{Labels, Symbol, Timestamp};

    fn line(at: i64, level: Level) -> Line {
        Line {
            time: Timestamp::from_millis(at),
            level,
            service: Symbol::default(),
            stream: Arc::new(Labels::default()),
            trace: None,
            span: None,
            raw: format!("line {at}").into(),
            metadata: None,
            message: Message::Raw,
        }
    }

    fn gap() -> GapNote {
        GapNote {
            kind: GapKind::Lost,
            from: Timestamp::EPOCH,
            to: Timestamp::EPOCH,
            filled: 0,
            missing: None,
            twice: 0,
            open: false,
            reason: String::new(),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn a_row_is_found_as_if_each_were_looked_at(
            // How many lines, every how many of them is an error, and whether a gap stands before them.
            batches in prop::collection::vec((0_i64..5_000, 1_i64..9_000, any::<bool>()), 1..5),
            filter in prop::sample::select(vec!["", "7", "99"]),
            from in any::<prop::sample::Index>(),
            back in any::<bool>(),
        ) {
            let mut book = LogBook::with_bound(usize::MAX);
            for (count, each, is_gap) in batches {
                if is_gap {
                    book.push_gap(gap());
                }
                let level = |at: i64| if at % each == 0 { Level::Error } else { Level::Info };
                book.append((1..=count).map(|at| line(at, level(at))).collect());
            }
            let mut view = LogView::new(Look { filter: Filter::parse(filter), ..Look::default() });
            view.grow(&book, usize::MAX);
            let from = from.index(view.len() + 1);
            let is_error = |row: &usize| match view.row(&book, *row) {
                Some(Row::Line(seq)) => book.get(seq).is_some_and(|line| line.level == Level::Error),
                _ => false,
            };
            let is_gap = |row: &usize| matches!(view.row(&book, *row), Some(Row::Gap(_)));
            let (before, behind) = (0..from.min(view.len()), (from + 1).min(view.len())..view.len());
            let naive = if back { before.clone().rev().find(is_error) } else { behind.clone().find(is_error) };
            prop_assert_eq!(view.seek_level(&book, from, back, |level| level == Level::Error), naive);
            let naive = if back { before.rev().find(is_gap) } else { behind.clone().find(is_gap) };
            prop_assert_eq!(view.seek_gap(from, back), naive);
            if let Some(Row::Line(seq)) = view.row(&book, from) {
                prop_assert_eq!(view.row_of(seq), Some(from));
            }
        }
    }
}
