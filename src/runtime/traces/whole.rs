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

/// A span that both have is taken once, however each server rounds its times and names its kinds. Two halves of a call that
/// share an id are of two services.
fn joined(mut all: Fetched, more: Fetched) -> Fetched {
    let known: HashSet<(SpanId, Symbol)> = all.spans.iter().map(|span| (span.id, span.service.clone())).collect();
    all.spans.extend(more.spans.into_iter().filter(|span| !known.contains(&(span.id, span.service.clone()))));
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::Timestamp;
    use crate::domain::signal::{Kind, Span, Status};

    fn span(id: u64, service: &str, kind: Kind, nanos: i64) -> Span {
        Span {
            trace: "4bf92f3577b34da6a3ce929d0e0e4736".parse().expect("an id"),
            id: SpanId::new(id).expect("not zero"),
            parent: None,
            service: service.into(),
            name: "work".into(),
            kind,
            start: Timestamp::from_nanos(nanos),
            end: Timestamp::from_nanos(nanos + 10),
            status: Status::Unset,
            attributes: Vec::new(),
            resource: Arc::default(),
            events: Vec::new(),
            links: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Jaeger rounds to microseconds and calls a kind that it does not know internal.
    #[test]
    fn a_span_that_two_servers_have_is_one_span_and_two_halves_of_a_call_are_two() {
        let first = vec![span(1, "shop", Kind::Client, 1_000_123), span(2, "shop", Kind::Internal, 2_000_456)];
        let more = vec![
            span(1, "shop", Kind::Internal, 1_000_000),
            span(1, "pricing", Kind::Server, 1_000_500),
            span(3, "pricing", Kind::Internal, 1_000_600),
        ];
        let partial = Some("a block is missing".to_owned());
        let all = joined(Fetched { spans: first, partial: partial.clone() }, Fetched { spans: more, partial: None });
        let told: Vec<_> = all.spans.iter().map(|span| (span.id.value(), span.service.to_string())).collect();
        let want = [(1, "shop"), (2, "shop"), (1, "pricing"), (3, "pricing")].map(|(id, name)| (id, name.to_owned()));
        assert_eq!((told, all.partial), (want.to_vec(), partial));
    }
}
