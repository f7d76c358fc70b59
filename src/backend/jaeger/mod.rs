//! Jaeger: what it is asked, and by which of its two interfaces. Not how its own JSON reads: that is `jaeger_wire.rs`.

mod ask;
mod client;

pub use client::Jaeger;
