//! The door as a whole: laws under random messages, and what a responder does step by step.

mod awaited;
mod changes;
mod consequences;
mod crossings;
mod findings;
mod hole;
mod laws;
mod moves;
mod notes;
mod places;
mod query;
mod record;
mod sample;
mod signals;
mod still;
