//! One trace, whole: asked of every trace server until nothing is missing. Not what it is tied to: that is `ties.rs`.

use std::collections::HashSet;

use crate::domain::trace::{SkewOptions, Tree};
use crate::domain::{Cause, Failure, Keyed, SpanId, Symbol, TraceId, Window};
use crate::port::{Fetched, Ports, Reply};

/// Asks the trace servers in turn until one has it whole: where spans are missing, those of the next are added. The tree is
/// built off the threads that wait.
pub async fn trace(ports: &Ports, id: TraceId, around: Option<Window>) -> Reply<Tree> {
    let mut last = Failure::new("traces", Cause::NotConfigured);
    let mut found: Option<(Symbol, Fetched)> = None;
    for (number, server) in (1..).zip(&ports.traces) {
        match server.trace(id, around).await {
            Ok(fetched) => {
                let (_, all) = match found.take() {
                    Some((name, all)) => found.insert((name, joined(all, fetched))),
                    None => found.insert((server.name().clone(), fetched)),
                };
                // Where nobody is left to be asked, it makes no difference.
                if number < ports.traces.len() && is_whole(all) {
                    break;
                }
            }
            // Of two failures the one that says more than "not here" is told.
            Err(failure) if matches!(failure.cause, Cause::NotFound(_)) && !is_first(&last) => {}
            Err(failure) => last = failure,
        }
    }
    let Some((name, Fetched { spans, partial })) = found else { return Err(last) };
    tokio::task::spawn_blocking(move || Tree::build(id, spans, partial, SkewOptions::default()))
        .await
        .map_err(|_| Failure::new(name, Cause::Malformed("this trace could not be made into a tree".into())))
}

fn joined(mut all: Fetched, more: Fetched) -> Fetched {
    all.spans.extend(more.spans);
    all.partial = match (all.partial, more.partial) {
        (Some(one), Some(other)) => Some(format!("{one}; {other}")),
        (one, other) => one.or(other),
    };
    all
}

const fn is_first(failure: &Failure) -> bool {
    matches!(failure.cause, Cause::NotConfigured)
}

/// Nothing is said to be missing, and every parent that is named is there.
fn is_whole(fetched: &Fetched) -> bool {
    let known: HashSet<SpanId, Keyed> = fetched.spans.iter().map(|span| span.id).collect();
    fetched.partial.is_none()
        && fetched.spans.iter().all(|span| span.parent.is_none_or(|parent| known.contains(&parent)))
}
