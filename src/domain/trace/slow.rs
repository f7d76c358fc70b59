//! Which service is responsible for a slow trace without an error: whoever holds most of its critical path.

use super::attribution::{Responsible, dependency};
use super::tree::Tree;
use crate::domain::signal::Kind;

/// A part of the path that is smaller holds nothing up by itself.
const WORTH_BLAMING: f64 = 0.25;

/// The operation that holds the largest part of the critical path, many like ones in a row counted as one; `None` when no
/// part is a quarter of it. With what it called, when that is not traced itself.
#[must_use]
pub fn held_up(tree: &Tree) -> Option<Responsible> {
    let holder = tree.holders().iter().filter(|holder| holder.labelled).max_by_key(|holder| holder.nanos)?;
    let node = tree.row(holder.span).filter(|_| holder.share >= WORTH_BLAMING)?;
    let calls = matches!(node.kind, Kind::Client | Kind::Producer) && !node.has_children();
    let dependency = if calls { dependency(&node) } else { None };
    let traced = dependency.as_ref().is_some_and(|name| tree.services().binary_search(name).is_ok());
    let service = node.service.clone();
    Some(Responsible { trace: tree.trace(), service, dependency, span: holder.span, certain: !traced })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::signal::{Attributes, Span, Status, Value};
    use crate::domain::trace::SkewOptions;
    use crate::domain::{SpanId, Timestamp, TraceId};

    fn span(id: u64, parent: Option<u64>, kind: Kind, name: &str, (from, to): (i64, i64)) -> Span {
        let attributes: Attributes = if kind == Kind::Client {
            vec![("db.system".into(), Value::Text("postgresql".into()))]
        } else {
            Vec::new()
        };
        Span {
            trace: TraceId::new(7).expect("not zero"),
            id: SpanId::new(id).expect("not zero"),
            parent: parent.and_then(SpanId::new),
            service: "booking".into(),
            name: name.into(),
            kind,
            start: Timestamp::from_millis(from),
            end: Timestamp::from_millis(to),
            status: Status::Unset,
            attributes,
            resource: Arc::new(Vec::new()),
            events: Vec::new(),
            links: Vec::new(),
            warnings: Vec::new(),
        }
    }

    fn tree(spans: Vec<Span>) -> Tree {
        Tree::build(spans[0].trace, spans, None, SkewOptions::default())
    }

    #[test]
    fn many_small_queries_in_a_row_are_one_culprit() {
        let mut spans = vec![span(1, None, Kind::Server, "create", (0, 1_000))];
        spans.push(span(2, Some(1), Kind::Internal, "think", (0, 100)));
        let query = |number: i64| (100 + number * 40, 140 + number * 40);
        spans.extend(
            (0..22_u8).map(|number| {
                span(u64::from(number) + 3, Some(1), Kind::Client, "SELECT room", query(i64::from(number)))
            }),
        );
        let found = held_up(&tree(spans)).expect("somebody");
        assert_eq!((found.service.as_str(), found.dependency.as_deref()), ("booking", Some("postgresql")));
        assert!(found.certain);
    }

    #[test]
    fn where_many_hold_a_little_nobody_is_blamed() {
        let mut spans = vec![span(1, None, Kind::Server, "create", (0, 1_000))];
        spans.extend((0..10_u8).map(|number| {
            let from = i64::from(number) * 100;
            span(u64::from(number) + 2, Some(1), Kind::Client, &format!("call {number}"), (from, from + 100))
        }));
        assert_eq!(held_up(&tree(spans)), None);
        assert_eq!(held_up(&tree(vec![span(1, None, Kind::Server, "x", (5, 5))])), None);
    }
}
