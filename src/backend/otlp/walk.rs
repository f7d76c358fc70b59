//! The way through a trace as JSON, down to its spans: each goes to the assembler as it is read, and is let go, so that an
//! answer costs its own length and its spans, never a copy of itself in between.

use std::fmt;
use std::thread::{self, ScopedJoinHandle};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::de::Read;
use serde_json::value::RawValue;

use super::super::lenient::{self, Text};
use super::super::words;
use super::json::{Attributed, Object};
use super::part::{Next, Part, Shared};
use super::spans::{Assembler, Decoded, MOST_SPANS, Raw};
use crate::domain::Cause;

/// Bytes that take longer to read than a thread to start.
const WORTH_A_THREAD: usize = 2 << 20;

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

/// Reads one object, or several one after the other as older Jaegers stream them. A body that is given away is let go before
/// the spans of two threads are brought together: they are as much memory again as a part of it.
pub(in crate::backend) fn decode(body: impl AsRef<[u8]>) -> Result<Decoded, Cause> {
    let read = read(body.as_ref());
    drop(body);
    read.map(Decoded::joined)
}

fn read(body: &[u8]) -> Result<Decoded, Cause> {
    // Looked at once as a whole: text by text takes as long as all the rest.
    let text = str::from_utf8(body).ok();
    let twofold = text.filter(|text| text.len() >= WORTH_A_THREAD).map(twofold);
    let read = match (twofold.flatten(), text) {
        (Some(read), _) => read,
        (None, Some(text)) => all(&mut serde_json::Deserializer::from_str(text), Part::Alone).outcome,
        (None, None) => all(&mut serde_json::Deserializer::from_slice(body), Part::Alone).outcome,
    };
    read.map_err(|error| lenient::malformed(body, &error))
}

/// What a thread made of its part.
struct Made {
    outcome: serde_json::Result<Decoded>,
    /// It left the rest to the other.
    stopped: bool,
}

/// Two threads; nothing where one alone has to say how much is too much.
fn twofold(text: &str) -> Option<serde_json::Result<Decoded>> {
    let shared = Shared::default();
    // To pass over a span costs a quarter of what it costs to read it; and where the first stops, the parser looks for the
    // line of that fault through all that was read, once for each level that it leaves.
    let far = text.len() / 17 * 9;
    let from = || serde_json::Deserializer::from_str(text);
    let (first, second) = thread::scope(|scope| {
        let second = thread::Builder::new().spawn_scoped(scope, || all(&mut from(), Part::second(&shared, far)));
        (all(&mut from(), Part::first(&shared)), second.map(ScopedJoinHandle::join))
    });
    let mut decoded = match first {
        Made { outcome, stopped: false } => return Some(outcome),
        Made { outcome, .. } => outcome.ok()?,
    };
    let Ok(Ok(second)) = second else { return None };
    let rest = match second.outcome {
        Ok(rest) => rest,
        error => return Some(error),
    };
    if decoded.spans.len() + rest.spans.len() > MOST_SPANS || rest.beyond + decoded.beyond > 0 {
        return None;
    }
    decoded.append(rest);
    Some(Ok(decoded))
}

fn all<'de, R: Read<'de>>(from: &mut serde_json::Deserializer<R>, part: Part<'_>) -> Made {
    let mut reading = Reading { assembler: Assembler::new(), part, stopped: false };
    let outcome = loop {
        if let Err(error) = (Walk { level: Level::Root, reading: &mut reading }).deserialize(&mut *from) {
            break if reading.stopped { Ok(()) } else { Err(error) };
        }
        if from.end().is_ok() {
            break Ok(());
        }
    };
    Made { outcome: outcome.map(|()| reading.assembler.decoded), stopped: reading.stopped }
}

struct Reading<'p> {
    assembler: Assembler,
    part: Part<'p>,
    stopped: bool,
}

