//! The simulated Alertmanager: what version 0.25 answers over the company's alerts, and the silences that are put on them. It
//! tells nobody.

mod alerts;
mod matcher;
mod reply;
mod router;
mod silence;
mod silences;
mod state;
#[cfg(test)]
mod tests;

pub use router::router;
