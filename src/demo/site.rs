//! What a simulated server needs to answer: the company, and what time it is there. Not the listener: that is `server.rs`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Company;
use crate::domain::Timestamp;

/// A company and its clock, as every router of `api/` gets them.
#[derive(Clone)]
pub struct Site {
    pub company: Arc<dyn Company>,
    pub clock: Clock,
}

/// The virtual time of the company: it starts at an anchor and runs at a constant speed against the machine's monotonic clock.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    anchor: Timestamp,
    /// `None`: time stands still.
    running: Option<(Instant, f64)>,
}

impl Clock {
    /// It is `anchor_virtual` now, and every real second is `speed` virtual ones; a speed that is negative or not finite
    /// stops the time.
    #[must_use]
    pub fn new(anchor_virtual: Timestamp, speed: f64) -> Self {
        let running = (speed.is_finite() && speed > 0.0).then(|| (Instant::now(), speed));
        Self { anchor: anchor_virtual, running }
    }

    /// It is always this moment.
    #[must_use]
    pub const fn fixed(moment: Timestamp) -> Self {
        Self { anchor: moment, running: None }
    }

    /// The virtual moment at which the demo began.
    #[must_use]
    pub const fn anchor(&self) -> Timestamp {
        self.anchor
    }

    /// The virtual time that has passed since the demo began.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.now().elapsed_since(self.anchor)
    }

    /// How long so much virtual time takes; `None` while time stands still.
    #[must_use]
    pub fn real(&self, of: Duration) -> Option<Duration> {
        let (_, speed) = self.running?;
        Duration::try_from_secs_f64(of.as_secs_f64() / speed).ok()
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self.running {
            None => self.anchor,
            Some((since, speed)) => {
                let elapsed = Duration::try_from_secs_f64(since.elapsed().as_secs_f64() * speed);
                self.anchor.plus(elapsed.unwrap_or(Duration::MAX))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_stands_and_a_running_one_never_goes_back() {
        let noon = Timestamp::from_seconds(43_200);
        assert_eq!(Clock::fixed(noon).now(), noon);
        assert_eq!(Clock::new(noon, f64::NAN).now(), noon);
        let clock = Clock::new(noon, 60.0);
        let first = clock.now();
        assert!(first >= noon && clock.now() >= first);
        assert_eq!(clock.real(Duration::from_secs(90)), Some(Duration::from_millis(1_500)));
        assert_eq!(Clock::fixed(noon).real(Duration::from_secs(90)), None);
    }
}
