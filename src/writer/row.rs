//! One row: what differs between what the terminal shows and what it should, drawn from left to right.

use super::cell::{CLUSTER, Packed};
use super::cluster::{Clusters, most_cells};
use super::emit::Emitter;
use super::moves::At;

/// More stale cells than this at the end of a row are erased, and more than this in the middle.
const TAIL: usize = 3;
const MIDDLE: usize = 9;

pub(super) struct Row<'a> {
    pub(super) y: usize,
    pub(super) shown: &'a mut [Packed],
    pub(super) wanted: &'a [Packed],
}

impl Row<'_> {
    /// Draws it; afterwards the terminal shows what is wanted. `thrift` allows erasures.
    pub(super) fn draw(self, clusters: &Clusters, thrift: bool, out: &mut Emitter) {
        let Self { y, shown, wanted } = self;
        let end = end(wanted);
        let mut x = 0;
        while let Some(cell) = wanted.get(x) {
            let room = usize::from(cell.width.max(1));
            let span = x..x + room;
            if shown.get(span.clone()) == wanted.get(span.clone()) {
                x += room;
                continue;
            }
            match erasure(x, end, shown, wanted).filter(|_| thrift) {
                Some(Erasure::Rest) => {
                    out.go(At { x, y }, wanted);
                    out.erase_line();
                    break;
                }
                Some(Erasure::Cells(run)) => {
                    out.go(At { x, y }, wanted);
                    out.erase(run);
                    x += run;
                    continue;
                }
                None => {}
            }
            if cell.is_cluster() {
                let most = most_cells(clusters.text(cell.sign & !CLUSTER));
                out.print_cluster(At { x, y }, cell, clusters, wanted);
                // A terminal that adds up the code points has written over these.
                let beyond = x + room..(x + most.max(room)).min(shown.len());
                shown.get_mut(beyond).unwrap_or_default().fill(Packed::UNKNOWN);
            } else {
                out.go(At { x, y }, wanted);
                out.print(cell);
            }
            x += room;
        }
        shown.copy_from_slice(wanted);
    }
}

/// What a terminal erases cheaper than blanks are written.
pub(super) enum Erasure {
    /// To the end of the row.
    Rest,
    Cells(usize),
}

/// Behind the last cell that is not blank.
pub(super) fn end(wanted: &[Packed]) -> usize {
    wanted.iter().rposition(|cell| *cell != Packed::BLANK).map_or(0, |last| last + 1)
}

/// `None` where no erasure from `x` on is worth it; `end` is that of the row.
pub(super) fn erasure(x: usize, end: usize, shown: &[Packed], wanted: &[Packed]) -> Option<Erasure> {
    if wanted.get(x) != Some(&Packed::BLANK) || shown.get(x) == Some(&Packed::BLANK) {
        return None;
    }
    if x >= end && stale(shown.get(x..).unwrap_or_default()) > TAIL {
        return Some(Erasure::Rest);
    }
    let run = blank_run(x, shown, wanted);
    (run > MIDDLE).then_some(Erasure::Cells(run))
}

fn stale(cells: &[Packed]) -> usize {
    cells.iter().filter(|cell| **cell != Packed::BLANK).count()
}

/// How far blanks are wanted from `x` on, up to the last that is not there yet.
fn blank_run(x: usize, shown: &[Packed], wanted: &[Packed]) -> usize {
    let blanks = wanted.iter().skip(x).zip(shown.iter().skip(x)).take_while(|(wanted, _)| **wanted == Packed::BLANK);
    blanks.enumerate().filter(|(_, (_, shown))| **shown != Packed::BLANK).last().map_or(0, |(at, _)| at + 1)
}
