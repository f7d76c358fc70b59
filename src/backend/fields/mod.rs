//! The fields that a log line tells of itself, given one by one: of a flat JSON object, of `key=value` pairs. Not what they
//! mean: `loki_text.rs`.

mod flat;
mod logfmt;

pub(super) use flat::read as read_object;
pub(super) use logfmt::read as read_pairs;
