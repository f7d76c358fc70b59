//! How much more often something is seen in one set than in another, with the bounds of what chance allows: Wilson's
//! interval for one share, Newcombe's for the difference of two. Not what is counted: that is `outliers.rs`.

use serde::{Deserialize, Serialize};

/// Two-sided 95 %.
const Z: f64 = 1.959_964;

/// So many of so many; fractions when traces weigh differently.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    pub hits: f64,
    pub of: f64,
}

impl Share {
    #[must_use]
    pub fn value(self) -> f64 {
        if self.of > 0.0 { (self.hits / self.of).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// Lower and upper bound; everything is possible of an empty set.
    fn wilson(self) -> (f64, f64) {
        if self.of <= 0.0 {
            return (0.0, 1.0);
        }
        let (p, n, square) = (self.value(), self.of, Z * Z);
        let centre = p + square / (2.0 * n);
        let spread = Z * (p * (1.0 - p) / n + square / (4.0 * n * n)).sqrt();
        let whole = 1.0 + square / n;
        (((centre - spread) / whole).max(0.0), ((centre + spread) / whole).min(1.0))
    }
}

/// The difference of two shares, −1 to 1, and between which bounds it lies with 95 % confidence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    pub difference: f64,
    pub lower: f64,
    pub upper: f64,
}

impl Difference {
    /// Newcombe's method 10: of few events the bounds are wide, so that 5 of 5 is no proof.
    #[must_use]
    pub fn of(selected: Share, baseline: Share) -> Self {
        let (p, q) = (selected.value(), baseline.value());
        let ((low_p, high_p), (low_q, high_q)) = (selected.wilson(), baseline.wilson());
        let difference = p - q;
        Self {
            difference,
            lower: difference - (p - low_p).hypot(high_q - q),
            upper: difference + (high_p - p).hypot(q - low_q),
        }
    }

    /// The least difference that the counts prove; zero when they prove none.
    #[must_use]
    pub fn score(&self) -> f64 {
        self.lower.max(0.0)
    }
}

/// A share of traces that stand for different numbers of their like: the share is weighted, and its certainty that of
/// `(Σw)² / Σw²` traces.
#[must_use]
pub fn weighted(traces: impl Iterator<Item = (bool, f64)>) -> Share {
    let (mut hits, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for (hit, weight) in traces {
        hits += if hit { weight } else { 0.0 };
        sum += weight;
        squares += weight * weight;
    }
    if squares <= 0.0 {
        return Share { hits: 0.0, of: 0.0 };
    }
    let of = sum * sum / squares;
    Share { hits: hits / sum * of, of }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(hits: u32, of: u32) -> Share {
        Share { hits: f64::from(hits), of: f64::from(of) }
    }

    /// The table of the reference.
    #[test]
    fn the_table_of_the_reference() {
        for (selected, baseline, difference, lower, upper) in [
            ((405, 412), (8, 390), 0.9625, 0.9362, 0.9758),
            ((410, 412), (95, 390), 0.7516, 0.7048, 0.7917),
            ((5, 5), (60, 390), 0.8462, 0.4099, 0.8786),
            ((220, 412), (190, 390), 0.0468, -0.0223, 0.1153),
            ((140, 412), (131, 390), 0.0039, -0.0615, 0.0690),
        ] {
            let found = Difference::of(share(selected.0, selected.1), share(baseline.0, baseline.1));
            for (found, expected) in [(found.difference, difference), (found.lower, lower), (found.upper, upper)] {
                assert!(
                    (found - expected).abs() < 5.1e-5,
                    "{selected:?} against {baseline:?}: {found} is not {expected}"
                );
            }
            assert_eq!(found.score() > 0.0, lower > 0.0);
        }
    }

    #[test]
    fn like_weights_cancel_and_unlike_ones_cost_certainty() {
        let even = weighted([(true, 20.0), (false, 20.0), (false, 20.0), (false, 20.0)].into_iter());
        assert_eq!((even.hits, even.of), (1.0, 4.0));
        let mixed = weighted([(true, 1.0), (false, 20.0)].into_iter());
        assert!((mixed.value() - 1.0 / 21.0).abs() < 1e-12);
        assert!((mixed.of - 441.0 / 401.0).abs() < 1e-12);
        assert_eq!(weighted(std::iter::empty()).of, 0.0);
    }

    #[test]
    fn nothing_is_proved_against_an_empty_set() {
        let found = Difference::of(share(5, 5), share(0, 0));
        assert!(found.score() < 0.3 && found.lower <= found.difference, "{found:?}");
        assert_eq!(Difference::of(share(0, 0), share(0, 0)).score(), 0.0);
    }
}
