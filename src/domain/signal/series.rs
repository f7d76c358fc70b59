//! Numbers over time, as a metrics server answers them. Not what they mean: burn rates are in `slo/`.

use serde::{Deserialize, Serialize};

use crate::domain::{Labels, Timestamp};

/// One number at one moment. The value may be NaN or infinite: servers send both, and both mean something.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    pub time: Timestamp,
    pub value: f64,
}

/// The samples of one label set, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Series {
    pub labels: Labels,
    pub samples: Vec<Sample>,
}

/// A server's whole answer. `series` is empty for "no data", which is not zero; an instant query gives one sample a series.
/// `warnings` is not empty when the server says that this is a part of the truth.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    pub series: Vec<Series>,
    pub warnings: Vec<String>,
    /// The query gave a plain number (`42`, `time()`, `scalar(..)`), which has no series: its one series stands for it.
    #[serde(default)]
    pub is_scalar: bool,
}
