//! The gap report over an incident's traces: which edges between services lose the context, how often and why; which
//! services write logs and no spans; whose error lines name no trace. Reads no server: it is given what was read.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::super::header::parse_reference;
use super::super::tree::Tree;
use super::counted::{Of, Silent, speaking};
use super::forms::{Vendor, low_half};
use super::mend::hop;
use super::propagation::{Arrival, Propagation, Reason, own};
use super::stitch::{End, Stitch, open_ends, stitches};
use crate::domain::signal::{Level, Line};
use crate::domain::{Symbol, Timestamp, TraceId};

/// Rows of each list that are kept; what is beyond is counted.
const MOST: usize = 200;

/// A step from one service to another that lost the context.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edge {
    /// `G1` to `G4`, `G6`.
    pub code: String,
    /// `?` when nobody knows.
    pub from: Symbol,
    pub to: Symbol,
    pub traces: u32,
    /// The traces that were read, of those found.
    pub of: Of,
    /// How many of them a proposal leads over, and the mean score of those.
    pub linked: u32,
    pub score: Option<f64>,
    /// In words, for one of the traces.
    pub reason: String,
    /// The hop that most likely drops the context, and why it is thought so.
    pub hop: String,
    pub example: TraceId,
}

/// A service whose lines speak another vendor's ids (G5).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Foreign {
    pub service: Symbol,
    pub vendor: String,
    pub lines: u32,
    /// The lines that were read, of those in the window.
    pub of: Of,
    /// One of the ids as it was written, and as the trace id that it stands for.
    pub example: String,
    pub trace: TraceId,
    /// Lines whose id is that of a trace that was read, by its low half.
    pub matched: u32,
}

/// Error lines of a service, and how many of them name no trace (G8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unnamed {
    pub service: Symbol,
    pub lines: u32,
    pub without: u32,
    /// The lines that were read, of any level and service, of those in the window.
    pub of: Of,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Traces that were read, and how many of them are whole.
    pub traces: u32,
    pub whole: u32,
    /// What these and the counts of the edges are of: the traces that were read, of those found.
    pub of_traces: Of,
    /// Left out, since their spans still come in.
    pub arriving: u32,
    /// The part of all steps between services that is whole, 0 to 1.
    pub complete: f64,
    /// The most frequent first.
    pub edges: Vec<Edge>,
    pub foreign: Vec<Foreign>,
    /// Services with logs and no spans (G7).
    pub silent: Vec<Silent>,
    /// Databases and caches with logs that the traces call: no spans of their own is no gap.
    pub stores: Vec<Silent>,
    /// Services with error lines that name no trace, the most such lines first.
    pub unnamed: Vec<Unnamed>,
    /// Log lines that were looked at, and how many of them name no trace.
    pub lines: u32,
    pub lines_without: u32,
    /// What the counts of lines are of: the lines that were read, of those in the window.
    pub of_lines: Of,
    /// What could not be read, in words.
    pub problems: Vec<String>,
    #[serde(skip)]
    pub stitches: Vec<Stitch>,
}

/// What is known beside the traces.
#[derive(Clone, Debug, Default)]
pub struct Known<'a> {
    pub entrypoints: &'a [Symbol],
    pub business_keys: &'a [Symbol],
    /// Services that send spans, those of the traces that were read included or not.
    pub traced: &'a [Symbol],
    pub lines: &'a [Line],
    /// What the log server counted in the window, by service; `None` when it was not asked or did not say.
    pub counts: Option<&'a [(Symbol, u64)]>,
    /// The log server had more lines than were read.
    pub more_lines: bool,
    /// Traces that the searches found, and whether one of them stopped at its limit.
    pub found: u64,
    pub more_traces: bool,
}

impl Report {
    /// `now` tells which traces are still arriving.
    #[must_use]
    pub fn of(trees: &[Tree], known: &Known<'_>, now: Timestamp) -> Self {
        let mut traced: BTreeSet<Symbol> = known.traced.iter().cloned().collect();
        traced.extend(trees.iter().flat_map(|tree| tree.services().iter().cloned()));
        let list: Vec<Symbol> = traced.iter().cloned().collect();
        let of_lines = of_lines(known);
        let without = known.lines.iter().filter(|line| is_nameless(line)).count();
        let mut report =
            Self { lines: count(known.lines.len()), lines_without: count(without), of_lines, ..Self::default() };
        let mut ends: Vec<End> = Vec::new();
        let mut gaps: Vec<(&Tree, Propagation)> = Vec::new();
        let (mut steps, mut broken) = (0_u64, 0_u64);
        for tree in trees {
            if matches!(Arrival::of(tree, now), Arrival::Arriving { .. }) {
                report.arriving += 1;
                continue;
            }
            let found = Propagation::of(tree, &list, known.entrypoints);
            report.traces += 1;
            report.whole += u32::from(found.gaps.is_empty());
            steps += u64::from(found.steps);
            broken += found.gaps.iter().filter(|gap| !matches!(gap.reason, Reason::Split(_))).count() as u64;
            ends.extend(open_ends(tree, &found.gaps, known.business_keys));
            gaps.push((tree, found));
        }
        let found = known.found.max(trees.len() as u64);
        report.of_traces = Of { read: u64::from(report.traces), all: Some(found), at_least: known.more_traces };
        report.complete = 1.0 - broken as f64 / steps.max(1) as f64;
        report.stitches = stitches(&ends);
        report.foreign = foreign(known.lines, trees, of_lines);
        report.edges = edges(&gaps, &report.stitches, &report.foreign);
        report.edges.iter_mut().for_each(|edge| edge.of = report.of_traces);
        let stores = stores(trees);
        (report.stores, report.silent) =
            silent(known, &traced).into_iter().partition(|silent| stores.contains(&silent.service));
        report.unnamed = unnamed(known.lines, of_lines);
        report
    }

