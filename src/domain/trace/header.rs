//! Finds the trace (and the span) that a pasted text names: a header of any vendor, a log line, a URL, a bare id.
//! Not how spans are connected: only what was written.

use crate::domain::{SpanId, TraceId, base64};

/// What is read of a text at most: a header, a log line or a URL names its trace sooner than that.
const READ: usize = 16 * 1024;

/// What a text points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TraceReference {
    pub trace: TraceId,
    pub span: Option<SpanId>,
}

/// Reads W3C `traceparent`, B3 (one header or many), Datadog (decimal, with or without `_dd.p.tid`), X-Ray,
/// `uber-trace-id`, New Relic, Google Cloud, Sentry, a UUID, hex of 16 to 32 digits, a decimal u64, base64 of 16 bytes;
/// and any text that holds one of these under a name, or a 32-digit id. 16 decimal digits are taken for hex. `None` for
/// anything else, and for ids of zeros.
#[must_use]
pub fn parse_reference(text: &str) -> Option<TraceReference> {
    let text = text.trim();
    let end = (0..=text.len().min(READ)).rev().find(|at| text.is_char_boundary(*at))?;
    let text = plain(text.get(..end)?);
    let lower = text.to_ascii_lowercase();
    let whole = lower.trim_matches(['"', '\'', '`', ' ']);
    datadog(&lower)
        .or_else(|| named(&lower))
        .or_else(|| token(whole, true))
        .or_else(|| new_relic(&text))
        .or_else(|| base64_id(&text))
        .or_else(|| anywhere(&lower))
}

/// Percent signs of a URL undone, as far as they stand for ASCII.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        plain.push_str(before);
        match after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()).filter(u8::is_ascii) {
            Some(byte) => {
                plain.push(char::from(byte));
                rest = after.get(2..).unwrap_or("");
            }
            None => {
                plain.push('%');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// The low half is decimal; the upper half, where the vendor was told to keep it, is hex in the tags.
fn datadog(text: &str) -> Option<TraceReference> {
    let id = value(text, "x-datadog-trace-id").or_else(|| value(text, "dd.trace_id"))?;
    let span = value(text, "x-datadog-parent-id").or_else(|| value(text, "dd.span_id"));
    let span = span.and_then(|span| span.parse().ok()).and_then(SpanId::new);
    if id.len() == 32 {
        return Some(TraceReference { trace: hex(id)?, span });
    }
    let low: u64 = id.parse().ok().filter(|low| *low != 0)?;
    let upper =
        value(text, "_dd.p.tid").filter(|tid| tid.len() == 16).and_then(|tid| u64::from_str_radix(tid, 16).ok());
    let trace = TraceId::new(u128::from(upper.unwrap_or(0)) << 64 | u128::from(low))?;
    Some(TraceReference { trace, span })
}

/// Under a name that says what it is. Names that hold both ids come first.
fn named(text: &str) -> Option<TraceReference> {
    const BOTH: [&str; 6] =
        ["traceparent", "x-amzn-trace-id", "uber-trace-id", "x-cloud-trace-context", "sentry-trace", "b3"];
    const TRACE: [&str; 10] = [
        "x-b3-traceid",
        "trace_id",
        "traceid",
        "trace.id",
        "trace-id",
        "oteltraceid",
        "otel.trace_id",
        "newrelic-trace-id",
        "linking.trace.id",
        "x-trace-id",
    ];
    const SPAN: [&str; 7] = ["x-b3-spanid", "span_id", "spanid", "span.id", "span-id", "otelspanid", "otel.span_id"];
    if let Some(found) = BOTH.iter().find_map(|name| value(text, name).and_then(|value| token(value, true))) {
        return Some(found);
    }
    let trace = TRACE.iter().find_map(|name| {
        let found = value(text, name)?;
        token(found, true).map(|found| found.trace).or_else(|| hex(found))
    })?;
    let span = SPAN.iter().find_map(|name| value(text, name)).and_then(|span| span.parse().ok());
    Some(TraceReference { trace, span })
}

/// What stands after a name and its `:`, `=`, quotes and blanks; the name must not be the tail of a longer one.
fn value<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find(name)?;
        let after = text.get(start + name.len()..)?;
        let apart = text.get(..start)?.chars().next_back().is_none_or(|letter| !is_name(letter));
        let value = after.trim_start_matches(['"', '\'', ' ', ':', '=', '>', '\t', '\\']);
        if apart && value.len() < after.len() {
            let end = value.find(|letter: char| !is_value(letter)).unwrap_or(value.len());
            let found = value.get(..end).filter(|found| !found.is_empty());
            if found.is_some() {
                return found;
            }
        }
        from = start + name.len();
    }
}

fn is_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.')
}

/// X-Ray's value holds `;` and `=`, Google's a `/`, Jaeger's `:`.
fn is_value(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | ':' | ';' | '=' | '/')
}

