//! What is counted of an SLO: events, or slices of time; and the texts that count it. Not what the counts mean.

mod method;
mod slices;

pub use method::{EmptySlice, Method};
pub use slices::Texts;
