//! The simulated Loki: what version 3.7 answers over a company's lines, its tail over a websocket included. Not push.

mod encode;
mod frame;
mod labels;
mod limits;
mod metric;
mod range;
mod routes;
mod statistics;
mod tail;
#[cfg(test)]
mod tail_tests;
#[cfg(test)]
mod tests;
mod times;
mod walk;

pub use limits::Limits;
pub use routes::{router, router_with};
