//! The shape of a JSON answer: which keys stand where and with which types. For comparing with recorded answers.

use std::collections::BTreeSet;

use serde_json::Value;

/// One entry a leaf, such as `.data.result[].values[][] string`; an empty object or array is a leaf.
pub fn shape(json: &Value) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    collect(json, String::new(), &mut out);
    out
}

fn collect(json: &Value, path: String, out: &mut BTreeSet<String>) {
    let leaf = match json {
        Value::Object(fields) if !fields.is_empty() => {
            fields.iter().for_each(|(name, value)| collect(value, format!("{path}.{name}"), out));
            return;
        }
        Value::Array(items) if !items.is_empty() => {
            items.iter().for_each(|item| collect(item, format!("{path}[]"), out));
            return;
        }
        Value::Object(_) => "{}",
        Value::Array(_) => "[]",
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
    };
    out.insert(format!("{path} {leaf}"));
}
