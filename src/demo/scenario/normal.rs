//! The tail of the normal distribution, and durations that are log-normal. Not noise: these are exact to 1e-12 or so.

/// How many standard deviations the 95th percentile lies above the median.
const P95: f64 = 1.644_853_6;

/// The share of a standard normal variable that lies above `z`.
pub(super) fn above(z: f64) -> f64 {
    let x = z.abs();
    let density = (-0.5 * x * x).exp() / std::f64::consts::TAU.sqrt();
    let tail = if x < 3.0 {
        // The series of the inner part: x + x^3/3 + x^5/15 + ..
        let (mut term, mut sum, mut odd) = (x, x, 1.0);
        while term > sum * 1e-17 {
            odd += 2.0;
            term *= x * x / odd;
            sum += term;
        }
        0.5 - density * sum
    } else {
        // Laplace's continued fraction, from its end.
        density / (1..=80_u8).rev().fold(x, |below, step| x + f64::from(step) / below)
    };
    if z < 0.0 { 1.0 - tail } else { tail }
}

/// Durations in seconds whose logarithm is normal.
#[derive(Clone, Copy, Debug)]
pub(super) struct LogNormal {
    mean: f64,
    sigma: f64,
}

impl LogNormal {
    /// By the 95th percentile in seconds.
    pub(super) fn with_p95(p95: f64, sigma: f64) -> Self {
        Self { mean: P95.mul_add(-sigma, p95.ln()), sigma }
    }

    /// The share of durations above `seconds`.
    pub(super) fn above(&self, seconds: f64) -> f64 {
        if seconds.is_finite() { above((seconds.ln() - self.mean) / self.sigma) } else { 0.0 }
    }

    /// The duration so many standard deviations above the median.
    pub(super) fn at(&self, deviations: f64) -> f64 {
        self.sigma.mul_add(deviations, self.mean).exp()
    }

    pub(super) fn expected(&self) -> f64 {
        self.at(self.sigma / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_is_that_of_the_tables() {
        for (z, expected) in [
            (0.0, 0.5),
            (1.0, 0.158_655_253_931_457),
            (1.644_853_626_951_473, 0.05),
            (2.999, 0.001_354_334_5),
            (3.001, 0.001_345_477),
            (3.428, 0.000_304_029),
            (5.0, 2.866_515_719e-7),
            (-1.0, 0.841_344_746_068_543),
        ] {
            assert!((above(z) / expected - 1.0).abs() < 1e-4, "{z}: {}", above(z));
        }
    }

    #[test]
    fn a_twentieth_is_above_the_95th_percentile() {
        let durations = LogNormal::with_p95(0.9, 0.55);
        assert!((durations.above(0.9) - 0.05).abs() < 1e-8);
        assert!((durations.above(durations.at(0.7)) - above(0.7)).abs() < 1e-12);
        assert!(durations.above(f64::INFINITY).abs() < 1e-12);
    }
}
