//! A span as protobuf: the few messages of OTLP that are read, field by field out of the answer's own bytes and without a
//! copy in between. Text is taken as bytes: one name that is not UTF-8 must not cost the whole trace.

use std::borrow::Cow;

use super::super::lenient::MOST;
use super::fields::{Field, fields};
use super::spans::{Any, Assembler, Pair, Raw, RawEvent, RawLink};
use crate::domain::{Cause, SpanId, TraceId};

/// Lists in lists: deeper ones are refused before they cost a stack.
const DEEPEST: usize = 64;

pub(super) type Read<T> = Result<T, Cause>;

/// The process may stand behind its spans.
pub(super) fn attributes(process: &[u8]) -> Read<Vec<Pair<'_>>> {
    let mut attributes = Vec::new();
    for resource in messages(process, 1) {
        for attribute in messages(resource?, 1) {
            push(&mut attributes, pair(attribute?, 0)?, &mut 0);
        }
    }
    Ok(attributes)
}

/// All that a process sent, unread.
pub(super) fn spans(process: &[u8]) -> impl Iterator<Item = Read<&[u8]>> {
    messages(process, 2).flat_map(|scope| {
        let (scope, cause) = match scope {
            Ok(scope) => (scope, None),
            Err(cause) => (&[][..], Some(Err(cause))),
        };
        messages(scope, 2).chain(cause)
    })
}

pub(super) fn read<'a>(bytes: &'a [u8], raw: &mut Raw<'a>, assembler: &mut Assembler) -> Read<()> {
    if assembler.is_full() {
        assembler.leave_out(1);
        return Ok(());
    }
    span(bytes, raw)?;
    assembler.span(raw);
    raw.clear();
    Ok(())
}

/// Whether a span has what it needs to become one; what is broken further on is found out by who reads it.
pub(super) fn has_ids(bytes: &[u8]) -> bool {
    let mut raw = Raw::default();
    span(bytes, &mut raw).is_ok() && raw.is_valid()
}

/// The messages in the fields of this number.
pub(super) fn messages(bytes: &[u8], wanted: u32) -> impl Iterator<Item = Read<&[u8]>> {
    fields(bytes).filter_map(move |field| match field {
        Ok((number, Field::Bytes(message))) if number == wanted => Some(Ok(message)),
        Ok(_) => None,
        Err(cause) => Some(Err(cause)),
    })
}

fn span<'a>(bytes: &'a [u8], span: &mut Raw<'a>) -> Read<()> {
    let mut left_out = 0;
    for field in fields(bytes) {
        match field? {
            (1, Field::Bytes(id)) => span.trace = TraceId::from_bytes(id),
            (2, Field::Bytes(id)) => span.id = SpanId::from_bytes(id),
            (4, Field::Bytes(id)) => span.parent = SpanId::from_bytes(id),
            (5, Field::Bytes(name)) => span.name = text(name),
            (6, Field::Number(kind)) => span.kind = narrow(kind),
            (7, Field::Fixed(start)) => span.start = start,
            (8, Field::Fixed(end)) => span.end = end,
            (9, Field::Bytes(attribute)) => push(&mut span.attributes, pair(attribute, 0)?, &mut left_out),
            (11, Field::Bytes(event)) => push(&mut span.events, self::event(event, &mut span.left_out)?, &mut left_out),
            (13, Field::Bytes(link)) => push(&mut span.links, self::link(link, &mut span.left_out)?, &mut left_out),
            (10 | 12 | 14, Field::Number(count)) => span.dropped = span.dropped.saturating_add(count),
            (15, Field::Bytes(status)) => {
                for field in fields(status) {
                    match field? {
                        (2, Field::Bytes(message)) => span.message = text(message),
                        (3, Field::Number(code)) => span.status = narrow(code),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    span.left_out = span.left_out.saturating_add(left_out);
    Ok(())
}

fn event<'a>(bytes: &'a [u8], left_out: &mut u64) -> Read<RawEvent<'a>> {
    let mut event = (0, "".into(), Vec::new());
    for field in fields(bytes) {
        match field? {
            (1, Field::Fixed(time)) => event.0 = time,
            (2, Field::Bytes(name)) => event.1 = text(name),
            (3, Field::Bytes(attribute)) => push(&mut event.2, pair(attribute, 0)?, left_out),
            _ => {}
        }
    }
    Ok(event)
}

fn link<'a>(bytes: &'a [u8], left_out: &mut u64) -> Read<RawLink<'a>> {
    let mut link = (None, None, Vec::new());
    for field in fields(bytes) {
        match field? {
            (1, Field::Bytes(id)) => link.0 = TraceId::from_bytes(id),
            (2, Field::Bytes(id)) => link.1 = SpanId::from_bytes(id),
            (4, Field::Bytes(attribute)) => push(&mut link.2, pair(attribute, 0)?, left_out),
            _ => {}
        }
    }
    Ok(link)
}

fn pair(bytes: &[u8], depth: usize) -> Read<Pair<'_>> {
    let mut pair = ("".into(), Any::Empty);
    for field in fields(bytes) {
        match field? {
            (1, Field::Bytes(key)) => pair.0 = text(key),
            (2, Field::Bytes(value)) => pair.1 = any(value, depth)?,
            _ => {}
        }
    }
    Ok(pair)
}

/// OTLP's `AnyValue`; of several the last one counts.
fn any(bytes: &[u8], depth: usize) -> Read<Any<'_>> {
    let mut held = Any::Empty;
    for field in fields(bytes) {
        held = match field? {
            (1, Field::Bytes(text)) => Any::Text(self::text(text)),
            (2, Field::Number(flag)) => Any::Bool(flag != 0),
            (3, Field::Number(number)) => Any::Integer(number.cast_signed()),
            (4, Field::Fixed(bits)) => Any::Float(f64::from_bits(bits)),
            (5 | 6, Field::Bytes(_)) if depth >= DEEPEST => Any::Text("(nested too deep)".into()),
            (5, Field::Bytes(list)) => {
                let (mut items, mut left_out) = (Vec::new(), 0);
                for item in messages(list, 1) {
                    push(&mut items, any(item?, depth + 1)?, &mut left_out);
                }
                Any::List(items)
            }
            (6, Field::Bytes(map)) => {
                let (mut pairs, mut left_out) = (Vec::new(), 0);
                for item in messages(map, 1) {
                    push(&mut pairs, pair(item?, depth + 1)?, &mut left_out);
                }
                Any::Map(pairs)
            }
            (7, Field::Bytes(bytes)) => Any::Bytes(bytes.into()),
            _ => held,
        };
    }
    Ok(held)
}

/// A message of two bytes becomes a value of eighty: nobody reads so many of them, and none of them may cost the memory.
fn push<T>(list: &mut Vec<T>, item: T, left_out: &mut u64) {
    if list.len() < MOST {
        list.push(item);
    } else {
        *left_out = left_out.saturating_add(1);
    }
}

/// Nearly all is UTF-8, and telling so is quicker than looking for what is not.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

fn narrow(number: u64) -> i32 {
    i32::try_from(number).unwrap_or(0)
}
