//! A company to practise on: scenarios as functions of time, and servers on loopback that speak the real protocols.

pub mod alerting;
pub mod api;
mod company;
mod duration;
pub mod fault;
#[cfg(test)]
mod fixture;
mod logql;
pub mod promql;
pub mod rng;
pub mod scenario;
mod server;
mod site;
mod start;
mod traceql;
mod unlinked;
mod work;

pub use company::{Annotation, Company, LogRecord, Metric, MetricKind, Rule, ScriptEntry, TraceRecord, ValueAt};
pub use fault::{Fault, FaultError, FaultKind, Target};
pub use server::Server;
pub use site::{Clock, Site};
pub use start::{Options, Running, StartError, Urls, impact_start, outline, start, start_company};
pub use unlinked::Unlinked;
