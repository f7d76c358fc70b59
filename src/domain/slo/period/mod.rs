//! The number of an SLO's whole window without reading the whole window each time: counts an hour that lie end to end,
//! what they cover, and who counted. Not the burn over the windows of the rules.

mod bundle;
mod coverage;
mod hours;
mod key;
mod recorded;
mod telescope;
#[cfg(test)]
mod tests;

pub use bundle::{bundle, is_bundled, unbundle};
pub use coverage::{Before, CountedBy, Coverage, whole};
pub use hours::{HOUR, Hour, Hours, SETTLES_AFTER, Sum};
pub use key::key;
pub use recorded::{Recorded, RecordingRule, recorded};
pub use telescope::telescoping;
