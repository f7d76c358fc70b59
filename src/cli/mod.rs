//! The composition root: the only place that knows every name. One file a face of the program.

mod args;
mod buckets;
mod check;
mod connect;
mod demo;
mod faces;
mod formats;
mod frame;
mod gaps;
mod groups;
mod journal;
mod keys;
mod logs;
mod look;
mod open;
mod program;
mod room;
mod script;
mod serve;
mod slo;
mod slo_past;
mod snapshot;
mod threads;
mod trace;
mod what_if;
mod world;

pub use program::main;
