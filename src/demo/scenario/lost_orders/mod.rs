//! "Commandes perdues": every tariff of the pricing cache expires at once, and for 45 minutes six orders of ten are lost.
//! One module a kind of evidence; `load` holds the sums that all of them must agree on.

mod company;
mod config;
mod identity;
mod journeys;
mod lines;
mod load;
mod metrics;
mod order;
mod routes;
mod rules;
mod script;
mod services;
mod shapes;
mod slos;
mod spans;
#[cfg(test)]
mod story_tests;

pub use company::LostOrders;
