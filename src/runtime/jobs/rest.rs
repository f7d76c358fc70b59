//! How long a question waits before it is asked: a selection that is moved by a held key asks when it begins to move, and
//! then only when it rests. Not the pauses after a failure.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::room::Slot;

/// A held key comes sooner again than this.
const REST: Duration = Duration::from_millis(150);

#[derive(Default)]
pub struct Rests {
    /// When each question was wanted for the last time.
    wanted: BTreeMap<Slot, Instant>,
    /// All others wait until then.
    first: Option<(Slot, Instant)>,
}

impl Rests {
    /// Nothing for the first of a row, so that who presses one key does not wait.
    pub fn before(&mut self, slot: Slot, now: Instant) -> Duration {
        let is_moving = self.wanted.insert(slot, now).is_some_and(|last| now.duration_since(last) < REST);
        let rest = if is_moving { REST } else { Duration::ZERO };
        let others = self.first.filter(|(first, _)| *first != slot);
        others.map_or(rest, |(_, until)| rest.max(until.saturating_duration_since(now)))
    }

    pub const fn let_first(&mut self, slot: Slot, until: Instant) {
        self.first = Some((slot, until));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_does_not_wait_and_a_held_one_asks_when_it_rests() {
        let mut rests = Rests::default();
        let start = Instant::now();
        let mut before = |slot, millis| rests.before(slot, start + Duration::from_millis(millis));
        assert_eq!(before(Slot::Trace, 0), Duration::ZERO);
        assert_eq!(before(Slot::TraceLines, 10), Duration::ZERO, "another question");
        for millis in (33..1_000).step_by(33) {
            assert_eq!(before(Slot::Trace, millis), REST);
        }
        assert_eq!(before(Slot::Trace, 1_200), Duration::ZERO);
    }

    #[test]
    fn one_goes_first_and_the_others_wait_until_then() {
        let mut rests = Rests::default();
        let start = Instant::now();
        rests.let_first(Slot::Trace, start + Duration::from_millis(100));
        let mut before = |slot, millis| rests.before(slot, start + Duration::from_millis(millis));
        assert_eq!(before(Slot::Trace, 0), Duration::ZERO);
        assert_eq!(before(Slot::Search, 20), Duration::from_millis(80));
        assert_eq!(before(Slot::History, 200), Duration::ZERO);
    }
}
