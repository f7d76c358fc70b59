//! What a responder types after `/`, and whether a thing answers to it.

mod expression;
mod field;
mod needle;
mod terms;
mod words;

#[cfg(test)]
mod tests;

pub use expression::Expression;
pub use needle::Needle;
pub use terms::{Filter, Probe, Searched};
