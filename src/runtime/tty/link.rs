//! How slow the way to the terminal is, by what a program can know of it: how long the first frame and an answer to it
//! took there and back, and how long later frames waited until they were taken. Not a bandwidth: buffers on the way hide it.

use std::time::{Duration, Instant};

/// The first frame and the answer to it take no longer on a link that need not be spared.
const SLOW_ANSWER: Duration = Duration::from_millis(500);
/// An answer that comes later is none.
const ANSWER: Duration = Duration::from_secs(10);
/// A frame that waited this long was late.
pub(super) const LATE: Duration = Duration::from_millis(100);
/// So many late frames within this time make a slow link: one alone may be a terminal that was held.
const LATE_FRAMES: u32 = 2;
const WITHIN: Duration = Duration::from_secs(30);
/// A slow link counts as one for so long after its last late frame, so that the looks do not change to and fro.
const STAYS: Duration = Duration::from_secs(5 * 60);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// The first frame there and the answer to it back.
    pub there_and_back: Option<Duration>,
    pub is_slow: bool,
    asked: Option<Instant>,
    late: u32,
    late_at: Option<Instant>,
}

impl Link {
    pub(super) fn asked(&mut self, now: Instant) {
        self.asked = Some(now);
    }

    pub(super) fn answered(&mut self, now: Instant) {
        let Some(took) = self.asked.take().map(|asked| now.saturating_duration_since(asked)) else { return };
        if took <= ANSWER {
            self.there_and_back = Some(took);
        }
        if took >= SLOW_ANSWER {
            self.slow_at(now);
        }
    }

    /// A frame was taken after so long.
    pub(super) fn took(&mut self, waited: Duration, now: Instant) {
        if waited < LATE {
            return;
        }
        let is_near = self.late_at.is_some_and(|before| now.saturating_duration_since(before) < WITHIN + waited);
        self.late = if is_near { self.late.saturating_add(1) } else { 1 };
        self.late_at = Some(now);
        if self.late >= LATE_FRAMES {
            self.slow_at(now);
        }
    }

    fn slow_at(&mut self, now: Instant) {
        self.is_slow = true;
        self.late_at = Some(now);
    }

    /// As it counts now.
    pub(super) fn at(&mut self, now: Instant) -> Self {
        if self.late_at.is_none_or(|late| now.saturating_duration_since(late) >= STAYS) {
            self.is_slow = false;
        }
        *self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(number: u64) -> Duration {
        Duration::from_millis(number)
    }

    #[test]
    fn one_late_frame_is_a_terminal_that_was_held_and_two_are_a_slow_link() {
        let start = Instant::now();
        let mut link = Link::default();
        link.took(millis(20), start);
        link.took(millis(90_000), start);
        assert!(!link.at(start).is_slow);
        link.took(millis(150), start + millis(31_000));
        assert!(!link.at(start).is_slow, "long after the first");
        link.took(millis(150), start + millis(32_000));
        assert!(link.at(start + millis(32_000)).is_slow);
        assert!(link.at(start + millis(331_999)).is_slow);
        assert!(!link.at(start + millis(332_000)).is_slow);
    }

    #[test]
    fn a_slow_answer_is_a_slow_link_and_one_that_never_came_is_no_number() {
        let start = Instant::now();
        let answered = |after| {
            let mut link = Link::default();
            link.asked(start);
            link.answered(start + after);
            link.answered(start + after + millis(1));
            link
        };
        assert_eq!((answered(millis(240)).there_and_back, answered(millis(240)).is_slow), (Some(millis(240)), false));
        assert!(answered(millis(800)).is_slow);
        assert_eq!(answered(millis(20_000)).there_and_back, None);
        assert_eq!(Link::default().there_and_back, None);
    }
}
