//! The zone in which clocks are read and times are typed. Not a list of zones: the configuration hands the rule in.

use std::fmt;
use std::sync::Arc;

use crate::domain::{Symbol, Timestamp};

/// How far a zone's clocks are ahead of UTC, summer time included.
#[derive(Clone)]
pub struct ZoneOffset {
    /// As the header shows it: `UTC`, `Europe/Paris`.
    pub name: Symbol,
    rule: Arc<dyn Fn(Timestamp) -> i32 + Send + Sync>,
}

impl ZoneOffset {
    /// `rule` gives the seconds east of UTC at a moment.
    pub fn new(name: impl Into<Symbol>, rule: impl Fn(Timestamp) -> i32 + Send + Sync + 'static) -> Self {
        Self { name: name.into(), rule: Arc::new(rule) }
    }

    #[must_use]
    pub fn utc() -> Self {
        Self::new("UTC", |_| 0)
    }

    /// Seconds east of UTC, within a day of it whatever the rule says.
    #[must_use]
    pub fn offset_seconds(&self, at: Timestamp) -> i32 {
        (self.rule)(at).clamp(-86_399, 86_399)
    }
}

impl Default for ZoneOffset {
    fn default() -> Self {
        Self::utc()
    }
}

impl fmt::Debug for ZoneOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ZoneOffset").field(&self.name).finish()
    }
}
