//! `histogram_quantile` over classic buckets. Native histograms are not simulated.

use std::collections::BTreeMap;

use super::value::{NAME, Point, keep};
use crate::domain::Labels;

/// One value for each group of buckets; series without a readable `le` are left out, as Prometheus does.
pub(super) fn quantile(share: f64, points: &[Point]) -> Vec<Point> {
    let mut groups: BTreeMap<Labels, Vec<(f64, f64)>> = BTreeMap::new();
    for point in points {
        let Some(bound) = point.labels.get("le").and_then(|le| le.parse::<f64>().ok()) else { continue };
        let labels = keep(&point.labels, |name| name != NAME && name != "le");
        groups.entry(labels).or_default().push((bound, point.value));
    }
    groups.into_iter().map(|(labels, buckets)| Point { labels, value: of_buckets(share, buckets) }).collect()
}

/// Linear within the bucket that the quantile falls into; the bound below it when that is the unbounded one.
fn of_buckets(share: f64, mut buckets: Vec<(f64, f64)>) -> f64 {
    if share.is_nan() {
        return f64::NAN;
    }
    if share < 0.0 {
        return f64::NEG_INFINITY;
    }
    if share > 1.0 {
        return f64::INFINITY;
    }
    buckets.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut merged: Vec<(f64, f64)> = Vec::with_capacity(buckets.len());
    for (bound, count) in buckets {
        match merged.last_mut() {
            #[expect(clippy::float_cmp, reason = "the same bound written in two ways is the same number")]
            Some(last) if last.0 == bound => last.1 += count,
            _ => merged.push((bound, count)),
        }
    }
    // Buckets that were scraped at different moments may fall by a little; they are meant to rise.
    let mut highest = f64::NEG_INFINITY;
    for bucket in &mut merged {
        highest = highest.max(bucket.1);
        bucket.1 = highest;
    }
    let (Some(last), true) = (merged.last(), merged.len() > 1) else { return f64::NAN };
    if last.0.is_finite() || last.1 <= 0.0 || last.1.is_nan() {
        return f64::NAN;
    }
    let rank = share * last.1;
    let bounded = merged.len() - 1;
    let place = merged.iter().take(bounded).position(|bucket| bucket.1 >= rank).unwrap_or(bounded);
    let Some(before) = (if place == 0 { Some((0.0, 0.0)) } else { merged.get(place - 1).copied() }) else {
        return f64::NAN;
    };
    let Some(bucket) = merged.get(place) else { return f64::NAN };
    if place == bounded {
        return before.0;
    }
    if place == 0 && bucket.0 <= 0.0 {
        return bucket.0;
    }
    let within = (rank - before.1) / (bucket.1 - before.1);
    (bucket.0 - before.0).mul_add(within, before.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_linear_within_a_bucket() {
        let buckets = || vec![(0.1, 50.0), (0.5, 90.0), (1.0, 100.0), (f64::INFINITY, 100.0)];
        assert!((of_buckets(0.5, buckets()) - 0.1).abs() < 1e-12);
        assert!((of_buckets(0.95, buckets()) - 0.75).abs() < 1e-12);
        assert!((of_buckets(0.25, buckets()) - 0.05).abs() < 1e-12);
        assert!((of_buckets(0.99, vec![(1.0, 5.0), (f64::INFINITY, 10.0)]) - 1.0).abs() < 1e-12);
        assert!(of_buckets(0.5, vec![(1.0, 5.0)]).is_nan());
        assert!(of_buckets(2.0, buckets()).is_infinite());
    }
}
