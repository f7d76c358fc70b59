//! Incidents: alerts, severities, and the record of what happened and of what people wrote.

mod alert;
mod change;
mod changes;
mod course;
mod entry;
mod metrics;
mod note;
mod obligation;
mod rollout;
mod severity;
mod sighting;
mod story;
mod timeline;
mod versions;

#[cfg(test)]
mod tests;

pub use alert::{Alert, AlertState};
pub use change::{Change, ChangeKind, FIRST_SUSPECT, LOOKED_BACK, SUSPECT, is_just_before, merged, suspects};
pub use changes::{AlertChange, AlertDiff, diff};
pub use course::{Hypothesis, Incident, IncidentState};
pub use entry::{Entry, Evidence, HypothesisStatus, Kind, Origin};
pub use metrics::{Doubt, Metrics, Took, median, ninetieth};
pub use note::{Draft, parse_note, unread_time};
pub use obligation::{Obligation, POSTMORTEM_WITHIN, Reason};
pub use rollout::{ASKED, Telling};
pub use severity::Severity;
pub use sighting::{Place, Sighting, seen_in_words};
pub use story::{Story, stories};
pub use timeline::{Standing, Timeline};
pub use versions::Versions;
