//! What a mitigation did to the burn: found in the steps of the recent past, so that it is the same whenever it is looked for.
//! Not who watches it, nor when it is told: that is the room's.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Slice;
use crate::domain::Timestamp;
use crate::domain::slo::{Objective, close_burn, duration_text};

/// So long after a mitigation its effect must show.
pub const RELIEF_BOUND: Duration = Duration::from_secs(15 * 60);
/// The burn before is that of so long before the mitigation.
const BEFORE: Duration = Duration::from_secs(120);
/// The burn must stay under the pace of the budget for so long to count as ended; the burn at the bound is that of as long.
const SETTLED: Duration = Duration::from_secs(60);
/// Of the burn before, at most this share is left when something eased.
const EASED: f64 = 2.0 / 3.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The burn fell below the pace of the budget, and stayed there.
    Ended,
    /// It fell by a third or more, and still burns.
    Eased,
    NoEffect,
}

/// Burns in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relief {
    pub before_milli: u64,
    pub after_milli: u64,
    /// From the mitigation to when the burn was as it is told.
    pub seconds: u64,
    pub verdict: Verdict,
}

impl Relief {
    /// How fast the budget burnt when the mitigation was applied; `None` when it did not, or no traffic tells.
    #[must_use]
    pub fn burnt(slices: &[Slice], objective: Objective, applied: Timestamp) -> Option<f64> {
        burn(slices, objective, applied.minus(BEFORE), applied).filter(|burn| *burn > 1.0)
    }

    /// `until` is now, or when the watch is over: then there is a verdict whatever was seen. `None` while it is open, when
    /// nothing burnt before, and when no traffic tells. Slices oldest first.
    #[must_use]
    pub fn seen(
        slices: &[Slice],
        objective: Objective,
        applied: Timestamp,
        until: Timestamp,
        is_over: bool,
    ) -> Option<Self> {
        let burn = |from, to| burn(slices, objective, from, to);
        let before = Self::burnt(slices, objective, applied)?;
        let told = |after: f64, at: Timestamp, verdict| Self {
            before_milli: milli(before),
            after_milli: milli(after),
            seconds: at.elapsed_since(applied).as_secs(),
            verdict,
        };
        let mut calm_since: Option<Timestamp> = None;
        for slice in slices.iter().filter(|slice| slice.end > applied && slice.end <= until && slice.total > 0.0) {
            if slice.bad / slice.total >= objective.budget() {
                calm_since = None;
                continue;
            }
            let since = *calm_since.get_or_insert(slice.end);
            if slice.end.elapsed_since(since) >= SETTLED {
                return Some(told(burn(since.shifted(-1), slice.end)?, since, Verdict::Ended));
            }
        }
        if !is_over {
            return None;
        }
        let after = burn(until.minus(SETTLED), until)?;
        Some(told(after, until, if after <= before * EASED { Verdict::Eased } else { Verdict::NoEffect }))
    }

    /// `14.2× → 0.8× in 6 min`, `no effect in 15 min: 14.2× → 13.9×`
    #[must_use]
    pub fn text(&self) -> String {
        let burns = [self.before_milli, self.after_milli].map(|milli| close_burn(milli as f64 / 1e3));
        let [before, after] = burns;
        let time = Duration::from_secs(self.seconds);
        // To the minute from two minutes on: the burn itself is that of a minute.
        let time = if self.seconds < 120 { time } else { Duration::from_secs((self.seconds + 30) / 60 * 60) };
        let time = duration_text(time);
        match self.verdict {
            Verdict::Ended => format!("{before} → {after} in {time}"),
            Verdict::Eased => format!("{before} → {after} in {time}, still burns"),
            Verdict::NoEffect => format!("no effect in {time}: {before} → {after}"),
        }
    }
}

/// Over the slices that end after `from` and not after `to`.
fn burn(slices: &[Slice], objective: Objective, from: Timestamp, to: Timestamp) -> Option<f64> {
    let within = slices.iter().filter(|slice| slice.end > from && slice.end <= to);
    let (bad, total) = within.fold((0.0, 0.0), |(bad, total), slice| (bad + slice.bad, total + slice.total));
    (total > 0.0).then(|| bad / total / objective.budget())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates at both ends")]
const fn milli(burn: f64) -> u64 {
    (burn * 1e3).round() as u64
}
