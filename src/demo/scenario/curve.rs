//! Piecewise linear functions of a scenario's minutes and their integrals. Not noise: these are exact.

/// Points `(minute, value)` in rising order of minutes. Outside of them the function is not defined by the curve.
#[derive(Clone, Copy, Debug)]
pub(super) struct Curve(pub(super) &'static [(f64, f64)]);

impl Curve {
    /// The value at a minute; before the first point the first value, after the last the last.
    pub(super) fn at(&self, minute: f64) -> f64 {
        let mut value = self.0.first().map_or(0.0, |point| point.1);
        for (from, to) in self.0.iter().zip(self.0.iter().skip(1)) {
            if minute < from.0 {
                break;
            }
            let share = ((minute - from.0) / (to.0 - from.0)).min(1.0);
            value = share.mul_add(to.1 - from.1, from.1);
        }
        value
    }

    /// The integral from the first point to a minute; constant before the first and after the last point.
    pub(super) fn integral(&self, minute: f64) -> f64 {
        let mut sum = 0.0;
        for (from, to) in self.0.iter().zip(self.0.iter().skip(1)) {
            if minute <= from.0 {
                break;
            }
            let until = minute.min(to.0);
            let slope = (to.1 - from.1) / (to.0 - from.0);
            let width = until - from.0;
            sum += width * (slope * width).mul_add(0.5, from.1);
        }
        sum
    }
}

/// How many minutes of `from .. to` lie between 0 and `minute`; negative for a minute before 0.
pub(super) fn overlap(minute: f64, from: f64, to: f64) -> f64 {
    minute.clamp(from, to) - 0.0_f64.clamp(from, to)
}

/// The least argument in `low .. high` at which a rising function reaches `goal`, to within a nanosecond of minutes;
/// `high` where it does not.
pub(super) fn reach(rising: impl Fn(f64) -> f64, goal: f64, low: f64, high: f64) -> f64 {
    let (mut below, mut above) = (low, high);
    while above - below > 1e-11_f64.max(above.abs() * 1e-15) {
        let middle = f64::midpoint(below, above);
        if middle <= below || middle >= above {
            break;
        }
        if rising(middle) < goal {
            below = middle;
        } else {
            above = middle;
        }
    }
    above
}

/// The whole number of events since T0 that an expectation stands for: the nearest one, so that a total is never off by
/// more than half an event.
pub(super) fn counted(expected: f64) -> f64 {
    (expected + 0.5).floor()
}

/// The number of the last event that an expectation has seen.
#[expect(clippy::cast_possible_truncation, reason = "counts of events are far below 2^53")]
pub(super) fn number(expected: f64) -> i64 {
    counted(expected) as i64
}

#[expect(clippy::cast_precision_loss, reason = "counts of events are far below 2^53")]
pub(super) fn whole(number: i64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENT: Curve = Curve(&[(1.0, 0.0), (3.0, 2.0), (5.0, 0.0)]);

    #[test]
    fn values_integrals_and_inverse_agree() {
        assert!((TENT.at(2.0) - 1.0).abs() < 1e-12 && TENT.at(0.0).abs() < 1e-12 && TENT.at(9.0).abs() < 1e-12);
        assert!((TENT.integral(3.0) - 2.0).abs() < 1e-12 && (TENT.integral(99.0) - 4.0).abs() < 1e-12);
        let minute = reach(|at| TENT.integral(at), 3.0, 0.0, 9.0);
        assert!((TENT.integral(minute) - 3.0).abs() < 1e-9);
        assert!((overlap(-4.0, -3.0, 2.0) + 3.0).abs() < 1e-12 && (overlap(9.0, -3.0, 2.0) - 2.0).abs() < 1e-12);
    }
}
