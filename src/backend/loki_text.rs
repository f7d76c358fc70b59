//! What a log line says of itself: the fields of a JSON line, and trace ids in any text. Borrowed from the line, bounded
//! by its length; nothing is built for a line that is too long to be worth it.

use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::fields;
use super::lenient::Text;
use crate::domain::filter::Needle;
use crate::domain::signal::Level;
use crate::domain::{SpanId, TraceId};

/// A longer line is kept and not read into.
const LONGEST_READ: usize = 64 * 1024;
/// Longer names are of no field that is known here.
const LONGEST_NAME: usize = 24;
/// A shorter one is a number that happens to be called a trace.
const FEWEST_DIGITS: usize = 12;

/// What was found; the first of two answers to one question wins.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Told<'a> {
    pub message: Option<Cow<'a, str>>,
    pub level: Option<Level>,
    pub service: Option<Cow<'a, str>>,
    pub trace: Option<TraceId>,
    pub span: Option<SpanId>,
    /// As it is written.
    pub time: Option<Cow<'a, str>>,
}

impl<'a> Told<'a> {
    /// Reads a line of any shape.
    pub(super) fn by_line(line: &'a str) -> Self {
        let mut told = Self::default();
        if line.len() > LONGEST_READ {
            return told;
        }
        let object = line.trim_start();
        if object.starts_with('{') && !fields::read_object(object, &mut |name, value| told.field("", name, value)) {
            told = Self::by_parser(line);
        } else if !object.starts_with('{') {
            fields::read_pairs(line, &mut |name, value| told.field("", name, value));
        }
        if told.trace.is_none() {
            told.trace = scan(line);
        }
        told
    }

    /// A line that only looks like JSON has told what stands before its first fault.
    pub(super) fn by_parser(line: &'a str) -> Self {
        let mut told = Self::default();
        let mut reader = serde_json::Deserializer::from_str(line);
        drop(Inside { told: &mut told, above: "" }.deserialize(&mut reader));
        told
    }

    /// Takes a field of a JSON line, of structured metadata or of a label set. Names are compared without their
    /// separators and capitals: `trace_id`, `traceID` and `trace.id` are one.
    pub(super) fn field(&mut self, above: &str, name: &str, value: Cow<'a, str>) {
        if value.is_empty() {
            return;
        }
        let (name, length) = canonical(above, name);
        match name.get(..length).unwrap_or_default() {
            b"traceid" | b"oteltraceid" | b"xb3traceid" | b"newrelictraceid" => keep(&mut self.trace, || trace(&value)),
            b"ddtraceid" => keep(&mut self.trace, || {
                decimal(&value).and_then(|low| TraceId::new(low.into())).or_else(|| trace(&value))
            }),
            b"spanid" | b"otelspanid" | b"xb3spanid" => keep(&mut self.span, || value.parse().ok()),
            b"ddspanid" => keep(&mut self.span, || decimal(&value).and_then(SpanId::new)),
            b"traceparent" => keep(&mut self.trace, || value.split('-').nth(1).and_then(trace)),
            b"level" | b"severity" | b"lvl" | b"loglevel" | b"severitytext" | b"detectedlevel" => {
                keep(&mut self.level, || level(&value));
            }
            b"msg" | b"message" | b"body" if self.message.is_none() => self.message = Some(value),
            b"time" | b"ts" | b"timestamp" | b"asctime" | b"datetime" | b"eventtime" if self.time.is_none() => {
                self.time = Some(value);
            }
            b"service" | b"servicename" | b"app" if self.service.is_none() => self.service = Some(value),
            _ => {}
        }
    }
}

/// The names that [`Told::field`] knows; what stands under others need not be read.
fn is_known(above: &str, name: &str) -> bool {
    const NAMES: [&[u8]; 26] = [
        b"traceid",
        b"oteltraceid",
        b"xb3traceid",
        b"newrelictraceid",
        b"ddtraceid",
        b"spanid",
        b"otelspanid",
        b"xb3spanid",
        b"ddspanid",
        b"traceparent",
        b"level",
        b"severity",
        b"lvl",
        b"loglevel",
        b"severitytext",
        b"detectedlevel",
        b"msg",
        b"message",
        b"body",
        b"time",
        b"ts",
        b"timestamp",
        b"service",
        b"servicename",
        b"app",
        b"asctime",
    ];
    let (name, length) = canonical(above, name);
    let name = name.get(..length).unwrap_or_default();
    NAMES.contains(&name) || matches!(name, b"datetime" | b"eventtime")
}

fn keep<T>(slot: &mut Option<T>, read: impl FnOnce() -> Option<T>) {
    if slot.is_none() {
        *slot = read();
    }
}

/// Lower case, letters and digits alone; nothing for a name that is too long.
fn canonical(above: &str, name: &str) -> ([u8; LONGEST_NAME], usize) {
    let mut letters = [0; LONGEST_NAME];
    let mut length = 0;
    for byte in above.bytes().chain(name.bytes()).filter(u8::is_ascii_alphanumeric) {
        let Some(letter) = letters.get_mut(length) else { return ([0; LONGEST_NAME], 0) };
        *letter = byte.to_ascii_lowercase();
        length += 1;
    }
    (letters, length)
}

/// Words, or the numbers that pino and bunyan write; `None` when it tells nothing.
fn level(text: &str) -> Option<Level> {
    let level = match text.parse::<u32>() {
        Ok(10..20) => Level::Trace,
        Ok(20..30) => Level::Debug,
        Ok(30..40) => Level::Info,
        Ok(40..50) => Level::Warn,
        Ok(50..60) => Level::Error,
        Ok(60..) => Level::Fatal,
        _ => Level::parse(text),
    };
    (level != Level::Unknown).then_some(level)
}

