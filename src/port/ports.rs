//! One of each port: all that the runtime may use of the world.

use std::sync::Arc;
use std::time::Duration;

use super::{Alerts, Clock, Journal, Logs, Metrics, Traces};
use crate::domain::Failure;

pub type Reply<T> = Result<T, Failure>;

/// What a server says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// As the server writes it; empty when it does not say.
    pub version: String,
    pub latency: Duration,
}

/// Several servers of one kind are allowed; the order is that of the config.
#[derive(Clone)]
pub struct Ports {
    pub metrics: Vec<Arc<dyn Metrics>>,
    pub logs: Vec<Arc<dyn Logs>>,
    pub traces: Vec<Arc<dyn Traces>>,
    pub alerts: Vec<Arc<dyn Alerts>>,
    pub journal: Arc<dyn Journal>,
    pub clock: Arc<dyn Clock>,
}
