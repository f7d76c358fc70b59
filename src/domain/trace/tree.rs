//! The finished tree and how it is read. Not how it is made: `build.rs` runs the steps, each of which has its own file.

use std::collections::HashMap;

use super::cell::{Cell, NONE, Section, children};
use super::glance::Glance;
use super::holders::Holder;
use super::identity::Places;
use crate::domain::filter::Searched;
use crate::domain::signal::{Kind, Span};
use crate::domain::{SpanId, Symbol, Timestamp, TraceId};

/// One trace, built once and never changed. Rows are numbered in pre-order from 0; siblings stand by adjusted start.
#[derive(Debug)]
pub struct Tree {
    pub(super) trace: TraceId,
    pub(super) spans: Vec<Span>,
    pub(super) cells: Vec<Cell>,
    pub(super) by_id: Places,
    pub(super) services: Vec<Symbol>,
    pub(super) unknown: Symbol,
    pub(super) name: Symbol,
    pub(super) start: Timestamp,
    pub(super) end: Timestamp,
    pub(super) errors: u32,
    pub(super) error_roots: Vec<u32>,
    pub(super) handled: Vec<u32>,
    pub(super) critical: Vec<Section>,
    pub(super) holders: Vec<Holder>,
    pub(super) warnings: Vec<String>,
    pub(super) partial: Option<String>,
    pub(super) glance: Glance,
}

/// The same spans of the same trace, however they were adjusted.
impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        self.trace == other.trace && self.partial == other.partial && self.spans == other.spans
    }
}

impl Tree {
    /// Rows, the nodes that stand for missing spans included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Spans that were received, copies left out.
    #[must_use]
    pub fn span_count(&self) -> usize {
        self.spans.len()
    }

    #[must_use]
    pub const fn trace(&self) -> TraceId {
        self.trace
    }

    /// The earliest adjusted start.
    #[must_use]
    pub const fn start(&self) -> Timestamp {
        self.start
    }

    #[must_use]
    pub const fn end(&self) -> Timestamp {
        self.end
    }

    /// From the earliest start to the latest end, as a tail sampler measures it.
    #[must_use]
    pub const fn duration_nanos(&self) -> i64 {
        self.end.since(self.start)
    }

    /// What the root is called; of a trace without a root, its earliest server or consumer span.
    #[must_use]
    pub const fn name(&self) -> &Symbol {
        &self.name
    }

    /// Whether a span without a parent was received; else what is at the top stands for spans that were not.
    #[must_use]
    pub const fn has_root(&self) -> bool {
        self.glance.has_root
    }

    /// Whether spans name parents that were not received.
    #[must_use]
    pub const fn misses_spans(&self) -> bool {
        self.glance.misses
    }

    /// Sorted, each once.
    #[must_use]
    pub fn services(&self) -> &[Symbol] {
        &self.services
    }

    /// Spans in error, wherever the error started.
    #[must_use]
    pub const fn errors(&self) -> u32 {
        self.errors
    }

    /// Where errors that reached the root start, the most guilty first: on the critical path, then the longest on it,
    /// then the last to end.
    #[must_use]
    pub fn error_roots(&self) -> &[u32] {
        &self.error_roots
    }

    /// Where errors start that somebody above dealt with (a retry, a fallback), ranked alike.
    #[must_use]
    pub fn handled(&self) -> &[u32] {
        &self.handled
    }

    /// What had to be repaired, in words, counted over the trace; each row tells its own.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// The services whose clocks were set right, with the longest way that a span of theirs was moved, in nanoseconds;
    /// the farthest first.
    #[must_use]
    pub fn moved_clocks(&self) -> &[(Symbol, i64)] {
        &self.glance.moved
    }

    /// The server's words when it says that spans are missing.
    #[must_use]
    pub fn partial(&self) -> Option<&str> {
        self.partial.as_deref()
    }

    /// In time order; disjoint. With one root they follow each other without a hole and add up to its duration.
    #[must_use]
    pub fn critical(&self) -> &[Section] {
        &self.critical
    }

    /// The sections that are this row's own, in time order.
    pub fn critical_of(&self, row: u32) -> impl Iterator<Item = &Section> {
        let section = |number: &u32| self.critical.get(*number as usize);
        let from = self.glance.by_row.partition_point(|number| section(number).is_some_and(|one| one.span < row));
        let own = self.glance.by_row.iter().skip(from).map_while(section);
        own.take_while(move |section| section.span == row)
    }

    /// When some spans begin and end: enough of them to draw how much runs at each moment, all of them in a small trace.
    #[must_use]
    pub fn sample(&self) -> &[(Timestamp, Timestamp)] {
        &self.glance.sample
    }

