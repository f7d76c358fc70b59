//! Reads what one trace is tied to: the traces that it links to and that link to it, and those that may go on where its
//! context was lost. Asks a few questions at a time and never more than its budget.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;

use super::whole;
use crate::domain::signal::Kind;
use crate::domain::trace::{Attached, Propagation, Reason, Tree, links, open_ends, proposals, stitches};
use crate::domain::{Cause, Failure, Symbol, TraceId, Window};
use crate::port::{Ports, Reply, Search};

/// Linked traces that are read, in each direction.
const LINKED: usize = 8;
/// Traces that are read for the sake of proposals.
const CANDIDATES: usize = 24;
const AT_ONCE: usize = 4;
/// How many services are looked up to see whether they send spans.
const LOOKED_UP: usize = 4;
/// How far before a trace its message may have been sent, and after it consumed.
const FAR: Duration = Duration::from_secs(10 * 60);
/// Around a call, for the clocks.
const NEAR: Duration = Duration::from_secs(2);
const A_DAY: Duration = Duration::from_secs(24 * 3_600);

pub(in crate::runtime) async fn of(
    ports: &Ports,
    tree: Arc<Tree>,
    traced: Vec<Symbol>,
    entrypoints: Vec<Symbol>,
    business_keys: Vec<Symbol>,
) -> Reply<(Vec<Attached>, Propagation)> {
    let traced = traced_too(ports, &tree, traced).await;
    let propagation = Propagation::of(&tree, &traced, &entrypoints);
    let linked = linked(ports, &tree).await;
    let candidates = candidates(ports, &tree, &propagation).await;
    let joined = tokio::task::spawn_blocking(move || {
        let mut attached = links(&tree, &linked);
        let mut ends = open_ends(&tree, &propagation.gaps, &business_keys);
        for other in &candidates {
            let gaps = Propagation::of(other, &traced, &entrypoints).gaps;
            ends.extend(open_ends(other, &gaps, &business_keys));
        }
        attached.extend(proposals(&tree, &stitches(&ends)));
        attached.sort_by_key(|attached| attached.row);
        (attached, propagation)
    });
    joined.await.map_err(|_| Failure::new("traces", Cause::Malformed("the trace's links could not be followed".into())))
}

/// The services that are known to send spans, and those among the called that turn out to.
async fn traced_too(ports: &Ports, tree: &Tree, mut traced: Vec<Symbol>) -> Vec<Symbol> {
    let mut unknown: BTreeSet<Symbol> = BTreeSet::new();
    for node in tree.rows().filter(|node| node.kind == Kind::Client && !node.has_children()) {
        let Some(span) = node.span else { continue };
        let is_store = ["db.system", "db.system.name"].iter().any(|key| span.attribute(key).is_some());
        let called = ["peer.service", "server.address"].iter().find_map(|key| span.attribute(key));
        if let Some(called) = called.filter(|_| !is_store).map(|value| Symbol::from(value.to_string()))
            && tree.services().binary_search(&called).is_err()
            && !traced.contains(&called)
        {
            unknown.insert(called);
        }
    }
    let around = tree.around(FAR, FAR);
    let window = Window { start: around.end.minus(A_DAY), ..around };
    for service in unknown.into_iter().take(LOOKED_UP) {
        let search = Search { service: Some(service.clone()), ..Search::default() };
        if !search_all(ports, &search, window, 1).await.is_empty() {
            traced.push(service);
        }
    }
    traced
}

async fn linked(ports: &Ports, tree: &Tree) -> Vec<Tree> {
    let spans = tree.rows().filter_map(|node| node.span);
    let out: BTreeSet<TraceId> = spans.flat_map(|span| &span.links).map(|link| link.trace).collect();
    let out = out.into_iter().filter(|trace| *trace != tree.trace()).take(LINKED);
    let mut wanted: Vec<TraceId> = out.collect();
    let sends = tree.rows().any(|node| node.kind == Kind::Producer);
    let window = tree.around(NEAR, FAR);
    if sends {
        let search = Search { linked_to: Some(tree.trace()), ..Search::default() };
        wanted.extend(search_all(ports, &search, window, LINKED).await);
    }
    let around = tree.around(FAR, FAR);
    read(ports, wanted, around).await
}

/// Traces in which the other end of a gap may be: those of the called service during the call, those around a trace that
/// begins inside, those that sent to what was consumed.
async fn candidates(ports: &Ports, tree: &Tree, found: &Propagation) -> Vec<Tree> {
    let mut wanted: Vec<TraceId> = Vec::new();
    for gap in found.gaps.iter().take(LOOKED_UP) {
        let Some(node) = tree.row(gap.row) else { continue };
        let near = Window { start: node.start.minus(NEAR), end: node.end_time.plus(NEAR) };
        let before = Window { start: node.start.minus(FAR), end: node.end_time.plus(NEAR) };
        let (search, window) = match &gap.reason {
            Reason::NoServer(called) => (Search { service: Some(called.clone()), ..Search::default() }, near),
            // A call ends after what it called, and may have begun some seconds before.
            Reason::BeginsInside(_) => {
                (Search::default(), Window { start: near.start.minus(Duration::from_secs(10)), ..near })
            }
            Reason::NoLink(destination) => {
                let attribute = Some(("messaging.destination.name".into(), destination.clone()));
                (Search { attribute, ..Search::default() }, before)
            }
            Reason::MissingSpan(_) | Reason::Split(_) => continue,
        };
        let found = search_all(ports, &search, window, CANDIDATES).await;
        wanted.extend(found.into_iter().filter(|trace| *trace != tree.trace()));
    }
    wanted.truncate(CANDIDATES);
    let around = tree.around(FAR, FAR);
    read(ports, wanted, around).await
}

/// From every server: what one has not indexed yet another may have. One that cannot answer, for instance because it does
/// not search by links, is passed over; the links that the trace itself names are known without it.
async fn search_all(ports: &Ports, search: &Search, window: Window, limit: usize) -> Vec<TraceId> {
    let mut found: Vec<TraceId> = Vec::new();
    for server in &ports.traces {
        let listing = server.search(search, window, limit).await.unwrap_or_default();
        found.extend(listing.rows.into_iter().map(|row| row.trace));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Each once; what cannot be read is left out.
async fn read(ports: &Ports, mut wanted: Vec<TraceId>, around: Window) -> Vec<Tree> {
    wanted.sort_unstable();
    wanted.dedup();
    let read: Vec<Reply<Tree>> = futures_util::stream::iter(wanted)
        .map(|id| async move { whole::trace(ports, id, Some(around)).await })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    read.into_iter().filter_map(Result::ok).collect()
}
