//! The composition root: the only place that knows every name. One file a face of the program.

mod args;
mod check;
mod connect;
mod demo;
mod faces;
mod frame;
mod gaps;
mod keys;
mod look;
mod open;
mod program;
mod room;
mod script;
mod serve;
mod slo;
mod snapshot;
mod trace;
mod world;

pub use program::main;