    /// Nanoseconds of the critical path by service, the largest first.
    #[must_use]
    pub fn critical_by_service(&self) -> Vec<(Symbol, i64)> {
        let mut sums: HashMap<&Symbol, i64> = HashMap::new();
        for section in &self.critical {
            if let Some(cell) = self.cells.get(section.span as usize) {
                let sum = sums.entry(self.service_of(cell)).or_default();
                *sum = sum.saturating_add(section.nanos());
            }
        }
        let mut sums: Vec<(Symbol, i64)> = sums.into_iter().map(|(service, nanos)| (service.clone(), nanos)).collect();
        sums.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        sums
    }

    /// The critical path folded into the few parts worth a word, in time order: "who holds the time".
    #[must_use]
    pub fn holders(&self) -> &[Holder] {
        &self.holders
    }

    /// The row of a span; of an id that two spans shared, the row of the caller.
    #[must_use]
    pub fn by_id(&self, id: SpanId) -> Option<u32> {
        self.by_id.get(&id).copied()
    }

    /// `None` beyond the last row.
    #[must_use]
    pub fn row(&self, row: u32) -> Option<Node<'_>> {
        let cell = self.cells.get(row as usize)?;
        let span = self.span_of(cell);
        Some(Node {
            row,
            span,
            missing: cell.missing,
            service: self.service_of(cell),
            name: match (span, cell.missing) {
                (Some(span), _) => span.name.as_str(),
                (None, Some(_)) => "missing span",
                (None, None) => self.name.as_str(),
            },
            kind: span.map_or(Kind::Unspecified, |span| span.kind),
            depth: cell.depth,
            parent: (cell.parent != NONE).then_some(cell.parent),
            end: cell.end,
            start: cell.start,
            end_time: cell.finish,
            raw_start: span.map_or(cell.start, |span| span.start),
            duration_nanos: cell.finish.since(cell.start),
            self_nanos: cell.self_nanos,
            critical_nanos: cell.critical_nanos,
            is_error: cell.error,
            is_error_root: cell.error_root,
            is_handled: cell.handled,
            client_error: cell.client_error,
            skew_nanos: cell.skew_nanos,
            warnings: span.map_or(&[], |span| span.warnings.as_slice()),
        })
    }

    pub fn rows(&self) -> impl Iterator<Item = Node<'_>> {
        (0..u32::try_from(self.cells.len()).unwrap_or(NONE)).filter_map(|row| self.row(row))
    }

    /// The rows directly below, by start.
    pub fn children(&self, row: u32) -> impl Iterator<Item = u32> {
        children(&self.cells, row)
    }

    pub(super) fn span_of(&self, cell: &Cell) -> Option<&Span> {
        self.spans.get(cell.span as usize)
    }

    pub(super) fn service_of(&self, cell: &Cell) -> &Symbol {
        self.span_of(cell).map_or(&self.unknown, |span| &span.service)
    }
}

/// One row, read. A node without a `span` stands for a span that was not received (`missing` names it) or, without that
/// too, for the whole of a trace that has no root.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    pub row: u32,
    pub span: Option<&'a Span>,
    pub missing: Option<SpanId>,
    /// `?` where no span stands behind the row.
    pub service: &'a Symbol,
    pub name: &'a str,
    pub kind: Kind,
    pub depth: u16,
    pub parent: Option<u32>,
    /// The row after this one's subtree.
    pub end: u32,
    /// By the parent's clock.
    pub start: Timestamp,
    pub end_time: Timestamp,
    /// By the span's own clock; the duration is the same.
    pub raw_start: Timestamp,
    /// Never negative.
    pub duration_nanos: i64,
    /// The part of the duration in which no child ran.
    pub self_nanos: i64,
    /// The time on the critical path that is its own.
    pub critical_nanos: i64,
    pub is_error: bool,
    /// The error starts here; an error without it was passed on from below.
    pub is_error_root: bool,
    /// The error starts here, and somebody above dealt with it.
    pub is_handled: bool,
    /// A 4xx answer: the caller's fault, not counted as an error of the server that gave it.
    pub client_error: bool,
    /// How far `start` lies from `raw_start`.
    pub skew_nanos: i64,
    pub warnings: &'a [String],
}

impl Node<'_> {
    #[must_use]
    pub const fn has_children(&self) -> bool {
        self.end > self.row.saturating_add(1)
    }

    #[must_use]
    pub const fn on_critical_path(&self) -> bool {
        self.critical_nanos > 0
    }
}

impl Searched for Node<'_> {
    fn any_text(&self, accept: &mut dyn FnMut(&str) -> bool) -> bool {
        accept(self.name)
            || accept(self.service)
            || self.span.is_some_and(|span| {
                let pairs = span.attributes.iter().chain(span.events.iter().flat_map(|event| &event.attributes));
                pairs.into_iter().any(|(_, value)| value.as_text().is_some_and(&mut *accept))
            })
    }

    fn any_value(&self, key: &str, accept: &mut dyn FnMut(&str) -> bool) -> bool {
        match key {
            "service" => accept(self.service),
            "name" => accept(self.name),
            _ => self.span.and_then(|span| span.attribute(key)).is_some_and(|value| match value.as_text() {
                Some(text) => accept(text),
                None => accept(&value.to_string()),
            }),
        }
    }
}
