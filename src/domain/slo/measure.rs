//! One window of one SLO as the metrics server answered it. Tells apart what must never look alike: no data, no
//! traffic, zero errors, a failed query, a missing bucket. None becomes "healthy" by accident.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::query::{bucket, is_count};
use super::{Method, Ratio, Sli, Slo};
use crate::domain::signal::Answer;
use crate::domain::{Cause, Failure, Symbol, Timestamp};

/// Good and total are asked one after the other of samples that differ by a scrape: so much of the total may the bad
/// events be negative, or more than all, before the answer counts as broken.
const SKEW: f64 = 0.001;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Events over the window, both finite, `0 <= bad <= total`, `total > 0`. Not whole: they come from rates.
    /// `partial` when the server said that this is a part of the truth.
    Counts {
        bad: f64,
        total: f64,
        partial: bool,
    },
    /// The series exist and nothing happened.
    NoTraffic,
    /// The server answered with nothing.
    NoData,
    Failed(Failure),
    /// The histogram has no such bound, or not for these labels; `have` is empty while nobody has asked which there are.
    MissingBucket {
        wanted: String,
        have: Vec<String>,
    },
}

impl Measure {
    #[must_use]
    pub fn ratio(&self) -> Option<Ratio> {
        match self {
            Self::Counts { bad, total, .. } => Ratio::new(*bad, *total),
            _ => None,
        }
    }

    /// Whether it tells what happened in the window, if only that nothing did.
    #[must_use]
    pub fn is_answer(&self) -> bool {
        matches!(self, Self::NoTraffic) || self.ratio().is_some()
    }

    /// This without a part of it, such as a month without its oldest day. `None` unless both were counted.
    #[must_use]
    pub fn without(&self, part: &Self) -> Option<Self> {
        match (self, part) {
            (Self::Counts { bad, total, partial }, Self::Counts { bad: less_bad, total: less, .. }) => {
                let total = (total - less).max(0.0);
                Some(Self::Counts { bad: (bad - less_bad).clamp(0.0, total), total, partial: *partial })
            }
            _ => None,
        }
    }

    /// Whether it looks as it would if the histogram had no such bucket.
    #[must_use]
    pub fn may_lack_bucket(&self) -> bool {
        match self {
            Self::Counts { bad, total, .. } => bad >= total,
            Self::NoData | Self::MissingBucket { .. } => true,
            Self::NoTraffic | Self::Failed(_) => false,
        }
    }

    /// Corrects a measure by the bounds that the histogram has (the values of its `le`). A bound that is not there turns
    /// "no data" and "all bad", which it would look like, into a missing bucket that names its nearest neighbours.
    #[must_use]
    pub fn with_bounds(self, wanted: &str, have: &[Symbol]) -> Self {
        let suspicious = self.may_lack_bucket();
        let number = |text: &str| text.parse::<f64>().ok();
        let same =
            |bound: &Symbol| bound.as_str() == wanted || (number(bound).is_some() && number(bound) == number(wanted));
        if !suspicious || have.is_empty() || have.iter().any(same) {
            return self;
        }
        Self::MissingBucket { wanted: wanted.to_owned(), have: nearest(number(wanted), have) }
    }
}

/// The bound below and the bound above, as written.
fn nearest(wanted: Option<f64>, have: &[Symbol]) -> Vec<String> {
    let mut bounds: Vec<(f64, &Symbol)> = have
        .iter()
        .filter_map(|text| Some((text.parse::<f64>().ok()?, text)))
        .filter(|(bound, _)| bound.is_finite())
        .collect();
    bounds.sort_by(|left, right| left.0.total_cmp(&right.0));
    let wanted = wanted.unwrap_or(f64::INFINITY);
    let below = bounds.iter().rfind(|(bound, _)| *bound < wanted);
    let above = bounds.iter().find(|(bound, _)| *bound > wanted);
    below.into_iter().chain(above).map(|(_, text)| text.to_string()).collect()
}

/// One refresh of one SLO: a measure for each of `windows(slo)`, and, while an incident lasts, one for the time since
/// its impact began.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    pub slo: Symbol,
    /// The moment that the server was asked about.
    pub at: Timestamp,
    pub measures: Vec<(Duration, Measure)>,
}

impl Reading {
    #[must_use]
    pub fn of(&self, window: Duration) -> Option<&Measure> {
        self.measures.iter().find(|(known, _)| *known == window).map(|(_, measure)| measure)
    }
}

/// What one answer says.
enum Number {
    Absent,
    Nan,
    Finite(f64),
    /// In words.
    Unfit(String),
}

