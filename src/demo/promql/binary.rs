//! Operators between two sides: numbers, vectors, or one of each, with `on`, `ignoring` and `group_left`.

use std::collections::{BTreeMap, BTreeSet};

use promql_parser::parser::token::{
    T_ADD, T_ATAN2, T_DIV, T_EQLC, T_GTE, T_GTR, T_LAND, T_LOR, T_LSS, T_LTE, T_LUNLESS, T_MOD, T_MUL, T_NEQ, T_POW,
    T_SUB, TokenId,
};
use promql_parser::parser::{BinModifier, LabelModifier, VectorMatchCardinality};

use super::value::{NAME, Point, Problem, Value, keep, nameless, unknown, with};
use crate::domain::Labels;

/// An operator with everything that was written around it.
#[derive(Clone, Copy)]
pub(super) struct Operation<'a> {
    pub(super) operator: TokenId,
    pub(super) modifier: Option<&'a BinModifier>,
}

impl Operation<'_> {
    pub(super) fn apply(self, left: Value, right: Value) -> Result<Value, Problem> {
        match (left, right) {
            (Value::Scalar(left), Value::Scalar(right)) => {
                let holds = |truth: bool| f64::from(u8::from(truth));
                Ok(Value::Scalar(match compare(self.operator, left, right) {
                    Some(truth) => holds(truth),
                    None => compute(self.operator, left, right)?,
                }))
            }
            (Value::Vector(points), Value::Scalar(number)) => self.each(points, |value| (value, number), false),
            (Value::Scalar(number), Value::Vector(points)) => self.each(points, |value| (number, value), true),
            (Value::Vector(left), Value::Vector(right)) => {
                if matches!(self.operator, T_LAND | T_LOR | T_LUNLESS) {
                    Ok(Value::Vector(self.set(left, right)))
                } else {
                    self.matched(left, right).map(Value::Vector)
                }
            }
            _ => Err(unknown("an operator between these types")),
        }
    }

    fn returns_bool(self) -> bool {
        self.modifier.is_some_and(|modifier| modifier.return_bool)
    }

    /// A vector against a number. `flipped`: the number stands on the left, and a comparison keeps the vector's value.
    fn each(self, points: Vec<Point>, sides: impl Fn(f64) -> (f64, f64), flipped: bool) -> Result<Value, Problem> {
        let mut answer = Vec::with_capacity(points.len());
        for point in points {
            let (left, right) = sides(point.value);
            let kept = if flipped { right } else { left };
            if let Some((value, named)) = self.value(left, right, kept)? {
                let labels = if named { point.labels } else { nameless(&point.labels) };
                answer.push(Point { labels, value });
            }
        }
        Ok(Value::Vector(answer))
    }

    /// The value of one pair and whether it still is the metric it was; `None` where a comparison drops it.
    fn value(self, left: f64, right: f64, kept: f64) -> Result<Option<(f64, bool)>, Problem> {
        Ok(match compare(self.operator, left, right) {
            Some(truth) if self.returns_bool() => Some((f64::from(u8::from(truth)), false)),
            Some(true) => Some((kept, true)),
            Some(false) => None,
            None => Some((compute(self.operator, left, right)?, false)),
        })
    }

    /// The labels by which the two sides are matched.
    fn signature(self, labels: &Labels) -> Labels {
        match self.modifier.and_then(|modifier| modifier.matching.as_ref()) {
            Some(LabelModifier::Include(names)) => keep(labels, |name| names.labels.iter().any(|on| on == name)),
            Some(LabelModifier::Exclude(names)) => {
                keep(labels, |name| name != NAME && !names.labels.iter().any(|ignored| ignored == name))
            }
            None => nameless(labels),
        }
    }

    fn set(self, left: Vec<Point>, right: Vec<Point>) -> Vec<Point> {
        let signatures =
            |points: &[Point]| points.iter().map(|point| self.signature(&point.labels)).collect::<BTreeSet<_>>();
        match self.operator {
            T_LOR => {
                let known = signatures(&left);
                let more = right.into_iter().filter(|point| !known.contains(&self.signature(&point.labels)));
                left.into_iter().chain(more).collect()
            }
            operator => {
                let known = signatures(&right);
                let wanted = operator == T_LAND;
                left.into_iter().filter(|point| known.contains(&self.signature(&point.labels)) == wanted).collect()
            }
        }
    }

    fn matched(self, left: Vec<Point>, right: Vec<Point>) -> Result<Vec<Point>, Problem> {
        use VectorMatchCardinality::{ManyToMany, ManyToOne, OneToMany, OneToOne};
        let card = self.modifier.map_or(&OneToOne, |modifier| &modifier.card);
        let (many, one, flipped, extra) = match card {
            OneToOne => (left, right, false, None),
            ManyToOne(extra) => (left, right, false, Some(extra)),
            OneToMany(extra) => (right, left, true, Some(extra)),
            ManyToMany => return Err(unknown("many-to-many matching here")),
        };
        let mut partners: BTreeMap<Labels, Point> = BTreeMap::new();
        for point in one {
            let signature = self.signature(&point.labels);
            if let Some(other) = partners.get(&signature) {
                return Err(duplicate(&signature, other, &point, if flipped { "left" } else { "right" }));
            }
            partners.insert(signature, point);
        }
        let mut seen: BTreeMap<Labels, Point> = BTreeMap::new();
        let mut answer = Vec::new();
        for point in many {
            let signature = self.signature(&point.labels);
            let Some(partner) = partners.get(&signature) else { continue };
            let (left, right) = if flipped { (partner.value, point.value) } else { (point.value, partner.value) };
            let Some((value, named)) = self.value(left, right, left)? else { continue };
            if extra.is_none() {
                if let Some(other) = seen.get(&signature) {
                    return Err(duplicate(&signature, other, &point, "left"));
                }
                seen.insert(signature.clone(), point.clone());
            }
            let labels = self.result_labels(&point.labels, partner, named, extra.map(|names| names.labels.as_slice()));
            answer.push(Point { labels, value });
        }
        Ok(answer)
    }

    fn result_labels(self, labels: &Labels, partner: &Point, named: bool, extra: Option<&[String]>) -> Labels {
        let mut result = if named { labels.clone() } else { nameless(labels) };
        let Some(extra) = extra else {
            return match self.modifier.and_then(|modifier| modifier.matching.as_ref()) {
                Some(LabelModifier::Include(names)) => keep(&result, |name| names.labels.iter().any(|on| on == name)),
                Some(LabelModifier::Exclude(names)) => {
                    keep(&result, |name| !names.labels.iter().any(|ignored| ignored == name))
                }
                None => result,
            };
        };
        for name in extra {
            result = match partner.labels.get(name) {
                Some(value) => with(&result, name, value),
                None => keep(&result, |known| known != name),
            };
        }
        result
    }
}

