//! A picture of a terminal: rows of cells.

use super::cell::Packed;

#[derive(Clone, Default)]
pub(super) struct Grid {
    width: usize,
    cells: Vec<Packed>,
}

impl Grid {
    pub(super) fn new(width: usize, height: usize) -> Self {
        Self { width, cells: vec![Packed::BLANK; width * height] }
    }

    pub(super) fn fill(&mut self, cell: Packed) {
        self.cells.fill(cell);
    }

    /// Empty when there is no such row.
    pub(super) fn row(&self, y: usize) -> &[Packed] {
        self.cells.get(y * self.width..(y + 1) * self.width).unwrap_or_default()
    }

    /// One cell of a row that is so long.
    pub(super) fn at(&self, x: usize, y: usize) -> Option<&Packed> {
        self.cells.get(y * self.width + x)
    }

    pub(super) fn row_mut(&mut self, y: usize) -> &mut [Packed] {
        self.cells.get_mut(y * self.width..(y + 1) * self.width).unwrap_or_default()
    }

    pub(super) fn cells_mut(&mut self) -> impl Iterator<Item = &mut Packed> {
        self.cells.iter_mut()
    }

    /// Blanks so many cells, row by row; a sign of which a part goes is gone.
    pub(super) fn blank_from(&mut self, start: usize, cells: usize) {
        let begun = self.cells.get(..=start).and_then(|cells| cells.iter().rposition(|cell| !cell.is_covered()));
        let end = start.saturating_add(cells).min(self.cells.len());
        let rest = self.cells.iter().skip(end).take_while(|cell| cell.is_covered()).count();
        self.cells.get_mut(begun.unwrap_or(start)..end + rest).unwrap_or_default().fill(Packed::BLANK);
    }

    /// What insert and delete line do to the terminal.
    pub(super) fn shift(&mut self, band: Band) {
        let Band { top, bottom, up } = band;
        let steps = up.unsigned_abs();
        let rows = top * self.width..bottom * self.width;
        let kept = (bottom - top).saturating_sub(steps) * self.width;
        let Some(cells) = self.cells.get_mut(rows) else { return };
        let vacated = if up > 0 {
            cells.copy_within(cells.len() - kept.., 0);
            cells.get_mut(kept..)
        } else {
            cells.copy_within(..kept, cells.len() - kept);
            let vacated = cells.len() - kept;
            cells.get_mut(..vacated)
        };
        vacated.unwrap_or_default().fill(Packed::BLANK);
    }
}

/// Rows `top..bottom` whose content went `up` by so many rows (down when negative); the rows left behind are blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Band {
    pub(super) top: usize,
    pub(super) bottom: usize,
    pub(super) up: isize,
}
