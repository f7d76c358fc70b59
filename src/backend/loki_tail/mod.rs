//! The lines of a Loki as they come: the connection, and what joins one to the next without a gap or a line twice.

mod asking;
mod follow;
mod passed;
mod socket;

pub(super) use follow::tail;
