//! Makes span ids unique: copies go, and a server span that shares its caller's id (as Zipkin has it) gets one of its
//! own. Not which span is whose child: that is `shape.rs`.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::cell::NONE;
use crate::domain::signal::{Kind, Span};
use crate::domain::{Keyed, SpanId, Timestamp};

/// Where each span stands.
pub(super) type Places = HashMap<SpanId, u32, Keyed>;

/// What was repaired.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Repaired {
    pub copies: u32,
    pub shared: u32,
    pub reused: u32,
}

/// Leaves the spans by raw start, ids unique, so that nothing after this depends on the order in which they came. Gives
/// where each stands, too.
pub(super) fn unify(mut spans: Vec<Span>) -> (Vec<Span>, Places, Repaired) {
    let order = sorted(&spans);
    arrange(&mut spans, order);
    let mut repaired = Repaired::default();
    // Copies of one span sort next to each other.
    spans.dedup_by(|next, kept| {
        let is_copy = same(kept, next);
        repaired.copies += u32::from(is_copy);
        is_copy
    });
    // Every position that an id has: the first is the one that keeps it.
    let mut first = Places::with_capacity_and_hasher(spans.len(), Keyed::default());
    let mut doubles: HashMap<SpanId, Vec<u32>, Keyed> = HashMap::default();
    for (place, span) in (0..).zip(&spans) {
        match first.entry(span.id) {
            Entry::Vacant(free) => {
                free.insert(place);
            }
            Entry::Occupied(taken) => doubles.entry(span.id).or_insert_with(|| vec![*taken.get()]).push(place),
        }
    }
    rename(&mut spans, &mut first, doubles, &mut repaired);
    (spans, first, repaired)
}

/// Puts to every place the item that stands where `order` says, which names each place once. There is no second list: for
/// wide items the room for one costs more than the moves.
pub(super) fn arrange<T>(items: &mut [T], mut order: Vec<u32>) {
    for start in 0..items.len() {
        let mut at = start;
        while let Some(from) = order.get_mut(at).map(|from| std::mem::replace(from, NONE)) {
            // Where a circle of moves began, the item that was carried through it stands already.
            if from == NONE || from as usize == start {
                break;
            }
            items.swap(at, from as usize);
            at = from as usize;
        }
    }
}

/// The numbers of the spans in [`order`]. They are sorted beside the spans, which are wide, and which are asked for more
/// than their start and id only where two have the same.
fn sorted(spans: &[Span]) -> Vec<u32> {
    let mut keys: Vec<(Timestamp, SpanId, u32)> =
        (0..).zip(spans).map(|(at, span)| (span.start, span.id, at)).collect();
    let wide = |at: u32| spans.get(at as usize);
    keys.sort_by(|a, b| {
        (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| match (wide(a.2), wide(b.2)) {
            (Some(a), Some(b)) => order(a, b),
            _ => Ordering::Equal,
        })
    });
    keys.into_iter().map(|(_, _, at)| at).collect()
}

fn rename(spans: &mut [Span], taken: &mut Places, doubles: HashMap<SpanId, Vec<u32>, Keyed>, repaired: &mut Repaired) {
    // Where the children of a shared id belong: below the server's half.
    let mut servers: HashMap<SpanId, SpanId> = HashMap::new();
    let mut doubles: Vec<(SpanId, Vec<u32>)> = doubles.into_iter().filter(|(_, places)| places.len() > 1).collect();
    doubles.sort_unstable_by_key(|(id, _)| *id);
    for (id, places) in doubles {
        let kind = |at: &u32| spans.get(*at as usize).map(|span| span.kind);
        let client = places.iter().copied().find(|at| kind(at) == Some(Kind::Client));
        let server = places.iter().copied().find(|at| kind(at) == Some(Kind::Server));
        let keeper = if server.is_some() { client } else { None }.or_else(|| places.first().copied());
        for at in places {
            if Some(at) == keeper {
                taken.insert(id, at);
                continue;
            }
            let new = unused(id, taken);
            let Some(span) = spans.get_mut(at as usize) else { continue };
            span.id = new;
            taken.insert(new, at);
            if Some(at) == server && client.is_some() {
                repaired.shared += 1;
                span.parent = Some(id);
                span.warnings.push(format!("shared the id {id} with its caller: shown as {new}"));
                servers.insert(id, new);
            } else {
                repaired.reused += 1;
                span.warnings.push(format!("another span has the id {id} too: shown as {new}"));
            }
        }
    }
    if servers.is_empty() {
        return;
    }
    for span in spans {
        if let Some(new) = span.parent.and_then(|parent| servers.get(&parent))
            && *new != span.id
        {
            span.parent = Some(*new);
        }
    }
}

/// An id that no span has, the same for the same trace however its spans were ordered.
fn unused(id: SpanId, taken: &Places) -> SpanId {
    let mut state = id.value();
    loop {
        // SplitMix64: one step visits every number before it repeats.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        if let Some(new) = SpanId::new(mixed ^ (mixed >> 27))
            && !taken.contains_key(&new)
        {
            return new;
        }
    }
}

fn order(a: &Span, b: &Span) -> Ordering {
    (a.start, a.id, a.end, a.kind as u8, a.parent)
        .cmp(&(b.start, b.id, b.end, b.kind as u8, b.parent))
        .then_with(|| a.service.cmp(&b.service))
        .then_with(|| a.name.cmp(&b.name))
        .then_with(|| (a.is_error(), a.attributes.len()).cmp(&(b.is_error(), b.attributes.len())))
}

/// What a decoder had to say of a span does not make it another one.
fn same(a: &Span, b: &Span) -> bool {
    order(a, b).is_eq()
        && a.status == b.status
        && a.attributes == b.attributes
        && a.resource == b.resource
        && a.events == b.events
        && a.links == b.links
}
