//! A failing trace beside a healthy one of the same kind: which spans each has that the other has not, and which took
//! longer. Also which of some healthy traces is the best twin. Not how the two are drawn.

use std::collections::{BTreeMap, HashMap};

use super::set::Operation;
use super::tree::{Node, Tree};
use crate::domain::signal::Value;

/// A difference of less than this share of the slower trace is none.
const NOTABLE: f64 = 0.01;
/// Attributes of a pair that differ and are told.
const MOST_VALUES: usize = 4;

/// One line of the comparison, in the order of the trace with the twin's own spans where they would stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The row of the trace, and of the twin; one of them is there.
    pub here: Option<u32>,
    pub twin: Option<u32>,
    pub depth: u16,
    /// By how much it took longer here; the whole of a span that only one of them has.
    pub longer_nanos: i64,
    /// Attributes that differ: key, here, in the twin. What names a single request is left out.
    pub values: Vec<(String, String, String)>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    pub pairs: Vec<Pair>,
    pub only_here: u32,
    pub only_twin: u32,
    pub slower: u32,
}

impl Comparison {
    /// Spans are paired below paired parents by service, name and their place among those of one name; a call that has
    /// another name in the twin stands beside it when both are the only ones left of their kind and dependency.
    #[must_use]
    pub fn of(here: &Tree, twin: &Tree) -> Self {
        let mut found = Self::default();
        let least = (here.duration_nanos().max(twin.duration_nanos()) as f64 * NOTABLE) as i64;
        // Pairs of rows whose lines come next; a stack, so that the lines stand in pre-order.
        let mut waiting: Vec<(Option<u32>, Option<u32>, u16)> = vec![(first(here), first(twin), 0)];
        while let Some((ours, theirs, depth)) = waiting.pop() {
            let (a, b) = (ours.and_then(|row| here.row(row)), theirs.and_then(|row| twin.row(row)));
            let longer = match (&a, &b) {
                (Some(a), Some(b)) => a.duration_nanos.saturating_sub(b.duration_nanos),
                (Some(a), None) => a.duration_nanos,
                (None, Some(b)) => -b.duration_nanos,
                (None, None) => continue,
            };
            match (&a, &b) {
                (Some(_), None) => found.only_here += 1,
                (None, Some(_)) => found.only_twin += 1,
                _ => found.slower += u32::from(longer > least),
            }
            let values = match (&a, &b) {
                (Some(a), Some(b)) => differing(a, b),
                _ => Vec::new(),
            };
            found.pairs.push(Pair { here: ours, twin: theirs, depth, longer_nanos: longer, values });
            let children = |tree: &Tree, row: Option<u32>| -> Vec<u32> {
                row.map(|row| tree.children(row).collect()).unwrap_or_default()
            };
            let mut below = matched(here, &children(here, ours), twin, &children(twin, theirs));
            below.reverse();
            waiting.extend(below.into_iter().map(|(ours, theirs)| (ours, theirs, depth.saturating_add(1))));
        }
        found
    }

    /// The line of a row of the trace.
    #[must_use]
    pub fn of_row(&self, row: u32) -> Option<&Pair> {
        self.pairs.iter().find(|pair| pair.here == Some(row))
    }

    /// How alike the two are in structure, 0 to 1.
    #[must_use]
    pub fn likeness(&self) -> f64 {
        let both = self.pairs.iter().filter(|pair| pair.here.is_some() && pair.twin.is_some()).count();
        both as f64 / self.pairs.len().max(1) as f64
    }
}

fn first(tree: &Tree) -> Option<u32> {
    tree.row(0).map(|node| node.row)
}

/// Children in the order of the trace, those of the twin alone after the pair that they follow.
fn matched(here: &Tree, ours: &[u32], twin: &Tree, theirs: &[u32]) -> Vec<(Option<u32>, Option<u32>)> {
    let mut waiting: HashMap<Operation, Vec<u32>> = HashMap::new();
    for row in theirs.iter().rev() {
        if let Some(node) = twin.row(*row) {
            waiting.entry(operation(&node)).or_default().push(*row);
        }
    }
    let mut pairs: Vec<(Option<u32>, Option<u32>)> = Vec::new();
    for row in ours {
        let partner = here.row(*row).and_then(|node| waiting.get_mut(&operation(&node))?.pop());
        pairs.push((Some(*row), partner));
    }
    // What was called, where the name of the call differs: `GET tariff` for `BLPOP tariff:lock`.
    let mut called: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    let mut left: Vec<u32> = waiting.into_values().flatten().collect();
    left.sort_unstable();
    for row in left.iter().rev() {
        if let Some(name) = twin.row(*row).and_then(|node| callee(&node)) {
            called.entry(name).or_default().push(*row);
        }
    }
    for (row, partner) in pairs.iter_mut().filter(|(_, partner)| partner.is_none()) {
        let name = row.and_then(|row| here.row(row)).and_then(|node| callee(&node));
        *partner = name.and_then(|name| called.get_mut(&name)?.pop());
        left.retain(|row| Some(*row) != *partner);
    }
    for row in left {
        let before = |pair: &(Option<u32>, Option<u32>)| pair.1.is_some_and(|partner| partner < row);
        let at = pairs.iter().rposition(before).map_or(0, |at| at + 1);
        pairs.insert(at, (None, Some(row)));
    }
    pairs
}

