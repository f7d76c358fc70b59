//! Loki's JSON: streams merged or with categories, matrices, vectors. Not which lines are in them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::statistics::statistics;
use crate::demo::logql::Kept;
use crate::domain::{Labels, Timestamp};

/// The request header, and the one flag that it may name.
pub const FLAGS_HEADER: &str = "x-loki-response-encoding-flags";
pub const CATEGORIZE: &str = "categorize-labels";
pub const JSON: &str = "application/json; charset=UTF-8";

pub fn success(data: Value) -> Value {
    json!({"status": "success", "data": data})
}

/// The body of a log query; the lines keep their order within a stream.
pub fn streams(lines: &[Kept], categorized: bool) -> Value {
    let mut grouped: BTreeMap<Vec<(&str, &str)>, Vec<Value>> = BTreeMap::new();
    for kept in lines {
        let labels: Vec<(&str, &str)> = if categorized {
            kept.record.stream.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
        } else {
            kept.merged().into_iter().collect()
        };
        grouped.entry(labels).or_default().push(entry(kept, categorized));
    }
    let result: Vec<Value> = grouped
        .into_iter()
        .map(|(labels, values)| {
            let stream: Map<String, Value> =
                labels.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
            json!({"stream": stream, "values": values})
        })
        .collect();
    let mut data = json!({"resultType": "streams", "result": result, "stats": statistics(lines.len())});
    if categorized && let Some(fields) = data.as_object_mut() {
        fields.insert("encodingFlags".into(), json!([CATEGORIZE]));
    }
    success(data)
}

/// `[ns, line]`, or with categories `[ns, line, {..}]`.
pub fn entry(kept: &Kept, categorized: bool) -> Value {
    let (time, line) = (kept.record.time.nanos().to_string(), &kept.record.line);
    if !categorized {
        return json!([time, line]);
    }
    let mut categories = Map::new();
    let metadata = kept.metadata();
    if !metadata.is_empty() {
        categories.insert("structuredMetadata".into(), json!(metadata));
    }
    if !kept.parsed.is_empty() {
        categories.insert("parsed".into(), json!(kept.parsed));
    }
    json!([time, line, categories])
}

pub fn labels(labels: &Labels) -> Value {
    labels.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<BTreeMap<_, _>>().into_iter().collect()
}

/// Label sets and what each counted at each step; a step without a line is absent.
pub type Matrix = BTreeMap<BTreeMap<String, String>, Vec<(Timestamp, f64)>>;

pub fn matrix(series: &Matrix) -> Value {
    let result: Vec<Value> = series
        .iter()
        .map(|(labels, points)| {
            let values: Vec<Value> = points.iter().map(|(time, value)| point(*time, *value)).collect();
            json!({"metric": labels, "values": values})
        })
        .collect();
    success(json!({"resultType": "matrix", "result": result, "stats": statistics(series.len())}))
}

pub fn vector(series: &Matrix) -> Value {
    let result: Vec<Value> = series
        .iter()
        .filter_map(|(labels, points)| points.first().map(|(time, value)| (labels, point(*time, *value))))
        .map(|(labels, value)| json!({"metric": labels, "value": value}))
        .collect();
    success(json!({"resultType": "vector", "result": result, "stats": statistics(series.len())}))
}

/// Seconds as an integer where they are whole, and the number as text.
fn point(time: Timestamp, value: f64) -> Value {
    let millis = time.millis();
    if millis % 1_000 == 0 {
        json!([millis / 1_000, value.to_string()])
    } else {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of our era fit a float exactly")]
        let seconds = millis as f64 / 1_000.0;
        json!([seconds, value.to_string()])
    }
}
