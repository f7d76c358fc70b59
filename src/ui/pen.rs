//! Writing into a part of the frame and never beyond it, in cells. Texts from outside must have been cleaned before.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::letters::{is_ascii, letters};
use super::text::{is_simple, uncut, width};

/// A text and how it looks.
pub(super) type Piece = (String, Style);

/// Coordinates count from the upper left corner of its area; what lies outside is not drawn.
pub(super) struct Pen<'a> {
    buffer: &'a mut Buffer,
    area: Rect,
}

impl<'a> Pen<'a> {
    pub(super) fn new(buffer: &'a mut Buffer, area: Rect) -> Self {
        let area = area.intersection(buffer.area);
        Self { buffer, area }
    }

    pub(super) fn width(&self) -> usize {
        usize::from(self.area.width)
    }

    pub(super) fn height(&self) -> usize {
        usize::from(self.area.height)
    }

    /// A pen for the rows from `first` on, `rows` of them.
    pub(super) fn rows(&mut self, first: usize, rows: usize) -> Pen<'_> {
        self.part(0, first, usize::MAX, rows)
    }

    pub(super) fn part(&mut self, x: usize, y: usize, columns: usize, rows: usize) -> Pen<'_> {
        let (x, y) = (x.min(self.width()), y.min(self.height()));
        let (columns, rows) = (columns.min(self.width() - x), rows.min(self.height() - y));
        let small = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
        let area = Rect::new(self.area.x + small(x), self.area.y + small(y), small(columns), small(rows));
        Pen { buffer: &mut *self.buffer, area }
    }

    /// Draws a text from `x` on, clipped at the right; returns where the next would stand.
    pub(super) fn put(&mut self, x: usize, y: usize, text: &str, style: Style) -> usize {
        if is_ascii(text) || is_simple(text) {
            return self.put_simple(x, y, text, style);
        }
        let mut at = x;
        for cluster in text.graphemes(true) {
            let cells = cluster.width();
            if cells == 0 {
                continue;
            }
            if at + cells > self.width() {
                return at;
            }
            self.set(at, y, cluster, style);
            // What a wide sign covers shows nothing of what stood there.
            for covered in 1..cells {
                self.set(at + covered, y, "", style);
            }
            at += cells;
        }
        at
    }

    /// A text of which every character takes a cell of its own: most are.
    fn put_simple(&mut self, x: usize, y: usize, text: &str, style: Style) -> usize {
        let letters = letters();
        let mut put = 0;
        for (cell, letter) in self.row_from(x, y).iter_mut().zip(text.chars()) {
            letters.show(cell, letter);
            cell.set_style(style);
            put += 1;
        }
        // Above or below its area a text moves on as it would inside.
        if y < self.height() { x + put } else { x + width(text).min(self.width().saturating_sub(x)) }
    }

    /// The cells of a row from `x` on; none outside its area.
    fn row_from(&mut self, x: usize, y: usize) -> &mut [Cell] {
        if x >= self.width() || y >= self.height() {
            return &mut [];
        }
        let width = usize::from(self.buffer.area.width);
        let column = usize::from(self.area.x - self.buffer.area.x);
        let start = (usize::from(self.area.y - self.buffer.area.y) + y) * width + column;
        let end = start + self.width();
        self.buffer.content.get_mut(start + x..end).unwrap_or_default()
    }

    fn set(&mut self, x: usize, y: usize, symbol: &str, style: Style) {
        if x >= self.width() || y >= self.height() {
            return;
        }
        let (Ok(x), Ok(y)) = (u16::try_from(x), u16::try_from(y)) else { return };
        if let Some(cell) = self.buffer.cell_mut((self.area.x + x, self.area.y + y)) {
            cell.set_symbol(symbol);
            cell.set_style(style);
        }
    }

    /// Draws pieces one after the other.
    pub(super) fn put_all(&mut self, x: usize, y: usize, pieces: &[Piece]) -> usize {
        pieces.iter().fold(x, |x, (text, style)| self.put(x, y, text, *style))
    }

    /// At most `cells` wide, with `…` when it is cut.
    pub(super) fn put_cut(&mut self, x: usize, y: usize, cells: usize, text: &str, style: Style) -> usize {
        let cells = cells.min(self.width().saturating_sub(x));
        match uncut(text, cells) {
            None => self.put(x, y, text, style),
            Some(head) => {
                let x = self.put(x, y, head, style);
                if cells > 0 { self.put(x, y, "…", style) } else { x }
            }
        }
    }

    /// Ends before `end`.
    pub(super) fn put_right(&mut self, end: usize, y: usize, text: &str, style: Style) {
        self.put(end.saturating_sub(width(text)), y, text, style);
    }

    /// The same sign from `from` to before `to`.
    pub(super) fn repeat(&mut self, from: usize, to: usize, y: usize, sign: &str, style: Style) {
        let letters = letters();
        let mut signs = sign.chars();
        let only = signs.next().filter(|_| signs.next().is_none());
        for cell in self.row_from(from, y).iter_mut().take(to.saturating_sub(from)) {
            match only {
                Some(letter) => letters.show(cell, letter),
                None => drop(cell.set_symbol(sign)),
            }
            cell.set_style(style);
        }
    }

    /// Changes how a row looks and not what it says.
    pub(super) fn tint(&mut self, from: usize, to: usize, y: usize, style: Style) {
        for cell in self.row_from(from, y).iter_mut().take(to.saturating_sub(from)) {
            cell.set_style(style);
        }
    }

    /// Empties its area, for what lies above something else.
    pub(super) fn clear(&mut self) {
        for y in 0..self.height() {
            self.row_from(0, y).iter_mut().for_each(Cell::reset);
        }
    }
}

/// The width of pieces together.
pub(super) fn pieces_width(pieces: &[Piece]) -> usize {
    pieces.iter().map(|(text, _)| width(text)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_drawn_outside() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 3));
        let mut pen = Pen::new(&mut buffer, Rect::new(1, 1, 4, 9));
        assert_eq!((pen.width(), pen.height()), (4, 2));
        assert_eq!(pen.put(1, 0, "日本", Style::new()), 3);
        pen.put(0, 7, "far", Style::new());
        pen.put_right(4, 1, "42 s", Style::new());
        pen.part(9, 9, 9, 9).put(0, 0, "x", Style::new());
        let rows: Vec<String> =
            buffer.content.chunks(6).map(|row| row.iter().map(|cell| cell.symbol()).collect()).collect();
        assert_eq!(rows, ["      ", "  日  ", " 42 s "]);
    }
}
