//! The text frames of a tail. Not when they are sent.

use serde_json::{Map, Value, json};

use super::encode;
use crate::demo::company::LogRecord;
use crate::demo::logql::Kept;

/// Lines and dropped entries together in one frame.
const ENTRIES: usize = 100;
/// Of the dropped lines no more than this are told a tick: the real server forgets some too.
const MOST_TOLD: usize = 1_000;

/// The frames of one tick, each with every line as a stream of its own, as the real server sends them.
pub fn frames(lines: &[Kept], dropped: &[LogRecord], categorized: bool) -> Vec<String> {
    let told = dropped.get(dropped.len().saturating_sub(MOST_TOLD)..).unwrap_or(&[]);
    let mut dropped = told.chunks(ENTRIES / 2).peekable();
    let mut lines = lines.chunks(if told.is_empty() { ENTRIES } else { ENTRIES / 2 }).peekable();
    let mut out = Vec::new();
    while lines.peek().is_some() || dropped.peek().is_some() {
        let (lines, dropped) = (lines.next().unwrap_or(&[]), dropped.next().unwrap_or(&[]));
        out.push(frame(lines, dropped, categorized).to_string());
    }
    out
}

fn frame(lines: &[Kept], dropped: &[LogRecord], categorized: bool) -> Value {
    let mut frame = Map::new();
    let streams: Vec<Value> = lines.iter().map(|kept| stream(kept, categorized)).collect();
    frame.insert("streams".into(), streams.into());
    if !dropped.is_empty() {
        let entry = |record: &LogRecord| json!({"timestamp": record.time.nanos().to_string(), "labels": encode::labels(&record.stream)});
        frame.insert("dropped_entries".into(), dropped.iter().map(entry).collect());
    }
    if categorized {
        frame.insert("encodingFlags".into(), json!([encode::CATEGORIZE]));
    }
    Value::Object(frame)
}

/// Without categories a tail drops the structured metadata altogether, `trace_id` with it.
fn stream(kept: &Kept, categorized: bool) -> Value {
    let mut labels = encode::labels(&kept.record.stream);
    if !categorized && let Some(fields) = labels.as_object_mut() {
        fields.extend(kept.parsed.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))));
    }
    json!({"stream": labels, "values": [encode::entry(kept, categorized)]})
}