/// OTLP's `severity_number`.
pub(super) fn severity(text: &str) -> Option<Level> {
    match text.parse::<u32>().ok()? {
        1..=4 => Some(Level::Trace),
        5..=8 => Some(Level::Debug),
        9..=12 => Some(Level::Info),
        13..=16 => Some(Level::Warn),
        17..=20 => Some(Level::Error),
        21..=24 => Some(Level::Fatal),
        _ => None,
    }
}

fn trace(text: &str) -> Option<TraceId> {
    let text = text.trim();
    if text.len() == 36 && text.contains('-') {
        return text.replace('-', "").parse().ok();
    }
    if text.len() < FEWEST_DIGITS { None } else { text.parse().ok() }
}

/// Datadog's low 64 bits; never read as a float.
fn decimal(text: &str) -> Option<u64> {
    let text = text.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

/// Finds `trace_id=…`, `traceId: …`, `traceparent=00-…` in running text.
fn scan(line: &str) -> Option<TraceId> {
    static WORD: LazyLock<Needle> = LazyLock::new(|| Needle::new("trace"));
    let mut rest = line;
    loop {
        let found = WORD.find(rest, 0)?;
        rest = rest.get(found.end..)?;
        let value = match without(rest, "parent") {
            Some(after) => after.trim_start_matches(is_separator).get(3..).unwrap_or(""),
            None => match without(rest.trim_start_matches(['_', '-', '.']), "id") {
                Some(after) if after.starts_with(is_separator) => after.trim_start_matches(is_separator),
                _ => continue,
            },
        };
        let digits = value.bytes().take_while(u8::is_ascii_hexdigit).count();
        if (16..=32).contains(&digits)
            && let Some(Ok(found)) = value.get(..digits).map(str::parse)
        {
            return Some(found);
        }
    }
}

fn without<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let start = text.get(..prefix.len())?;
    if start.eq_ignore_ascii_case(prefix) { text.get(prefix.len()..) } else { None }
}

const fn is_separator(letter: char) -> bool {
    matches!(letter, '=' | '"' | ':' | ' ' | '\'' | '\\')
}

/// Reads an object's known fields; `dd`, `trace` and `span` may be objects of their own.
struct Inside<'t, 'a> {
    told: &'t mut Told<'a>,
    above: &'static str,
}

impl<'de> DeserializeSeed<'de> for Inside<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Inside<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Text(name)) = map.next_key()? {
            let inner = ["dd", "trace", "span"].into_iter().find(|known| *known == name && self.above.is_empty());
            match inner {
                Some(above) => map.next_value_seed(Inside { told: &mut *self.told, above })?,
                None if is_known(self.above, &name) => {
                    let Text(value) = map.next_value()?;
                    self.told.field(self.above, &name, value);
                }
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_in_every_spelling() {
        let full = "bdd640fb06671ad11c80317fa3b1799d";
        for line in [
            format!(r#"{{"trace_id":"{full}"}}"#),
            format!(r#"{{"traceID":"{}"}}"#, full.to_uppercase()),
            format!(r#"{{"trace":{{"id":"{full}"}}}}"#),
            format!(r#"{{"a":1,"otelTraceID":"{full}"}}"#),
            format!("ts=1 traceId={full} msg=x"),
            format!("Trace-ID: {full}, more"),
            format!("traces here; traceparent=00-{full}-3eb13b9046685257-01"),
            format!(r#"{{"msg":"half", "trace_id":"{full}", broken"#),
        ] {
            assert_eq!(Told::by_line(&line).trace.map(|id| id.to_string()).as_deref(), Some(full), "{line}");
        }
    }

    #[test]
    fn datadog_ids_are_decimal() {
        let told = Told::by_line(r#"{"dd":{"trace_id":"9532127138774266268","span_id":7}}"#);
        assert_eq!(told.trace.map(|id| id.to_string()).as_deref(), Some("00000000000000008448eb211c80319c"));
        assert_eq!(told.span.map(SpanId::value), Some(7));
        let told = Told::by_line(r#"{"dd.trace_id":"640cfd8d000000008448eb211c80319c"}"#);
        assert_eq!(told.trace.map(|id| id.to_string()).as_deref(), Some("640cfd8d000000008448eb211c80319c"));
    }

    #[test]
    fn what_is_no_id_is_none() {
        let zeros = format!("trace_id={}", "0".repeat(32));
        for line in ["trace_id=", "trace_id=abc", "tracé trace", zeros.as_str(), r#"{"trace_id":7}"#, "traceparent"] {
            assert_eq!(Told::by_line(line).trace, None, "{line}");
        }
    }

    #[test]
    fn a_json_line_tells_its_message_and_level() {
        let told = Told::by_line(r#"{"level":50,"msg":"card \"declined\"","service":"payment","x":{"msg":"no"}}"#);
        assert_eq!(told.message.as_deref(), Some("card \"declined\""));
        assert_eq!((told.level, told.service.as_deref()), (Some(Level::Error), Some("payment")));
    }

    #[test]
    fn a_line_beyond_the_bound_is_not_read_into() {
        let line = format!(r#"{{"msg":"{}"}}"#, "x".repeat(LONGEST_READ));
        assert_eq!(Told::by_line(&line), Told::default());
    }
}