    /// Neither a broken edge nor a silent service.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.edges.is_empty() && self.foreign.is_empty() && self.silent.is_empty() && self.unnamed.is_empty()
    }
}

fn edges(gaps: &[(&Tree, Propagation)], stitches: &[Stitch], foreign: &[Foreign]) -> Vec<Edge> {
    let linked: Vec<&Stitch> = stitches.iter().filter(|stitch| stitch.linked).collect();
    let mut by_from = BTreeMap::new();
    let mut by_to = BTreeMap::new();
    for stitch in &linked {
        by_from.insert((stitch.from.trace, stitch.from.span), *stitch);
        by_to.insert((stitch.to.trace, stitch.to.span), *stitch);
    }
    let mut edges = Edges::new();
    let unknown = Symbol::from("?");
    let mut unsent = BTreeSet::new();
    for (tree, found) in gaps {
        // An edge counts a trace once, however often the trace goes over it.
        let mut seen = BTreeSet::new();
        for gap in &found.gaps {
            let Some(node) = tree.row(gap.row) else { continue };
            let place = node.span.map(|span| (tree.trace(), span.id));
            let (from, to, stitch) = match &gap.reason {
                Reason::NoServer(called) => {
                    (node.service.clone(), called.clone(), place.and_then(|at| by_from.get(&at)))
                }
                Reason::BeginsInside(service) => {
                    let stitch = place.and_then(|at| by_to.get(&at));
                    (
                        stitch.map_or_else(|| unknown.clone(), |stitch| stitch.from.service.clone()),
                        service.clone(),
                        stitch,
                    )
                }
                Reason::NoLink(destination) => {
                    let stitch = place.and_then(|at| by_to.get(&at));
                    let sender = stitch.map(|stitch| stitch.from.service.clone());
                    if sender.is_none() {
                        unsent.insert((destination.clone(), node.service.clone()));
                    }
                    (sender.unwrap_or_else(|| destination.clone()), node.service.clone(), stitch)
                }
                Reason::MissingSpan(_) | Reason::Split(_) => {
                    let parent = node.parent.and_then(|row| tree.row(row)).map(|parent| parent.service.clone());
                    let below = tree.children(gap.row).next().and_then(|row| tree.row(row));
                    let to = below.map_or_else(|| unknown.clone(), |below| below.service.clone());
                    (parent.filter(|_| tree.has_root()).unwrap_or_else(|| unknown.clone()), to, None)
                }
            };
            let key = (gap.reason.code(), from.clone(), to.clone());
            if !seen.insert(key.clone()) {
                continue;
            }
            let (edge, sum) = edges.entry(key).or_insert_with(|| {
                let speaks = foreign.iter().find(|foreign| foreign.service == to);
                let hop = hop(&gap.reason, &from, &to, speaks.map(|speaks| speaks.vendor.as_str()));
                let (code, reason) = (gap.reason.code().to_owned(), gap.reason.to_string());
                let (of, example) = (Of::default(), tree.trace());
                let edge = Edge { code, from, to, traces: 0, of, linked: 0, score: None, reason, hop, example };
                (edge, 0.0)
            });
            edge.traces += 1;
            if let Some(stitch) = stitch {
                edge.linked += 1;
                *sum += stitch.score;
            }
        }
    }
    let mut edges: Vec<Edge> = named_callers(edges, &unsent)
        .into_values()
        .map(|(edge, sum)| Edge { score: (edge.linked > 0).then(|| sum / f64::from(edge.linked)), ..edge })
        .collect();
    edges.sort_by(|a, b| {
        b.traces.cmp(&a.traces).then_with(|| (&a.code, &a.from, &a.to).cmp(&(&b.code, &b.from, &b.to)))
    });
    edges.truncate(MOST);
    edges
}

