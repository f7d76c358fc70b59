//! The part of PromQL that a simulated Prometheus answers, with Prometheus' own semantics: extrapolation, staleness, NaN, vector
//! matching. What it does not know it names in an error; it never guesses.

mod aggregate;
mod binary;
mod call;
mod evaluate;
mod function;
mod histogram;
mod range;
#[cfg(test)]
mod range_tests;
mod relabel;
mod store;
#[cfg(test)]
mod tests;
mod value;

pub use evaluate::{Query, parse};
pub use store::Store;
pub use value::{Point, Problem, Run, Value};
