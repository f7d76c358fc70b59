//! What an incident has cost so far: events that were lost, and their price.

use serde::{Deserialize, Serialize};

use super::Slo;
use crate::domain::Symbol;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// Millionths of the currency.
    pub micro: u64,
    /// ISO 4217, such as `EUR`.
    pub currency: Symbol,
}

/// `lost` events (not whole) and their price, when the SLO has one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    pub lost: f64,
    pub money: Option<Money>,
}

impl Cost {
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates at both ends")]
    pub fn of(slo: &Slo, lost: f64) -> Self {
        // A price is of events; slices of time have none.
        let unit_cost = slo.unit_cost_micro.filter(|_| slo.method.is_of_events());
        // People multiply the whole number that they see.
        let money =
            |unit: u64| Money { micro: (lost.round() * unit as f64).round() as u64, currency: slo.currency.clone() };
        Self { lost, money: unit_cost.map(money) }
    }
}
