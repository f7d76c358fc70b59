//! The bar of a span: thick where it is on the critical path, thin where it waits for a child; ends to half a cell.

use ratatui::style::Style;

use crate::domain::Timestamp;
use crate::domain::trace::{Node, Tree};
use crate::ui::pen::Pen;

/// The bars of the rows of one trace.
pub(in crate::ui) struct Bars<'a> {
    start: Timestamp,
    whole: i64,
    tree: &'a Tree,
    raw: bool,
    /// Room for one bar, used again for the next.
    bar: Vec<Half>,
}

/// What a half of a cell shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Empty,
    Thin,
    Thick,
}

impl<'a> Bars<'a> {
    pub(in crate::ui) fn new(tree: &'a Tree, raw: bool) -> Self {
        Self { start: tree.start(), whole: tree.duration_nanos().max(1), tree, raw, bar: Vec::new() }
    }

    /// Over the whole width of the pen, which stands for the whole trace.
    pub(in crate::ui) fn draw(&mut self, pen: &mut Pen<'_>, node: &Node<'_>, style: Style) {
        let halves = pen.width() * 2;
        if halves == 0 {
            return;
        }
        let start = if self.raw { node.raw_start } else { node.start };
        let (from, to) = self.reach(start, start.shifted(node.duration_nanos), halves);
        let mut bar = std::mem::take(&mut self.bar);
        bar.clear();
        bar.resize(halves, Half::Empty);
        for half in bar.iter_mut().take(to).skip(from) {
            *half = Half::Thin;
        }
        let shift = if self.raw { node.skew_nanos.saturating_neg() } else { 0 };
        for section in self.tree.critical_of(node.row) {
            // A hair of thickness would be read as a share, so what fills less than half of a half stays thin, unless
            // it is most of a short span.
            let cell = self.whole / i64::try_from(pen.width()).unwrap_or(i64::MAX);
            if section.nanos() < cell / 4 && node.critical_nanos < node.duration_nanos / 2 {
                continue;
            }
            let (from, to) = self.reach(section.start.shifted(shift), section.end.shifted(shift), halves);
            for half in bar.iter_mut().take(to).skip(from).filter(|half| **half == Half::Thin) {
                *half = Half::Thick;
            }
        }
        for (x, pair) in bar.chunks(2).enumerate() {
            let [left, right] = pair else { continue };
            let sign = sign(*left, *right);
            if !sign.is_empty() {
                pen.put(x, 0, sign, style);
            }
        }
        self.bar = bar;
    }

    /// In halves of cells; at least one.
    fn reach(&self, start: Timestamp, end: Timestamp, halves: usize) -> (usize, usize) {
        let at = |moment: Timestamp| {
            let nanos = i128::from(moment.since(self.start).max(0));
            let whole = i128::from(self.whole);
            let rounded = (nanos * i128::try_from(halves).unwrap_or(0) + whole / 2) / whole;
            usize::try_from(rounded).unwrap_or(halves)
        };
        let from = at(start).min(halves.saturating_sub(1));
        (from, at(end).max(from + 1).min(halves))
    }
}

const fn sign(left: Half, right: Half) -> &'static str {
    match (left, right) {
        (Half::Empty, Half::Empty) => "",
        (Half::Thin, Half::Thin) => "─",
        (Half::Thick, Half::Thick) => "━",
        (Half::Thin, Half::Empty) => "╴",
        (Half::Thick, Half::Empty) => "╸",
        (Half::Empty, Half::Thin) => "╶",
        (Half::Empty, Half::Thick) => "╺",
        (Half::Thin, Half::Thick) => "╼",
        (Half::Thick, Half::Thin) => "╾",
    }
}
