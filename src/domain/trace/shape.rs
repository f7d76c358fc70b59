//! Who is whose child, and in what order the rows stand. Not times: `skew.rs` moves those in between.

use std::collections::HashMap;

use super::cell::{Cell, NONE};
use super::identity::{Places, arrange};
use crate::domain::SpanId;
use crate::domain::Timestamp;
use crate::domain::signal::{Kind, Span};

/// The parents of the spans, free of circles.
#[derive(Debug, Default)]
pub(super) struct Parents {
    /// By span; `NONE` for a root or an orphan.
    pub of: Vec<u32>,
    /// The parent that an orphan names and nobody received.
    pub missing: Vec<Option<SpanId>>,
    pub orphans: u32,
    pub circles: u32,
}

impl Parents {
    /// A span that is its own ancestor becomes a root: of a circle the one that stands first.
    pub(super) fn find(spans: &mut [Span], places: &Places) -> Self {
        let mut found =
            Self { of: Vec::with_capacity(spans.len()), missing: Vec::with_capacity(spans.len()), ..Self::default() };
        for span in spans.iter_mut() {
            let parent = span.parent.and_then(|parent| places.get(&parent).copied());
            let missing = if parent.is_none() { span.parent } else { None };
            if missing.is_some() {
                found.orphans += 1;
                span.warnings.push("its parent is not in the trace".to_owned());
            }
            found.of.push(parent.unwrap_or(NONE));
            found.missing.push(missing);
        }
        found.break_circles(spans);
        found
    }

    fn break_circles(&mut self, spans: &mut [Span]) {
        // The walk (by its first span) that saw a span; a walk that meets itself has found a circle.
        let mut seen: Vec<u32> = vec![NONE; self.of.len()];
        for start in 0..u32::try_from(self.of.len()).unwrap_or(NONE) {
            let mut at = start;
            while at != NONE && seen.get(at as usize) == Some(&NONE) {
                if let Some(mark) = seen.get_mut(at as usize) {
                    *mark = start;
                }
                at = self.parent(at);
            }
            if at == NONE || seen.get(at as usize) != Some(&start) {
                continue;
            }
            let mut first = at;
            let mut next = self.parent(at);
            while next != at {
                first = first.min(next);
                next = self.parent(next);
            }
            if let Some(parent) = self.of.get_mut(first as usize) {
                *parent = NONE;
            }
            if let Some(span) = spans.get_mut(first as usize) {
                span.warnings.push("it is its own ancestor: shown as a root".to_owned());
            }
            self.circles += 1;
        }
    }

    pub(super) fn parent(&self, at: u32) -> u32 {
        self.of.get(at as usize).copied().unwrap_or(NONE)
    }

    /// Every span after its parent.
    pub(super) fn top_down(&self) -> Vec<u32> {
        let count = u32::try_from(self.of.len()).unwrap_or(NONE);
        let children = Children::new(self.of.len(), 0..count, |at| self.parent(at));
        let mut order: Vec<u32> = (0..count).filter(|at| self.parent(*at) == NONE).collect();
        let mut done = 0;
        while let Some(at) = order.get(done).copied() {
            order.extend_from_slice(children.of(at));
            done += 1;
        }
        order
    }
}

/// The children of every node in one list.
struct Children {
    first: Vec<u32>,
    list: Vec<u32>,
}

impl Children {
    /// `order` gives every node once; siblings keep that order.
    fn new(nodes: usize, order: impl Iterator<Item = u32> + Clone, parent: impl Fn(u32) -> u32) -> Self {
        let mut first = vec![0_u32; nodes + 1];
        for at in order.clone() {
            if let Some(count) = first.get_mut(parent(at).saturating_add(1) as usize) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for place in &mut first {
            sum += *place;
            *place = sum;
        }
        let mut free = first.clone();
        let mut list = vec![0; sum as usize];
        for at in order {
            if let Some(place) = free.get_mut(parent(at) as usize) {
                if let Some(child) = list.get_mut(*place as usize) {
                    *child = at;
                }
                *place += 1;
            }
        }
        Self { first, list }
    }

    fn of(&self, at: u32) -> &[u32] {
        let place = |at: usize| self.first.get(at).map_or(0, |place| *place as usize);
        self.list.get(place(at as usize)..place(at as usize + 1)).unwrap_or(&[])
    }
}

/// The adjusted times of a span.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Times {
    pub start: Timestamp,
    pub end: Timestamp,
}

