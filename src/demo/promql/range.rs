//! Functions over the samples of a range, as Prometheus 2.42 computes them. A range is closed at both ends.

use crate::domain::Timestamp;

pub(super) type Samples = Vec<(Timestamp, f64)>;

/// What an increase needs to know of the samples in a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ends {
    pub(super) first: (Timestamp, f64),
    pub(super) last: (Timestamp, f64),
    pub(super) count: u64,
    /// The sum of the rises; for a counter a fall is a reset, after which it rose from zero.
    pub(super) rise: f64,
}

impl Ends {
    pub(super) fn of(samples: &[(Timestamp, f64)], counter: bool) -> Option<Self> {
        let (first, last) = (*samples.first()?, *samples.last()?);
        let resets = samples.iter().zip(samples.iter().skip(1)).filter(|(before, after)| after.1 < before.1);
        let lost: f64 = if counter { resets.map(|(before, _)| before.1).sum() } else { 0.0 };
        let count = u64::try_from(samples.len()).unwrap_or(u64::MAX);
        Some(Self { first, last, count, rise: last.1 - first.1 + lost })
    }
}

/// How an increase is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extrapolation {
    Rate,
    Increase,
    Delta,
}

/// The rise over the whole range, guessed from the samples inside it: to each edge of the range if the nearest sample is within
/// 1.1 of the usual distance, else by half that distance, and never to before a counter was zero. `None` for fewer than two
/// samples.
#[expect(clippy::cast_precision_loss, reason = "counts of samples are far below 2^53")]
pub(super) fn extrapolated(ends: &Ends, start: Timestamp, end: Timestamp, how: Extrapolation) -> Option<f64> {
    if ends.count < 2 {
        return None;
    }
    let seconds = |nanos: i64| nanos as f64 / 1e9;
    let sampled = seconds(ends.last.0.since(ends.first.0));
    let usual = sampled / (ends.count - 1) as f64;
    let mut before = seconds(ends.first.0.since(start));
    let after = seconds(end.since(ends.last.0));
    if how != Extrapolation::Delta && ends.rise > 0.0 && ends.first.1 >= 0.0 {
        before = before.min(sampled * (ends.first.1 / ends.rise));
    }
    let reach = |distance: f64| if distance < usual * 1.1 { distance } else { usual / 2.0 };
    let factor = (sampled + reach(before) + reach(after)) / sampled;
    let rise = ends.rise * factor;
    Some(if how == Extrapolation::Rate { rise / seconds(end.since(start)) } else { rise })
}

/// The value of a function over explicit samples; `None` where it has none.
#[expect(clippy::cast_precision_loss, reason = "counts of samples are far below 2^53")]
pub(super) fn over(function: &str, samples: &[(Timestamp, f64)]) -> Option<f64> {
    let values = || samples.iter().map(|sample| sample.1);
    let pairs = || samples.iter().zip(samples.iter().skip(1));
    let last = samples.last()?;
    let instant = |rate: bool| {
        let (before, after) = pairs().next_back()?;
        let fell = rate && after.1 < before.1;
        let rise = if fell { after.1 } else { after.1 - before.1 };
        let seconds = after.0.since(before.0) as f64 / 1e9;
        Some(if rate { rise / seconds } else { rise })
    };
    match function {
        "irate" => instant(true),
        "idelta" => instant(false),
        "sum_over_time" => Some(values().sum()),
        "count_over_time" => Some(samples.len() as f64),
        "avg_over_time" => Some(values().sum::<f64>() / samples.len() as f64),
        "min_over_time" => values().reduce(|least, value| if value < least || least.is_nan() { value } else { least }),
        "max_over_time" => values().reduce(|most, value| if value > most || most.is_nan() { value } else { most }),
        "last_over_time" => Some(last.1),
        "present_over_time" => Some(1.0),
        "changes" => {
            let differs = |(before, after): &(&(Timestamp, f64), &(Timestamp, f64))| {
                before.1.to_bits() != after.1.to_bits() && !(before.1.is_nan() && after.1.is_nan())
            };
            Some(pairs().filter(differs).count() as f64)
        }
        "resets" => Some(pairs().filter(|(before, after)| after.1 < before.1).count() as f64),
        "deriv" => line(samples, last.0).map(|(slope, _)| slope),
        _ => None,
    }
}

/// The least-squares line through the samples: its slope a second, and its value at a moment.
#[expect(clippy::cast_precision_loss, reason = "counts of samples are far below 2^53")]
pub(super) fn line(samples: &[(Timestamp, f64)], moment: Timestamp) -> Option<(f64, f64)> {
    if samples.len() < 2 {
        return None;
    }
    let count = samples.len() as f64;
    let points = || samples.iter().map(|(time, value)| (time.since(moment) as f64 / 1e9, *value));
    let (sum_x, sum_y) = points().fold((0.0, 0.0), |sum, point| (sum.0 + point.0, sum.1 + point.1));
    let (mean_x, mean_y) = (sum_x / count, sum_y / count);
    let spread = points().map(|(x, _)| (x - mean_x).powi(2)).sum::<f64>();
    let slope = points().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum::<f64>() / spread;
    Some((slope, slope.mul_add(-mean_x, mean_y)))
}
