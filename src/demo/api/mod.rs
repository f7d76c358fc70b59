//! One folder a server: its routes, its encoders, its quirks. None shares code with the adapter that will read it.

pub mod alertmanager;
mod answer;
pub mod grafana;
pub mod jaeger;
pub mod loki;
mod newest;
mod otlp;
mod params;
pub mod prometheus;
#[cfg(test)]
mod rehearsal;
#[cfg(test)]
mod shape;
pub mod tempo;
mod wire;

#[cfg(test)]
pub use rehearsal::bare_span;
