//! The bytes of a frame as they grow, with what the terminal is known to hold: its pen and where its cursor stands.

use std::io::Write;

use super::cell::{Look, Packed};
use super::cluster::Clusters;
use super::grid::Band;
use super::moves::{self, At};
use super::pen;

/// A gap up to here may be written over with what stands there.
const GAP: usize = 4;

pub(super) struct Emitter {
    pub(super) out: Vec<u8>,
    /// `None`: unknown.
    pub(super) pen: Option<Look>,
    pub(super) cursor: Option<At>,
    width: usize,
    thrift: bool,
}

impl Emitter {
    pub(super) fn new(width: usize) -> Self {
        Self { out: Vec::with_capacity(16 * 1024), pen: None, cursor: None, width, thrift: true }
    }

    pub(super) const fn set(&mut self, width: usize, thrift: bool) {
        self.width = width;
        self.thrift = thrift;
    }

    /// What the terminal is known to hold.
    pub(super) const fn state(&self) -> (Option<Look>, Option<At>) {
        (self.pen, self.cursor)
    }

    pub(super) const fn set_state(&mut self, (pen, cursor): (Option<Look>, Option<At>)) {
        self.pen = pen;
        self.cursor = cursor;
    }

    /// Nothing is known of the terminal any more.
    pub(super) const fn forget(&mut self) {
        self.pen = None;
        self.cursor = None;
    }

    /// Goes to a cell; `row` is what the row shows up to there.
    pub(super) fn go(&mut self, to: At, row: &[Packed]) {
        if self.cursor == Some(to) {
            return;
        }
        if self.thrift && self.step_over(to, row) {
            return;
        }
        moves::go(self.cursor, to, self.width, self.thrift, &mut self.out);
        self.cursor = Some(to);
    }

    /// Writes a short gap of plain signs anew, where the pen is the one they were written with.
    fn step_over(&mut self, to: At, row: &[Packed]) -> bool {
        let (Some(from), Some(pen)) = (self.cursor, self.pen) else { return false };
        if from.y != to.y || from.x >= to.x || to.x - from.x > GAP {
            return false;
        }
        let Some(gap) = row.get(from.x..to.x) else { return false };
        let plain = |cell: &Packed| (0x20..0x7f).contains(&cell.sign) && cell.fits(pen);
        // A step of one takes three bytes, of more four.
        if !gap.iter().all(plain) || gap.len() > 3 + usize::from(gap.len() > 1) {
            return false;
        }
        self.out.extend(gap.iter().filter_map(|cell| u8::try_from(cell.sign).ok()));
        self.cursor = Some(to);
        true
    }

    fn wear(&mut self, cell: &Packed) {
        if self.pen.is_some_and(|pen| cell.fits(pen)) {
            return;
        }
        pen::change(self.pen, cell.look(), self.thrift, &mut self.out);
        self.pen = Some(cell.look());
    }

    /// A pen whose erasures are blank under every terminal.
    fn wear_plain(&mut self) {
        if !self.pen.is_some_and(Look::erases_plainly) {
            pen::change(self.pen, Look::PLAIN, false, &mut self.out);
            self.pen = Some(Look::PLAIN);
        }
    }

    /// Writes one cell where the cursor stands.
    pub(super) fn print(&mut self, cell: &Packed) {
        self.wear(cell);
        let sign = char::from_u32(cell.sign).unwrap_or(' ');
        let mut utf8 = [0; 4];
        self.out.extend_from_slice(sign.encode_utf8(&mut utf8).as_bytes());
        self.cursor = self.cursor.filter(|_| is_sure(sign)).map(|at| At { x: at.x + usize::from(cell.width), ..at });
    }

    /// Writes a cluster at a cell: into blank room, and with nothing believed afterwards of where the cursor stands.
    pub(super) fn print_cluster(&mut self, at: At, cell: &Packed, clusters: &Clusters, row: &[Packed]) {
        self.go(at, row);
        self.wear(cell);
        self.out.extend(std::iter::repeat_n(b' ', usize::from(cell.width)));
        self.cursor = Some(At { x: at.x + usize::from(cell.width), ..at });
        self.go(at, &[]);
        self.out.extend_from_slice(clusters.text(cell.sign & !super::cell::CLUSTER).as_bytes());
        self.cursor = None;
    }

    pub(super) fn erase_line(&mut self) {
        self.wear_plain();
        self.out.extend_from_slice(b"\x1b[K");
    }

    pub(super) fn erase(&mut self, cells: usize) {
        self.wear_plain();
        let _ = write!(self.out, "\x1b[{cells}X");
    }

    /// A screen of which nothing is known becomes blank.
    pub(super) fn wipe(&mut self) {
        self.forget();
        self.out.extend_from_slice(b"\x1b[m\x1b[H\x1b[2J");
        self.pen = Some(Look::PLAIN);
        self.cursor = Some(At { x: 0, y: 0 });
    }

    /// Lines are deleted at one end of the band and inserted at the other; no margins, so that there is no state of the
    /// terminal to leave behind.
    pub(super) fn shift(&mut self, band: Band, height: usize) {
        self.wear_plain();
        let steps = band.up.unsigned_abs();
        let lower = band.bottom - steps;
        if band.up > 0 {
            self.lines(band.top, steps, 'M');
            if band.bottom < height {
                self.lines(lower, steps, 'L');
            }
        } else {
            if band.bottom < height {
                self.lines(lower, steps, 'M');
            }
            self.lines(band.top, steps, 'L');
        }
    }

    fn lines(&mut self, y: usize, count: usize, letter: char) {
        // Terminals differ in whether the cursor goes to the first column: there it stays.
        self.go(At { x: 0, y }, &[]);
        let _ = if count == 1 { write!(self.out, "\x1b[{letter}") } else { write!(self.out, "\x1b[{count}{letter}") };
    }
}

/// Signs that every terminal gives the same width: after all others the cursor is set anew.
pub(super) const fn is_sure(sign: char) -> bool {
    matches!(sign,
        ' '..='~' | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{24f}' | '\u{370}'..='\u{482}' | '\u{48a}'..='\u{52f}'
        | '\u{2010}'..='\u{2027}' | '\u{2500}'..='\u{259f}' | '\u{2800}'..='\u{28ff}'
        | '\u{3041}'..='\u{3096}' | '\u{30a0}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{ff01}'..='\u{ff60}')
}
