//! What we may ask of the world, as traits. Not who answers: that is `backend` and `store`.

mod alerts;
mod changes;
mod clock;
mod hours;
mod journal;
mod logs;
mod metrics;
mod ports;
mod reply;
mod traces;

pub use alerts::Alerts;
pub use changes::Changes;
pub use clock::Clock;
pub use hours::HourStore;
pub use journal::{Journal, JournalError};
pub use logs::{History, Logs, Refill, Tailed};
pub use metrics::Metrics;
pub use ports::Ports;
pub use reply::{Probe, Reply};
pub use traces::{Fetched, Search, Traces};
