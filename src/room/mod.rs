//! The mind: the whole state of the war room and the one pure function that changes it. No clock, no input or output.

mod ticket;

pub use ticket::{Slot, Ticket, Tickets};
