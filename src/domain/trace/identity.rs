//! Makes span ids unique: copies go, and a server span that shares its caller's id (as Zipkin has it) gets one of its
//! own. Not which span is whose child: that is `shape.rs`.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::domain::SpanId;
use crate::domain::signal::{Kind, Span};

/// What was repaired.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Repaired {
    pub copies: u32,
    pub shared: u32,
    pub reused: u32,
}

/// Leaves the spans by raw start, ids unique, so that nothing after this depends on the order in which they came.
pub(super) fn unify(spans: Vec<Span>) -> (Vec<Span>, Repaired) {
    let mut spans = spans;
    spans.sort_by(order);
    let mut repaired = Repaired::default();
    let mut kept: Vec<Span> = Vec::with_capacity(spans.len());
    // Every position that an id has: the first is the one that keeps it.
    let mut first: HashMap<SpanId, usize> = HashMap::with_capacity(spans.len());
    let mut doubles: HashMap<SpanId, Vec<usize>> = HashMap::new();
    for span in spans {
        match first.entry(span.id) {
            Entry::Vacant(place) => {
                place.insert(kept.len());
            }
            Entry::Occupied(place) => {
                let others = doubles.entry(span.id).or_insert_with(|| vec![*place.get()]);
                // Copies of one span sort next to each other, so that only the last needs a look.
                if others.last().and_then(|at| kept.get(*at)).is_some_and(|other| same(other, &span)) {
                    repaired.copies += 1;
                    continue;
                }
                others.push(kept.len());
            }
        }
        kept.push(span);
    }
    rename(&mut kept, &first, doubles, &mut repaired);
    (kept, repaired)
}

fn rename(
    spans: &mut [Span],
    taken: &HashMap<SpanId, usize>,
    doubles: HashMap<SpanId, Vec<usize>>,
    repaired: &mut Repaired,
) {
    let mut fresh: HashMap<SpanId, ()> = HashMap::new();
    // Where the children of a shared id belong: below the server's half.
    let mut servers: HashMap<SpanId, SpanId> = HashMap::new();
    let mut doubles: Vec<(SpanId, Vec<usize>)> = doubles.into_iter().filter(|(_, places)| places.len() > 1).collect();
    doubles.sort_unstable_by_key(|(id, _)| *id);
    for (id, places) in doubles {
        let kind = |at: &usize| spans.get(*at).map(|span| span.kind);
        let client = places.iter().copied().find(|at| kind(at) == Some(Kind::Client));
        let server = places.iter().copied().find(|at| kind(at) == Some(Kind::Server));
        let keeper = if server.is_some() { client } else { None }.or_else(|| places.first().copied());
        for at in places {
            if Some(at) == keeper {
                continue;
            }
            let new = unused(id, taken, &mut fresh);
            let Some(span) = spans.get_mut(at) else { continue };
            span.id = new;
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
fn unused(id: SpanId, taken: &HashMap<SpanId, usize>, fresh: &mut HashMap<SpanId, ()>) -> SpanId {
    let mut state = id.value();
    loop {
        // SplitMix64: one step visits every number before it repeats.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        if let Some(new) = SpanId::new(mixed ^ (mixed >> 27))
            && !taken.contains_key(&new)
            && fresh.insert(new, ()).is_none()
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
