//! The simulated Tempo: what version 3.0 answers over a company's traces, by id and by search. Not TraceQL metrics.

mod reply;
mod routes;
mod search;
mod tags;
#[cfg(test)]
mod tests;
mod times;
mod trace;

pub use routes::router;