/// What two answers mean: `first` to the text of bad (or good) events, `total` to that of all. Instant answers; of a
/// range the last sample counts. A text that names `{{.seconds}}` gives a count; else one with `rate(` a rate a second, else
/// one with `increase`, `_over_time` or `delta(` a count, else a rate.
#[must_use]
pub fn measure(sli: &Sli, window: Duration, first: Result<Answer, Failure>, total: Result<Answer, Failure>) -> Measure {
    let times = |text: &str| if is_count(text) { 1.0 } else { window.as_secs_f64() };
    read(sli, [times(sli.first()), times(sli.total())], first, total)
}

impl Slo {
    /// What two answers to [`Slo::texts`] mean: by events as [`measure`], by slices both are counts of slices.
    #[must_use]
    pub fn measure(&self, window: Duration, first: Result<Answer, Failure>, total: Result<Answer, Failure>) -> Measure {
        match self.method {
            Method::Occurrences => measure(&self.sli, window, first, total),
            Method::TimeSlices { .. } | Method::RatioOfSlices { .. } => read(&self.sli, [1.0; 2], first, total),
        }
    }
}

/// `times` makes a count of each number.
fn read(sli: &Sli, times: [f64; 2], first: Result<Answer, Failure>, total: Result<Answer, Failure>) -> Measure {
    let [first_times, total_times] = times;
    let (first, total) = match (first, total) {
        (Ok(first), Ok(total)) => (first, total),
        (Err(failure), _) | (_, Err(failure)) => return Measure::Failed(failure),
    };
    let partial = !first.warnings.is_empty() || !total.warnings.is_empty();
    let missing = |text: &str| bucket(text).map(|ask| Measure::MissingBucket { wanted: ask.wanted, have: Vec::new() });
    let (what, good) = match sli {
        Sli::BadOverTotal { .. } => ("bad events", false),
        Sli::GoodOverTotal { .. } => ("good events", true),
    };
    let total = match number(&total, total_times) {
        Number::Unfit(why) => return unfit("total", &why),
        Number::Nan => return Measure::NoTraffic,
        // A first answer without a total proves that the series are there: then the total's own bucket is the suspect.
        Number::Absent => match number(&first, first_times) {
            Number::Absent => return Measure::NoData,
            _ => return missing(sli.total()).unwrap_or(Measure::NoData),
        },
        Number::Finite(total) if total < 0.0 => return unfit("total", "negative"),
        Number::Finite(total) => total,
    };
    let first = match number(&first, first_times) {
        Number::Unfit(why) => return unfit(what, &why),
        Number::Finite(first) => first,
        _ if total == 0.0 => return Measure::NoTraffic,
        Number::Nan => return unfit(what, "NaN while there is traffic"),
        // No series of errors is no error; no bucket, or nothing good at all, is not known to be fine.
        Number::Absent => match missing(sli.first()) {
            Some(missing) => return missing,
            None if good => return Measure::NoData,
            None => 0.0,
        },
    };
    if total == 0.0 {
        return if first == 0.0 { Measure::NoTraffic } else { unfit(what, "counted while the total is 0") };
    }
    let bad = if good { total - first } else { first };
    if bad < -SKEW * total {
        return unfit(what, if good { "more than the total" } else { "negative" });
    }
    if bad > total * (1.0 + SKEW) {
        return unfit(what, if good { "negative" } else { "more than the total" });
    }
    let bad = bad.clamp(0.0, total);
    if Ratio::new(bad, total).is_none() {
        return unfit("total", "not plausible as a count");
    }
    Measure::Counts { bad, total, partial }
}

fn unfit(what: &str, why: &str) -> Measure {
    Measure::Failed(Failure::new("query", Cause::Malformed(format!("{what}: {why}"))))
}

/// The one number of an answer, times so much.
fn number(answer: &Answer, times: f64) -> Number {
    // `0` and `scalar(..)` say nothing of what is there: with no series left they would stay what they are.
    if answer.is_scalar {
        return Number::Unfit("a plain number where a series is expected; leave out scalar()".to_owned());
    }
    let mut series = answer.series.iter().filter(|series| !series.samples.is_empty());
    let (Some(only), None) = (series.next(), series.next()) else {
        return match answer.series.len() {
            0 | 1 => Number::Absent,
            _ if answer.series.iter().all(|series| series.samples.is_empty()) => Number::Absent,
            several => Number::Unfit(format!("{several} series where one is expected; sum() them")),
        };
    };
    let Some(sample) = only.samples.last() else { return Number::Absent };
    match sample.value {
        value if value.is_nan() => Number::Nan,
        value if value.is_infinite() => Number::Unfit(if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned()),
        value => Number::Finite(value * times),
    }
}
