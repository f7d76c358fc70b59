//! Walks a parsed expression at one moment after another.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use promql_parser::parser::{AtModifier, Expr, Offset, SubqueryExpr, VectorSelector};

use super::aggregate::aggregate;
use super::binary::Operation;
use super::function;
use super::range::Samples;
use super::store::Store;
use super::value::{Point, Problem, Run, Value, unknown};
use crate::domain::{Labels, Timestamp};

/// A query longer or nested deeper than anybody writes is refused before it is parsed.
const LONGEST_QUERY: usize = 20_000;
const DEEPEST_QUERY: usize = 100;
/// How many samples one query may read one by one.
const MOST_SAMPLES: u64 = 20_000_000;
/// The step of a subquery that names none: the rules' interval.
pub(super) const DEFAULT_STEP: Duration = Duration::from_secs(15);

/// Reads a query.
///
/// # Errors
/// [`Problem::Bad`] with the parser's words.
pub fn parse(query: &str) -> Result<Expr, Problem> {
    let mut depth = 0_usize;
    let mut deepest = 0;
    for byte in query.bytes() {
        match byte {
            b'(' | b'{' | b'[' => depth += 1,
            b')' | b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    let signs = query.bytes().filter(|byte| matches!(byte, b'-' | b'+' | b'^')).count();
    if query.len() > LONGEST_QUERY || deepest > DEEPEST_QUERY || signs > 500 {
        return Err(Problem::Bad("query is too long or too deeply nested".into()));
    }
    // A parser of somebody else's: should it ever panic on a query, that query is bad and the server lives.
    let parsed = std::panic::catch_unwind(|| promql_parser::parser::parse(query));
    parsed.unwrap_or_else(|_| Err("the query cannot be parsed".into())).map_err(Problem::Bad)
}

/// One query under way: what it may see, what it may cost, and what it has found out.
pub struct Query<'a> {
    pub(super) store: &'a Store,
    expression: &'a Expr,
    pub(super) now: Timestamp,
    /// The first and the last moment that are asked for, for `@ start()` and `@ end()`.
    asked: (Timestamp, Timestamp),
    deadline: Instant,
    read: Cell<u64>,
    selected: RefCell<HashMap<*const VectorSelector, Rc<[usize]>>>,
}

/// The series of a range with what is needed of them.
pub(super) struct Ranged {
    pub(super) source: Source,
    pub(super) start: Timestamp,
    pub(super) end: Timestamp,
}

pub(super) enum Source {
    Stored(Rc<[usize]>),
    Computed(Vec<Run>),
}

impl<'a> Query<'a> {
    /// Nothing later than `now` is seen, whatever moment is asked for. After `timeout` of real time it gives up.
    #[must_use]
    pub fn new(
        store: &'a Store,
        expression: &'a Expr,
        now: Timestamp,
        asked: (Timestamp, Timestamp),
        timeout: Duration,
    ) -> Self {
        let deadline = Instant::now() + timeout;
        Self { store, expression, now, asked, deadline, read: Cell::new(0), selected: RefCell::default() }
    }

    /// The value at one moment. The series of a vector are in the order of their labels, unless the expression sorts them.
    ///
    /// # Errors
    /// [`Problem::Execution`] or [`Problem::Timeout`].
    pub fn at(&self, moment: Timestamp) -> Result<Value, Problem> {
        self.value(self.expression, moment)
    }

    /// The value of a vector or scalar expression at every step, one run a series, in the order of their labels.
    ///
    /// # Errors
    /// As [`Query::at`]; also for an expression that gives text or ranges.
    pub fn range(&self, moments: impl Iterator<Item = Timestamp>) -> Result<Vec<Run>, Problem> {
        self.steps(self.expression, moments)
    }

    pub(super) fn value(&self, expression: &Expr, moment: Timestamp) -> Result<Value, Problem> {
        if Instant::now() >= self.deadline {
            return Err(Problem::Timeout);
        }
        match expression {
            Expr::NumberLiteral(number) => Ok(Value::Scalar(number.val)),
            Expr::StringLiteral(text) => Ok(Value::Text(text.val.clone())),
            Expr::Paren(inner) => self.value(&inner.expr, moment),
            Expr::Unary(inner) => match self.value(&inner.expr, moment)? {
                Value::Scalar(number) => Ok(Value::Scalar(-number)),
                Value::Vector(points) => Ok(Value::Vector(function::mapped(points, |value| Some(-value)))),
                Value::Text(_) | Value::Matrix(_) => Err(unknown("the negative of this type")),
            },
            Expr::Binary(binary) => {
                let left = self.value(&binary.lhs, moment)?;
                let right = self.value(&binary.rhs, moment)?;
                Operation { operator: binary.op.id(), modifier: binary.modifier.as_ref() }.apply(left, right)
            }
            Expr::Aggregate(group) => {
                let limit = match &group.param {
                    Some(limit) => match self.value(limit, moment)? {
                        Value::Scalar(limit) => Some(limit),
                        _ => return Err(unknown("an aggregation by a text")),
                    },
                    None => None,
                };
                let points = self.vector(&group.expr, moment)?;
                aggregate(group.op.id(), group.modifier.as_ref(), limit, points).map(Value::Vector)
            }
            Expr::VectorSelector(selector) => self.instant(selector, moment).map(Value::Vector),
            Expr::Call(call) => self.call(call, moment),
            Expr::MatrixSelector(_) | Expr::Subquery(_) => {
                self.runs(&self.ranged(expression, moment)?).map(Value::Matrix)
            }
            Expr::Extension(_) => Err(unknown("extensions of the language")),
        }
    }

    fn steps(&self, expression: &Expr, moments: impl Iterator<Item = Timestamp>) -> Result<Vec<Run>, Problem> {
        let mut runs: BTreeMap<Labels, Samples> = BTreeMap::new();
        for moment in moments {
            match self.value(expression, moment)? {
                Value::Scalar(value) => runs.entry(Labels::default()).or_default().push((moment, value)),
                Value::Vector(points) => {
                    for point in points {
                        runs.entry(point.labels).or_default().push((moment, point.value));
                    }
                }
                Value::Text(_) | Value::Matrix(_) => {
                    return Err(Problem::Bad(
                        "invalid expression type for range query, must be Scalar or instant Vector".into(),
                    ));
                }
            }
        }
        Ok(runs.into_iter().map(|(labels, samples)| Run { labels, samples }).collect())
    }

    pub(super) fn vector(&self, expression: &Expr, moment: Timestamp) -> Result<Vec<Point>, Problem> {
        match self.value(expression, moment)? {
            Value::Vector(points) => Ok(points),
            _ => Err(Problem::Execution("expected type instant vector".into())),
        }
    }

    pub(super) fn number(&self, expression: &Expr, moment: Timestamp) -> Result<f64, Problem> {
        match self.value(expression, moment)? {
            Value::Scalar(number) => Ok(number),
            _ => Err(Problem::Execution("expected type scalar".into())),
        }
    }

    fn instant(&self, selector: &VectorSelector, moment: Timestamp) -> Result<Vec<Point>, Problem> {
        let moment = self.shifted(moment, selector.offset.as_ref(), selector.at.as_ref())?;
        let found = self.selection(selector);
        self.spend(u64::try_from(found.len()).unwrap_or(u64::MAX))?;
        let point = |index: &usize| {
            let value = self.store.at(*index, moment, self.now)?;
            Some(Point { labels: self.store.labels(*index)?.clone(), value })
        };
        Ok(found.iter().filter_map(point).collect())
    }

    fn selection(&self, selector: &VectorSelector) -> Rc<[usize]> {
        let key = std::ptr::from_ref(selector);
        if let Some(known) = self.selected.borrow().get(&key) {
            return Rc::clone(known);
        }
        let found: Rc<[usize]> = self.store.select(selector.name.as_deref(), &selector.matchers).into();
        self.selected.borrow_mut().insert(key, Rc::clone(&found));
        found
    }

    fn shifted(
        &self,
        moment: Timestamp,
        offset: Option<&Offset>,
        at: Option<&AtModifier>,
    ) -> Result<Timestamp, Problem> {
        let base = match at {
            None => moment,
            Some(AtModifier::Start) => self.asked.0,
            Some(AtModifier::End) => self.asked.1,
            Some(AtModifier::At(time)) => Timestamp::EPOCH.plus(since_epoch(*time)?),
        };
        Ok(match offset {
            None => base,
            Some(Offset::Pos(by)) => base.minus(*by),
            Some(Offset::Neg(by)) => base.plus(*by),
        })
    }

    pub(super) fn spend(&self, samples: u64) -> Result<(), Problem> {
        self.read.set(self.read.get().saturating_add(samples));
        if self.read.get() > MOST_SAMPLES {
            let text = "query processing would load too many samples into memory in query execution";
            return Err(Problem::Execution(text.into()));
        }
        Ok(())
    }

    pub(super) fn ranged(&self, expression: &Expr, moment: Timestamp) -> Result<Ranged, Problem> {
        match expression {
            Expr::Paren(inner) => self.ranged(&inner.expr, moment),
            Expr::MatrixSelector(matrix) => {
                let end = self.shifted(moment, matrix.vs.offset.as_ref(), matrix.vs.at.as_ref())?;
                let source = Source::Stored(self.selection(&matrix.vs));
                Ok(Ranged { source, start: end.minus(matrix.range), end })
            }
            Expr::Subquery(subquery) => self.subquery(subquery, moment),
            _ => Err(Problem::Execution("expected type range vector".into())),
        }
    }

    fn subquery(&self, subquery: &SubqueryExpr, moment: Timestamp) -> Result<Ranged, Problem> {
        let end = self.shifted(moment, subquery.offset.as_ref(), subquery.at.as_ref())?;
        let start = end.minus(subquery.range);
        let step = subquery.step.filter(|step| !step.is_zero()).unwrap_or(DEFAULT_STEP);
        let aligned = start.floor_to(step);
        let first = if aligned < start { aligned.plus(step) } else { aligned };
        let moments =
            std::iter::successors(Some(first), |moment| Some(moment.plus(step))).take_while(|moment| *moment <= end);
        let runs = self.steps(&subquery.expr, moments)?;
        for run in &runs {
            self.spend(u64::try_from(run.samples.len()).unwrap_or(u64::MAX))?;
        }
        Ok(Ranged { source: Source::Computed(runs), start, end })
    }

    /// Every sample of a range.
    pub(super) fn runs(&self, ranged: &Ranged) -> Result<Vec<Run>, Problem> {
        match &ranged.source {
            Source::Computed(runs) => Ok(runs.clone()),
            Source::Stored(found) => {
                let mut runs = Vec::with_capacity(found.len());
                for index in found.iter() {
                    self.spend(Store::cost(ranged.start, ranged.end, self.now))?;
                    let samples = self.store.samples(*index, ranged.start, ranged.end, self.now);
                    let labels = self.store.labels(*index).cloned();
                    runs.extend(samples.zip(labels).map(|(samples, labels)| Run { labels, samples }));
                }
                Ok(runs)
            }
        }
    }
}

fn since_epoch(time: SystemTime) -> Result<Duration, Problem> {
    time.duration_since(UNIX_EPOCH).map_err(|_| unknown("moments before 1970"))
}
