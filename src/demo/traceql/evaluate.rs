//! Which spans of a trace a TraceQL query finds. Not which traces it is asked about.

use std::cmp::Ordering;

use super::query::{Field, Intrinsic, Literal, Operator, Query, SpanSet, Test};
use crate::domain::Timestamp;
use crate::domain::signal::{Attributes, Kind, Span, Status, Value};

/// What is true of a trace as a whole.
pub struct Facts<'a> {
    pub spans: &'a [Span],
    /// The first span without a parent; nothing when the root was not received.
    pub root: Option<&'a Span>,
    pub start: Timestamp,
    pub duration_nanos: i64,
}

impl<'a> Facts<'a> {
    #[must_use]
    pub fn new(spans: &'a [Span]) -> Self {
        let start = spans.iter().map(|span| span.start).min().unwrap_or_default();
        let end = spans.iter().map(|span| span.end).max().unwrap_or(start);
        let root = spans.iter().find(|span| span.parent.is_none());
        Self { spans, root, start, duration_nanos: end.since(start).max(0) }
    }
}

/// A span that a query found, with the attributes that the answer tells of it.
pub struct Found<'a> {
    pub span: &'a Span,
    pub attributes: Vec<(String, Value)>,
}

/// The spans in the trace's order; none when the query does not find the trace.
#[must_use]
pub fn found<'a>(query: &Query, facts: &Facts<'a>) -> Vec<Found<'a>> {
    let mut told = query.select.clone();
    mentioned(&query.spans, &mut told);
    let keep = members(&query.spans, facts);
    let spans = facts.spans.iter().zip(keep).filter(|(_, keep)| *keep);
    spans.map(|(span, _)| Found { span, attributes: attributes(&told, span) }).collect()
}

fn members(set: &SpanSet, facts: &Facts<'_>) -> Vec<bool> {
    match set {
        SpanSet::Filter(None) => vec![true; facts.spans.len()],
        SpanSet::Filter(Some(test)) => facts.spans.iter().map(|span| holds(test, span, facts)).collect(),
        SpanSet::And(left, right) => {
            let (left, right) = (members(left, facts), members(right, facts));
            let both = left.contains(&true) && right.contains(&true);
            left.iter().zip(&right).map(|(left, right)| both && (*left || *right)).collect()
        }
        SpanSet::Or(left, right) => {
            members(left, facts).iter().zip(members(right, facts)).map(|(left, right)| *left || right).collect()
        }
    }
}

/// Attributes and `status`, `kind` come back with the spans that a filter on them finds.
fn mentioned(set: &SpanSet, fields: &mut Vec<Field>) {
    match set {
        SpanSet::Filter(None) => {}
        SpanSet::Filter(Some(test)) => mentioned_in(test, fields),
        SpanSet::And(left, right) | SpanSet::Or(left, right) => {
            mentioned(left, fields);
            mentioned(right, fields);
        }
    }
}

fn mentioned_in(test: &Test, fields: &mut Vec<Field>) {
    match test {
        Test::Compare(field, ..) | Test::Match { field, .. } | Test::Exists(field, _) => {
            let told = match field {
                Field::Intrinsic(intrinsic) => matches!(intrinsic, Intrinsic::Status | Intrinsic::Kind),
                _ => true,
            };
            if told && !fields.contains(field) {
                fields.push(field.clone());
            }
        }
        Test::Constant(_) => {}
        Test::And(left, right) | Test::Or(left, right) => {
            mentioned_in(left, fields);
            mentioned_in(right, fields);
        }
        Test::Not(inner) => mentioned_in(inner, fields),
    }
}

fn attributes(fields: &[Field], span: &Span) -> Vec<(String, Value)> {
    let text = |text: &str| Value::Text(text.into());
    let one = |field: &Field| match field {
        Field::Intrinsic(Intrinsic::Status) => Some(("status".to_owned(), text(status(span)))),
        Field::Intrinsic(Intrinsic::Kind) => Some(("kind".to_owned(), text(kind(span.kind)))),
        Field::Intrinsic(_) => None,
        Field::Resource(name) | Field::Span(name) | Field::Either(name) | Field::Event(name) => {
            values(field, span).into_iter().next().map(|value| (name.clone(), value))
        }
    };
    fields.iter().filter_map(one).collect()
}

fn lookup(attributes: &Attributes, name: &str) -> Option<Value> {
    attributes.iter().find(|(known, _)| known.as_str() == name).map(|(_, value)| value.clone())
}

fn resource(span: &Span, name: &str) -> Option<Value> {
    lookup(&span.resource, name).or_else(|| (name == "service.name").then(|| Value::Text(span.service.as_str().into())))
}

fn values(field: &Field, span: &Span) -> Vec<Value> {
    match field {
        Field::Span(name) => lookup(&span.attributes, name).into_iter().collect(),
        Field::Resource(name) => resource(span, name).into_iter().collect(),
        Field::Either(name) => lookup(&span.attributes, name).or_else(|| resource(span, name)).into_iter().collect(),
        Field::Event(name) => span.events.iter().filter_map(|event| lookup(&event.attributes, name)).collect(),
        Field::Intrinsic(_) => Vec::new(),
    }
}

