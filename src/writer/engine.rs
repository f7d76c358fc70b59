//! The part that thinks: two pictures of a terminal, what it shows and what it should, and the bytes in between. No input
//! or output, and no ratatui terminal: cells come in one by one.

use ratatui::buffer::{Cell, CellWidth};

use super::cell::{CLUSTER, Look, Packed};
use super::cluster::{Clusters, most_cells};
use super::emit::Emitter;
use super::grid::Grid;
use super::means::Means;
use super::moves::At;
use super::paint::Painter;
use super::shift::Detector;

/// Frames from here on stand in a synchronized update; below it the update costs more than it hides.
const SYNCHRONIZED: usize = 1_024;
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// What most of a screen is made of: blanks, ASCII, lines and blocks (U+2500 to U+259F). Each takes one cell; to ask for that
/// each time is most of what a cell costs.
fn plain(cell: &Cell) -> Option<Packed> {
    let sign = match *cell.symbol().as_bytes() {
        [b' '] => return Some(Packed::new(0x20, look(cell).of_blank(), 1)),
        [sign @ 0x21..=0x7e] => u32::from(sign),
        [0xe2, middle @ 0x94..=0x95, last] | [0xe2, middle @ 0x96, last @ ..0xa0] => {
            0x2000 | (u32::from(middle & 0x3f) << 6) | u32::from(last & 0x3f)
        }
        _ => return None,
    };
    Some(Packed::new(sign, look(cell), 1))
}

const fn look(cell: &Cell) -> Look {
    Look::new(cell.fg, cell.bg, cell.underline_color, cell.modifier)
}

/// Turns frames into bytes. A frame is: any number of [`put`](Self::put), perhaps [`cursor`](Self::cursor), then
/// [`present`](Self::present).
pub struct Engine {
    width: usize,
    height: usize,
    means: Means,
    shown: Grid,
    wanted: Grid,
    /// Rows that may differ.
    changed: Vec<bool>,
    clusters: Clusters,
    detector: Detector,
    emitter: Emitter,
    painter: Painter,
    /// The terminal's picture is not known: it is wiped first.
    strange: bool,
    cursor: Option<At>,
    /// `None`: not known.
    cursor_shown: Option<bool>,
}

impl Engine {
    /// For a terminal of which nothing is known yet: the first frame wipes it.
    #[must_use]
    pub fn new(width: u16, height: u16, means: Means) -> Self {
        let (width, height) = (usize::from(width), usize::from(height));
        let mut engine = Self {
            width,
            height,
            means,
            shown: Grid::default(),
            wanted: Grid::default(),
            changed: Vec::new(),
            clusters: Clusters::default(),
            detector: Detector::default(),
            emitter: Emitter::new(width),
            painter: Painter::default(),
            strange: true,
            cursor: None,
            cursor_shown: None,
        };
        engine.resize_to(width, height);
        engine
    }

    /// A new size, with a blank picture wanted until cells come.
    pub fn resize(&mut self, width: u16, height: u16) {
        self.resize_to(usize::from(width), usize::from(height));
    }

    fn resize_to(&mut self, width: usize, height: usize) {
        (self.width, self.height) = (width, height);
        self.shown = Grid::new(width, height);
        self.wanted = Grid::new(width, height);
        self.changed = vec![false; height];
        self.detector = Detector::new(width, height);
        self.painter = Painter::new(width, height);
        self.clusters = Clusters::default();
        self.invalidate();
    }

    /// From the next frame on.
    pub const fn allow(&mut self, means: Means) {
        self.means = means;
    }

    /// Somebody else may have written to the terminal: the next frame wipes it and draws everything anew.
    pub fn invalidate(&mut self) {
        self.strange = true;
        self.changed.fill(true);
        self.cursor_shown = None;
    }

    /// Where the cursor stands after the frame, and whether it is seen: `None` hides it.
    pub fn cursor(&mut self, at: Option<(u16, u16)>) {
        let inside = |number: u16, length: usize| usize::from(number).min(length.saturating_sub(1));
        self.cursor = at.map(|(x, y)| At { x: inside(x, self.width), y: inside(y, self.height) });
    }

    /// Wants a cell. Outside the terminal, or under the right half of a wide sign, it is not seen and not kept.
    pub fn put(&mut self, x: u16, y: u16, cell: &Cell) {
        let (x, y) = (usize::from(x), usize::from(y));
        if x >= self.width {
            return;
        }
        let packed = plain(cell).unwrap_or_else(|| self.pack(cell, self.width - x));
        if self.wanted.at(x, y).is_some_and(|place| !place.is_covered() && *place != packed) {
            self.replace(x, y, packed);
        }
    }

    fn replace(&mut self, x: usize, y: usize, packed: Packed) {
        let row = self.wanted.row_mut(y);
        let end = x + usize::from(packed.width);
        row.get_mut(x..end).unwrap_or_default().fill(Packed::COVERED);
        if let Some(place) = row.get_mut(x) {
            *place = packed;
        }
        // What is left of a wide sign that was written over is blank.
        row.iter_mut().skip(end).take_while(|cell| cell.is_covered()).for_each(|cell| *cell = Packed::BLANK);
        if let Some(changed) = self.changed.get_mut(y) {
            *changed = true;
        }
    }

