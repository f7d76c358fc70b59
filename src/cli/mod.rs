//! The composition root: the only place that knows every name. One file a face of the program.

mod args;
mod buckets;
mod check;
mod connect;
mod demo;
mod faces;
mod formats;
mod frame;
mod groups;
mod keys;
mod look;
mod open;
mod program;
mod room;
mod script;
mod serve;
mod slo;
mod slo_past;
mod snapshot;
mod trace;
mod what_if;
mod world;

pub use program::main;
