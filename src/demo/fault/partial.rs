//! How each server says that its answer is a part of the truth. Alertmanager has no word for it and answers as ever.

use axum::body::{Body, to_bytes};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::spec::Target;

/// An answer longer than this is an error when it has to be cut or edited.
pub const LONGEST_EDITED: usize = 64 << 20;
const REASON: &str = "one of three stores did not answer; the result is partial";

/// Edits a good answer so that it says it is partial; anything else passes unchanged.
pub async fn partial(target: Target, answer: Response) -> Response {
    if !answer.status().is_success() {
        return answer;
    }
    let (mut parts, body) = answer.into_parts();
    let Ok(bytes) = to_bytes(body, LONGEST_EDITED).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let edited = match serde_json::from_slice::<Value>(&bytes) {
        Ok(mut json) => {
            mark(target, &mut json);
            json.to_string().into_bytes()
        }
        Err(_) if target == Target::Tempo && is_protobuf(&parts.headers) => {
            let mut bytes = bytes.to_vec();
            bytes.extend(protobuf_mark());
            bytes
        }
        Err(_) => bytes.to_vec(),
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(edited))
}

fn is_protobuf(headers: &axum::http::HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/protobuf")
}

fn mark(target: Target, answer: &mut Value) {
    let Some(fields) = answer.as_object_mut() else { return };
    match target {
        Target::Prometheus | Target::Loki if fields.contains_key("data") => {
            fields.insert("warnings".into(), json!([REASON]));
        }
        Target::Tempo if fields.contains_key("trace") => {
            fields.insert("status".into(), json!("PARTIAL"));
            fields.insert("message".into(), json!(REASON));
        }
        Target::Tempo if fields.contains_key("traces") => {
            if let Some(metrics) = fields.get_mut("metrics") {
                *metrics = json!({"inspectedBytes": "42396", "completedJobs": 2, "totalJobs": 3});
            }
        }
        Target::Jaeger if fields.contains_key("data") => {
            fields.insert("errors".into(), json!([{"msg": REASON}]));
        }
        _ => {}
    }
}

/// Fields 3 and 4 of Tempo's answer by id: a protobuf message goes on where it seems to end.
fn protobuf_mark() -> Vec<u8> {
    let length = u8::try_from(REASON.len()).unwrap_or(0);
    [&[0x18, 0x01, 0x22, length], REASON.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_server_has_its_own_word_for_a_part() {
        let marked = |target, text: &str| {
            let mut json: Value = serde_json::from_str(text).expect("JSON");
            mark(target, &mut json);
            json
        };
        assert!(marked(Target::Loki, r#"{"status":"success","data":{}}"#)["warnings"].is_array());
        assert_eq!(marked(Target::Tempo, r#"{"trace":{},"metrics":{}}"#)["status"], "PARTIAL");
        assert_eq!(marked(Target::Tempo, r#"{"traces":[],"metrics":{}}"#)["metrics"]["completedJobs"], 2);
        assert!(marked(Target::Jaeger, r#"{"data":[],"errors":null}"#)["errors"].is_array());
        assert_eq!(marked(Target::Alertmanager, "[]"), json!([]));
        assert!(REASON.len() < 128, "one byte of length in the protobuf mark");
    }
}
