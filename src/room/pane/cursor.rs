//! One virtual list for every pane: which row is selected and which is the first that shows. It knows numbers only;
//! what a row is, and that a selection survives a refresh by its id, is the pane's.

/// Laws: `selected < total` (0 when empty); the selected row is between `offset` and `offset + height` when there is any
/// height; no blank rows are shown below the last row while rows are hidden above.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    pub selected: usize,
    /// The first row that shows.
    pub offset: usize,
    /// The rows that the pane could show when it was last drawn.
    pub height: usize,
    pub total: usize,
    /// The last row stays selected while rows come.
    pub follow: bool,
}

impl Cursor {
    #[must_use]
    pub fn following() -> Self {
        Self { follow: true, ..Self::default() }
    }

    /// The rows that show.
    #[must_use]
    pub fn visible(&self) -> std::ops::Range<usize> {
        self.offset..self.offset.saturating_add(self.height).min(self.total)
    }

    #[must_use]
    pub const fn is_last(&self) -> bool {
        self.selected + 1 >= self.total
    }

    pub fn set_height(&mut self, height: usize) {
        self.height = height;
        self.settle();
    }

    pub fn set_total(&mut self, total: usize) {
        self.total = total;
        if self.follow {
            self.selected = total.saturating_sub(1);
        }
        self.settle();
    }

    /// Selects a row, or the last one if there are fewer. A row that is not the last ends following.
    pub fn select(&mut self, row: usize) {
        self.selected = row;
        self.settle();
        self.follow &= self.is_last();
    }

    /// After rows came or went above it: the same row has another number. Keeps its place on the screen if it can.
    pub fn reanchor(&mut self, row: usize, total: usize) {
        let from_top = self.selected.saturating_sub(self.offset);
        self.total = total;
        if self.follow {
            self.selected = total.saturating_sub(1);
        } else {
            self.selected = row;
            self.offset = row.saturating_sub(from_top);
        }
        self.settle();
    }

    pub fn step(&mut self, rows: isize) {
        self.select(self.selected.saturating_add_signed(rows));
    }

    pub fn first(&mut self) {
        self.select(0);
    }

    pub fn last(&mut self) {
        self.select(usize::MAX);
    }

    /// Down by a part of the height, at least one row: 2 is half a page.
    pub fn page_down(&mut self, part: usize) {
        self.select(self.selected.saturating_add((self.height / part.max(1)).max(1)));
    }

    pub fn page_up(&mut self, part: usize) {
        self.select(self.selected.saturating_sub((self.height / part.max(1)).max(1)));
    }

    /// Puts the selected row into the middle of what shows.
    pub fn centre(&mut self) {
        self.offset = self.selected.saturating_sub(self.height / 2);
        self.settle();
    }

    fn settle(&mut self) {
        self.selected = self.selected.min(self.total.saturating_sub(1));
        let furthest = self.total.saturating_sub(self.height.max(1));
        self.offset = self.offset.min(furthest).min(self.selected);
        let lowest = self.selected.saturating_sub(self.height.saturating_sub(1));
        self.offset = self.offset.max(lowest);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Debug)]
    enum Act {
        Height(usize),
        Total(usize),
        Select(usize),
        Reanchor(usize, usize),
        Step(isize),
        PageDown(usize),
        PageUp(usize),
        Last,
        Centre,
        Follow,
    }

    fn act() -> impl Strategy<Value = Act> {
        prop_oneof![
            (0usize..50).prop_map(Act::Height),
            prop_oneof![0usize..200, Just(usize::MAX)].prop_map(Act::Total),
            prop_oneof![0usize..300, Just(usize::MAX)].prop_map(Act::Select),
            (0usize..200, 0usize..200).prop_map(|(row, total)| Act::Reanchor(row, total)),
            any::<isize>().prop_map(Act::Step),
            (0usize..4).prop_map(Act::PageDown),
            (0usize..4).prop_map(Act::PageUp),
            Just(Act::Last),
            Just(Act::Centre),
            Just(Act::Follow),
        ]
    }

    proptest! {
        #[test]
        fn the_selected_row_exists_and_shows(acts in prop::collection::vec(act(), 0..60)) {
            let mut cursor = Cursor::default();
            for act in acts {
                match act {
                    Act::Height(height) => cursor.set_height(height),
                    Act::Total(total) => cursor.set_total(total),
                    Act::Select(row) => cursor.select(row),
                    Act::Reanchor(row, total) => cursor.reanchor(row, total),
                    Act::Step(rows) => cursor.step(rows),
                    Act::PageDown(part) => cursor.page_down(part),
                    Act::PageUp(part) => cursor.page_up(part),
                    Act::Last => cursor.last(),
                    Act::Centre => cursor.centre(),
                    Act::Follow => cursor.follow = cursor.is_last(),
                }
                prop_assert!(cursor.selected < cursor.total.max(1));
                prop_assert!(!cursor.follow || cursor.is_last());
                if cursor.height > 0 && cursor.total > 0 {
                    prop_assert!(cursor.visible().contains(&cursor.selected), "{:?}", cursor);
                    prop_assert_eq!(cursor.visible().len(), cursor.height.min(cursor.total));
                }
            }
        }
    }

    #[test]
    fn a_followed_list_stays_at_its_end_until_one_looks_up() {
        let mut cursor = Cursor { height: 5, ..Cursor::following() };
        cursor.set_total(20);
        assert_eq!((cursor.selected, cursor.offset), (19, 15));
        cursor.step(-3);
        cursor.set_total(30);
        assert_eq!((cursor.selected, cursor.offset, cursor.follow), (16, 15, false));
    }

    #[test]
    fn a_row_keeps_its_place_when_rows_come_above() {
        let mut cursor = Cursor { height: 5, ..Cursor::default() };
        cursor.set_total(20);
        cursor.select(7);
        assert_eq!(cursor.offset, 3);
        cursor.reanchor(10, 23);
        assert_eq!((cursor.selected, cursor.offset), (10, 6));
    }
}
