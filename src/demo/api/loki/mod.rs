//! The simulated Loki: what version 3.7 answers over a company's lines, its tail over a websocket included. Not push.

mod encode;
mod frame;
mod labels;
mod metric;
mod range;
mod router;
mod statistics;
mod tail;
#[cfg(test)]
mod tail_tests;
#[cfg(test)]
mod tests;
mod times;
mod walk;

pub use router::{Limits, router, router_with};
