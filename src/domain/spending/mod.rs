//! What budgets are spent on: the price of an incident, what a mitigation did to the burn, what a burn would cost, and what was
//! spent in the past. Not how a budget or a burn is measured: that is `slo`.

mod looking_back;
mod price;
mod price_words;
mod relief;
mod slice;
mod what_if;

#[cfg(test)]
mod tests;

pub use looking_back::{Period, cell, period, periods, run_down, spark};
pub use price::Price;
pub use relief::{RELIEF_BOUND, Relief, Verdict};
pub use slice::{Past, Slice};
pub use what_if::WhatIf;
