//! The reference vectors of burn rates, budgets and states, run against simulated failures.

pub mod fixtures;
mod forecasts;
mod holds;
mod laws;
mod lost_orders;
mod methods;
mod rectangles;
mod sentences;
mod states;
mod words;