/// Puts the spans into pre-order, with a node for each missing parent and, in a trace without a root, one for the whole.
/// `spans` come back in the order of the rows; the third is the row of each as it stood before.
pub(super) fn lay_out(
    mut spans: Vec<Span>,
    parents: &Parents,
    times: &[Times],
    moved: &[i64],
) -> (Vec<Span>, Vec<Cell>, Vec<u32>) {
    let mut cells: Vec<Cell> = (0..).zip(times).map(|(at, time)| Cell::new(at, None, time.start, time.end)).collect();
    let mut parent = parents.of.clone();
    add_missing(&mut cells, &mut parent, &parents.missing);
    let nodes = u32::try_from(cells.len()).unwrap_or(NONE);
    let mut by_start: Vec<u32> = (0..nodes).collect();
    by_start.sort_by_key(|at| cells.get(*at as usize).map(|cell| cell.start));
    let parent_of = |at: u32| parent.get(at as usize).copied().unwrap_or(NONE);
    let children = Children::new(cells.len(), by_start.iter().copied(), parent_of);

    let mut rows: Vec<Cell> = Vec::with_capacity(cells.len());
    let mut order: Vec<u32> = Vec::with_capacity(spans.len());
    let mut row_of = vec![NONE; spans.len()];
    // Node, the row of its parent, its depth.
    let mut waiting: Vec<(u32, u32, u16)> =
        by_start.iter().rev().filter(|at| parent_of(**at) == NONE).map(|at| (*at, NONE, 0)).collect();
    while let Some((at, above, depth)) = waiting.pop() {
        let row = u32::try_from(rows.len()).unwrap_or(NONE);
        let Some(mut cell) = cells.get(at as usize).copied() else { continue };
        cell.parent = above;
        cell.depth = depth;
        cell.end = row.saturating_add(1);
        if let Some(place) = row_of.get_mut(cell.span as usize) {
            cell.skew_nanos = moved.get(at as usize).copied().unwrap_or(0);
            *place = row;
            let span = cell.span;
            cell.span = u32::try_from(order.len()).unwrap_or(NONE);
            order.push(span);
        }
        rows.push(cell);
        waiting.extend(children.of(at).iter().rev().map(|child| (*child, row, depth.saturating_add(1))));
    }
    for row in (0..rows.len()).rev() {
        let Some((above, end)) = rows.get(row).map(|cell| (cell.parent, cell.end)) else { continue };
        if let Some(parent) = rows.get_mut(above as usize) {
            parent.end = parent.end.max(end);
        }
    }
    arrange(&mut spans, order);
    (spans, rows, row_of)
}

fn add_missing(cells: &mut Vec<Cell>, parent: &mut Vec<u32>, missing: &[Option<SpanId>]) {
    let mut groups: HashMap<SpanId, u32> = HashMap::new();
    for (at, id) in missing.iter().enumerate() {
        let Some(id) = *id else { continue };
        let Some((start, end)) = cells.get(at).map(|cell| (cell.start, cell.finish)) else { continue };
        let group = *groups.entry(id).or_insert_with(|| {
            cells.push(Cell::new(NONE, Some(id), start, end));
            parent.push(NONE);
            u32::try_from(cells.len() - 1).unwrap_or(NONE)
        });
        if let Some(cell) = cells.get_mut(group as usize) {
            cell.start = cell.start.min(start);
            cell.finish = cell.finish.max(end);
        }
        if let Some(parent) = parent.get_mut(at) {
            *parent = group;
        }
    }
    if groups.is_empty() {
        return;
    }
    let mut roots = (0..).zip(parent.iter().take(missing.len())).filter(|(_, above)| **above == NONE);
    let (first, second) = (roots.next().map(|(at, _)| at), roots.next());
    // With several roots nobody can say under which one the missing spans belong: they stand beside them.
    let top: u32 = match (first, second) {
        (_, Some(_)) => return,
        (Some(root), None) => root,
        (None, None) => {
            let start = cells.iter().map(|cell| cell.start).min().unwrap_or_default();
            let end = cells.iter().map(|cell| cell.finish).max().unwrap_or_default();
            cells.push(Cell::new(NONE, None, start, end));
            parent.push(NONE);
            u32::try_from(cells.len() - 1).unwrap_or(NONE)
        }
    };
    for group in groups.into_values() {
        if let Some(parent) = parent.get_mut(group as usize) {
            *parent = top;
        }
    }
}

/// What to call a trace: its root's name, else that of the earliest server or consumer span, else of the earliest.
pub(super) fn title<'a>(spans: &'a [Span], cells: &[Cell]) -> Option<&'a Span> {
    let span = |cell: &Cell| spans.get(cell.span as usize);
    let root = cells.iter().filter(|cell| cell.depth == 0).find_map(span);
    root.or_else(|| {
        let mut earliest: Vec<(Timestamp, &Span)> =
            cells.iter().filter_map(|cell| Some((cell.start, span(cell)?))).collect();
        earliest.sort_by_key(|(start, _)| *start);
        let entry = earliest.iter().find(|(_, span)| matches!(span.kind, Kind::Server | Kind::Consumer));
        entry.or(earliest.first()).map(|(_, span)| *span)
    })
}
