//! What is true: the words and the sums of incident response. No input or output, no clock, no async, nothing of a screen.

mod axis;
mod base64;
mod failure;
pub mod filter;
mod id;
pub mod incident;
mod keyed;
mod label;
pub mod query;
pub mod runbook;
pub mod signal;
pub mod slo;
pub mod spending;
mod symbol;
pub mod template;
mod time;
pub mod trace;

pub use axis::Axis;
pub use base64::base64;
pub use failure::{Cause, Failure};
pub use filter::Filter;
pub use id::{IdError, SpanId, TraceId};
pub use keyed::Keyed;
pub use label::Labels;
pub use symbol::{Interner, Symbol};
pub use time::{Timestamp, Window};
