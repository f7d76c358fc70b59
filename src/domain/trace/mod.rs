//! A trace as one tree: repaired, its clocks adjusted, its critical path walked, its errors followed to where they
//! start. Not how a server words a trace, and not how a screen draws it.

mod attribution;
mod build;
mod cell;
mod critical;
mod errors;
mod header;
mod holders;
mod identity;
mod propagation;
mod rows;
mod sampling;
mod shape;
mod skew;
mod slow;
mod tree;

#[cfg(test)]
mod tests;

pub use attribution::{Attribution, Confidence, Responsible, attribute, responsible};
pub use cell::Section;
pub use header::{TraceReference, parse_reference};
pub use holders::Holder;
pub use propagation::{Gap, Propagation, Reason};
pub use rows::Rows;
pub use sampling::Kept;
pub use skew::SkewOptions;
pub use slow::held_up;
pub use tree::{Node, Tree};
