//! What every question to a server comes back with, and what a server says of itself.

use std::time::Duration;

use crate::domain::Failure;

pub type Reply<T> = Result<T, Failure>;

/// What a server says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// As the server writes it; empty when it does not say.
    pub version: String,
    pub latency: Duration,
}
