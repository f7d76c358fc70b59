//! A trace as one tree: repaired, its clocks adjusted, its critical path walked, its errors followed to where they
//! start. And what traces say together. Not how a server words a trace, and not how a screen draws it.

mod around;
mod attribution;
mod build;
mod cell;
mod critical;
mod errors;
mod gap;
mod glance;
mod header;
mod holders;
mod identity;
mod rows;
mod sampling;
mod set;
mod shape;
mod skew;
mod slow;
mod summary;
mod tree;
mod twin;

#[cfg(test)]
mod tests;

pub use attribution::{Attribution, Confidence, Responsible, attribute, responsible};
pub use cell::Section;
pub use gap::*;
pub use header::{TraceReference, parse_reference};
pub use holders::Holder;
pub use rows::Rows;
pub use sampling::{Kept, Sampler};
pub use set::*;
pub use skew::SkewOptions;
pub use slow::held_up;
pub use summary::ServiceShare;
pub use tree::{Node, Tree};
pub use twin::{Comparison, Pair, choose_twin};
