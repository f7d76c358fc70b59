//! From Loki's streams to the domain's lines: which labels are the stream's, which words are the line's.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::loki_text::{self, Told};
use crate::domain::signal::{Level, Line, Message, written};
use crate::domain::{Interner, Labels, SpanId, Symbol, Timestamp, TraceId};

/// A longer line is cut, visibly.
const LONGEST: usize = 1024 * 1024;
/// Label sets beyond this are not shared any more.
const MOST_STREAMS: usize = 8_192;
const INTERNED: usize = 50_000;

/// Names under which servers and agents keep a service, best first.
pub(super) const SERVICE: [&str; 11] = [
    "service_name",
    "service",
    "app",
    "application",
    "app_name",
    "app_kubernetes_io_name",
    "name",
    "container",
    "container_name",
    "component",
    "job",
];

/// What OpenTelemetry's and Loki's own structured metadata is called: an answer that folds it into the labels would
/// make a stream of every line.
const METADATA: [&str; 9] = [
    "trace_id",
    "traceid",
    "span_id",
    "spanid",
    "detected_level",
    "severity_text",
    "severity_number",
    "observed_timestamp",
    "flags",
];

/// What the lines of one stream have in common.
pub(super) struct Stream {
    labels: Arc<Labels>,
    service: Symbol,
    level: Option<Level>,
    /// Metadata that the server folded into the labels.
    folded: Vec<(String, String)>,
}

/// What the server knows of a line besides.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a str,
    /// The query read it out of the line's own text.
    pub(super) is_parsed: bool,
}

/// Makes lines, sharing names and label sets between them.
pub(super) struct Lines {
    interner: Interner,
    streams: HashMap<Arc<Labels>, ()>,
}

impl Lines {
    pub(super) fn new() -> Self {
        Self { interner: Interner::with_bound(INTERNED), streams: HashMap::new() }
    }

    /// `categorised`: the server says that the labels are the stream's alone.
    pub(super) fn stream<'a>(&mut self, pairs: impl Iterator<Item = (&'a str, &'a str)>, categorised: bool) -> Stream {
        let mut folded = Vec::new();
        let mut own = Vec::new();
        for (name, value) in pairs {
            if !categorised && METADATA.iter().any(|known| name.eq_ignore_ascii_case(known)) {
                folded.push((name.to_owned(), value.to_owned()));
            } else {
                own.push((self.interner.intern(name), self.interner.intern(value)));
            }
        }
        let labels = self.shared(own.into_iter().collect());
        let service = service(&labels);
        let level = ["detected_level", "level", "severity"].iter().filter_map(|name| labels.get(name));
        let level = level.map(|level| Level::parse(level)).find(|level| *level != Level::Unknown);
        Stream { labels, service: service.unwrap_or_default(), level, folded }
    }

    fn shared(&mut self, labels: Labels) -> Arc<Labels> {
        if let Some((known, ())) = self.streams.get_key_value(&labels) {
            return Arc::clone(known);
        }
        let labels = Arc::new(labels);
        if self.streams.len() < MOST_STREAMS {
            self.streams.insert(Arc::clone(&labels), ());
        }
        labels
    }

    /// Metadata beats the stream's labels, and those beat what the line says of itself.
    pub(super) fn line<'a>(
        &mut self,
        stream: &'a Stream,
        time: Timestamp,
        text: &str,
        metadata: impl Iterator<Item = Known<'a>> + Clone,
    ) -> Line {
        let mut meta = Told::default();
        let mut number = None;
        let folded = stream.folded.iter().map(|(name, value)| Known { name, value, is_parsed: false });
        let known = metadata.chain(folded);
        for Known { name, value, .. } in known.clone() {
            if name == "severity_number" {
                number = loki_text::severity(value);
            }
            meta.field("", name, Cow::Borrowed(value));
        }
        let ids = (meta.trace, meta.span);
        let besides = known.filter(|pair| !pair.is_told(text, ids)).map(|pair| (pair.name, pair.value));
        let metadata = written(besides);
        let told = Told::by_line(text);
        let raw: Arc<str> = cut(text).into();
        let own_service = meta.service.or(told.service);
        Line {
            time,
            level: meta.level.or(number).or(stream.level).or(told.level).unwrap_or_default(),
            service: match own_service {
                Some(name) if stream.service.is_empty() => self.interner.intern(&name),
                _ => stream.service.clone(),
            },
            stream: Arc::clone(&stream.labels),
            trace: meta.trace.or(told.trace),
            span: meta.span.or(told.span),
            message: told.message.map_or(Message::Raw, |message| Message::Extracted(message.into())),
            raw,
            metadata,
        }
    }
}

