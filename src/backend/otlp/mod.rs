//! Spans as OTLP writes them, in JSON and in protobuf, decoded into the domain's. Not which server sent them.

mod json;
mod proto;
mod spans;

pub(in crate::backend) use json::decode as decode_json;
#[cfg(test)]
pub(in crate::backend) use json::{span_id, trace_id};
pub(in crate::backend) use proto::{decode_by_id, decode_traces};
pub(in crate::backend) use spans::Decoded;
