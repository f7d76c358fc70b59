//! Clients of a responder's servers: each speaks one vendor's language, and gives the domain's through a port.

mod alertmanager;
mod endpoint;
mod fields;
mod files;
mod grafana;
mod http;
mod jaeger;
mod jaeger_wire;
mod lenient;
mod loki;
mod loki_line;
mod loki_query;
mod loki_seen;
mod loki_tail;
mod loki_text;
mod loki_wire;
mod otlp;
mod prometheus;
mod prometheus_wire;
mod retry;
mod skew;
mod summary;
mod tempo;
mod tempo_wire;
#[cfg(test)]
mod tests;
mod tls;
mod words;

pub use alertmanager::Alertmanager;
pub use endpoint::{Credential, Endpoint};
pub use files::Files;
pub use grafana::Grafana;
pub use jaeger::Jaeger;
pub use loki::Loki;
pub use prometheus::Prometheus;
pub use tempo::Tempo;
