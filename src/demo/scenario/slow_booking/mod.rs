//! "Réservation lente": a flag that is rolled out step by step makes one query a room where one a booking would do, and
//! bookings grow from 300 ms to 4 s within six hours without an error. `load` holds the sums that all evidence agrees on.

mod booking;
mod changes;
mod company;
mod identity;
mod journeys;
mod lines;
mod load;
mod metrics;
mod rules;
mod script;
mod services;
mod slos;
mod spans;
#[cfg(test)]
mod story_tests;

pub use company::SlowBooking;
