//! What an expression evaluates to, and why it may not.

use std::fmt;

use crate::domain::{Labels, Symbol, Timestamp};

/// The label that holds a metric's name.
pub const NAME: &str = "__name__";

/// One series at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// With `__name__`, where the value still is that metric.
    pub labels: Labels,
    pub value: f64,
}

/// One series over time, oldest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub labels: Labels,
    pub samples: Vec<(Timestamp, f64)>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Scalar(f64),
    Text(String),
    Vector(Vec<Point>),
    Matrix(Vec<Run>),
}

/// Why there is no answer, in the words of Prometheus where it has some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The query cannot be read.
    Bad(String),
    /// It can be read but not be executed; also what this simulation does not know.
    Execution(String),
    Timeout,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bad(text) | Self::Execution(text) => f.write_str(text),
            Self::Timeout => f.write_str("query timed out in query execution"),
        }
    }
}

impl std::error::Error for Problem {}

/// An [`Problem::Execution`] for something that Prometheus has and this simulation has not.
pub(super) fn unknown(what: &str) -> Problem {
    Problem::Execution(format!("the simulated Prometheus does not know {what}"))
}

/// The labels without the metric's name: what a computed value has.
pub(super) fn nameless(labels: &Labels) -> Labels {
    keep(labels, |name| name != NAME)
}

/// The labels whose name passes.
pub(super) fn keep(labels: &Labels, passes: impl Fn(&str) -> bool) -> Labels {
    let pairs = labels.iter().filter(|(name, _)| passes(name.as_str()));
    pairs.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The labels with one more, or with another value for it.
pub(super) fn with(labels: &Labels, name: &str, value: &str) -> Labels {
    let pairs = labels.iter().map(|(name, value)| (name.clone(), value.clone()));
    pairs.chain([(Symbol::from(name), Symbol::from(value))]).collect()
}
