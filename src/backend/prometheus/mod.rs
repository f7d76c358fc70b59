//! Prometheus and what speaks like it: numbers over time, and the requests kept beside them. Not how its answers read: that
//! is `prometheus_wire.rs`.

mod client;
mod exemplars;

pub use client::Prometheus;