fn compare(operator: TokenId, left: f64, right: f64) -> Option<bool> {
    #[expect(clippy::float_cmp, reason = "PromQL compares exactly")]
    Some(match operator {
        T_EQLC => left == right,
        T_NEQ => left != right,
        T_GTR => left > right,
        T_LSS => left < right,
        T_GTE => left >= right,
        T_LTE => left <= right,
        _ => return None,
    })
}

fn compute(operator: TokenId, left: f64, right: f64) -> Result<f64, Problem> {
    Ok(match operator {
        T_ADD => left + right,
        T_SUB => left - right,
        T_MUL => left * right,
        T_DIV => left / right,
        T_MOD => left % right,
        T_POW => left.powf(right),
        T_ATAN2 => left.atan2(right),
        _ => return Err(unknown("this operator")),
    })
}

fn duplicate(signature: &Labels, one: &Point, other: &Point, side: &str) -> Problem {
    Problem::Execution(format!(
        "found duplicate series for the match group {} on the {side} hand-side of the operation: [{}, {}];\
         many-to-many matching not allowed: matching labels must be unique on one side",
        written(signature),
        written(&other.labels),
        written(&one.labels),
    ))
}

fn written(labels: &Labels) -> String {
    let pairs: Vec<String> = labels.iter().map(|(name, value)| format!("{name}={:?}", value.as_str())).collect();
    format!("{{{}}}", pairs.join(", "))
}
