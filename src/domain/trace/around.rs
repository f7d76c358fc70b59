//! The time that servers are asked about for a trace. Not how long it took: a host whose clock says 1970 makes a trace of
//! decades, and a question about decades is refused, or costs as much as all others together.

use std::time::Duration;

use super::tree::Tree;
use crate::domain::Window;

/// A longer trace is asked about where most of its spans are.
const LONGEST: Duration = Duration::from_secs(86_400);

impl Tree {
    /// From so long before it to so long after it; of a trace of more than a day the day around the middle one of its starts.
    #[must_use]
    pub fn around(&self, before: Duration, after: Duration) -> Window {
        let (mut start, mut end) = (self.start(), self.end());
        if end.elapsed_since(start) > LONGEST {
            let mut starts: Vec<_> = self.glance.sample.iter().map(|(start, _)| *start).collect();
            starts.sort_unstable();
            let middle = starts.get(starts.len() / 2).copied().unwrap_or(end);
            (start, end) = (start.max(middle.minus(LONGEST / 2)), end.min(middle.plus(LONGEST / 2)));
        }
        Window { start: start.minus(before), end: end.plus(after) }
    }
}
