//! What is left of a frame after its bands were moved, in the cheaper of two orders: row by row, or look by look (all that
//! is written with one pen, then all with the next). A change of colour costs up to forty bytes and a move four to eight,
//! so that a large frame of many colours is shorter look by look; a small one is drawn row by row and not counted twice.
//! Not how a row or a sign is written: that is `row.rs` and `emit.rs`.

use super::cell::{Look, Packed};
use super::cluster::Clusters;
use super::emit::Emitter;
use super::grid::Grid;
use super::moves::At;
use super::row::{Erasure, Row, end, erasure};

/// A shorter frame is not tried in the other order.
const TRIED: usize = 256;
/// With more looks than this a frame is a picture, and hardly two of its signs share a pen.
const MOST_LOOKS: usize = 64;

/// Signs side by side that want the same pen.
struct Run {
    /// Place in the list of looks.
    look: usize,
    at: At,
    /// Column behind the last of them.
    end: usize,
}

/// Its memory is kept from frame to frame.
#[derive(Default)]
pub(super) struct Painter {
    /// What the terminal shows while one of the orders is tried.
    scratch: Grid,
    looks: Vec<Look>,
    runs: Vec<Run>,
    /// Rows in which blanks are still to be written.
    blanks: Vec<usize>,
}

impl Painter {
    pub(super) fn new(width: usize, height: usize) -> Self {
        Self { scratch: Grid::new(width, height), ..Self::default() }
    }

    /// Draws the rows that `changed` names; afterwards the terminal shows them as wanted, and so does `shown`.
    pub(super) fn draw(
        &mut self,
        shown: &mut Grid,
        wanted: &Grid,
        changed: &[bool],
        clusters: &Clusters,
        thrift: bool,
        out: &mut Emitter,
    ) {
        let rows = || changed.iter().enumerate().filter(|(_, changed)| **changed).map(|(y, _)| y);
        self.take(shown, rows());
        let (start, before) = (out.out.len(), out.state());
        for y in rows() {
            Row { y, shown: self.scratch.row_mut(y), wanted: wanted.row(y) }.draw(clusters, thrift, out);
        }
        let (middle, by_row) = (out.out.len(), out.state());
        if thrift && middle - start >= TRIED {
            self.take(shown, rows());
            out.set_state(before);
            let drawn = self.look_by_look(wanted, rows, clusters, out);
            // Both stand there now, one behind the other: the longer one goes.
            if drawn && out.out.len() - middle < middle - start {
                out.out.drain(start..middle);
            } else {
                out.out.truncate(middle);
                out.set_state(by_row);
            }
        }
        for y in rows() {
            shown.row_mut(y).copy_from_slice(wanted.row(y));
        }
    }

    fn take(&mut self, shown: &Grid, rows: impl Iterator<Item = usize>) {
        for y in rows {
            self.scratch.row_mut(y).copy_from_slice(shown.row(y));
        }
    }

    /// False, and perhaps some bytes written, where there are too many looks.
    fn look_by_look<R: Iterator<Item = usize>>(
        &mut self,
        wanted: &Grid,
        rows: impl Fn() -> R,
        clusters: &Clusters,
        out: &mut Emitter,
    ) -> bool {
        self.looks.clear();
        self.runs.clear();
        self.blanks.clear();
        self.looks.extend(out.pen);
        for y in rows() {
            let shown = self.scratch.row_mut(y);
            if !wanted.row(y).iter().chain(&*shown).all(is_simple) {
                Row { y, shown, wanted: wanted.row(y) }.draw(clusters, true, out);
                continue;
            }
            erase(y, shown, wanted.row(y), out);
            if !self.find_runs(y, wanted.row(y)) {
                return false;
            }
        }
        self.runs.sort_by_key(|run| run.look);
        for run in &self.runs {
            let Some(pen) = self.looks.get(run.look) else { continue };
            run.write(*pen, self.scratch.row_mut(run.at.y), wanted.row(run.at.y), out);
        }
        // Blanks that no run has reached.
        for y in self.blanks.drain(..) {
            Row { y, shown: self.scratch.row_mut(y), wanted: wanted.row(y) }.draw(clusters, true, out);
        }
        true
    }

    /// Notes where signs of a row have to be written, and with which pens.
    fn find_runs(&mut self, y: usize, wanted: &[Packed]) -> bool {
        let shown = self.scratch.row_mut(y);
        let mut last: Option<(usize, Look)> = None;
        for (x, (cell, shown)) in wanted.iter().zip(&*shown).enumerate() {
            if shown == cell {
                continue;
            }
            if *cell == Packed::BLANK {
                if self.blanks.last() != Some(&y) {
                    self.blanks.push(y);
                }
                continue;
            }
            let wanted = cell.look();
            match self.runs.last_mut().filter(|_| last == Some((x, wanted))) {
                Some(run) => run.end = x + 1,
                None => {
                    let look = self.looks.iter().position(|look| *look == wanted).unwrap_or(self.looks.len());
                    if look == self.looks.len() {
                        self.looks.push(wanted);
                    }
                    self.runs.push(Run { look, at: At { x, y }, end: x + 1 });
                }
            }
            last = Some((x + 1, wanted));
        }
        self.looks.len() <= MOST_LOOKS
    }
}

/// Every sign is one character in one cell: where a wide sign or a cluster is written or goes, its neighbours matter.
fn is_simple(cell: &Packed) -> bool {
    cell.width == 1 && !cell.is_cluster()
}

/// Long blanks, which need no pen of their own.
fn erase(y: usize, shown: &mut [Packed], wanted: &[Packed], out: &mut Emitter) {
    let end = end(wanted);
    let mut x = 0;
    while let Some(cell) = wanted.get(x) {
        let erasure = if *cell == Packed::BLANK { erasure(x, end, shown, wanted) } else { None };
        let Some(erasure) = erasure else {
            x += 1;
            continue;
        };
        out.go(At { x, y }, shown);
        let cells = match erasure {
            Erasure::Rest => {
                out.erase_line();
                wanted.len() - x
            }
            Erasure::Cells(cells) => {
                out.erase(cells);
                cells
            }
        };
        shown.get_mut(x..x + cells).unwrap_or_default().fill(Packed::BLANK);
        x += cells;
    }
}

impl Run {
    /// Writes all of it that is not there yet, and goes on behind it as far as the pen fits, over blanks for instance.
    /// The beginning may be there already: the run on the left has gone on over blanks of the same ground.
    fn write(&self, pen: Look, shown: &mut [Packed], wanted: &[Packed], out: &mut Emitter) {
        let Self { at: At { x, y }, end, .. } = *self;
        for (x, cell) in wanted.iter().enumerate().skip(x) {
            if shown.get(x) == Some(cell) {
                if x < end {
                    continue;
                }
                break;
            }
            if !cell.fits(pen) {
                break;
            }
            out.go(At { x, y }, shown);
            out.print(cell);
            if let Some(place) = shown.get_mut(x) {
                *place = *cell;
            }
        }
    }
}
