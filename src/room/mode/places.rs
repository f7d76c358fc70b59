//! Where an id, or a value of an attribute, stands: a list over traces, the record, its evidence and log lines, of which each
//! row opens its place. Not the looking: the runtime asks the servers, `update` the record.

use uuid::Uuid;

use super::super::effect::PlacesAsk;
use super::super::pane::Cursor;
use crate::domain::signal::{Line, Summary};
use crate::domain::trace::is_half_of;
use crate::domain::{SpanId, Timestamp, TraceId};

#[derive(Clone, Debug, PartialEq)]
pub enum PlaceRow {
    /// Boxed, since it is much larger than the others. The root is empty where only lines name the trace.
    Trace(Box<Summary>),
    Entry(Uuid),
    /// What an entry carries, by its place among the entry's evidence.
    Evidence(Uuid, usize),
    Line(Box<Line>),
}

#[derive(Clone, Debug)]
pub struct PlacesView {
    /// What was looked for, as it was typed; from outside when it is a value.
    pub wanted: String,
    /// The span that the text named besides a trace.
    pub span: Option<SpanId>,
    pub rows: Vec<PlaceRow>,
    pub cursor: Cursor,
    /// What the servers were asked last; its window is widened into the past while nothing is found.
    pub(in crate::room) ask: PlacesAsk,
    /// From when on everything was looked at.
    pub from: Timestamp,
    /// Since when answers are waited for, and how many.
    pub asked: Timestamp,
    pub waits_for: u8,
    /// There are more lines than are listed.
    pub more: bool,
    /// What could not be asked.
    pub troubles: Vec<String>,
    /// The traces that have the span whose id was typed.
    pub(in crate::room) holders: Vec<TraceId>,
    /// What a server has no search for.
    pub limits: Vec<String>,
}

impl PlacesView {
    #[must_use]
    pub fn selected(&self) -> Option<&PlaceRow> {
        self.rows.get(self.cursor.selected)
    }

    /// Whether a server or a line said that the span whose id was typed is in this trace.
    #[must_use]
    pub fn has_span(&self, trace: TraceId) -> bool {
        self.holders.contains(&trace)
    }

    /// Whether the id that was looked for has 64 bits, and they are the low ones of this trace's.
    #[must_use]
    pub fn is_half_of(&self, trace: TraceId) -> bool {
        self.ask.reference.is_some_and(|reference| is_half_of(reference.trace, trace))
    }

    /// On which span this trace is to open: the one named besides it, or the one whose id was typed and which it has.
    #[must_use]
    pub fn span_in(&self, trace: TraceId) -> Option<SpanId> {
        self.span.or(self.ask.span.filter(|_| self.has_span(trace)))
    }

    /// Whether a server had anything, not the record alone.
    pub(in crate::room) fn has_answers(&self) -> bool {
        self.rows.iter().any(|row| matches!(row, PlaceRow::Trace(_) | PlaceRow::Line(_)))
    }

    /// The traces that are listed.
    pub(in crate::room) fn traces(&self) -> impl Iterator<Item = TraceId> + '_ {
        self.rows.iter().filter_map(|row| if let PlaceRow::Trace(summary) = row { Some(summary.trace) } else { None })
    }

    /// Puts the rows of one kind where they belong: traces, entries, evidence, lines. The selected row stays selected.
    pub(in crate::room) fn add(&mut self, rows: Vec<PlaceRow>) {
        let selected = self.selected().cloned().filter(|_| self.cursor.selected > 0);
        for row in rows {
            // What only its lines told of a trace gives way to what a trace server tells.
            if let PlaceRow::Trace(told) = &row {
                let same = |known: &PlaceRow| {
                    let PlaceRow::Trace(known) = known else { return false };
                    let is_named = known.spans.is_none() && known.root_name.is_empty();
                    known.trace == told.trace || (is_named && is_half_of(known.trace, told.trace))
                };
                self.rows.retain(|known| !same(known));
            }
            if !self.rows.contains(&row) {
                self.rows.push(row);
            }
        }
        self.rows.sort_by_key(|row| match row {
            PlaceRow::Trace(_) => 0,
            PlaceRow::Entry(_) => 1,
            PlaceRow::Evidence(..) => 2,
            PlaceRow::Line(_) => 3,
        });
        let at = selected.and_then(|selected| self.rows.iter().position(|row| *row == selected)).unwrap_or(0);
        self.cursor.reanchor(at, self.rows.len());
    }
}
