//! How long detection, acknowledgement, mitigation and repair took. Each is defined here once; the screens print these.

use std::time::Duration;

use super::{HypothesisStatus, Incident};
use crate::domain::Timestamp;

/// What to say beside a number, or instead of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// No start of the impact is known: counted from the detection, the truth is at least this.
    LowerBound,
    /// Detected before the impact began: 0.
    DetectedFirst,
    /// The end lies before the start: one of the two times is wrong.
    Impossible,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Took {
    pub time: Option<Duration>,
    pub doubt: Option<Doubt>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    /// Detected − impact started.
    pub to_detect: Took,
    /// Acknowledged − detected.
    pub to_acknowledge: Took,
    /// Declared − impact started.
    pub to_declare: Took,
    /// First commander − declared.
    pub to_engage: Took,
    /// Mitigated − impact started.
    pub to_mitigate: Took,
    /// Resolved − impact started.
    pub to_resolve: Took,
    /// The stretches of impact together; `None` while one lasts.
    pub impact: Took,
    pub rejected_hypotheses: usize,
}

impl Incident {
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        let start = self.impact_start.or(self.detected);
        let bound = if self.impact_start.is_none() { Some(Doubt::LowerBound) } else { None };
        let from_start = |end| took(start, end, bound);
        let to_detect = match (self.impact_start, self.detected) {
            (Some(start), Some(detected)) if detected < start => {
                Took { time: Some(Duration::ZERO), doubt: Some(Doubt::DetectedFirst) }
            }
            (start, detected) => took(start, detected, None),
        };
        let ended = self.impacts.iter().map(|(from, to)| took(Some(*from), *to, bound));
        let impact = ended.reduce(|all, one| Took {
            time: all.time.zip(one.time).map(|(all, one)| all.saturating_add(one)),
            doubt: all.doubt.max_by_gravity(one.doubt),
        });
        Metrics {
            to_detect,
            to_acknowledge: took(self.detected, self.acknowledged, None),
            to_declare: from_start(self.declared),
            to_engage: took(self.declared, self.engaged, None),
            to_mitigate: from_start(self.mitigated),
            to_resolve: from_start(self.resolved),
            impact: impact.unwrap_or_default(),
            rejected_hypotheses: self.hypotheses.iter().filter(|one| one.status == HypothesisStatus::Rejected).count(),
        }
    }
}

trait Gravity {
    fn max_by_gravity(self, other: Self) -> Self;
}

impl Gravity for Option<Doubt> {
    fn max_by_gravity(self, other: Self) -> Self {
        if self == Some(Doubt::Impossible) || other.is_none() { self } else { other }
    }
}

fn took(from: Option<Timestamp>, to: Option<Timestamp>, doubt: Option<Doubt>) -> Took {
    match (from, to) {
        (Some(from), Some(to)) if to < from => Took { time: None, doubt: Some(Doubt::Impossible) },
        (Some(from), Some(to)) => Took { time: Some(to.elapsed_since(from)), doubt },
        _ => Took::default(),
    }
}

/// The middle value, or the mean of the middle two; `None` of nothing.
#[must_use]
pub fn median(values: &[f64]) -> Option<f64> {
    let sorted = sorted(values);
    let upper = *sorted.get(sorted.len() / 2)?;
    let lower = *sorted.get((sorted.len() - 1) / 2)?;
    Some(lower.midpoint(upper))
}

/// The smallest value that nine in ten do not exceed; `None` of nothing.
#[must_use]
pub fn ninetieth(values: &[f64]) -> Option<f64> {
    let sorted = sorted(values);
    sorted.get((sorted.len() * 9).div_ceil(10).checked_sub(1)?).copied()
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    sorted.sort_by(f64::total_cmp);
    sorted
}