fn holds(test: &Test, span: &Span, facts: &Facts<'_>) -> bool {
    match test {
        Test::Constant(value) => *value,
        Test::And(left, right) => holds(left, span, facts) && holds(right, span, facts),
        Test::Or(left, right) => holds(left, span, facts) || holds(right, span, facts),
        Test::Not(inner) => !holds(inner, span, facts),
        Test::Exists(field, wanted) => values(field, span).is_empty() != *wanted,
        Test::Match { field, regex, wanted } => {
            texts(field, span, facts).iter().any(|text| regex.is_match(text) == *wanted)
        }
        Test::Compare(field, operator, literal) => compare(field, *operator, literal, span, facts),
    }
}

fn texts(field: &Field, span: &Span, facts: &Facts<'_>) -> Vec<String> {
    match field {
        Field::Intrinsic(intrinsic) => intrinsic_texts(*intrinsic, span, facts),
        _ => values(field, span).iter().filter_map(|value| value.as_text().map(str::to_owned)).collect(),
    }
}

fn intrinsic_texts(intrinsic: Intrinsic, span: &Span, facts: &Facts<'_>) -> Vec<String> {
    let root = |of: fn(&Span) -> String| vec![facts.root.map(of).unwrap_or_default()];
    match intrinsic {
        Intrinsic::Status => vec![status(span).to_owned()],
        Intrinsic::Kind => vec![kind(span.kind).to_owned()],
        Intrinsic::Name => vec![span.name.to_string()],
        Intrinsic::SpanId => vec![span.id.to_string()],
        Intrinsic::ParentId => vec![span.parent.map(|id| id.to_string()).unwrap_or_default()],
        Intrinsic::TraceId => vec![span.trace.to_string()],
        Intrinsic::RootName => root(|root| root.name.to_string()),
        Intrinsic::RootService => root(|root| root.service.to_string()),
        Intrinsic::EventName => span.events.iter().map(|event| event.name.to_string()).collect(),
        Intrinsic::LinkTraceId => span.links.iter().map(|link| link.trace.to_string()).collect(),
        Intrinsic::LinkSpanId => span.links.iter().filter_map(|link| Some(link.span?.to_string())).collect(),
        Intrinsic::StatusMessage => match &span.status {
            Status::Error(message) => vec![message.to_string()],
            Status::Unset | Status::Ok => vec![String::new()],
        },
        Intrinsic::Duration | Intrinsic::TraceDuration => Vec::new(),
    }
}

/// As in the real server, values of different types are never equal: `> 100` does not find the float 129.95.
fn compare(field: &Field, operator: Operator, literal: &Literal, span: &Span, facts: &Facts<'_>) -> bool {
    let by = |ordering: Option<Ordering>| ordering.is_some_and(|ordering| accepts(operator, ordering));
    if let Field::Intrinsic(intrinsic) = field {
        let nanos = match intrinsic {
            Intrinsic::Duration => Some(span.end.since(span.start)),
            Intrinsic::TraceDuration => Some(facts.duration_nanos),
            _ => None,
        };
        return match (nanos, literal) {
            (Some(nanos), Literal::Duration(wanted) | Literal::Integer(wanted)) => by(Some(nanos.cmp(wanted))),
            (Some(_), _) => false,
            (None, Literal::Kind(wanted)) => by(Some(kind(span.kind).cmp(kind(*wanted)))),
            (None, Literal::Status(wanted)) => by(Some(status(span).cmp(wanted))),
            (None, Literal::Text(wanted)) => {
                intrinsic_texts(*intrinsic, span, facts).iter().any(|text| by(Some(text.as_str().cmp(wanted))))
            }
            (None, _) => false,
        };
    }
    values(field, span).iter().any(|value| match (value, literal) {
        (Value::Text(text), Literal::Text(wanted)) => by(Some((**text).cmp(wanted.as_str()))),
        (Value::Integer(number), Literal::Integer(wanted)) => by(Some(number.cmp(wanted))),
        (Value::Float(number), Literal::Float(wanted)) => by(number.partial_cmp(wanted)),
        (Value::Bool(value), Literal::Bool(wanted)) => by(Some(value.cmp(wanted))),
        _ => false,
    })
}

fn accepts(operator: Operator, ordering: Ordering) -> bool {
    match operator {
        Operator::Equal => ordering.is_eq(),
        Operator::NotEqual => ordering.is_ne(),
        Operator::Less => ordering.is_lt(),
        Operator::LessOrEqual => ordering.is_le(),
        Operator::Greater => ordering.is_gt(),
        Operator::GreaterOrEqual => ordering.is_ge(),
    }
}

fn status(span: &Span) -> &'static str {
    match span.status {
        Status::Unset => "unset",
        Status::Ok => "ok",
        Status::Error(_) => "error",
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Unspecified => "unspecified",
        Kind::Internal => "internal",
        Kind::Server => "server",
        Kind::Client => "client",
        Kind::Producer => "producer",
        Kind::Consumer => "consumer",
    }
}
