//! Which rows of a tree are to be seen: folding, the critical path alone, what takes no time hidden; and what hangs on
//! its rows. Not where a cursor stands among them.

use super::cell::NONE;
use super::tree::Tree;

/// A subtree that takes less than this share of the trace is small.
const SMALL: f64 = 0.025;

/// The visible rows of one tree, in order. Every method takes a row of that tree and ignores any other number. What was
/// attached has numbers after the last row of the tree, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    end: Vec<u32>,
    parent: Vec<u32>,
    /// On the critical path, or above something that is.
    critical: Vec<bool>,
    folded: Vec<bool>,
    critical_only: bool,
    /// Takes less than 2.5 % of the trace with all below it, and holds no error.
    small: Vec<bool>,
    without_small: bool,
    /// The rows that something hangs on, ascending.
    anchors: Vec<u32>,
    visible: Vec<u32>,
    /// The last visible child of every row; one more, at the end, for the topmost rows.
    last_child: Vec<u32>,
}

impl Rows {
    /// Everything unfolded.
    #[must_use]
    pub fn new(tree: &Tree) -> Self {
        let mut critical: Vec<bool> = tree.cells.iter().map(|cell| cell.critical_nanos > 0).collect();
        for row in (0..critical.len()).rev() {
            let above = tree.cells.get(row).map_or(NONE, |cell| cell.parent);
            if critical.get(row) == Some(&true)
                && let Some(mark) = critical.get_mut(above as usize)
            {
                *mark = true;
            }
        }
        let small = small(tree);
        let mut rows = Self {
            small,
            without_small: false,
            anchors: Vec::new(),
            end: tree.cells.iter().map(|cell| cell.end).collect(),
            parent: tree.cells.iter().map(|cell| cell.parent).collect(),
            critical,
            folded: vec![false; tree.cells.len()],
            critical_only: false,
            visible: Vec::new(),
            last_child: Vec::new(),
        };
        rows.rebuild();
        rows
    }

    /// In the order of the tree.
    #[must_use]
    pub fn visible(&self) -> &[u32] {
        &self.visible
    }

    /// Does nothing to a row without children.
    pub fn fold(&mut self, row: u32) {
        self.set_folded(row, true);
    }

    pub fn unfold(&mut self, row: u32) {
        self.set_folded(row, false);
    }

    /// Leaves the topmost rows alone to be seen.
    pub fn fold_all(&mut self) {
        for row in 0..self.folded.len() {
            let parent = self.has_children(row);
            if let Some(folded) = self.folded.get_mut(row) {
                *folded = parent;
            }
        }
        self.rebuild();
    }

    pub fn unfold_all(&mut self) {
        self.folded.fill(false);
        self.rebuild();
    }

    /// Shows only rows on the critical path and those above them. A trace that took no time has no path: it shows nothing.
    pub fn critical_only(&mut self, only: bool) {
        self.critical_only = only;
        self.rebuild();
    }

    #[must_use]
    pub const fn is_critical_only(&self) -> bool {
        self.critical_only
    }

    /// Leaves out what takes less than 2.5 % of the trace, errors and what lies above anything larger excepted.
    pub fn without_small(&mut self, without: bool) {
        self.without_small = without;
        self.rebuild();
    }

    #[must_use]
    pub const fn is_without_small(&self) -> bool {
        self.without_small
    }

    /// How many rows are left out for being small.
    #[must_use]
    pub fn small_hidden(&self) -> usize {
        if self.without_small { self.small.iter().filter(|small| **small).count() } else { 0 }
    }

    /// Hangs further rows on rows of the tree; `anchors` ascending, in place of those before.
    pub fn attach(&mut self, anchors: Vec<u32>) {
        self.anchors = anchors;
        self.rebuild();
    }

    /// Which of the attached a row is.
    #[must_use]
    pub fn attached(&self, row: u32) -> Option<usize> {
        (row as usize).checked_sub(self.end.len()).filter(|at| *at < self.anchors.len())
    }

    #[must_use]
    pub fn is_folded(&self, row: u32) -> bool {
        self.folded.get(row as usize).copied().unwrap_or(false)
    }

    /// How many rows this row's fold hides; zero for one that is not folded.
    #[must_use]
    pub fn hidden_below(&self, row: u32) -> u32 {
        match self.end.get(row as usize) {
            Some(end) if self.is_folded(row) => end.saturating_sub(row).saturating_sub(1),
            _ => 0,
        }
    }

