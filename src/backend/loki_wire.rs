//! Loki's answers and tail frames, decoded. All three shapes of an entry are taken: two elements, three with
//! categories, three with a flat object.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::lenient::{self, Pairs, Text};
use super::loki_line::{Known, Lines};
use super::words;
use crate::domain::signal::Line;
use crate::domain::{Cause, Timestamp};

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default)]
    status: Text<'a>,
    #[serde(borrow, default)]
    error: Text<'a>,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data<'a> {
    #[serde(borrow, default)]
    result_type: Text<'a>,
    #[serde(borrow, default)]
    result: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "lenient::or_default")]
    encoding_flags: Vec<Text<'a>>,
}

#[derive(Deserialize)]
struct Frame<'a> {
    #[serde(borrow, default, deserialize_with = "lenient::or_default")]
    streams: Vec<Stream<'a>>,
    #[serde(default, deserialize_with = "lenient::or_default")]
    dropped_entries: Vec<IgnoredAny>,
    #[serde(borrow, default, rename = "encodingFlags", deserialize_with = "lenient::or_default")]
    encoding_flags: Vec<Text<'a>>,
}

#[derive(Deserialize)]
struct Stream<'a> {
    #[serde(borrow, default)]
    stream: Pairs<'a>,
    #[serde(borrow, default, deserialize_with = "lenient::or_default")]
    values: Vec<Entry<'a>>,
}

/// Time, text, and what else is known of the line.
struct Entry<'a>(Text<'a>, Text<'a>, Metadata<'a>);

/// Each pair, and whether the query read it out of the line's own text.
#[derive(Default)]
struct Metadata<'a>(Vec<(Text<'a>, Text<'a>, bool)>);

/// Newest first in each stream, as they came.
pub(super) fn lines(body: &[u8], lines: &mut Lines) -> Result<Vec<Line>, Cause> {
    let envelope: Envelope<'_> = lenient::decode(body)?;
    let Some(raw) = envelope.data else {
        return match envelope.status.as_str() {
            "error" => Err(Cause::Refused { status: 200, message: words::clean(envelope.error.as_str()) }),
            _ => Ok(Vec::new()),
        };
    };
    let data: Data<'_> = lenient::decode(raw.get().as_bytes())?;
    match data.result_type.as_str() {
        "streams" => {}
        "matrix" | "vector" | "scalar" => {
            return Err(Cause::Refused { status: 400, message: "the query gives numbers, not lines".into() });
        }
        other => return Err(Cause::Malformed(words::clean(&format!("the result type {other:?} is not known")))),
    }
    let streams: Vec<Stream<'_>> = lenient::decode(data.result.map_or("[]", RawValue::get).as_bytes())?;
    assemble(&streams, is_categorised(&data.encoding_flags), lines)
}

/// The lines of a tail's frame, and how many more the server says it left out.
pub(super) fn frame(text: &str, lines: &mut Lines) -> Result<(Vec<Line>, u64), Cause> {
    let frame: Frame<'_> = lenient::decode(text.as_bytes())?;
    let dropped = u64::try_from(frame.dropped_entries.len()).unwrap_or(u64::MAX);
    Ok((assemble(&frame.streams, is_categorised(&frame.encoding_flags), lines)?, dropped))
}

/// The one number that an instant query gives; zero when it has none.
pub(super) fn number(body: &[u8]) -> Result<u64, Cause> {
    #[derive(Deserialize)]
    struct Vector<'a> {
        #[serde(borrow, default, deserialize_with = "lenient::or_default")]
        value: Vec<Text<'a>>,
    }
    let envelope: Envelope<'_> = lenient::decode(body)?;
    let data: Data<'_> = lenient::decode(envelope.data.map_or("{}", RawValue::get).as_bytes())?;
    let series: Vec<Vector<'_>> = lenient::decode(data.result.map_or("[]", RawValue::get).as_bytes())?;
    let Some(series) = series.first() else { return Ok(0) };
    let number = series.value.get(1).and_then(Text::unsigned);
    number.ok_or_else(|| Cause::Malformed("the answer to a count is no number".into()))
}

/// The names of labels; none when there is no data.
pub(super) fn names(body: &[u8]) -> Result<Vec<String>, Cause> {
    let envelope: Envelope<'_> = lenient::decode(body)?;
    let names: Vec<Text<'_>> = lenient::decode(envelope.data.map_or("[]", RawValue::get).as_bytes())?;
    Ok(names.iter().map(|name| name.as_str().to_owned()).collect())
}

pub(super) fn version(body: &[u8]) -> Result<String, Cause> {
    let build: Pairs<'_> = lenient::decode(body)?;
    Ok(words::clean(build.get("version").unwrap_or("")))
}

fn is_categorised(flags: &[Text<'_>]) -> bool {
    flags.iter().any(|flag| flag.as_str() == "categorize-labels")
}

fn assemble(streams: &[Stream<'_>], categorised: bool, lines: &mut Lines) -> Result<Vec<Line>, Cause> {
    let mut assembled = Vec::with_capacity(streams.iter().map(|stream| stream.values.len()).sum());
    for stream in streams {
        let shared = lines.stream(stream.stream.iter(), categorised);
        for Entry(time, text, Metadata(metadata)) in &stream.values {
            let bad = || Cause::Malformed(words::clean(&format!("a line's time is {:?}", time.as_str())));
            let nanos = time.as_str().parse().map_err(|_| bad())?;
            let metadata = metadata.iter().map(|(name, value, is_parsed)| Known {
                name: name.as_str(),
                value: value.as_str(),
                is_parsed: *is_parsed,
            });
            assembled.push(lines.line(&shared, Timestamp::from_nanos(nanos), text.as_str(), metadata));
        }
    }
    Ok(assembled)
}

impl<'de: 'a, 'a> Deserialize<'de> for Entry<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Entry<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time and a line")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Entry<'de>, A::Error> {
                let time = items.next_element()?.ok_or_else(|| A::Error::invalid_length(0, &self))?;
                let text = items.next_element()?.ok_or_else(|| A::Error::invalid_length(1, &self))?;
                let metadata = items.next_element()?.unwrap_or_default();
                while items.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Entry(time, text, metadata))
            }
        }
        deserializer.deserialize_seq(Reader)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Metadata<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Metadata<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a line's metadata")
            }

            fn visit_unit<E>(self) -> Result<Metadata<'de>, E> {
                Ok(Metadata::default())
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Metadata<'de>, A::Error> {
                let mut all = Vec::new();
                while let Some(name) = map.next_key::<Text<'de>>()? {
                    if let name @ ("structuredMetadata" | "parsed") = name.as_str() {
                        let Pairs(inner) = map.next_value()?;
                        let is_parsed = name == "parsed";
                        all.extend(inner.into_iter().map(|(name, value)| (name, value, is_parsed)));
                    } else {
                        all.push((name, map.next_value()?, false));
                    }
                }
                Ok(Metadata(all))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}
