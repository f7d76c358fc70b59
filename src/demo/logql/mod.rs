//! The part of LogQL that the simulated Loki speaks: selectors, line filters, `json`, `logfmt`, label filters,
//! `count_over_time` and `rate` with one aggregation around them. Anything else is an error that says so.

mod fields;
mod grammar;
mod pipeline;
mod query;
#[cfg(test)]
mod tests;
mod token;

pub use grammar::parse;
pub use pipeline::Kept;
pub use query::{Aggregation, Function, Grouping, LogQuery, MetricQuery, Operator, Query};
