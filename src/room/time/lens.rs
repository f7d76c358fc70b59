//! What every pane looks through: the window of time, the one time cursor, the filter, the chosen trace and span.
//! Not what a pane shows of it.

use std::time::Duration;

use crate::domain::filter::Filter;
use crate::domain::{SpanId, Timestamp, TraceId, Window};

/// The lengths between which `+` and `-` go.
const LENGTHS: [Duration; 8] = [
    Duration::from_secs(5 * 60),
    Duration::from_secs(15 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(60 * 60),
    Duration::from_secs(3 * 3_600),
    Duration::from_secs(6 * 3_600),
    Duration::from_secs(12 * 3_600),
    Duration::from_secs(24 * 3_600),
];

/// The window at the start.
pub const FIRST_LENGTH: Duration = Duration::from_secs(30 * 60);

#[derive(Clone, Debug)]
pub struct Lens {
    /// Ends now while live.
    pub window: Window,
    /// The moment that is looked at; `None` follows now. Frozen when it is `Some`; law: then the window holds it.
    pub cursor: Option<Timestamp>,
    pub filter: Filter,
    pub trace: Option<TraceId>,
    pub span: Option<SpanId>,
}

impl Lens {
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        let window = Window::ending(now, FIRST_LENGTH);
        Self { window, cursor: None, filter: Filter::default(), trace: None, span: None }
    }

    #[must_use]
    pub const fn is_frozen(&self) -> bool {
        self.cursor.is_some()
    }

    /// The moment that is looked at.
    #[must_use]
    pub fn moment(&self, now: Timestamp) -> Timestamp {
        self.cursor.unwrap_or(now)
    }

    /// Time goes on: the window of a live lens follows.
    pub fn tick(&mut self, now: Timestamp) {
        if !self.is_frozen() {
            self.window = Window::ending(now, self.window.length());
        }
    }

    pub fn live(&mut self, now: Timestamp) {
        self.cursor = None;
        self.tick(now);
    }

    /// Looks at a moment, at the latest now. The window moves only if it does not hold the moment.
    pub fn freeze(&mut self, at: Timestamp, now: Timestamp) {
        let at = at.min(now);
        self.cursor = Some(at);
        if !self.window.contains(at) && at != self.window.end {
            self.surround(at, now);
        }
    }

    /// The moment in the middle of the window, or the window ends now if it would reach beyond.
    pub fn surround(&mut self, at: Timestamp, now: Timestamp) {
        let length = self.window.length();
        let end = at.plus(length / 2).min(now.max(at));
        self.window = Window::ending(end, length);
    }

    /// Moves window and cursor by a half of the window; what would lie beyond now is now.
    pub fn shift(&mut self, back: bool, now: Timestamp) {
        let step = self.window.length() / 2;
        let moved = |at: Timestamp| if back { at.minus(step) } else { at.plus(step).min(now) };
        let at = moved(self.moment(now));
        self.window = Window::ending(moved(self.window.end), self.window.length());
        self.freeze(at, now);
    }

    /// The next shorter or longer window around the moment that is looked at; false at either end.
    pub fn zoom(&mut self, shorter: bool, now: Timestamp) -> bool {
        let length = self.window.length();
        let next = if shorter {
            LENGTHS.iter().rev().find(|known| **known < length)
        } else {
            LENGTHS.iter().find(|known| **known > length)
        };
        let Some(next) = next else { return false };
        self.window = Window::ending(now, *next);
        if let Some(at) = self.cursor {
            self.surround(at, now);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Debug)]
    enum Act {
        Tick(i64),
        Live,
        Freeze(i64),
        Shift(bool),
        Zoom(bool),
    }

    fn act() -> impl Strategy<Value = Act> {
        prop_oneof![
            (0i64..500).prop_map(Act::Tick),
            Just(Act::Live),
            (-200_000i64..200_000).prop_map(Act::Freeze),
            any::<bool>().prop_map(Act::Shift),
            any::<bool>().prop_map(Act::Zoom),
        ]
    }

    proptest! {
        #[test]
        fn the_window_holds_the_cursor_and_a_live_one_ends_now(acts in prop::collection::vec(act(), 0..60)) {
            let mut now = Timestamp::from_seconds(1_000_000);
            let mut lens = Lens::new(now);
            for act in acts {
                match act {
                    Act::Tick(seconds) => {
                        now = now.shifted(seconds * 1_000_000_000);
                        lens.tick(now);
                    }
                    Act::Live => lens.live(now),
                    Act::Freeze(seconds) => lens.freeze(now.shifted(seconds * 1_000_000_000), now),
                    Act::Shift(back) => lens.shift(back, now),
                    Act::Zoom(shorter) => { lens.zoom(shorter, now); }
                }
                let at = lens.moment(now);
                prop_assert!(at <= now);
                prop_assert!(lens.window.start <= at && at <= lens.window.end);
                prop_assert!(lens.is_frozen() || lens.window.end == now);
                prop_assert!(LENGTHS.contains(&lens.window.length()));
            }
        }
    }

    #[test]
    fn shifting_freezes_and_live_goes_back() {
        let now = Timestamp::from_seconds(10_000);
        let mut lens = Lens::new(now);
        lens.shift(true, now);
        assert_eq!(lens.cursor, Some(now.minus(FIRST_LENGTH / 2)));
        lens.live(now);
        assert_eq!((lens.cursor, lens.window.end), (None, now));
    }
}
