//! Counts of even steps of the past: what the runs of a budget and the effects of mitigations are found in.

use std::time::Duration;

use crate::domain::{Failure, Timestamp};

/// What happened in the step that ends at `end`. Not whole: counts come from rates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slice {
    pub end: Timestamp,
    pub bad: f64,
    pub total: f64,
}

/// What a server could tell of the past of one SLO.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    /// The end of the last step.
    pub end: Timestamp,
    pub step: Duration,
    /// How far back was asked.
    pub over: Duration,
    /// Oldest first; a step without data is not there.
    pub slices: Vec<Slice>,
    /// Why some of it is missing.
    pub cut: Option<Failure>,
}