fn operation(node: &Node<'_>) -> Operation {
    Operation { service: node.service.clone(), name: node.name.into() }
}

fn callee(node: &Node<'_>) -> Option<String> {
    let span = node.span?;
    let keys = ["peer.service", "server.address", "db.system", "db.system.name", "messaging.system"];
    let value = keys.iter().find_map(|key| span.attributes.iter().find(|(name, _)| name.as_str() == *key))?;
    Some(format!("{} {:?} {}", span.service, span.kind, value.1))
}

/// Of both the same key and another value; names of single requests would always differ.
fn differing(a: &Node<'_>, b: &Node<'_>) -> Vec<(String, String, String)> {
    let (Some(ours), Some(theirs)) = (a.span, b.span) else { return Vec::new() };
    let mut found: Vec<(String, String, String)> = Vec::new();
    let pairs = ours.attributes.iter().chain(ours.resource.iter());
    for (key, value) in pairs.filter(|(key, _)| !names_one(key)) {
        let other = theirs.attribute(key);
        if other.is_some_and(|other| other != value) {
            let other = other.map(Value::to_string).unwrap_or_default();
            found.push((key.to_string(), value.to_string(), other));
        }
    }
    if ours.name != theirs.name {
        found.insert(0, ("name".to_owned(), ours.name.to_string(), theirs.name.to_string()));
    }
    found.truncate(MOST_VALUES);
    found
}

fn names_one(key: &str) -> bool {
    key.ends_with("_id")
        || key.ends_with(".id")
        || key.ends_with("message.key")
        || key.starts_with("k8s.")
        || key.starts_with("host.")
        || key.starts_with("thread.")
        || key.starts_with("process.")
        || key.contains("offset")
        || key.contains("partition")
        || key.contains("status")
}

/// How much less alike than the best a candidate may be.
const NEARLY_AS_ALIKE: f64 = 0.2;

/// The healthiest stand-in: of the same root, without an error, about as alike in structure as any; of those the most
/// usual shape, then the nearest to their median duration, then the latest. `None` when none is healthy and of the kind.
#[must_use]
pub fn choose_twin(of: &Tree, candidates: &[Tree]) -> Option<usize> {
    let root = |tree: &Tree| tree.row(0).filter(|node| node.span.is_some()).map(|node| operation(&node));
    let wanted = root(of)?;
    let mut healthy: Vec<(usize, &Tree, f64)> = candidates
        .iter()
        .enumerate()
        .filter(|(_, tree)| tree.trace() != of.trace() && tree.errors() == 0 && root(tree).as_ref() == Some(&wanted))
        .map(|(at, tree)| (at, tree, Comparison::of(of, tree).likeness()))
        .collect();
    let best = healthy.iter().map(|(_, _, likeness)| *likeness).fold(0.0, f64::max);
    healthy.retain(|(_, _, likeness)| *likeness >= best - NEARLY_AS_ALIKE);
    let shape = |tree: &Tree| -> Vec<Operation> {
        let mut shape: Vec<Operation> = tree.rows().map(|node| operation(&node)).collect();
        shape.sort();
        shape
    };
    let mut shapes: HashMap<Vec<Operation>, u32> = HashMap::new();
    for (_, tree, _) in &healthy {
        *shapes.entry(shape(tree)).or_default() += 1;
    }
    let mut durations: Vec<i64> = healthy.iter().map(|(_, tree, _)| tree.duration_nanos()).collect();
    durations.sort_unstable();
    let median = durations.get(durations.len() / 2).copied()?;
    let usual = |tree: &Tree| shapes.get(&shape(tree)).copied().unwrap_or(0);
    healthy
        .into_iter()
        .max_by_key(|(_, tree, _)| {
            (usual(tree), std::cmp::Reverse(tree.duration_nanos().abs_diff(median)), tree.start(), tree.trace())
        })
        .map(|(at, _, _)| at)
}
