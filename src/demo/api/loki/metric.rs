//! `count_over_time` and `rate` over a company's lines, at every step of a window. Not log queries.

use std::collections::BTreeMap;
use std::time::Duration;

use super::encode::Matrix;
use super::walk::{Direction, TooMuch, walk};
use crate::demo::company::Company;
use crate::demo::logql::{Aggregation, Function, Grouping, Kept, MetricQuery, Operator};
use crate::domain::{Timestamp, Window};

/// Loki's default `max_query_series`.
const MOST_SERIES: usize = 500;

#[derive(Debug)]
pub enum Refusal {
    TooMuch,
    TooManySeries,
}

impl Refusal {
    pub const fn text(&self) -> &'static str {
        match self {
            Self::TooMuch => TooMuch::TEXT,
            Self::TooManySeries => {
                "maximum number of series (500) reached for a single query; consider reducing query \
                                    cardinality by adding more specific stream selectors, reducing the time range, or \
                                    aggregating results with functions like sum(), count() or topk()"
            }
        }
    }
}

/// The moments `first`, `first + step`, ..; at each, what the lines of the `range` before it (it included) count.
pub struct Steps {
    pub first: Timestamp,
    pub step: Duration,
    pub count: usize,
}

type Group = BTreeMap<String, String>;

pub fn evaluate(query: &MetricQuery, company: &dyn Company, steps: &Steps, now: Timestamp) -> Result<Matrix, Refusal> {
    let step = i64::try_from(steps.step.as_nanos()).unwrap_or(i64::MAX).max(1);
    let last = steps.first.shifted(step.saturating_mul(i64::try_from(steps.count).unwrap_or(0).saturating_sub(1)));
    let window = Window { start: steps.first.minus(query.range).shifted(1), end: last.shifted(1) };
    // A line counts at a run of neighbouring steps: note where the run begins and ends, and sum up afterwards.
    let mut changes: BTreeMap<Group, Vec<i64>> = BTreeMap::new();
    let mut refusal = None;
    let walked =
        walk(company, window, now, Direction::Forward, &|stream, level| query.log.may_keep(stream, level), |record| {
            let time = record.time;
            let Some(kept) = query.log.keep(record) else { return true };
            let from = ceiling(time.since(steps.first), step);
            let past = ceiling(time.plus(query.range).since(steps.first), step);
            let group = inner_group(query, &kept);
            if !changes.contains_key(&group) && changes.len() >= MOST_SERIES {
                refusal = Some(Refusal::TooManySeries);
                return false;
            }
            let counts = changes.entry(group).or_insert_with(|| vec![0; steps.count + 1]);
            for (at, change) in [(from, 1), (past, -1)] {
                if let Some(count) = counts.get_mut(at) {
                    *count += change;
                }
            }
            true
        });
    if let Some(refusal) = refusal {
        return Err(refusal);
    }
    walked.map_err(|TooMuch| Refusal::TooMuch)?;
    let series = changes.into_iter().map(|(group, changes)| (group, sums(&changes, query, steps, step)));
    Ok(aggregate(query.aggregation.as_ref(), series))
}

fn ceiling(offset: i64, step: i64) -> usize {
    let whole = offset.div_euclid(step) + i64::from(offset.rem_euclid(step) != 0);
    usize::try_from(whole.max(0)).unwrap_or(usize::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "a count of lines is far below 2^53")]
fn sums(changes: &[i64], query: &MetricQuery, steps: &Steps, step: i64) -> Vec<(Timestamp, f64)> {
    let per = match query.function {
        Function::CountOverTime => 1.0,
        Function::Rate => query.range.as_secs_f64(),
    };
    let (mut count, mut time, mut out) = (0, steps.first, Vec::new());
    for change in changes.iter().take(steps.count) {
        count += change;
        if count > 0 {
            out.push((time, count as f64 / per));
        }
        time = time.shifted(step);
    }
    out
}

/// A sum may count its groups directly; any other operator needs the series one by one first.
fn inner_group(query: &MetricQuery, kept: &Kept) -> Group {
    let all = kept.merged();
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    match &query.aggregation {
        Some(Aggregation { operator: Operator::Sum, grouping }) => {
            all.into_iter().filter(|(name, value)| !value.is_empty() && belongs(grouping, name)).map(owned).collect()
        }
        _ => all.into_iter().map(owned).collect(),
    }
}

fn belongs(grouping: &Grouping, name: &str) -> bool {
    match grouping {
        Grouping::By(names) => names.iter().any(|known| known == name),
        Grouping::Without(names) => !names.iter().any(|known| known == name),
    }
}

fn aggregate(
    aggregation: Option<&Aggregation>,
    series: impl Iterator<Item = (Group, Vec<(Timestamp, f64)>)>,
) -> Matrix {
    let Some(Aggregation { operator, grouping }) = aggregation else { return series.collect() };
    let mut gathered: BTreeMap<Group, BTreeMap<Timestamp, Vec<f64>>> = BTreeMap::new();
    for (mut group, points) in series {
        group.retain(|name, _| belongs(grouping, name));
        let moments = gathered.entry(group).or_default();
        for (time, value) in points {
            moments.entry(time).or_default().push(value);
        }
    }
    let fold = |values: Vec<f64>| fold(*operator, &values);
    gathered
        .into_iter()
        .map(|(group, moments)| (group, moments.into_iter().map(|(time, values)| (time, fold(values))).collect()))
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "at most 500 series")]
fn fold(operator: Operator, values: &[f64]) -> f64 {
    match operator {
        Operator::Sum => values.iter().sum(),
        Operator::Min => values.iter().copied().fold(f64::INFINITY, f64::min),
        Operator::Max => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        Operator::Avg => values.iter().sum::<f64>() / values.len() as f64,
        Operator::Count => values.len() as f64,
    }
}
