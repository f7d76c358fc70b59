//! Spans as OTLP writes them, in JSON and in protobuf, decoded into the domain's. Not which server sent them.

mod answer;
mod fields;
mod json;
mod part;
mod proto;
mod recent;
mod spans;
mod walk;

pub(in crate::backend) use answer::{decode_by_id, decode_traces};
#[cfg(test)]
pub(in crate::backend) use json::{span_id, trace_id};
pub(in crate::backend) use spans::{Decoded, LONGEST_NAME, LONGEST_VALUE, MOST_SPANS, beginning, cut_in_words};
pub(in crate::backend) use walk::decode as decode_json;
