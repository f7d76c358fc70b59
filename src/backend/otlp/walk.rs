//! The way through a trace as JSON, down to its spans: each goes to the assembler as it is read, and is let go, so that an
//! answer costs its own length and its spans, never a copy of itself in between.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::super::lenient::{self, Text};
use super::super::words;
use super::json::{Attributed, Object};
use super::spans::{Assembler, Decoded, Raw};
use crate::domain::Cause;

/// What is read, from the whole down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Root,
    Processes,
    Process,
    Scopes,
    Scope,
    Spans,
}

/// Reads one object, or several one after the other as older Jaegers stream them.
pub(in crate::backend) fn decode(body: &[u8]) -> Result<Decoded, Cause> {
    let mut assembler = Assembler::new();
    let mut from = serde_json::Deserializer::from_slice(body);
    loop {
        let walk = Walk { level: Level::Root, assembler: &mut assembler };
        walk.deserialize(&mut from).map_err(|error| lenient::malformed(body, &error))?;
        if from.end().is_ok() {
            return Ok(assembler.decoded);
        }
    }
}

struct Walk<'s> {
    level: Level,
    assembler: &'s mut Assembler,
}

impl Walk<'_> {
    fn at(&mut self, level: Level) -> Walk<'_> {
        Walk { level, assembler: &mut *self.assembler }
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.level {
            Level::Root => "an object with traces",
            Level::Process | Level::Scope => "an object with spans",
            Level::Processes | Level::Scopes | Level::Spans => "a list",
        })
    }

    /// Null counts as absent.
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        let inner = match self.level {
            Level::Processes => Level::Process,
            Level::Scopes => Level::Scope,
            Level::Spans => {
                let mut raw = Raw::default();
                while !self.assembler.is_full() {
                    if list.next_element_seed(Object(&mut raw))?.is_none() {
                        return Ok(());
                    }
                    self.assembler.span(&mut raw);
                    raw.clear();
                }
                while list.next_element::<IgnoredAny>()?.is_some() {
                    self.assembler.leave_out(1);
                }
                return Ok(());
            }
            Level::Root | Level::Process | Level::Scope => {
                return Err(serde::de::Error::invalid_type(serde::de::Unexpected::Seq, &self));
            }
        };
        while list.next_element_seed(self.at(inner))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        match self.level {
            Level::Root => self.root(map),
            Level::Process => self.process(map),
            Level::Scope => {
                while let Some(Text(key)) = map.next_key::<Text<'de>>()? {
                    match key.as_ref() {
                        "spans" => map.next_value_seed(self.at(Level::Spans))?,
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(())
            }
            Level::Processes | Level::Scopes | Level::Spans => {
                Err(serde::de::Error::invalid_type(serde::de::Unexpected::Map, &self))
            }
        }
    }
}

impl Walk<'_> {
    /// OTLP's own object, Tempo's around it (`trace`), Jaeger's (`result`).
    fn root<'de, A: MapAccess<'de>>(&mut self, mut map: A) -> Result<(), A::Error> {
        let (mut status, mut message) = (Text::default(), Text::default());
        while let Some(Text(key)) = map.next_key::<Text<'de>>()? {
            match key.as_ref() {
                "resourceSpans" | "batches" => map.next_value_seed(self.at(Level::Processes))?,
                "trace" | "result" => map.next_value_seed(self.at(Level::Root))?,
                "status" => status = map.next_value()?,
                "message" => message = map.next_value()?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if matches!(status.as_str(), "PARTIAL" | "1") {
            let said = words::clean(message.as_str());
            let said = if said.is_empty() { "the server has a part of it".into() } else { said };
            self.assembler.decoded.partial = Some(said);
        }
        Ok(())
    }

    /// The resource comes first from every server that was seen; from another one its spans wait for it unread.
    fn process<'de, A: MapAccess<'de>>(&mut self, mut map: A) -> Result<(), A::Error> {
        let mut waiting: Vec<&'de RawValue> = Vec::new();
        let mut is_known = false;
        while let Some(Text(key)) = map.next_key::<Text<'de>>()? {
            match key.as_ref() {
                "resource" => {
                    let mut resource = Attributed::default();
                    map.next_value_seed(Object(&mut resource))?;
                    self.assembler.resource(resource.0);
                    is_known = true;
                }
                "scopeSpans" | "instrumentationLibrarySpans" if is_known => {
                    map.next_value_seed(self.at(Level::Scopes))?;
                }
                "scopeSpans" | "instrumentationLibrarySpans" => waiting.push(map.next_value()?),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if !is_known {
            self.assembler.resource(Vec::new());
        }
        for raw in waiting {
            let mut from = serde_json::Deserializer::from_str(raw.get());
            self.at(Level::Scopes).deserialize(&mut from).map_err(serde::de::Error::custom)?;
        }
        Ok(())
    }
}
