//! Queries as a responder types them: in which language they are, where a server says that they are wrong, and how to ask the
//! same by hand. Not who answers them.

mod curl;
mod kind;
mod language;
mod place;

pub use curl::{Address, Identity, LINES, TRACES, curl};
pub use kind::of_kind;
pub use language::Language;
pub use place::place;
