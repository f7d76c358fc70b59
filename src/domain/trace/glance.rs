//! What every frame tells of a whole trace, looked for once when the tree is built: a trace of 100,000 spans is not walked
//! again with every key. Not what it means: that is `sampling.rs` and `gap/propagation.rs`.

use std::collections::HashMap;

use super::cell::{Cell, NONE, Section};
use crate::domain::signal::Span;
use crate::domain::{Symbol, Timestamp};

/// Spans that stand for all in a drawing of the whole; of a larger trace every so many.
const SAMPLE: usize = 2_000;

/// Of one tree.
#[derive(Clone, Debug, Default)]
pub(super) struct Glance {
    /// Its root was received.
    pub has_root: bool,
    /// Spans name a parent that was not received.
    pub misses: bool,
    /// A span failed, or an answer was 4xx or 5xx.
    pub failed: bool,
    /// A span recorded an exception.
    pub threw: bool,
    /// Services whose clocks were moved, the farthest first, and by how much.
    pub moved: Vec<(Symbol, i64)>,
    /// When spans run, beside each other in memory.
    pub sample: Vec<(Timestamp, Timestamp)>,
    /// The numbers of the sections of the critical path, by row and then by time.
    pub by_row: Vec<u32>,
}

impl Glance {
    pub(super) fn of(spans: &[Span], cells: &[Cell], critical: &[Section], unknown: &Symbol) -> Self {
        let service = |cell: &Cell| spans.get(cell.span as usize).map_or(unknown, |span| &span.service);
        let mut farthest: HashMap<&Symbol, i64> = HashMap::new();
        for cell in cells.iter().filter(|cell| cell.skew_nanos != 0) {
            let known = farthest.entry(service(cell)).or_default();
            if cell.skew_nanos.unsigned_abs() > known.unsigned_abs() {
                *known = cell.skew_nanos;
            }
        }
        let mut moved: Vec<(Symbol, i64)> = farthest.into_iter().map(|(name, nanos)| (name.clone(), nanos)).collect();
        moved.sort_by(|a, b| b.1.unsigned_abs().cmp(&a.1.unsigned_abs()).then_with(|| a.0.cmp(&b.0)));
        let mut by_row: Vec<u32> = (0..).zip(critical).map(|(number, _)| number).collect();
        by_row.sort_by_key(|number| critical.get(*number as usize).map(|section| section.span));
        let every = cells.len().div_ceil(SAMPLE).max(1);
        Self {
            sample: cells.iter().step_by(every).map(|cell| (cell.start, cell.finish)).collect(),
            by_row,
            has_root: cells.iter().any(|cell| cell.depth == 0 && cell.span != NONE),
            misses: cells.iter().any(|cell| cell.missing.is_some()),
            failed: cells.iter().any(|cell| cell.error || cell.client_error),
            threw: spans.iter().any(|span| span.events.iter().any(|event| event.name == "exception")),
            moved,
        }
    }
}
