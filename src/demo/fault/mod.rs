//! Trouble on request: what may go wrong with a simulated server, when, and the layer that makes it so.
//! Not trouble of the company: that is the scenario's.

mod apply;
mod flood;
mod partial;
mod schedule;
mod spec;

pub use apply::wrap;
pub use flood::Flooded;
pub use schedule::Schedule;
pub use spec::{Fault, FaultError, FaultKind, Target};
