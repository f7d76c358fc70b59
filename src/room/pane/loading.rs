//! How far a question of a pane is. What was shown before stays on the screen whatever this says.

use crate::domain::{Failure, Timestamp};

#[derive(Clone, Debug, Default, PartialEq)]
pub enum Loading {
    #[default]
    Idle,
    Asked {
        since: Timestamp,
    },
    Ready {
        at: Timestamp,
    },
    /// `attempts` in a row.
    Failed {
        failure: Failure,
        at: Timestamp,
        attempts: u32,
    },
}

impl Loading {
    #[must_use]
    pub const fn is_asked(&self) -> bool {
        matches!(self, Self::Asked { .. })
    }

    /// The next state after a failure.
    #[must_use]
    pub fn failed(&self, failure: Failure, at: Timestamp) -> Self {
        let before = if let Self::Failed { attempts, .. } = self { *attempts } else { 0 };
        Self::Failed { failure, at, attempts: before.saturating_add(1) }
    }
}
