//! How long a question waits before it is asked: a selection that is moved by a held key asks when it begins to move, and
//! then only when it rests. Not the pauses after a failure.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::room::Slot;

/// A held key comes sooner again than this.
const REST: Duration = Duration::from_millis(150);

/// When each question was wanted for the last time.
#[derive(Default)]
pub struct Rests(BTreeMap<Slot, Instant>);

impl Rests {
    /// Nothing for the first of a row, so that who presses one key does not wait.
    pub fn before(&mut self, slot: Slot, now: Instant) -> Duration {
        let is_moving = self.0.insert(slot, now).is_some_and(|last| now.duration_since(last) < REST);
        if is_moving { REST } else { Duration::ZERO }
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
}
