//! What of a file is no TOML: told as problems beside all others, so that one missing quote hides no other mistake. What
//! only follows from such a place is not told.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::Error;

use super::problem::Problem;

const HINT: &str = "what stands here is left out; the rest of the file was read";

/// One problem a line: the first says what is wrong, the others what it led to.
pub(super) fn unreadable(text: &str, errors: &[Error]) -> Vec<Problem> {
    let mut first: BTreeMap<usize, Problem> = BTreeMap::new();
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        let problem = Problem::at(span.clone(), error.message()).hint(HINT);
        let known = first.entry(line(text, span.start)).or_insert_with(|| problem.clone());
        if span.start < known.span.start {
            *known = problem;
        }
    }
    first.into_values().collect()
}

/// Whether a problem stands on a line that could not be read: then it tells of a value that nobody wrote.
pub(super) fn follows(text: &str, problem: &Problem, unreadable: &[Problem]) -> bool {
    let Range { start, end } = problem.span;
    let placeless = end == 0 && !unreadable.is_empty();
    placeless || unreadable.iter().any(|known| line(text, known.span.start) == line(text, start))
}

/// From 0 on. The end of a line belongs to it.
fn line(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count()
}
