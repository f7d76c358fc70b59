//! SLOs: what is promised, how fast the budget burns, and what to say about it. Not who asks the metrics server, and
//! not how a gauge is drawn: here a [`Reading`] goes in and a [`Judgement`] comes out.

mod budget;
mod burn;
mod cost;
mod counting;
mod gauge;
mod impact;
mod judgement;
mod measure;
mod objective;
mod period;
mod policy;
mod promise;
mod query;
mod state;
mod verdict;
mod words;
mod zone;

#[cfg(test)]
mod tests;

pub use budget::{Budget, Exhaustion, exhaustion};
pub use burn::{Ratio, burn_for_spend, clears_after, detected_after, spend};
pub use cost::{Cost, Money};
pub use counting::{EmptySlice, Method, Texts};
pub use gauge::{Gauge, MIN_BAD, MIN_TOTAL, NO_DATA_AFTER, REFRESH};
pub use impact::{Impact, Unit};
pub use judgement::{Judgement, Lost, PairJudgement, Rising};
pub use measure::{Measure, Reading, measure};
pub use objective::{Objective, ObjectiveError};
pub use period::*;
pub use policy::{BurnRule, Policy, RuleSeverity, factor_of_spend};
pub use promise::{Sli, Slo};
pub use query::*;
pub use state::State;
pub use words::*;
pub use zone::{Change, Zone, ZoneChange};
