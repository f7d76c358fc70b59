//! Incidents: alerts, severities, and the record of what happened and of what people wrote.

mod alert;
mod entry;
mod severity;

pub use alert::{Alert, AlertState};
pub use entry::{Entry, Evidence, HypothesisStatus, Kind, Origin};
pub use severity::Severity;
