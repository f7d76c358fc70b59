//! Which spans of a long answer in JSON a thread reads, when two share it. Both go the whole way through the text, for only
//! that tells where anything is; but to pass over a span is quick. The first reads from the beginning, the second passes over
//! more than a half and reads from there, and where it began the first stops. Should the second come too late or not at all,
//! the first has read everything.

use std::sync::{Mutex, PoisonError};

/// Spans that are taken at once.
const BLOCK: usize = 256;

/// What to do with the next span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Read,
    PassOver,
    /// The other one reads from here on.
    Stop,
}

/// What the two know of each other.
#[derive(Debug, Default)]
pub(super) struct Shared(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// Spans before this one are the first's.
    reached: usize,
    /// Spans from this one on are the second's.
    start: Option<usize>,
}

#[derive(Debug)]
pub(super) enum Part<'s> {
    Alone,
    First(&'s Shared, Count),
    /// Reads when so many bytes have been passed over.
    Second(&'s Shared, Count, usize),
}

#[derive(Debug)]
pub(super) struct Count {
    spans: usize,
    now: Next,
}

impl<'s> Part<'s> {
    pub(super) const fn first(shared: &'s Shared) -> Self {
        Self::First(shared, Count { spans: 0, now: Next::Read })
    }

    pub(super) const fn second(shared: &'s Shared, bytes: usize) -> Self {
        Self::Second(shared, Count { spans: 0, now: Next::PassOver }, bytes)
    }

    pub(super) fn passed_over(&mut self, bytes: usize) {
        if let Self::Second(_, _, left) = self {
            *left = left.saturating_sub(bytes);
        }
    }

    /// To be asked once for each span, and once where a list has ended.
    pub(super) fn next(&mut self) -> Next {
        match self {
            Self::Alone => Next::Read,
            Self::First(shared, count) => count.next(|at, _| {
                let mut known = shared.0.lock().unwrap_or_else(PoisonError::into_inner);
                if known.start.is_some_and(|start| start <= at) {
                    return Next::Stop;
                }
                known.reached = at + BLOCK;
                Next::Read
            }),
            Self::Second(shared, count, left) => count.next(|at, now| {
                if now == Next::Read || *left > 0 {
                    return now;
                }
                let mut known = shared.0.lock().unwrap_or_else(PoisonError::into_inner);
                if known.reached > at {
                    return Next::PassOver;
                }
                known.start = Some(at);
                Next::Read
            }),
        }
    }
}

impl Count {
    fn next(&mut self, decide: impl FnOnce(usize, Next) -> Next) -> Next {
        if self.spans.is_multiple_of(BLOCK) {
            self.now = decide(self.spans, self.now);
        }
        self.spans += 1;
        self.now
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// However the two are run, each span is read once, and those of the first come first.
        #[test]
        fn each_span_is_read_once(turns in prop::collection::vec(any::<bool>(), 0..60), count in 0..4_000_usize, far in 0..5_000_usize) {
            let shared = Shared::default();
            let mut parts = [(Part::first(&shared), 0, Vec::new()), (Part::second(&shared, far), 0, Vec::new())];
            let mut stopped = false;
            let order = turns.iter().flat_map(|second| [usize::from(*second); 97]).chain([0; 4_000]).chain([1; 4_000]);
            for turn in order {
                let (part, at, read) = &mut parts[turn];
                if *at >= count || (turn == 0 && stopped) {
                    continue;
                }
                match part.next() {
                    Next::Read => read.push(*at),
                    Next::PassOver => part.passed_over(1),
                    Next::Stop => stopped = true,
                }
                *at += 1;
            }
            let [(_, _, first), (_, _, second)] = parts;
            prop_assert_eq!(stopped, !second.is_empty());
            prop_assert_eq!(first.into_iter().chain(second).collect::<Vec<_>>(), (0..count).collect::<Vec<_>>());
        }
    }
}
