//! One of each port: all that the runtime may use of the world.

use std::sync::Arc;

use super::{Alerts, Changes, Clock, HourStore, Journal, Logs, Metrics, Traces};

/// Several servers of one kind are allowed; the order is that of the config.
#[derive(Clone)]
pub struct Ports {
    pub metrics: Vec<Arc<dyn Metrics>>,
    pub logs: Vec<Arc<dyn Logs>>,
    pub traces: Vec<Arc<dyn Traces>>,
    pub alerts: Vec<Arc<dyn Alerts>>,
    pub changes: Vec<Arc<dyn Changes>>,
    pub journal: Arc<dyn Journal>,
    pub hours: Arc<dyn HourStore>,
    pub clock: Arc<dyn Clock>,
}
