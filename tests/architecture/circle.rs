//! Circles between files: the shortest one through each knot, so that the message shows what to cut.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// From one file to another, and the line where it does so.
pub type Edges = BTreeMap<usize, BTreeMap<usize, usize>>;

/// The shortest way from `start` back to itself: the files in order, `start` first.
fn shortest(edges: &Edges, start: usize) -> Option<Vec<usize>> {
    let mut came_from: BTreeMap<usize, usize> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for next in edges.get(&at).into_iter().flat_map(BTreeMap::keys) {
            if *next == start {
                let mut way = vec![at];
                while let Some(before) = way.last().and_then(|last| came_from.get(last)) {
                    way.push(*before);
                }
                way.reverse();
                return Some(way);
            }
            if !came_from.contains_key(next) {
                came_from.insert(*next, at);
                queue.push_back(*next);
            }
        }
    }
    None
}

/// One circle for each file that is on one, none twice.
pub fn circles(edges: &Edges) -> Vec<Vec<usize>> {
    let mut seen: BTreeSet<BTreeSet<usize>> = BTreeSet::new();
    edges
        .keys()
        .filter_map(|start| shortest(edges, *start))
        .filter(|way| seen.insert(way.iter().copied().collect()))
        .collect()
}
