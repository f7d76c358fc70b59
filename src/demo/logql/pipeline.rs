//! What a log query does to one line: keep it or not, and with which labels. Not which lines it is given.

use std::collections::BTreeMap;

use super::fields;
use super::query::{Condition, LogQuery, Needle, Stage};
use crate::demo::company::LogRecord;
use crate::demo::duration;
use crate::domain::Labels;
use crate::domain::signal::Level;

/// A line that a query kept.
#[derive(Clone, Debug)]
pub struct Kept {
    pub record: LogRecord,
    /// What a parser of the pipeline found, collisions renamed to `.._extracted`.
    pub parsed: BTreeMap<String, String>,
}

impl Kept {
    /// The line's structured metadata, with the `detected_level` that Loki adds of itself.
    #[must_use]
    pub fn metadata(&self) -> BTreeMap<&str, &str> {
        let mut all: BTreeMap<&str, &str> =
            self.record.metadata.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        all.entry("detected_level").or_insert_with(|| level_name(self.record.level));
        all
    }

    /// Index labels, metadata and parsed labels together, as an answer without categories has them.
    #[must_use]
    pub fn merged(&self) -> BTreeMap<&str, &str> {
        let mut all = self.metadata();
        all.extend(self.record.stream.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        all.extend(self.parsed.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        all
    }
}

/// What Loki writes into `detected_level`.
fn level_name(level: Level) -> &'static str {
    match level {
        Level::Unknown => "unknown",
        Level::Trace => "trace",
        Level::Debug => "debug",
        Level::Info => "info",
        Level::Warn => "warn",
        Level::Error => "error",
        Level::Fatal => "fatal",
    }
}

impl LogQuery {
    #[must_use]
    pub fn selects(&self, stream: &Labels) -> bool {
        self.matchers.iter().all(|(name, test)| test.holds(stream.get(name).map_or("", |value| value.as_str())))
    }

    /// Whether a line of this stream and level can pass at all. The truth for streams; for levels it reads what the
    /// query asks of `detected_level`, which here is always the record's own level.
    #[must_use]
    pub fn may_keep(&self, stream: &Labels, level: Level) -> bool {
        let possible = |stage: &Stage| match stage {
            Stage::Label(condition) => possible(condition, level),
            Stage::Line { .. } | Stage::Json | Stage::Logfmt => true,
        };
        self.selects(stream) && self.stages.iter().all(possible)
    }

    /// The line as the query leaves it, or nothing.
    #[must_use]
    pub fn keep(&self, record: LogRecord) -> Option<Kept> {
        if !self.selects(&record.stream) {
            return None;
        }
        let mut kept = Kept { record, parsed: BTreeMap::new() };
        self.stages.iter().all(|stage| passes(stage, &mut kept)).then_some(kept)
    }
}

fn passes(stage: &Stage, kept: &mut Kept) -> bool {
    match stage {
        Stage::Line { wanted, needles } => {
            let line = &kept.record.line;
            *wanted
                == needles.iter().any(|needle| match needle {
                    Needle::Text(text) => line.contains(text.as_str()),
                    Needle::Regex(regex) => regex.is_match(line),
                })
        }
        Stage::Json => {
            match fields::json(&kept.record.line) {
                Some(found) => add(kept, found),
                None => {
                    let details = "Value looks like object, but can't find closing '}' symbol";
                    kept.parsed.insert("__error__".into(), "JSONParserErr".into());
                    kept.parsed.insert("__error_details__".into(), details.into());
                }
            }
            true
        }
        Stage::Logfmt => {
            let found = fields::logfmt(&kept.record.line);
            add(kept, found);
            true
        }
        Stage::Label(condition) => holds(condition, kept),
    }
}

fn add(kept: &mut Kept, found: Vec<(String, String)>) {
    for (name, value) in found {
        let taken = name == "detected_level"
            || kept.record.stream.get(&name).is_some()
            || kept.record.metadata.iter().any(|(known, _)| known.as_str() == name);
        kept.parsed.insert(if taken { format!("{name}_extracted") } else { name }, value);
    }
}

fn possible(condition: &Condition, level: Level) -> bool {
    match condition {
        Condition::Text(name, test) if name == "detected_level" => test.holds(level_name(level)),
        Condition::Text(..) | Condition::Number { .. } => true,
        Condition::And(left, right) => possible(left, level) && possible(right, level),
        Condition::Or(left, right) => possible(left, level) || possible(right, level),
    }
}

fn holds(condition: &Condition, kept: &Kept) -> bool {
    match condition {
        Condition::Text(name, test) => test.holds(value(kept, name)),
        Condition::Number { name, order, value: wanted, unit } => {
            let text = value(kept, name);
            let number =
                if *unit { duration::parse(text).map(|length| length.as_secs_f64()) } else { text.parse().ok() };
            number.is_some_and(|number| order.holds(number, *wanted))
        }
        Condition::And(left, right) => holds(left, kept) && holds(right, kept),
        Condition::Or(left, right) => holds(left, kept) || holds(right, kept),
    }
}

fn value<'a>(kept: &'a Kept, name: &str) -> &'a str {
    if let Some(value) = kept.parsed.get(name) {
        return value;
    }
    if let Some((_, value)) = kept.record.metadata.iter().find(|(known, _)| known.as_str() == name) {
        return value;
    }
    match kept.record.stream.get(name) {
        Some(value) => value,
        None if name == "detected_level" => level_name(kept.record.level),
        None => "",
    }
}
