//! `sum`, `topk` and their like: many series of an instant become one for each group.

use std::collections::BTreeMap;

use promql_parser::parser::LabelModifier;
use promql_parser::parser::token::{
    T_AVG, T_BOTTOMK, T_COUNT, T_GROUP, T_MAX, T_MIN, T_STDDEV, T_STDVAR, T_SUM, T_TOPK, TokenId,
};

use super::value::{NAME, Point, Problem, keep, unknown};
use crate::domain::Labels;

/// What identifies the group of a series.
pub(super) fn group_of(labels: &Labels, modifier: Option<&LabelModifier>) -> Labels {
    match modifier {
        None => Labels::default(),
        Some(LabelModifier::Include(names)) => keep(labels, |name| names.labels.iter().any(|kept| kept == name)),
        Some(LabelModifier::Exclude(names)) => {
            keep(labels, |name| name != NAME && !names.labels.iter().any(|dropped| dropped == name))
        }
    }
}

/// `limit` is the first argument of `topk` and `bottomk`.
#[expect(clippy::cast_precision_loss, reason = "counts of series are far below 2^53")]
pub(super) fn aggregate(
    operator: TokenId,
    modifier: Option<&LabelModifier>,
    limit: Option<f64>,
    points: Vec<Point>,
) -> Result<Vec<Point>, Problem> {
    let mut groups: BTreeMap<Labels, Vec<Point>> = BTreeMap::new();
    for point in points {
        groups.entry(group_of(&point.labels, modifier)).or_default().push(point);
    }
    if operator == T_TOPK || operator == T_BOTTOMK {
        let limit = limit.unwrap_or(0.0).clamp(0.0, 1e6);
        return Ok(groups.into_values().flat_map(|group| best(group, limit, operator == T_TOPK)).collect());
    }
    let mut answer = Vec::with_capacity(groups.len());
    for (labels, group) in groups {
        let values = || group.iter().map(|point| point.value);
        let (count, sum) = (group.len() as f64, values().sum::<f64>());
        let variance = || values().map(|value| (value - sum / count).powi(2)).sum::<f64>() / count;
        let value = match operator {
            T_SUM => sum,
            T_AVG => sum / count,
            T_COUNT => count,
            T_GROUP => 1.0,
            T_MIN => {
                values().fold(f64::NAN, |least, value| if least.is_nan() || value < least { value } else { least })
            }
            T_MAX => values().fold(f64::NAN, |most, value| if most.is_nan() || value > most { value } else { most }),
            T_STDVAR => variance(),
            T_STDDEV => variance().sqrt(),
            _ => return Err(unknown("this aggregation")),
        };
        answer.push(Point { labels, value });
    }
    Ok(answer)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 ..= 10^6")]
fn best(mut group: Vec<Point>, limit: f64, top: bool) -> Vec<Point> {
    // NaN counts as the worst on either side.
    let rank = |point: &Point| match (point.value.is_nan(), top) {
        (true, _) => f64::INFINITY,
        (false, true) => -point.value,
        (false, false) => point.value,
    };
    group.sort_by(|one, other| rank(one).total_cmp(&rank(other)));
    group.truncate(limit as usize);
    group
}
