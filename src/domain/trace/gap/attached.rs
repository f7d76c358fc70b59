//! What hangs on a row of a trace and is not of the trace: links to other traces, in and out, and proposals of where it
//! goes on. Drawn beside the tree, never merged into it.

use std::collections::BTreeMap;

use super::super::tree::{Node, Tree};
use super::stitch::{Place, Stitch};
use crate::domain::signal::Kind;
use crate::domain::{SpanId, Symbol, TraceId};

/// Rows that hang on one trace.
const MOST: usize = 64;

#[derive(Clone, Debug, PartialEq)]
pub enum Tie {
    /// The span names another as where its work came from.
    To,
    /// A span of another trace names this one.
    From,
    /// Nobody says so; the score does.
    Proposed(Box<Stitch>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Attached {
    /// The row of the tree that it hangs on.
    pub row: u32,
    pub tie: Tie,
    pub trace: TraceId,
    pub span: Option<SpanId>,
    /// The span at the other end, when its trace could be read.
    pub other: Option<Place>,
    /// From the end of the sender to the start of the consumer, when both were read; never adjusted by a clock.
    pub lag_nanos: Option<i64>,
}

/// The links of a tree, each a row of its own, with what is known of the other ends: `others` are the traces that they
/// lead to, as far as they were read.
#[must_use]
pub fn links(tree: &Tree, others: &[Tree]) -> Vec<Attached> {
    let by_id: BTreeMap<TraceId, &Tree> = others.iter().map(|other| (other.trace(), other)).collect();
    let mut rows = Vec::new();
    for node in tree.rows() {
        let Some(span) = node.span else { continue };
        for link in span.links.iter().filter(|link| link.trace != tree.trace() || link.span != Some(span.id)) {
            let other = by_id.get(&link.trace).and_then(|other| other.row(other.by_id(link.span?)?));
            rows.push(Attached {
                row: node.row,
                tie: Tie::To,
                trace: link.trace,
                span: link.span,
                lag_nanos: other.as_ref().and_then(|other| lag(other, &node)),
                other: other.and_then(|other| place(link.trace, &other)),
            });
        }
    }
    for other in others.iter().filter(|other| other.trace() != tree.trace()) {
        for theirs in other.rows() {
            let Some(span) = theirs.span else { continue };
            for link in span.links.iter().filter(|link| link.trace == tree.trace()) {
                let Some(row) = link.span.and_then(|span| tree.by_id(span)).or(Some(0)) else { continue };
                let Some(node) = tree.row(row) else { continue };
                rows.push(Attached {
                    row,
                    tie: Tie::From,
                    trace: other.trace(),
                    span: Some(span.id),
                    other: place(other.trace(), &theirs),
                    lag_nanos: lag(&node, &theirs),
                });
            }
        }
    }
    rows.sort_by_key(|attached| (attached.row, attached.trace, attached.span));
    rows.truncate(MOST);
    rows
}

/// The proposals that touch a tree, on the rows at which it ends or begins too early.
#[must_use]
pub fn proposals(tree: &Tree, stitches: &[Stitch]) -> Vec<Attached> {
    let mut rows: Vec<Attached> = stitches
        .iter()
        .filter_map(|stitch| {
            let (own, other) = if stitch.from.trace == tree.trace() {
                (&stitch.from, &stitch.to)
            } else if stitch.to.trace == tree.trace() {
                (&stitch.to, &stitch.from)
            } else {
                return None;
            };
            let lag = stitch.to.start.since(stitch.from.end);
            Some(Attached {
                row: tree.by_id(own.span)?,
                tie: Tie::Proposed(Box::new(stitch.clone())),
                trace: other.trace,
                span: Some(other.span),
                other: Some(other.clone()),
                lag_nanos: stitch.is_message.then_some(lag),
            })
        })
        .collect();
    rows.truncate(MOST);
    rows
}

fn place(trace: TraceId, node: &Node<'_>) -> Option<Place> {
    let span = node.span?;
    let (service, name): (Symbol, Symbol) = (span.service.clone(), span.name.clone());
    Some(Place { trace, span: span.id, service, name, start: node.start, end: node.end_time })
}

fn lag(sender: &Node<'_>, consumer: &Node<'_>) -> Option<i64> {
    let is_message = sender.kind == Kind::Producer || consumer.kind == Kind::Consumer;
    is_message.then(|| consumer.start.since(sender.end_time))
}
