//! Function calls: what each function of the language does with its arguments.

use promql_parser::label::MatchOp;
use promql_parser::parser::{Call, Expr};

use super::evaluate::{DEFAULT_STEP, Query, Source};
use super::range::{Ends, Extrapolation, Samples, extrapolated, line, over};
use super::store::Store;
use super::value::{NAME, Point, Problem, Run, Value, keep, nameless, unknown};
use super::{function, histogram};
use crate::domain::{Labels, Symbol, Timestamp};

impl Query<'_> {
    pub(super) fn call(&self, call: &Call, moment: Timestamp) -> Result<Value, Problem> {
        let name = call.func.name;
        let argument = |index: usize| {
            call.args
                .args
                .get(index)
                .ok_or_else(|| Problem::Execution(format!("{name}: argument {} is missing", index + 1)))
        };
        match name {
            "time" => Ok(Value::Scalar(seconds(moment))),
            "pi" => Ok(Value::Scalar(std::f64::consts::PI)),
            "vector" => {
                let value = self.number(argument(0)?, moment)?;
                Ok(Value::Vector(vec![Point { labels: Labels::default(), value }]))
            }
            "scalar" => {
                let points = self.vector(argument(0)?, moment)?;
                let only = if points.len() == 1 { points.first().map(|point| point.value) } else { None };
                Ok(Value::Scalar(only.unwrap_or(f64::NAN)))
            }
            "absent" => {
                let here = !self.vector(argument(0)?, moment)?.is_empty();
                Ok(Value::Vector(if here { Vec::new() } else { vec![absent(argument(0)?)] }))
            }
            "absent_over_time" => {
                let here = !self.runs(&self.ranged(argument(0)?, moment)?)?.is_empty();
                Ok(Value::Vector(if here { Vec::new() } else { vec![absent(argument(0)?)] }))
            }
            "timestamp" => {
                let latest = moment.min(self.now).floor_to(DEFAULT_STEP);
                let points = self.vector(argument(0)?, moment)?;
                let plain = matches!(argument(0)?.as_ref(), Expr::VectorSelector(_));
                let at = seconds(if plain { latest } else { moment });
                Ok(Value::Vector(function::mapped(points, |_| Some(at))))
            }
            "sort" | "sort_desc" => {
                Ok(Value::Vector(function::sorted(self.vector(argument(0)?, moment)?, name == "sort_desc")))
            }
            "histogram_quantile" => {
                let share = self.number(argument(0)?, moment)?;
                Ok(Value::Vector(histogram::quantile(share, &self.vector(argument(1)?, moment)?)))
            }
            "rate" => self.rise(argument(0)?, moment, Extrapolation::Rate),
            "increase" => self.rise(argument(0)?, moment, Extrapolation::Increase),
            "delta" => self.rise(argument(0)?, moment, Extrapolation::Delta),
            "predict_linear" => {
                let ahead = self.number(argument(1)?, moment)?;
                let value = |samples: &Samples| line(samples, moment).map(|(slope, value)| slope.mul_add(ahead, value));
                self.over(argument(0)?, moment, false, value)
            }
            "label_replace" => self.relabelled(&call.args.args, moment),
            "irate" | "idelta" | "sum_over_time" | "count_over_time" | "avg_over_time" | "min_over_time"
            | "max_over_time" | "present_over_time" | "changes" | "resets" | "deriv" => {
                self.over(argument(0)?, moment, false, |samples| over(name, samples))
            }
            "last_over_time" => self.over(argument(0)?, moment, true, |samples| over(name, samples)),
            "abs" | "ceil" | "floor" | "exp" | "ln" | "log2" | "log10" | "sqrt" | "sgn" | "round" | "clamp"
            | "clamp_min" | "clamp_max" => {
                let rest: Result<Vec<f64>, Problem> =
                    call.args.args.iter().skip(1).map(|number| self.number(number, moment)).collect();
                let (points, rest) = (self.vector(argument(0)?, moment)?, rest?);
                Ok(Value::Vector(function::mapped(points, |value| function::of_value(name, value, &rest))))
            }
            _ => Err(unknown(&format!("the function {name}"))),
        }
    }

    /// A function over every sample of each series. `named`: it still is that metric.
    fn over(
        &self,
        argument: &Expr,
        moment: Timestamp,
        named: bool,
        value: impl Fn(&Samples) -> Option<f64>,
    ) -> Result<Value, Problem> {
        let runs = self.runs(&self.ranged(argument, moment)?)?;
        let point = |run: Run| {
            let labels = if named { run.labels } else { nameless(&run.labels) };
            value(&run.samples).map(|value| Point { labels, value })
        };
        Ok(Value::Vector(runs.into_iter().filter_map(point).collect()))
    }

    fn rise(&self, argument: &Expr, moment: Timestamp, how: Extrapolation) -> Result<Value, Problem> {
        let ranged = self.ranged(argument, moment)?;
        let mut points = Vec::new();
        let mut tell = |labels: &Labels, ends: Option<Ends>| {
            let value = ends.and_then(|ends| extrapolated(&ends, ranged.start, ranged.end, how));
            points.extend(value.map(|value| Point { labels: nameless(labels), value }));
        };
        let counter = how != Extrapolation::Delta;
        match &ranged.source {
            Source::Computed(runs) => runs.iter().for_each(|run| tell(&run.labels, Ends::of(&run.samples, counter))),
            Source::Stored(found) => {
                for index in found.iter() {
                    let Some(labels) = self.store.labels(*index) else { continue };
                    let ends = match self.store.ends(*index, ranged.start, ranged.end, self.now) {
                        Ok(ends) => ends,
                        Err(_) => {
                            self.spend(Store::cost(ranged.start, ranged.end, self.now))?;
                            let samples = self.store.samples(*index, ranged.start, ranged.end, self.now);
                            samples.and_then(|samples| Ends::of(&samples, counter))
                        }
                    };
                    self.spend(2)?;
                    tell(labels, ends);
                }
            }
        }
        Ok(Value::Vector(points))
    }
}

/// What `absent` gives: the labels that the selector demands to be equal, each once.
fn absent(expression: &Expr) -> Point {
    let matchers = match expression {
        Expr::VectorSelector(selector) => Some(&selector.matchers.matchers),
        Expr::MatrixSelector(matrix) => Some(&matrix.vs.matchers.matchers),
        _ => None,
    };
    let equal = matchers.into_iter().flatten().filter(|matcher| matches!(matcher.op, MatchOp::Equal));
    let pairs = equal.map(|matcher| (Symbol::from(matcher.name.as_str()), Symbol::from(matcher.value.as_str())));
    let labels: Labels = pairs.collect();
    Point { labels: keep(&labels, |name| name != NAME), value: 1.0 }
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit a float")]
fn seconds(moment: Timestamp) -> f64 {
    moment.millis() as f64 / 1e3
}
