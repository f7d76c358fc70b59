//! Functions of numbers and of instant vectors. Functions of ranges are in `range`.

use super::value::{Point, nameless};

/// A function that maps each value by itself; `arguments` are the numbers that follow the vector.
pub(super) fn of_value(function: &str, value: f64, arguments: &[f64]) -> Option<f64> {
    let first = arguments.first().copied();
    Some(match function {
        "abs" => value.abs(),
        "ceil" => value.ceil(),
        "floor" => value.floor(),
        "exp" => value.exp(),
        "ln" => value.ln(),
        "log2" => value.log2(),
        "log10" => value.log10(),
        "sqrt" => value.sqrt(),
        "sgn" if value == 0.0 || value.is_nan() => value,
        "sgn" => value.signum(),
        "round" => {
            let nearest = first.unwrap_or(1.0);
            (value / nearest + 0.5).floor() * nearest
        }
        "clamp_min" => at_least(value, first?),
        "clamp_max" => at_most(value, first?),
        "clamp" => at_most(at_least(value, first?), arguments.get(1).copied()?),
        _ => return None,
    })
}

/// As Go's `math.Max`: NaN on either side is NaN.
const fn at_least(value: f64, least: f64) -> f64 {
    if value.is_nan() || least.is_nan() { f64::NAN } else { value.max(least) }
}

const fn at_most(value: f64, most: f64) -> f64 {
    if value.is_nan() || most.is_nan() { f64::NAN } else { value.min(most) }
}

/// Maps every value; the result is not that metric any more.
pub(super) fn mapped(points: Vec<Point>, value: impl Fn(f64) -> Option<f64>) -> Vec<Point> {
    let new = |point: Point| value(point.value).map(|value| Point { labels: nameless(&point.labels), value });
    points.into_iter().filter_map(new).collect()
}

/// Least first, or greatest first; NaN last either way.
pub(super) fn sorted(mut points: Vec<Point>, descending: bool) -> Vec<Point> {
    points.sort_by(|one, other| match (one.value.is_nan(), other.value.is_nan(), descending) {
        (false, false, true) => other.value.total_cmp(&one.value),
        (false, false, false) => one.value.total_cmp(&other.value),
        (one, other, _) => one.cmp(&other),
    });
    points
}
