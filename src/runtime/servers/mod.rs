//! How a server is treated: one gate each, which everybody who asks it goes through. Not what is asked.

mod gate;
mod guarded;
mod patience;
mod precedence;

pub use gate::DEFAULT_BUDGET;
pub(in crate::runtime) use gate::Gates;
pub(in crate::runtime) use guarded::guarded;
pub(in crate::runtime) use patience::{Asker, Standing, backoff};
