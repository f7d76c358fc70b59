//! One trace, whole: asked of every trace server until nothing is missing. Not what it is tied to: that is `ties.rs`.

use std::collections::HashSet;

use futures_util::StreamExt;

use crate::domain::trace::{SkewOptions, Tree};
use crate::domain::{Cause, Failure, SpanId, Symbol, TraceId, Window};
use crate::port::{Fetched, Ports, Reply};

/// Asks the trace servers in turn until one has it whole: where spans are missing, those of the next are added. The tree is
/// built off the threads that wait.
pub async fn trace(ports: &Ports, id: TraceId, around: Option<Window>) -> Reply<Tree> {
    let mut last = Failure::new("traces", Cause::NotConfigured);
    let mut found: Option<(Symbol, Fetched)> = None;
    let mut servers = futures_util::stream::iter(&ports.traces);
    while let Some(server) = servers.next().await {
        match server.trace(id, around).await {
            Ok(fetched) => {
                let (_, all) = found.get_or_insert_with(|| (server.name().clone(), Fetched::default()));
                all.spans.extend(fetched.spans);
                all.partial = match (all.partial.take(), fetched.partial) {
                    (Some(one), Some(other)) => Some(format!("{one}; {other}")),
                    (one, other) => one.or(other),
                };
                if is_whole(all) {
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

const fn is_first(failure: &Failure) -> bool {
    matches!(failure.cause, Cause::NotConfigured)
}

/// Nothing is said to be missing, and every parent that is named is there.
fn is_whole(fetched: &Fetched) -> bool {
    let known: HashSet<SpanId> = fetched.spans.iter().map(|span| span.id).collect();
    fetched.partial.is_none()
        && fetched.spans.iter().all(|span| span.parent.is_none_or(|parent| known.contains(&parent)))
}