    /// Makes a row visible: unfolds all that it lies under, and shows all rows again if it is off the critical path or
    /// small.
    pub fn reveal(&mut self, row: u32) {
        let Some(critical) = self.critical.get(row as usize) else { return };
        self.critical_only &= *critical;
        self.without_small &= self.small.get(row as usize) != Some(&true);
        let mut above = self.parent.get(row as usize).copied();
        while let Some(folded) = above.and_then(|above| self.folded.get_mut(above as usize)) {
            *folded = false;
            above = above.and_then(|above| self.parent.get(above as usize)).copied();
        }
        self.rebuild();
    }

    /// The position in `visible` of the row, else of the nearest visible row above it in the tree.
    #[must_use]
    pub fn position(&self, row: u32) -> Option<usize> {
        let mut at = Some(row);
        while let Some(row) = at.filter(|row| *row != NONE) {
            if let Ok(position) = self.visible.binary_search_by_key(&self.order(row), |seen| self.order(*seen)) {
                return Some(position);
            }
            at = self.parent.get(row as usize).copied();
        }
        None
    }

    /// Where a row stands among all: what hangs on a row comes directly after it.
    fn order(&self, row: u32) -> (u32, u32) {
        let anchor = self.attached(row).and_then(|at| self.anchors.get(at));
        anchor.map_or((row, 0), |anchor| (*anchor, row))
    }

    /// For the lines that join the rows of a tree: from the row itself upwards to its topmost row, whether a later
    /// sibling is to be seen.
    pub fn guides(&self, row: u32) -> impl Iterator<Item = bool> {
        let parent = |row: u32| self.parent.get(row as usize).copied();
        let known = parent(row).map(|_| row);
        std::iter::successors(known, move |row| parent(*row).filter(|parent| *parent != NONE))
            .map(move |row| self.last_child.get(self.place_of_parent(row)) != Some(&row))
    }

    fn place_of_parent(&self, row: u32) -> usize {
        let topmost = self.end.len();
        self.parent.get(row as usize).map_or(topmost, |parent| (*parent as usize).min(topmost))
    }

    fn set_folded(&mut self, row: u32, folded: bool) {
        let parent = self.has_children(row as usize);
        if let Some(now) = self.folded.get_mut(row as usize)
            && *now != (folded && parent)
        {
            *now = folded;
            self.rebuild();
        }
    }

    fn has_children(&self, row: usize) -> bool {
        self.end.get(row).is_some_and(|end| *end as usize > row + 1)
    }

    fn rebuild(&mut self) {
        self.visible.clear();
        self.last_child.clear();
        self.last_child.resize(self.end.len() + 1, NONE);
        let mut row = 0_u32;
        while let Some(end) = self.end.get(row as usize).copied() {
            // No row below one that is off the path is on it.
            let on_path = !self.critical_only || self.critical.get(row as usize) == Some(&true);
            let shown = on_path && !(self.without_small && self.small.get(row as usize) == Some(&true));
            if shown {
                self.visible.push(row);
                let from = self.anchors.partition_point(|anchor| *anchor < row);
                let own = self.anchors.iter().skip(from).take_while(|anchor| **anchor == row).count();
                let number = |at: usize| u32::try_from(self.end.len() + at).unwrap_or(NONE);
                self.visible.extend((from..from + own).map(number));
                let place = self.place_of_parent(row);
                if let Some(last) = self.last_child.get_mut(place) {
                    *last = row;
                }
            }
            row = if !shown || self.is_folded(row) { end } else { row + 1 };
        }
    }
}

fn small(tree: &Tree) -> Vec<bool> {
    let least = (tree.duration_nanos() as f64 * SMALL) as i64;
    let mut small: Vec<bool> =
        tree.cells.iter().map(|cell| cell.finish.since(cell.start) < least && !cell.error).collect();
    for row in (0..small.len()).rev() {
        let above = tree.cells.get(row).map_or(NONE, |cell| cell.parent);
        if small.get(row) == Some(&false)
            && let Some(mark) = small.get_mut(above as usize)
        {
            *mark = false;
        }
    }
    // What is all that there is stays.
    if small.first() == Some(&true) {
        small.fill(false);
    }
    small
}
