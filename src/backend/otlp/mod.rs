//! Spans as OTLP writes them, in JSON and in protobuf, decoded into the domain's. Not which server sent them.

mod fields;
mod json;
mod proto;
mod spans;
mod walk;

#[cfg(test)]
pub(in crate::backend) use json::{span_id, trace_id};
pub(in crate::backend) use proto::{decode_by_id, decode_traces};
pub(in crate::backend) use spans::{Decoded, LONGEST_NAME, LONGEST_VALUE, MOST_SPANS, beginning, cut_in_words};
pub(in crate::backend) use walk::decode as decode_json;
