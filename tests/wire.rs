//! The clients against what real servers were recorded to send, and against servers that lie. One module a vendor.

#![cfg(test)]

#[path = "wire/alertmanager.rs"]
mod alertmanager;
#[path = "wire/company.rs"]
mod company;
#[path = "wire/jaeger.rs"]
mod jaeger;
#[path = "wire/lies.rs"]
mod lies;
#[path = "wire/loki.rs"]
mod loki;
#[path = "wire/prometheus.rs"]
mod prometheus;
#[path = "wire/replay.rs"]
mod replay;
#[path = "wire/tail.rs"]
mod tail;
#[path = "wire/tail_server.rs"]
mod tail_server;
#[path = "wire/tempo.rs"]
mod tempo;
