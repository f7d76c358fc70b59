//! Jaeger's internal JSON (v1): flat tags, microseconds, processes by key. The reader turns tags back into what
//! OpenTelemetry has fields for.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::lenient::{self, Few, MOST, Text};
use super::otlp::{Decoded, LONGEST_NAME, LONGEST_VALUE, MOST_SPANS, beginning, cut_in_words};
use super::words;
use crate::domain::signal::{Attributes, Event, Kind, Link, Span, Status, Value};
use crate::domain::{Cause, Interner, SpanId, Symbol, Timestamp, TraceId};

const INTERNED: usize = 50_000;

#[derive(Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
struct Envelope<'a, T> {
    #[serde(default = "Option::default")]
    data: Option<Vec<T>>,
    #[serde(borrow, default, deserialize_with = "lenient::or_default")]
    errors: Vec<Complaint<'a>>,
}

#[derive(Deserialize)]
struct Complaint<'a> {
    #[serde(borrow, default)]
    code: Text<'a>,
    #[serde(borrow, default)]
    msg: Text<'a>,
}

#[derive(Deserialize)]
struct Trace<'a> {
    #[serde(borrow, default)]
    spans: Few<Raw<'a>, MOST_SPANS>,
    #[serde(borrow, default, deserialize_with = "lenient::or_default")]
    processes: BTreeMap<Text<'a>, Process<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Process<'a> {
    #[serde(borrow, default)]
    service_name: Text<'a>,
    #[serde(borrow, default)]
    tags: Few<Tag<'a>>,
}

#[derive(Deserialize)]
struct Raw<'a> {
    #[serde(borrow, default, rename = "traceID")]
    trace: Text<'a>,
    #[serde(borrow, default, rename = "spanID")]
    id: Text<'a>,
    #[serde(borrow, default, rename = "parentSpanID")]
    parent: Text<'a>,
    #[serde(borrow, default, rename = "operationName")]
    name: Text<'a>,
    #[serde(borrow, default)]
    references: Few<Reference<'a>>,
    #[serde(borrow, default, rename = "startTime")]
    start: Text<'a>,
    #[serde(borrow, default)]
    duration: Text<'a>,
    #[serde(borrow, default)]
    tags: Few<Tag<'a>>,
    #[serde(borrow, default)]
    logs: Few<Log<'a>>,
    #[serde(borrow, default, rename = "processID")]
    process: Text<'a>,
    #[serde(borrow, default)]
    warnings: Few<Text<'a>>,
}

#[derive(Deserialize)]
struct Reference<'a> {
    #[serde(borrow, default, rename = "refType")]
    kind: Text<'a>,
    #[serde(borrow, default, rename = "traceID")]
    trace: Text<'a>,
    #[serde(borrow, default, rename = "spanID")]
    span: Text<'a>,
}

#[derive(Deserialize)]
struct Log<'a> {
    #[serde(borrow, default)]
    timestamp: Text<'a>,
    #[serde(borrow, default)]
    fields: Few<Tag<'a>>,
}

#[derive(Deserialize)]
struct Tag<'a> {
    #[serde(borrow, default)]
    key: Text<'a>,
    #[serde(borrow, default, rename = "type")]
    kind: Text<'a>,
    #[serde(borrow, default)]
    value: Text<'a>,
}

/// The spans of all traces of the answer. An error beside data makes them partial; an error alone is the cause.
pub(super) fn decode(body: &[u8]) -> Result<Decoded, Cause> {
    let (traces, partial) = data::<Trace<'_>>(body)?;
    let mut decoded = Decoded { partial, ..Decoded::default() };
    let mut interner = Interner::with_bound(INTERNED);
    for trace in traces {
        let processes: BTreeMap<&str, (Symbol, Arc<Attributes>)> = trace
            .processes
            .iter()
            .map(|(key, process)| {
                let tags = process
                    .tags
                    .items
                    .iter()
                    .map(|tag| (interner.intern(beginning(tag.key.as_str(), LONGEST_NAME).0), value(tag)))
                    .collect();
                (
                    key.as_str(),
                    (interner.intern(beginning(process.service_name.as_str(), LONGEST_NAME).0), Arc::new(tags)),
                )
            })
            .collect();
        for raw in &trace.spans.items {
            if decoded.spans.len() >= MOST_SPANS {
                decoded.beyond += 1;
                continue;
            }
            match span(raw, processes.get(raw.process.as_str()), &mut interner) {
                Some(span) => decoded.spans.push(span),
                None => decoded.skipped += 1,
            }
        }
        decoded.beyond = decoded.beyond.saturating_add(usize::try_from(trace.spans.left_out).unwrap_or(usize::MAX));
    }
    Ok(decoded)
}

/// The names of services, in the server's order.
pub(super) fn names(body: &[u8]) -> Result<Vec<Symbol>, Cause> {
    let (names, _) = data::<Text<'_>>(body)?;
    Ok(names.iter().map(|name| Symbol::from(name.as_str())).collect())
}

fn data<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<(Vec<T>, Option<String>), Cause> {
    let envelope: Envelope<'a, T> = lenient::decode(body)?;
    let said = envelope.errors.first().map(|complaint| words::clean(complaint.msg.as_str()));
    match (envelope.data, said) {
        (Some(data), said) => Ok((data, said)),
        (None, None) => Ok((Vec::new(), None)),
        (None, Some(message)) => {
            let code = envelope.errors.first().and_then(|complaint| complaint.code.unsigned()).unwrap_or(500);
            let status = u16::try_from(code).unwrap_or(500);
            Err(match status {
                404 => Cause::NotFound(message),
                400..=499 => Cause::Refused { status, message },
                _ => Cause::Failing { status, message },
            })
        }
    }
}

