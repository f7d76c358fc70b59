//! Which time is looked at, how a responder types one, and in which zone it is told. Not the clock: `now` comes from outside.

mod lens;
mod moment;
mod zone;

pub use lens::{FIRST_LENGTH, Lens};
pub(super) use moment::duration;
pub use moment::parse_moment;
pub use zone::ZoneOffset;
