//! A company to practise on: scenarios as functions of time, and servers on loopback that speak the real protocols.

mod company;

pub use company::{Company, LogRecord, Metric, MetricKind, Rule, ScriptEntry, TraceRecord, ValueAt};
