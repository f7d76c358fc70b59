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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::signal::{Kind, Span, Status};
    use crate::domain::trace::SkewOptions;
    use crate::domain::{SpanId, Timestamp, TraceId};

    fn tree(starts: &[i64]) -> Tree {
        let id = "4bf92f3577b34da6a3ce929d0e0e4736".parse::<TraceId>().expect("an id");
        let span = |(number, seconds): (u64, &i64)| Span {
            trace: id,
            id: SpanId::new(number + 1).expect("not zero"),
            parent: (number > 0).then(|| SpanId::new(1)).flatten(),
            name: "work".into(),
            service: "pricing".into(),
            kind: Kind::Internal,
            start: Timestamp::from_seconds(*seconds),
            end: Timestamp::from_seconds(*seconds + 2),
            status: Status::Unset,
            attributes: Vec::new(),
            resource: Arc::default(),
            events: Vec::new(),
            links: Vec::new(),
            warnings: Vec::new(),
        };
        Tree::build(id, (0..).zip(starts).map(span).collect(), None, SkewOptions::OFF)
    }

    #[test]
    fn a_clock_of_1970_or_2262_makes_no_question_of_decades() {
        let minute = Duration::from_secs(60);
        let now = 1_795_000_000;
        let window = |starts: &[i64]| tree(starts).around(minute, minute);
        let at = Timestamp::from_seconds;
        let whole = Window { start: at(now - 60), end: at(now + 65) };
        assert_eq!(window(&[now, now + 1, now + 3]), whole);
        assert_eq!(window(&[now, now + 1, now + 2, 5]).end, at(now + 64));
        for strange in [5, 9_223_372_000] {
            let asked = window(&[now, strange, now + 1, now + 2]);
            assert!(asked.start <= at(now) && asked.end >= at(now + 4), "{asked:?}");
            assert!(asked.length() <= LONGEST + minute * 2, "{asked:?}");
        }
    }
}