/// One value by itself, in small letters. `alone` when nothing stands around it: then decimals and UUIDs count too.
fn token(text: &str, alone: bool) -> Option<TraceReference> {
    x_ray(text)
        .or_else(|| dashed(text))
        .or_else(|| uber(text))
        .or_else(|| cloud(text))
        .or_else(|| if alone { uuid(text) } else { None })
        .or_else(|| bare(text, alone))
}

fn x_ray(text: &str) -> Option<TraceReference> {
    let mut fields = text.split(';').map(str::trim);
    let root = fields.clone().find_map(|field| field.strip_prefix("root=")).or_else(|| fields.next())?;
    let mut parts = root.strip_prefix("1-")?.split('-');
    let (Some(epoch), Some(unique), None) = (parts.next(), parts.next(), parts.next()) else { return None };
    if !is_hex(epoch, 8) || !is_hex(unique, 24) {
        return None;
    }
    let span =
        text.split(';').find_map(|field| field.trim().strip_prefix("parent=")).and_then(|span| span.parse().ok());
    Some(TraceReference { trace: hex(&format!("{epoch}{unique}"))?, span })
}

/// `traceparent` (version first), B3 and Sentry (trace first). A version that is not known may have more fields.
fn dashed(text: &str) -> Option<TraceReference> {
    let mut parts = text.split('-');
    let first = parts.next()?;
    if is_hex(first, 2) {
        let (trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?);
        let known = first == "00" && parts.next().is_some();
        if first == "ff" || known || !is_hex(trace, 32) || !is_hex(span, 16) || !is_hex(flags, 2) {
            return None;
        }
        return Some(TraceReference { trace: hex(trace)?, span: Some(span.parse().ok()?) });
    }
    let span = parts.next()?;
    let sampled = parts.next().is_none_or(|flag| matches!(flag, "0" | "1" | "d"));
    let parent = parts.next().is_none_or(|parent| is_hex(parent, 16));
    let shape = (is_hex(first, 32) || is_hex(first, 16)) && is_hex(span, 16) && sampled && parent;
    if !shape || parts.next().is_some() {
        return None;
    }
    Some(TraceReference { trace: hex(first)?, span: span.parse().ok() })
}

/// `trace:span:parent:flags`, without zeros in front.
fn uber(text: &str) -> Option<TraceReference> {
    let mut parts = text.split(':');
    let (trace, span, _, _) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    Some(TraceReference { trace: hex(trace)?, span: span.parse().ok() })
}

fn cloud(text: &str) -> Option<TraceReference> {
    let (trace, rest) = text.split_once('/')?;
    if !is_hex(trace, 32) {
        return None;
    }
    let span = rest.split(';').next().and_then(|span| span.parse().ok()).and_then(SpanId::new);
    Some(TraceReference { trace: hex(trace)?, span })
}

fn uuid(text: &str) -> Option<TraceReference> {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    if lengths != [8, 4, 4, 4, 12] {
        return None;
    }
    Some(TraceReference { trace: hex(&text.replace('-', ""))?, span: None })
}

fn bare(text: &str, alone: bool) -> Option<TraceReference> {
    let decimal = alone && (17..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(low) = if decimal { text.parse::<u64>().ok() } else { None } {
        return Some(TraceReference { trace: TraceId::new(u128::from(low))?, span: None });
    }
    let fits = if alone { (16..=32).contains(&text.len()) } else { text.len() == 32 };
    Some(TraceReference { trace: hex(text).filter(|_| fits)?, span: None })
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn hex(text: &str) -> Option<TraceId> {
    text.parse().ok()
}

/// The payload is JSON, in base64 or not, with the trace under `tr`.
fn new_relic(text: &str) -> Option<TraceReference> {
    let payload = text
        .rsplit([' ', ':'])
        .find(|part| !part.is_empty())
        .and_then(base64)
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let payload = payload.unwrap_or_else(|| text.to_owned());
    if !payload.contains("\"d\"") {
        return None;
    }
    let payload = payload.to_ascii_lowercase();
    let trace = hex(value(&payload, "tr")?)?;
    Some(TraceReference { trace, span: value(&payload, "id").and_then(|span| span.parse().ok()) })
}

fn base64_id(text: &str) -> Option<TraceReference> {
    if !matches!(text.len(), 22 | 24) {
        return None;
    }
    Some(TraceReference { trace: TraceId::from_base64(text)?, span: None })
}

/// The first part of the text that is an id beyond doubt; of a URL that speaks of traces also a 16-digit one.
fn anywhere(text: &str) -> Option<TraceReference> {
    let parts = || text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '-' || letter == ':'));
    let whole = parts().find_map(|part| token(part, false));
    let short = || {
        let part = parts().skip_while(|part| !part.starts_with("trace")).find(|part| is_hex(part, 16))?;
        Some(TraceReference { trace: hex(part)?, span: None })
    };
    whole.or_else(short)
}
