//! The simulated Prometheus: what version 2.42 answers over a company's series and rules. Not remote write, not targets.

mod arguments;
mod envelope;
mod exemplars;
mod exposition;
mod query;
mod router;
mod rules;
mod series;
mod state;
#[cfg(test)]
mod tests;

pub use router::router;
