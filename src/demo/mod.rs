//! A company to practise on: scenarios as functions of time, and servers on loopback that speak the real protocols.

pub mod alerting;
mod company;
pub mod promql;
pub mod rng;
pub mod scenario;
mod site;

pub use company::{Company, LogRecord, Metric, MetricKind, Rule, ScriptEntry, TraceRecord, ValueAt};
pub use site::{Clock, Site};
