//! A trace as one tree: repaired, its clocks adjusted, its critical path walked, its errors followed to where they
//! start. Not how a server words a trace, and not how a screen draws it.

mod attribution;
mod build;
mod critical;
mod errors;
mod header;
mod holders;
mod identity;
mod rows;
mod shape;
mod skew;
mod tree;

pub use attribution::{Attribution, Confidence, Responsible, attribute, responsible};
pub use header::{TraceReference, parse_reference};
pub use holders::Holder;
pub use rows::Rows;
pub use skew::SkewOptions;
pub use tree::{Node, Section, Tree};
