//! The leaves of a JSON answer: where each stands, and the same answer with one of them changed. What a reader makes of both
//! tells whether it reads that leaf.

use std::collections::BTreeMap;

use serde_json::Value;

/// Places (JSON pointers) of all leaves by their general path, `.data.result[].value[]`. Empty lists, empty objects and nulls
/// hold nothing that could be read.
pub fn leaves(json: &Value) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    collect(json, String::new(), String::new(), &mut found);
    found
}

fn collect(json: &Value, path: String, pointer: String, found: &mut BTreeMap<String, Vec<String>>) {
    match json {
        Value::Null => {}
        Value::Object(fields) => {
            for (name, value) in fields {
                let escaped = name.replace('~', "~0").replace('/', "~1");
                collect(value, format!("{path}.{name}"), format!("{pointer}/{escaped}"), found);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                collect(item, format!("{path}[]"), format!("{pointer}/{at}"), found);
            }
        }
        _ => found.entry(path).or_default().push(pointer),
    }
}

/// The same answer several times, each with another value at that place.
pub fn changed(json: &Value, pointer: &str) -> Vec<Value> {
    let leaf = json.pointer(pointer).expect("a leaf");
    let others = match leaf {
        Value::Bool(flag) => vec![Value::Bool(!flag)],
        Value::Number(number) => match number.as_i64() {
            Some(whole) => vec![Value::from(whole + 1), Value::from(whole + 1_000_000)],
            None => vec![Value::from(number.as_f64().expect("a number") + 1.0)],
        },
        Value::String(text) => [another(text), format!("{text}~"), "12345678".to_owned(), String::new()]
            .into_iter()
            .filter(|other| other != text)
            .map(Value::String)
            .collect(),
        Value::Null | Value::Array(_) | Value::Object(_) => Vec::new(),
    };
    let with = |other: Value| {
        let mut json = json.clone();
        *json.pointer_mut(pointer).expect("a leaf") = other;
        json
    };
    others.into_iter().map(with).collect()
}

/// Of the same kind: an id stays an id, a moment a moment.
fn another(text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if let Some(last) = letters.iter_mut().rev().find(|letter| letter.is_ascii_digit()) {
        *last = if *last == '3' { '4' } else { '3' };
    }
    letters.into_iter().collect()
}

#[test]
fn a_leaf_is_found_and_changed_where_it_stands() {
    let json = serde_json::json!({"a": [{"b": "x1"}, {"b": 7, "c/d": true, "e": null}], "f": []});
    let found = leaves(&json);
    assert_eq!(found[".a[].b"], ["/a/0/b", "/a/1/b"]);
    assert_eq!(found.keys().collect::<Vec<_>>(), [".a[].b", ".a[].c/d"]);
    assert_eq!(
        changed(&json, "/a/1/c~1d"),
        [serde_json::json!({"a": [{"b": "x1"}, {"b": 7, "c/d": false, "e": null}], "f": []})]
    );
    assert_eq!(changed(&json, "/a/0/b")[0]["a"][0]["b"], "x3");
}