fn span(raw: &Raw<'_>, process: Option<&(Symbol, Arc<Attributes>)>, interner: &mut Interner) -> Option<Span> {
    let trace: TraceId = raw.trace.as_str().parse().ok()?;
    let id: SpanId = raw.id.as_str().parse().ok()?;
    let mut warnings: Vec<String> = raw.warnings.items.iter().map(|warning| words::clean(warning.as_str())).collect();
    let mut parent = raw.parent.as_str().parse().ok();
    let mut links = Vec::new();
    for reference in &raw.references.items {
        let span: Option<SpanId> = reference.span.as_str().parse().ok();
        match reference.trace.as_str().parse::<TraceId>() {
            Ok(other) if other == trace && reference.kind.as_str() == "CHILD_OF" && parent.is_none() => parent = span,
            // Some servers write the parent twice: in its old field and as a reference.
            Ok(other) if other == trace && span.is_some() && span == parent => {}
            Ok(other) => links.push(Link { trace: other, span, attributes: Vec::new() }),
            Err(_) => warnings.push("a reference without a valid trace id was left out".into()),
        }
    }
    if process.is_none() {
        warnings.push("the server does not say which process this span is of".into());
    }
    let left_out = raw.tags.left_out + raw.references.left_out + raw.logs.left_out;
    if left_out > 0 {
        warnings.push(format!("{left_out} tags, references or logs after {MOST} others are left out"));
    }
    let texts = raw.tags.items.iter().chain(raw.logs.items.iter().flat_map(|log| &log.fields.items));
    warnings.extend(cut_in_words(texts.filter(|tag| tag.value.as_str().len() > LONGEST_VALUE).count()));
    let (service, resource) = process.cloned().unwrap_or_default();
    let start = Timestamp::from_micros(raw.start.integer().unwrap_or(0));
    let duration = Timestamp::from_micros(raw.duration.integer().unwrap_or(0)).nanos();
    let plain = |tag: &&Tag<'_>| !is_field(tag);
    Some(Span {
        trace,
        id,
        parent,
        service,
        name: interner.intern(beginning(raw.name.as_str(), LONGEST_NAME).0),
        kind: kind(tag(&raw.tags.items, "span.kind").unwrap_or("")),
        start,
        end: start.shifted(duration),
        status: status(&raw.tags.items),
        attributes: raw
            .tags
            .items
            .iter()
            .filter(plain)
            .map(|tag| (interner.intern(beginning(tag.key.as_str(), LONGEST_NAME).0), value(tag)))
            .collect(),
        resource,
        events: raw.logs.items.iter().map(|log| event(log, interner)).collect(),
        links,
        warnings,
    })
}

/// What OpenTelemetry keeps in a field of the span and Jaeger in a tag.
fn is_field(tag: &Tag<'_>) -> bool {
    match tag.key.as_str() {
        "span.kind" | "otel.status_code" | "otel.status_description" => true,
        "error" => matches!(tag.value.as_str(), "true" | "false"),
        _ => false,
    }
}

fn event(log: &Log<'_>, interner: &mut Interner) -> Event {
    let name = tag(&log.fields.items, "event").unwrap_or("log");
    let rest = log.fields.items.iter().filter(|tag| tag.key.as_str() != "event");
    Event {
        time: Timestamp::from_micros(log.timestamp.integer().unwrap_or(0)),
        name: interner.intern(beginning(name, LONGEST_NAME).0),
        attributes: rest
            .map(|tag| (interner.intern(beginning(tag.key.as_str(), LONGEST_NAME).0), value(tag)))
            .collect(),
    }
}

fn tag<'t>(tags: &'t [Tag<'_>], key: &str) -> Option<&'t str> {
    tags.iter().find(|tag| tag.key.as_str() == key).map(|tag| tag.value.as_str())
}

fn value(tag: &Tag<'_>) -> Value {
    let text = || Value::Text(Arc::from(beginning(tag.value.as_str(), LONGEST_VALUE).0));
    match tag.kind.as_str() {
        "bool" => Value::Bool(tag.value.as_str() == "true"),
        "int64" => tag.value.integer().map_or_else(text, Value::Integer),
        "float64" => tag.value.float().map_or_else(text, Value::Float),
        _ => text(),
    }
}

fn status(tags: &[Tag<'_>]) -> Status {
    let code = tag(tags, "otel.status_code").unwrap_or("");
    // An `error` that is neither true nor false is a text about it.
    let failed = tag(tags, "error").is_some_and(|error| !matches!(error, "" | "false"));
    match code {
        "ERROR" => {
            Status::Error(Symbol::from(beginning(tag(tags, "otel.status_description").unwrap_or(""), LONGEST_NAME).0))
        }
        _ if failed => {
            let about = tag(tags, "error").filter(|error| *error != "true");
            Status::Error(Symbol::from(
                beginning(tag(tags, "otel.status_description").or(about).unwrap_or(""), LONGEST_NAME).0,
            ))
        }
        "OK" => Status::Ok,
        _ => Status::Unset,
    }
}

fn kind(text: &str) -> Kind {
    match text {
        "internal" => Kind::Internal,
        "server" => Kind::Server,
        "client" => Kind::Client,
        "producer" => Kind::Producer,
        "consumer" => Kind::Consumer,
        _ => Kind::Unspecified,
    }
}
