//! Traces as JSON: OTLP's own (hex ids, numbered enums) and Tempo's (base64 ids, named enums, `batches`), in one reader. Every
//! object is read straight into what the assembler takes, with no structure in between that would only be taken apart again.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::super::lenient::{MOST, Text};
use super::spans::{Any, Pair, Raw, RawEvent, RawLink};
use crate::domain::{SpanId, TraceId, base64};

/// What an object's fields are read into; what it does not know it must skip.
pub(super) trait Holds<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error>;
}

/// An object, or a null, which says nothing; tells whether it was one.
pub(super) struct Object<'t, T>(pub &'t mut T);

impl<'de, T: Holds<'de>> DeserializeSeed<'de> for Object<'_, T> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<bool, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de, T: Holds<'de>> Visitor<'de> for Object<'_, T> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        while let Some(Text(key)) = map.next_key::<Text<'de>>()? {
            self.0.field(&key, &mut map)?;
        }
        Ok(true)
    }
}

/// The first items of a list, [`MOST`] of them; the others are counted. A null is an empty one.
struct List<'t, T> {
    items: &'t mut Vec<T>,
    left_out: &'t mut u64,
}

impl<'de, T: Holds<'de> + Default> DeserializeSeed<'de> for List<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de, T: Holds<'de> + Default> Visitor<'de> for List<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while self.items.len() < MOST {
            let mut item = T::default();
            if list.next_element_seed(Object(&mut item))?.is_none() {
                return Ok(());
            }
            self.items.push(item);
        }
        while list.next_element::<IgnoredAny>()?.is_some() {
            *self.left_out = self.left_out.saturating_add(1);
        }
        Ok(())
    }
}

fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(|_| ())
}

fn unsigned<'de, A: MapAccess<'de>>(map: &mut A) -> Result<u64, A::Error> {
    Ok(map.next_value::<Text<'de>>()?.unsigned().unwrap_or(0))
}

impl<'de> Holds<'de> for Raw<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "traceId" => self.trace = trace_id(map.next_value::<Text<'de>>()?.as_str()),
            "spanId" => self.id = span_id(map.next_value::<Text<'de>>()?.as_str()),
            "parentSpanId" => self.parent = span_id(map.next_value::<Text<'de>>()?.as_str()),
            "name" => self.name = map.next_value::<Text<'de>>()?.0,
            "kind" => self.kind = kind(map.next_value::<Text<'de>>()?.as_str()),
            "startTimeUnixNano" => self.start = unsigned(map)?,
            "endTimeUnixNano" => self.end = unsigned(map)?,
            "attributes" => {
                map.next_value_seed(List { items: &mut self.attributes, left_out: &mut self.left_out })?;
            }
            "events" => map.next_value_seed(List { items: &mut self.events, left_out: &mut self.left_out })?,
            "links" => map.next_value_seed(List { items: &mut self.links, left_out: &mut self.left_out })?,
            "droppedAttributesCount" | "droppedEventsCount" | "droppedLinksCount" => {
                self.dropped = self.dropped.saturating_add(unsigned(map)?);
            }
            "status" => {
                map.next_value_seed(Object(&mut Status(self)))?;
            }
            _ => skip(map)?,
        }
        Ok(())
    }
}

struct Status<'t, 'a>(&'t mut Raw<'a>);

impl<'de> Holds<'de> for Status<'_, 'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "code" => self.0.status = status(map.next_value::<Text<'de>>()?.as_str()),
            "message" => self.0.message = map.next_value::<Text<'de>>()?.0,
            _ => skip(map)?,
        }
        Ok(())
    }
}

impl<'de> Holds<'de> for RawEvent<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "timeUnixNano" => self.0 = unsigned(map)?,
            "name" => self.1 = map.next_value::<Text<'de>>()?.0,
            "attributes" => map.next_value_seed(List { items: &mut self.2, left_out: &mut 0 })?,
            _ => skip(map)?,
        }
        Ok(())
    }
}

impl<'de> Holds<'de> for RawLink<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "traceId" => self.0 = trace_id(map.next_value::<Text<'de>>()?.as_str()),
            "spanId" => self.1 = span_id(map.next_value::<Text<'de>>()?.as_str()),
            "attributes" => map.next_value_seed(List { items: &mut self.2, left_out: &mut 0 })?,
            _ => skip(map)?,
        }
        Ok(())
    }
}

/// The attributes of a resource.
#[derive(Default)]
pub(super) struct Attributed<'a>(pub Vec<Pair<'a>>);

impl<'de> Holds<'de> for Attributed<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "attributes" => map.next_value_seed(List { items: &mut self.0, left_out: &mut 0 }),
            _ => skip(map),
        }
    }
}

impl<'de> Holds<'de> for Pair<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "key" => self.0 = map.next_value::<Text<'de>>()?.0,
            "value" => _ = map.next_value_seed(Object(&mut self.1))?,
            _ => skip(map)?,
        }
        Ok(())
    }
}

/// OTLP's `AnyValue`; of several the last one counts.
impl<'de> Holds<'de> for Any<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "arrayValue" => {
                let mut items = Values(Vec::new());
                if map.next_value_seed(Object(&mut items))? {
                    *self = Self::List(items.0);
                }
                return Ok(());
            }
            "kvlistValue" => {
                let mut pairs = Values(Vec::new());
                if map.next_value_seed(Object(&mut pairs))? {
                    *self = Self::Map(pairs.0);
                }
                return Ok(());
            }
            "stringValue" | "boolValue" | "intValue" | "doubleValue" | "bytesValue" => {}
            _ => return skip(map),
        }
        let Some(text) = map.next_value::<Option<Text<'de>>>()? else { return Ok(()) };
        *self = match key {
            "boolValue" => Self::Bool(text.as_str() == "true"),
            // What is no integer after all is shown as it came.
            "intValue" => text.integer().map_or(Self::Text(text.0), Self::Integer),
            "doubleValue" => text.float().map_or(Self::Text(text.0), Self::Float),
            "bytesValue" => match base64(&text.0) {
                Some(bytes) => Self::Bytes(Cow::Owned(bytes)),
                None => Self::Text(text.0),
            },
            _ => Self::Text(text.0),
        };
        Ok(())
    }
}

/// The list inside of a value that is a list or a map.
struct Values<T>(Vec<T>);

impl<'de, T: Holds<'de> + Default> Holds<'de> for Values<T> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "values" => map.next_value_seed(List { items: &mut self.0, left_out: &mut 0 }),
            _ => skip(map),
        }
    }
}

/// The length tells the spelling: 16 bytes are 22 or 24 letters of base64 and never as many of hex.
pub(in crate::backend) fn trace_id(text: &str) -> Option<TraceId> {
    match text.len() {
        22 | 24 => TraceId::from_base64(text),
        _ => text.parse().ok(),
    }
}

/// As [`trace_id`], for 8 bytes.
pub(in crate::backend) fn span_id(text: &str) -> Option<SpanId> {
    match text.len() {
        11 | 12 => SpanId::from_base64(text),
        _ => text.parse().ok(),
    }
}

fn kind(text: &str) -> i32 {
    match text.trim_start_matches("SPAN_KIND_") {
        "INTERNAL" => 1,
        "SERVER" => 2,
        "CLIENT" => 3,
        "PRODUCER" => 4,
        "CONSUMER" => 5,
        number => number.parse().unwrap_or(0),
    }
}

fn status(text: &str) -> i32 {
    match text.trim_start_matches("STATUS_CODE_") {
        "OK" => 1,
        "ERROR" => 2,
        number => number.parse().unwrap_or(0),
    }
}
