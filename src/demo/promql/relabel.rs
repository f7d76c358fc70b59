//! `label_replace`: a label made of another one. Not label matching in selectors: that is `store.rs`.

use promql_parser::parser::Expr;
use regex::Regex;

use super::evaluate::Query;
use super::value::{Problem, Value, keep, with};
use crate::domain::{Symbol, Timestamp};

impl Query<'_> {
    pub(super) fn relabelled(&self, arguments: &[Box<Expr>], moment: Timestamp) -> Result<Value, Problem> {
        let text = |index: usize| match arguments.get(index).map(|argument| self.value(argument, moment)) {
            Some(Ok(Value::Text(text))) => Ok(text),
            Some(Err(problem)) => Err(problem),
            _ => Err(Problem::Execution(format!("label_replace: argument {} is no text", index + 1))),
        };
        let vector = arguments.first().ok_or_else(|| Problem::Execution("label_replace: no vector".into()))?;
        let (target, template, source, pattern) = (text(1)?, text(2)?, text(3)?, text(4)?);
        // Whole values match, as everywhere in PromQL.
        let pattern = Regex::new(&format!("^(?s:{pattern})$"))
            .map_err(|_| Problem::Execution(format!("invalid regular expression in label_replace(): {pattern}")))?;
        let mut points = self.vector(vector, moment)?;
        for point in &mut points {
            let value = point.labels.get(&source).map_or("", Symbol::as_str);
            if let Some(captures) = pattern.captures(value) {
                let mut made = String::new();
                captures.expand(&template, &mut made);
                point.labels = if made.is_empty() {
                    keep(&point.labels, |name| *name != target)
                } else {
                    with(&point.labels, &target, &made)
                };
            }
        }
        Ok(Value::Vector(points))
    }
}
