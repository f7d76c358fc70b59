//! What has changed between two polls of an alert server, as events for the timeline.

use super::{Alert, AlertState, Kind};
use crate::domain::{Symbol, Timestamp};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertChange {
    Fired,
    Cleared,
    /// Still there, but silenced, or no longer silenced.
    Changed {
        from: AlertState,
    },
}

/// One change. `at` is when it happened as far as is known: the alert's own start for `Fired`, the poll for the others.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertDiff {
    pub change: AlertChange,
    pub alert: Alert,
    pub at: Timestamp,
}

impl AlertDiff {
    /// What to record; `None` for a change of state, which is shown and not recorded.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        let (fingerprint, severity) = (self.alert.fingerprint.clone(), Symbol::from(self.alert.severity()));
        match self.change {
            AlertChange::Fired => Some(Kind::AlertFired { fingerprint, severity }),
            AlertChange::Cleared => Some(Kind::AlertCleared { fingerprint, severity }),
            AlertChange::Changed { .. } => None,
        }
    }

    /// The same for the same event, whoever polls it and however often: an entry's `key`.
    #[must_use]
    pub fn key(&self) -> Symbol {
        let word = match self.change {
            AlertChange::Fired => "fired",
            AlertChange::Cleared => "cleared",
            AlertChange::Changed { .. } => "changed",
        };
        Symbol::from(format!("{}:{}:{}:{word}", self.alert.source, self.alert.fingerprint, self.alert.starts.nanos()))
    }

    /// Whether it wakes somebody: severity `page` or `critical`, and nobody has silenced it.
    #[must_use]
    pub fn is_page(&self) -> bool {
        self.alert.is_page()
    }
}

/// The changes from what was known to what was polled at `now`, in the order of time, ties by fingerprint. An alert is the
/// same while source, fingerprint and start are: one that cleared and fired again between two polls is two changes.
#[must_use]
pub fn diff(known: &[Alert], polled: &[Alert], now: Timestamp) -> Vec<AlertDiff> {
    let same = |left: &Alert, right: &Alert| {
        left.fingerprint == right.fingerprint && left.source == right.source && left.starts == right.starts
    };
    let find = |alerts: &'_ [Alert], alert: &Alert| alerts.iter().position(|other| same(other, alert));
    let mut changes = Vec::new();
    for alert in known {
        if find(polled, alert).is_none() {
            changes.push(AlertDiff { change: AlertChange::Cleared, alert: alert.clone(), at: now });
        }
    }
    for (at, alert) in polled.iter().enumerate() {
        if find(polled, alert) != Some(at) {
            continue;
        }
        match find(known, alert).and_then(|at| known.get(at)) {
            None => {
                changes.push(AlertDiff { change: AlertChange::Fired, alert: alert.clone(), at: alert.starts.min(now) })
            }
            Some(before) if before.state != alert.state => {
                changes.push(AlertDiff {
                    change: AlertChange::Changed { from: before.state },
                    alert: alert.clone(),
                    at: now,
                });
            }
            Some(_) => {}
        }
    }
    changes.sort_by(|left, right| (left.at, &left.alert.fingerprint).cmp(&(right.at, &right.alert.fingerprint)));
    changes
}
