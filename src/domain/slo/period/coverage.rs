//! Where the number of an SLO's whole window comes from and how much of the window it covers. The words stand beside the
//! number: a budget of twelve days must not pass for one of thirty.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::super::{Measure, duration_text};
use super::hours::{HOUR, Sum};
use crate::domain::{Symbol, Timestamp};

/// Who counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountedBy {
    /// We, hour by hour; each was read once and is kept.
    Hours,
    /// A recording rule of the server, by its name.
    Rule(Symbol),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    pub by: CountedBy,
    pub window: Duration,
    /// How much of the window was asked for and answered, with numbers or with nothing.
    pub loaded: Duration,
    /// The server has nothing before this moment; `None` when it has the whole window, or while that is not known.
    pub since: Option<Timestamp>,
    /// How much the server has nothing of since then.
    pub holes: Duration,
    /// Something else that should be told: a rule that counts by another method and is not used.
    pub note: Option<String>,
}

const DAY: Duration = Duration::from_secs(86_400);

impl Coverage {
    /// Of hours that we counted for the window that ends at `now`.
    #[must_use]
    pub fn of_hours(sum: &Sum, window: Duration, now: Timestamp) -> Self {
        let is_loaded = sum.known >= sum.hours;
        let loaded = if is_loaded { window } else { HOUR * sum.known };
        // The first hour may lie half before the window: it is whole enough.
        let begins = now.minus(window);
        let since = sum.first.unwrap_or(sum.live_from);
        let is_short = is_loaded && since > begins;
        Self {
            by: CountedBy::Hours,
            window,
            loaded: loaded.min(window),
            since: is_short.then_some(since),
            holes: HOUR * sum.holes,
            note: None,
        }
    }

    #[must_use]
    pub fn of_rule(rule: Symbol, window: Duration) -> Self {
        Self { by: CountedBy::Rule(rule), window, loaded: window, since: None, holes: Duration::ZERO, note: None }
    }

    /// Whether all was asked for; the server may still have had less.
    #[must_use]
    pub fn is_loaded(&self) -> bool {
        self.loaded >= self.window
    }

    /// `12 of 30 d loaded`, `12 of 30 d, the server keeps no more`, `5 h missing`; `None` when the number covers all.
    #[must_use]
    pub fn text(&self, now: Timestamp) -> Option<String> {
        if !self.is_loaded() {
            return Some(format!("{} loaded", self.share(self.loaded)));
        }
        let holes = (!self.holes.is_zero()).then(|| format!("{} missing", duration_text(self.holes)));
        let short = self.since.map(|since| {
            let kept = now.elapsed_since(since).min(self.window);
            format!("{}, the server keeps no more", self.share(kept))
        });
        match (short, holes) {
            (Some(short), Some(holes)) => Some(format!("{short}, {holes}")),
            (short, holes) => short.or(holes),
        }
    }

    /// `12 of 30 d`, for a column.
    #[must_use]
    pub fn tag(&self, now: Timestamp) -> Option<String> {
        let covered = match (self.is_loaded(), self.since) {
            (false, _) => self.loaded,
            (true, Some(since)) => now.elapsed_since(since).min(self.window),
            (true, None) => return None,
        };
        Some(self.share(covered))
    }

    /// Who counted: `our hours`, `rule http_requests:increase30d`.
    #[must_use]
    pub fn source(&self) -> String {
        match &self.by {
            CountedBy::Hours => "our hours".to_owned(),
            CountedBy::Rule(name) => format!("rule {name}"),
        }
    }

    fn share(&self, covered: Duration) -> String {
        let (unit, word) = if self.window >= DAY * 2 { (DAY, "d") } else { (HOUR, "h") };
        let count = |duration: Duration| duration.as_secs() / unit.as_secs();
        format!("{} of {} {word}", count(covered), count(self.window))
    }
}

/// The hours and what was counted live since, as one measure of the window. `None` while older hours are on their way: a
/// part of a month looks better, or thirty times worse, than the month.
#[must_use]
pub fn whole(sum: &Sum, live: Measure, coverage: &Coverage) -> Option<Measure> {
    let (live_bad, live_total, live_partial) = match live {
        Measure::Counts { bad, total, partial } => (bad, total, partial),
        Measure::NoTraffic => (0.0, 0.0, false),
        // Nothing in this hour yet, or nothing any more: the hours before still count.
        Measure::NoData if sum.first.is_some() => (0.0, 0.0, false),
        other => return Some(other),
    };
    if !coverage.is_loaded() {
        return None;
    }
    let (bad, total) = (sum.bad + live_bad, sum.total + live_total);
    Some(match total > 0.0 {
        true => Measure::Counts { bad, total, partial: live_partial || sum.partial },
        false => Measure::NoTraffic,
    })
}