impl Known<'_> {
    /// It stands in the line itself, or is an id that the line keeps as such.
    fn is_told(&self, text: &str, (trace, span): (Option<TraceId>, Option<SpanId>)) -> bool {
        let is_id =
            trace.is_some() && self.value.parse().ok() == trace || span.is_some() && self.value.parse().ok() == span;
        is_id || self.is_parsed && text.contains(self.name) && text.contains(self.value)
    }
}

/// The service that a stream's labels name.
pub(super) fn service(labels: &Labels) -> Option<Symbol> {
    SERVICE.iter().filter_map(|name| labels.get(name)).find(|name| is_known(name)).cloned()
}

fn is_known(service: &Symbol) -> bool {
    !service.is_empty() && *service != "unknown_service"
}

fn cut(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST {
        return Cow::Borrowed(text);
    }
    let kept = text.get(..text.floor_char_boundary(LONGEST)).unwrap_or("");
    Cow::Owned(format!("{kept}… [{} bytes cut]", text.len() - kept.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(labels: &[(&str, &str)], metadata: &[(&str, &str)], text: &str) -> Line {
        let mut lines = Lines::new();
        let stream = lines.stream(labels.iter().copied(), false);
        let known = metadata.iter().map(|(name, value)| Known { name, value, is_parsed: false });
        lines.line(&stream, Timestamp::EPOCH, text, known)
    }

    #[test]
    fn folded_metadata_leaves_the_stream() {
        let folded = [("app", "payment"), ("trace_id", "bdd640fb06671ad11c80317fa3b1799d"), ("detected_level", "warn")];
        let line = line(&folded, &[], "x");
        assert_eq!(line.stream.to_string(), r#"{app="payment"}"#);
        assert_eq!((line.level, line.service.as_str(), line.trace.is_some()), (Level::Warn, "payment", true));
    }

    #[test]
    fn the_level_comes_from_the_best_witness() {
        assert_eq!(line(&[("level", "info")], &[("detected_level", "error")], "").level, Level::Error);
        assert_eq!(line(&[("level", "info")], &[("detected_level", "unknown")], "").level, Level::Info);
        assert_eq!(line(&[], &[("severity_number", "13")], r#"{"level":"info"}"#).level, Level::Warn);
        assert_eq!(line(&[], &[], r#"{"level":"fatal"}"#).level, Level::Fatal);
    }

    #[test]
    fn a_service_is_found_and_unknown_is_none() {
        assert_eq!(line(&[("service_name", "unknown_service"), ("job", "api")], &[], "").service, "api");
        assert_eq!(line(&[("env", "lab")], &[], r#"{"service":"cart"}"#).service, "cart");
    }

    #[test]
    fn two_million_label_sets_are_read_and_not_remembered() {
        let mut lines = Lines::new();
        for number in 0..2_000_000 {
            let pod = number.to_string();
            let stream = lines.stream([("pod", pod.as_str())].into_iter(), true);
            assert_eq!(stream.labels.get("pod").map(|value| value.as_str()), Some(pod.as_str()));
        }
        assert_eq!(lines.streams.len(), MOST_STREAMS);
    }

    #[test]
    fn a_huge_line_is_cut_between_letters() {
        let line = line(&[], &[], &"é".repeat(LONGEST));
        assert!(line.raw.ends_with("bytes cut]") && line.raw.len() < LONGEST + 40);
    }
}
