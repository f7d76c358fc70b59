//! Traces fetched whole, and what is read beside one: what it is tied to, a healthy twin, and where context is lost; which trace stands
//! behind a number, and where an id stands.

mod exemplar;
mod gaps;
mod half;
mod places;
mod ties;
mod twin;
mod whole;

pub(in crate::runtime) use exemplar::example;
pub use gaps::{GapScope, gap_report};
pub(in crate::runtime) use half::trace_or_half;
pub use half::{Halves, of_half};
pub(in crate::runtime) use places::{lines as lines_with, traces as traces_with};
pub(in crate::runtime) use ties::of as ties_of;
pub(in crate::runtime) use twin::of as twin_of;
pub use whole::trace as fetch_trace;
