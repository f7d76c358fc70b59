//! What a responder types after `/`, and whether a thing answers to it.

mod field;
mod needle;
mod terms;

#[cfg(test)]
mod tests;

pub use needle::Needle;
pub use terms::{Filter, Searched};