    /// Wants so many cells blank from the cell `x` of row `y` on, row by row; a wide sign that is cut goes as a whole.
    pub fn blank(&mut self, x: u16, y: u16, cells: usize) {
        self.wanted.blank_from(usize::from(y) * self.width + usize::from(x), cells);
        self.changed.fill(true);
    }

    fn pack(&mut self, cell: &Cell, room: usize) -> Packed {
        let look = look(cell);
        let blank = Packed::new(0x20, look.of_blank(), 1);
        let symbol = cell.symbol();
        let mut signs = symbol.chars();
        let (Some(first), second) = (signs.next(), signs.next()) else { return blank };
        // A control character would drive the terminal.
        if symbol.chars().any(char::is_control) {
            return blank;
        }
        let width = usize::from(cell.cell_width());
        let (Some(narrow), true) = (u8::try_from(width).ok(), (1..=room).contains(&width)) else { return blank };
        let one = second.is_none();
        if one && most_cells(symbol) == width {
            return Packed::new(u32::from(first), look, narrow);
        }
        // A terminal that adds up the code points must not run over the edge.
        let mut utf8 = [0; 4];
        let text = if most_cells(symbol) > room { &*first.encode_utf8(&mut utf8) } else { symbol };
        if most_cells(text) > room {
            return blank;
        }
        Packed::new(CLUSTER | self.clusters.number(text), look, narrow)
    }

    /// The bytes that make the terminal show the frame; none when it does already. They must all be written, or
    /// [`invalidate`](Self::invalidate) be called.
    pub fn present(&mut self) -> &[u8] {
        self.emitter.set(self.width, self.means.thrift);
        self.emitter.out.clear();
        self.emitter.out.extend_from_slice(BEGIN);
        let strange = std::mem::take(&mut self.strange);
        if strange {
            self.emitter.wipe();
            self.shown.fill(Packed::BLANK);
            self.detector.forget();
        }
        if self.clusters.are_many() {
            self.let_clusters_go();
        }
        if self.cursor.is_none() && self.cursor_shown != Some(false) {
            self.emitter.out.extend_from_slice(b"\x1b[?25l");
            self.cursor_shown = Some(false);
        }
        for (y, changed) in self.changed.iter_mut().enumerate().filter(|(_, changed)| **changed) {
            *changed = self.shown.row(y) != self.wanted.row(y);
        }
        if self.means.scroll && self.means.thrift && !strange {
            for band in self.detector.find(&mut self.shown, &self.wanted, &mut self.changed) {
                self.emitter.shift(*band, self.height);
            }
        }
        self.painter.draw(
            &mut self.shown,
            &self.wanted,
            &self.changed,
            &self.clusters,
            self.means.thrift,
            &mut self.emitter,
        );
        self.detector.drawn(&self.changed);
        self.changed.fill(false);
        if let Some(at) = self.cursor {
            self.emitter.go(at, &[]);
            if self.cursor_shown != Some(true) {
                self.emitter.out.extend_from_slice(b"\x1b[?25h");
                self.cursor_shown = Some(true);
            }
        }
        let length = self.emitter.out.len() - BEGIN.len();
        if self.means.synchronized && length >= SYNCHRONIZED {
            self.emitter.out.extend_from_slice(END);
            &self.emitter.out
        } else {
            self.emitter.out.get(BEGIN.len()..).unwrap_or_default()
        }
    }

    fn let_clusters_go(&mut self) {
        let mut kept = Clusters::default();
        for cell in self.wanted.cells_mut().chain(self.shown.cells_mut()).filter(|cell| cell.is_cluster()) {
            cell.sign = CLUSTER | kept.number(self.clusters.text(cell.sign & !CLUSTER));
        }
        kept.keep();
        self.clusters = kept;
        self.detector.forget();
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::{Color, Style};

    use super::*;

    /// As it would be packed if it were not plain.
    #[test]
    fn what_is_plain_is_what_it_would_be_by_the_long_way() {
        let mut engine = Engine::new(80, 24, Means::FULL);
        let mut plainly = 0;
        for sign in ('\0'..'\u{3000}').chain(['\u{fe0f}', '\u{ff21}', '🚒']) {
            let mut cell = Cell::default();
            cell.set_char(sign).set_style(Style::new().fg(Color::Red).bg(Color::Blue));
            if let Some(packed) = plain(&cell) {
                plainly += 1;
                let long = engine.pack(&cell, 80);
                let as_seen = if sign == ' ' { Packed::new(0x20, long.look().of_blank(), 1) } else { long };
                assert_eq!(packed, as_seen, "{sign:?}");
            }
        }
        assert_eq!(plainly, 95 + 160);
    }
}
