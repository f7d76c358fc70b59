//! The part of TraceQL that the simulated Tempo speaks: span filters with attributes and intrinsics, joined by `&&` and
//! `||`, and `select`. Anything else is an error that says so.

mod evaluate;
mod grammar;
mod query;
#[cfg(test)]
mod tests;
mod token;

pub use evaluate::{Facts, Found, found};
pub use grammar::parse;
pub use query::Query;
