//! What is watched of every server beside its answers: how much of its budget is used, and whether its clock is ours.

use std::sync::Arc;
use std::time::Duration;

use super::beat::Urgency;
use super::means::{Means, SELDOM};
use crate::domain::Timestamp;
use crate::port::Metrics;
use crate::room::Fact;

/// How often the header is told of the use of the budget.
const LOAD_EVERY: Duration = Duration::from_secs(10);
/// Clocks that differ by less agree: scrapes are no nearer than this.
const SAME_CLOCK: Duration = Duration::from_secs(30);
/// A clock that runs faster is read less exactly: by so much of the wall's time.
const READING: f64 = 2.0;
/// A difference is kept in whole steps of scrapes, so that no question falls between them.
const STEP: i64 = 15_000_000_000;

/// Tells how many questions each server gets, whenever that changed.
pub(super) async fn loads(means: Means) {
    let mut told = std::collections::BTreeMap::new();
    loop {
        means.beat.after(LOAD_EVERY, Urgency::Rest).await;
        for (source, gate) in means.gates.iter() {
            let load = gate.load();
            if told.insert(source.clone(), load) != Some(load) {
                means.inbox.send(Fact::Load { source: source.clone(), load }).await;
            }
        }
    }
}

/// Compares the clock of a metrics server with ours. Questions are then asked in its time.
pub(super) async fn clock(means: Means, server: Arc<dyn Metrics>) {
    let clock = Arc::clone(&means.ports.clock);
    loop {
        let before = clock.now();
        if let Ok(theirs) = server.time().await {
            let ahead = ahead(theirs, (before, clock.now()), clock.speed());
            let gate = means.gates.of(server.name());
            if gate.skew() != ahead {
                gate.set_skew(ahead);
                means
                    .inbox
                    .send(Fact::Skew { source: server.name().clone(), ahead_seconds: ahead / 1_000_000_000 })
                    .await;
            }
        }
        means.beat.after(SELDOM, Urgency::Rest).await;
    }
}

/// By how many nanoseconds their clock is ahead, read between two moments of ours; 0 when that is within what a reading
/// can tell.
fn ahead(theirs: Timestamp, (before, after): (Timestamp, Timestamp), speed: f64) -> i64 {
    let middle = before.shifted(after.since(before) / 2);
    let ahead = theirs.since(middle);
    let reading = if speed.is_finite() {
        Duration::from_secs_f64((speed.max(1.0) - 1.0).min(1e6) * READING)
    } else {
        Duration::ZERO
    };
    let same = SAME_CLOCK + reading + after.elapsed_since(before);
    if u128::from(ahead.unsigned_abs()) < same.as_nanos() {
        return 0;
    }
    (ahead / STEP) * STEP
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_minutes_off_is_seen_and_one_of_seconds_is_not() {
        let at = Timestamp::from_seconds;
        let now = (at(1_000), at(1_002));
        let seconds = |theirs, speed| ahead(at(theirs), now, speed) / 1_000_000_000;
        assert_eq!([seconds(1_001, 1.0), seconds(1_030, 1.0), seconds(975, 1.0)], [0, 0, 0]);
        assert_eq!([seconds(1_001 + 250, 1.0), seconds(1_001 - 250, 1.0)], [240, -240]);
        assert_eq!([seconds(1_001 + 100, 60.0), seconds(1_001 + 1_000, 60.0)], [0, 990]);
    }
}
