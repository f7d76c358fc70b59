//! One stretch of time laid out over a row of cells. Everything that is drawn under one axis asks the same one, so that what
//! happened together stands together, to the cell.

use std::cmp::Ordering;

use super::{Timestamp, Window};

/// Both ends of the window belong to it: what happens at its end stands in its last cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    window: Window,
    cells: usize,
}

impl Axis {
    /// A window without length is taken to be a nanosecond long.
    #[must_use]
    pub fn new(window: Window, cells: usize) -> Self {
        let end = window.end.max(window.start.shifted(1));
        Self { window: Window { start: window.start, end }, cells }
    }

    #[must_use]
    pub const fn window(&self) -> Window {
        self.window
    }

    /// The cell of a moment; `None` outside the window, and where there are no cells.
    #[must_use]
    pub fn column(&self, at: Timestamp) -> Option<usize> {
        (self.side(at) == Ordering::Equal && self.cells > 0).then(|| self.clipped(at))
    }

    /// Whether a moment lies before the window, in it, or after it.
    #[must_use]
    pub fn side(&self, at: Timestamp) -> Ordering {
        if at < self.window.start {
            Ordering::Less
        } else if at > self.window.end {
            Ordering::Greater
        } else {
            Ordering::Equal
        }
    }

    /// The first and the last cell of a stretch, as far as it lies in the window. At least one cell for what does.
    #[must_use]
    pub fn stretch(&self, start: Timestamp, end: Timestamp) -> Option<(usize, usize)> {
        let end = end.max(start);
        if self.cells == 0 || end < self.window.start || start > self.window.end {
            return None;
        }
        Some((self.clipped(start), self.clipped(end)))
    }

    /// The time that a cell stands for; [`Self::column`] leads every moment of it back to the cell.
    #[must_use]
    pub fn of_cell(&self, column: usize) -> Window {
        let edge = |column: usize| {
            let cells = i128::try_from(self.cells.max(1)).unwrap_or(1);
            let at = (i128::try_from(column).unwrap_or(0) * self.length() + cells - 1).div_euclid(cells);
            self.window.start.shifted(i64::try_from(at).unwrap_or(i64::MAX))
        };
        Window { start: edge(column), end: edge(column.saturating_add(1)) }
    }

    fn length(&self) -> i128 {
        (i128::from(self.window.end.nanos()) - i128::from(self.window.start.nanos())).max(1)
    }

    fn clipped(&self, at: Timestamp) -> usize {
        let nanos = (i128::from(at.nanos()) - i128::from(self.window.start.nanos())).clamp(0, self.length());
        let column = nanos * i128::try_from(self.cells).unwrap_or(0) / self.length();
        usize::try_from(column).unwrap_or(0).min(self.cells.saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn axis(start: i64, length: i64, cells: usize) -> Axis {
        let start = Timestamp::from_nanos(start);
        Axis::new(Window { start, end: start.shifted(length) }, cells)
    }

    proptest! {
        #[test]
        fn what_happened_together_stands_together(
            start in any::<i64>(), length in 0_i64..i64::MAX, cells in 1_usize..400,
            one in any::<i64>(), other in any::<i64>(),
        ) {
            let axis = axis(start, length, cells);
            let [one, other] = [one.min(other), one.max(other)].map(Timestamp::from_nanos);
            let (first, last) = (axis.column(one), axis.column(other));
            // Never later to the left of earlier, always within the row.
            if let (Some(first), Some(last)) = (first, last) {
                prop_assert!(first <= last && last < cells);
            }
            prop_assert_eq!(first.is_some(), axis.side(one) == Ordering::Equal);
            // A stretch holds the cell of every moment in it.
            match axis.stretch(one, other) {
                Some((from, to)) => {
                    prop_assert!(from <= to && to < cells);
                    prop_assert!(first.is_none_or(|column| column == from));
                    prop_assert!(last.is_none_or(|column| column == to));
                }
                None => prop_assert!(first.is_none() && last.is_none()),
            }
        }

        #[test]
        fn a_cell_is_the_time_that_leads_to_it(
            start in -1_000_000_000_000_i64..1_000_000_000_000, length in 1_i64..4_000_000_000_000,
            cells in 1_usize..300, part in 0.0_f64..1.0,
        ) {
            let axis = axis(start, length, cells);
            let at = Timestamp::from_nanos(start).shifted((length as f64 * part) as i64);
            let column = axis.column(at).expect("it lies in the window");
            let time = axis.of_cell(column);
            prop_assert!(time.contains(at), "{:?} {} {:?}", axis, column, time);
            for edge in [time.start, time.end.shifted(-1)] {
                prop_assert_eq!(axis.column(edge), Some(column));
            }
        }
    }

    #[test]
    fn both_ends_belong_to_it_and_no_cell_holds_nothing() {
        let axis = axis(0, 1_000, 10);
        let column = |nanos| axis.column(Timestamp::from_nanos(nanos));
        assert_eq!([column(-1), column(0), column(99), column(100)], [None, Some(0), Some(0), Some(1)]);
        assert_eq!([column(999), column(1_000), column(1_001)], [Some(9), Some(9), None]);
        assert_eq!(Axis::new(axis.window(), 0).column(Timestamp::EPOCH), None);
    }
}
