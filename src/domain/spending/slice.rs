//! Counts of one step of the past: what the runs of a budget and the effects of mitigations are found in.

use crate::domain::Timestamp;

/// What happened in the step that ends at `end`. Not whole: counts come from rates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slice {
    pub end: Timestamp,
    pub bad: f64,
    pub total: f64,
}