type Edges = BTreeMap<(&'static str, Symbol, Symbol), (Edge, f64)>;

/// A part whose caller was not read, but whose like were all called by one service, was most likely called by it too. So
/// with a message whose sender was not read: `unsent` are the destinations that stand in a sender's place.
fn named_callers(mut edges: Edges, unsent: &BTreeSet<(Symbol, Symbol)>) -> Edges {
    let is_nameless = |(code, from, to): &(&'static str, Symbol, Symbol)| match *code {
        "G3" => *from == "?",
        _ => unsent.contains(&(from.clone(), to.clone())),
    };
    let nameless: Vec<(&'static str, Symbol, Symbol)> = edges.keys().filter(|key| is_nameless(key)).cloned().collect();
    for key in nameless {
        let alike =
            |other: &&(&'static str, Symbol, Symbol)| other.0 == key.0 && other.2 == key.2 && !is_nameless(other);
        let known: Vec<(&'static str, Symbol, Symbol)> = edges.keys().filter(alike).cloned().collect();
        if let [only] = known.as_slice()
            && let Some((lost, _)) = edges.remove(&key)
            && let Some((edge, _)) = edges.get_mut(only)
        {
            edge.traces += lost.traces;
        }
    }
    edges
}

fn foreign(lines: &[Line], trees: &[Tree], of: Of) -> Vec<Foreign> {
    let halves: BTreeMap<u64, TraceId> = trees.iter().map(|tree| (low_half(tree.trace()), tree.trace())).collect();
    let mut found: BTreeMap<(Symbol, &'static str), Foreign> = BTreeMap::new();
    for line in lines {
        let text = line.raw.to_lowercase();
        let Some(vendor) = Vendor::of_field(&text).filter(|vendor| *vendor != Vendor::W3c) else { continue };
        let Some(reference) = parse_reference(&line.raw) else { continue };
        let entry = found.entry((line.service.clone(), vendor.word())).or_insert_with(|| Foreign {
            service: line.service.clone(),
            vendor: vendor.word().to_owned(),
            lines: 0,
            of,
            example: vendor.write(reference.trace, None),
            trace: reference.trace,
            matched: 0,
        });
        entry.lines += 1;
        // What the vendor wrote is a half; the whole is known where such a trace was read.
        if let Some(whole) = halves.get(&low_half(reference.trace)) {
            if entry.matched == 0 {
                (entry.example, entry.trace) = (vendor.write(reference.trace, None), *whole);
            }
            entry.matched += 1;
        }
    }
    let mut found: Vec<Foreign> = found.into_values().collect();
    found.sort_by(|a, b| b.lines.cmp(&a.lines).then_with(|| a.service.cmp(&b.service)));
    found.truncate(MOST);
    found
}

/// What spans that speak to a database call it.
fn stores(trees: &[Tree]) -> BTreeSet<Symbol> {
    let rows = trees.iter().flat_map(Tree::rows);
    let calls = rows.filter(|node| ["db.system", "db.system.name"].iter().any(|key| own(node, key).is_some()));
    let names = |node| ["server.address", "peer.service"].into_iter().filter_map(move |key| own(&node, key));
    calls.flat_map(names).map(Symbol::from).collect()
}

fn silent(known: &Known<'_>, traced: &BTreeSet<Symbol>) -> Vec<Silent> {
    let speaking = speaking(known.lines, known.counts).into_iter().filter(|(service, _)| !traced.contains(service));
    speaking.map(|(service, (lines, counted))| Silent { service, lines, counted }).take(MOST).collect()
}

/// The lines that were read, of as many as the log server counted in the window.
fn of_lines(known: &Known<'_>) -> Of {
    let read = known.lines.len() as u64;
    let counted = known.counts.map(|counts| counts.iter().map(|(_, lines)| lines).sum());
    let all = if known.more_lines { counted } else { Some(counted.unwrap_or(read)) };
    Of { read, all: all.map(|all: u64| all.max(read)), at_least: false }
}

fn is_nameless(line: &Line) -> bool {
    line.trace.is_none() && parse_reference(&line.raw).is_none()
}

fn unnamed(lines: &[Line], of: Of) -> Vec<Unnamed> {
    let mut found: BTreeMap<&Symbol, (u32, u32)> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.level >= Level::Error) {
        let (all, without) = found.entry(&line.service).or_default();
        *all += 1;
        *without += u32::from(is_nameless(line));
    }
    let mut found: Vec<Unnamed> = found
        .into_iter()
        .filter(|(_, (_, without))| *without > 0)
        .map(|(service, (lines, without))| Unnamed { service: service.clone(), lines, without, of })
        .collect();
    found.sort_by(|a, b| b.without.cmp(&a.without).then_with(|| a.service.cmp(&b.service)));
    found.truncate(MOST);
    found
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
