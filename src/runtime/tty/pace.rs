//! How long a change may wait for its frame. What a person did shows at once, whatever the link; what comes by itself waits
//! longer where frames are dear, so that many changes share one.

use std::time::Duration;

/// The least time between two frames of what comes by itself.
const FRAME: Duration = Duration::from_millis(33);
/// What comes by itself writes about so many bytes a second and not more, unless frames came seldomer than this: a flood of
/// lines goes by too fast to be read, however often it is drawn.
const FLOOD: u64 = 8_000;
const SELDOMEST: Duration = Duration::from_millis(350);
/// After a key: a flood of lines must not make it wait for its frame; keys that come together still share one.
const PROMPT: Duration = Duration::from_millis(4);
/// The same on a slow link, after a key or an answer that was asked for.
const THRIFTY: Duration = Duration::from_millis(100);
/// And there for the clock, the polls and the tail.
const SELDOM: Duration = Duration::from_secs(1);
/// How often time passes on the screen.
pub const TICK: Duration = Duration::from_secs(1);
/// Of files alone nothing is asked and little counts the seconds: whatever grows is told, and wakes by itself.
pub const CALM_TICK: Duration = Duration::from_secs(2);
/// While time is frozen nothing on the screen depends on it: only what must be noticed some day is looked at.
pub const FROZEN_TICK: Duration = Duration::from_secs(10);

/// Why the screen is to be drawn anew; the later one is the more urgent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Haste {
    /// The clock, a poll, a line of the tail.
    Told,
    /// A key, or what was asked for.
    Asked,
}

/// The first answers come all at once and each moves what the one before has drawn: for so long they share frames.
pub const OPENING: Duration = Duration::from_secs(2);
/// Between two frames of theirs.
const GATHERED: Duration = Duration::from_millis(250);

/// The least time between the last frame, which took so many bytes, and this one; `is_opening` while the first answers come.
pub fn least(haste: Haste, is_thrifty: bool, is_opening: bool, bytes: u64) -> Duration {
    let flood = Duration::from_millis(bytes.saturating_mul(1_000) / FLOOD);
    match (haste, is_thrifty) {
        (Haste::Told, false) if is_opening => flood.clamp(GATHERED, SELDOMEST),
        (Haste::Told, false) => flood.clamp(FRAME, SELDOMEST),
        (Haste::Asked, false) => PROMPT,
        (Haste::Asked, true) => THRIFTY,
        (Haste::Told, true) => SELDOM,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_never_waits_as_long_as_telemetry_does() {
        for is_thrifty in [false, true] {
            for (is_opening, bytes) in [(false, 0), (true, 0), (false, 1_000), (true, u64::MAX)] {
                let least = |haste| least(haste, is_thrifty, is_opening, bytes);
                assert!(least(Haste::Asked) < least(Haste::Told));
            }
        }
        assert_eq!(least(Haste::Told, false, false, 100), FRAME);
        assert!(least(Haste::Told, false, false, 1_000) > FRAME);
        assert_eq!(Some(Haste::Told).max(Some(Haste::Asked)), Some(Haste::Asked));
        assert!(None < Some(Haste::Told));
    }
}
