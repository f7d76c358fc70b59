//! Traces fetched whole, and what is read beside one: what it is tied to, a healthy twin, and where context is lost.

mod gaps;
mod ties;
mod twin;
mod whole;

pub use gaps::{GapScope, gap_report};
pub(in crate::runtime) use ties::of as ties_of;
pub(in crate::runtime) use twin::of as twin_of;
pub use whole::trace as fetch_trace;