impl Reading<'_> {
    /// A span that the other one reads. Only one with ids tells what was cut of its process: that is looked at where there is
    /// something to tell.
    fn pass_over(&mut self, span: &str) {
        if self.assembler.has_cuts() {
            let mut raw = Raw::default();
            let is_read = Object(&mut raw).deserialize(&mut serde_json::Deserializer::from_str(span)).is_ok();
            self.assembler.pass_over(is_read && raw.is_valid());
        }
    }

    fn spans<'de, A: SeqAccess<'de>>(&mut self, mut list: A) -> Result<(), A::Error> {
        let mut raw = Raw::default();
        while !self.assembler.is_full() {
            let is_end = match self.part.next() {
                Next::Read => {
                    let is_end = list.next_element_seed(Object(&mut raw))?.is_none();
                    if !is_end {
                        self.assembler.span(&mut raw);
                        raw.clear();
                    }
                    is_end
                }
                Next::PassOver => {
                    let passed = list.next_element::<&RawValue>()?.map(RawValue::get);
                    self.part.passed_over(passed.map_or(0, str::len));
                    if let Some(span) = passed {
                        self.pass_over(span);
                    }
                    passed.is_none()
                }
                Next::Stop => {
                    self.stopped = true;
                    return Err(serde::de::Error::custom("the rest is read elsewhere"));
                }
            };
            if is_end {
                return Ok(());
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {
            self.assembler.leave_out(1);
        }
        Ok(())
    }
}

struct Walk<'s, 'p> {
    level: Level,
    reading: &'s mut Reading<'p>,
}

impl<'p> Walk<'_, 'p> {
    fn at(&mut self, level: Level) -> Walk<'_, 'p> {
        Walk { level, reading: &mut *self.reading }
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_, '_> {
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
            Level::Spans => return self.reading.spans(list),
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

impl Walk<'_, '_> {
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
            self.reading.assembler.decoded.partial = Some(said);
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
                    self.reading.assembler.resource(resource.0);
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
            self.reading.assembler.resource(Vec::new());
        }
        for raw in waiting {
            let mut from = serde_json::Deserializer::from_str(raw.get());
            self.at(Level::Scopes).deserialize(&mut from).map_err(serde::de::Error::custom)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::spans::LONGEST_VALUE;
    use super::*;

    fn written(processes: usize, each: usize) -> String {
        let process = |at: usize| {
            let span = |number: usize| {
                // Some processes begin with spans that have no id, over the edge of a block.
                let is_late = at.is_multiple_of(3) && number < each / 4 * 3;
                let id = if is_late || number.is_multiple_of(9) { 0 } else { at * each + number + 1 };
                format!(
                    "{{\"traceId\":\"1\",\"spanId\":\"{id:x}\",\"name\":\"{}\",\"attributes\":[{{\"key\":\"k\",\
                     \"value\":{{\"stringValue\":\"{number}\"}}}}]}}",
                    number % 7
                )
            };
            let spans: Vec<String> = (0..each).map(span).collect();
            let long = "x".repeat(LONGEST_VALUE + at % 2);
            let resource =
                format!("{{\"attributes\":[{{\"key\":\"long\",\"value\":{{\"stringValue\":\"{long}\"}}}}]}}");
            format!("{{\"resource\":{resource},\"scopeSpans\":[{{\"spans\":[{}]}}]}}", spans.join(","))
        };
        let processes: Vec<String> = (0..processes).map(process).collect();
        format!(
            "{{\"trace\":{{\"resourceSpans\":[{}]}},\"status\":\"PARTIAL\",\"message\":\"too large\"}}",
            processes.join(",")
        )
    }

    fn alone(text: &str) -> serde_json::Result<Decoded> {
        all(&mut serde_json::Deserializer::from_str(text), Part::Alone).outcome
    }

    #[test]
    fn two_threads_give_what_one_gives() {
        for (processes, each) in [(1, 3_000), (3, 1_111), (40, 60), (1, 5), (2, 0)] {
            let text = written(processes, each);
            let one = alone(&text).expect("a trace");
            let two = twofold(&text).expect("no more than may be").expect("a trace").joined();
            assert_eq!(one.spans.len(), two.spans.len());
            for (one, two) in one.spans.iter().zip(&two.spans) {
                assert_eq!((one.id, &one.warnings, &one.attributes), (two.id, &two.warnings, &two.attributes));
                assert!(one == two, "{}", one.id);
            }
            assert_eq!((one.skipped, one.beyond, &one.partial), (two.skipped, two.beyond, &two.partial));
            assert_eq!(two.partial.as_deref(), Some("too large"));
        }
    }

    #[test]
    fn what_is_broken_is_told_alike_wherever_it_is() {
        let text = written(2, 2_000);
        for part in 1..20 {
            let (mut cut, mut torn) = (text.clone(), text.clone());
            let at = text.len() / 20 * part;
            cut.truncate(at);
            torn.replace_range(at..at + 2, "\\}");
            for text in [cut, torn] {
                let one = alone(&text).expect_err("broken").to_string();
                let two = twofold(&text).map(|read| read.expect_err("broken").to_string());
                assert!(two.is_none_or(|two| two == one), "{one}");
            }
        }
    }
}
