//! One beat for all that is asked again and again: questions that are due in the same minute start together, on a tick of
//! the loop that runs anyway, so that a quiet program sleeps between them. While time is frozen they come more seldom, but
//! for those that bring pages. Not the pauses after a failure, which are as long as the server wants.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{oneshot, watch};
use tokio::time::Instant;

/// How often those are asked while time is frozen that can wait until it goes on.
const FROZEN: Duration = Duration::from_secs(30);
/// A tick that comes so much too early is the one: ticks are as exact as the processor is free.
const EARLY: Duration = Duration::from_millis(400);

/// Whether a frozen screen waits for the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Urgency {
    /// It may bring a page.
    Page,
    Rest,
}

#[derive(Clone)]
pub(super) struct Beat(Arc<Mutex<Inner>>, Arc<watch::Sender<bool>>);

struct Inner {
    began: Instant,
    waits: Vec<Wait>,
}

struct Wait {
    due: Instant,
    due_frozen: Instant,
    ring: oneshot::Sender<()>,
}

impl Beat {
    pub fn new() -> Self {
        let inner = Inner { began: Instant::now(), waits: Vec::new() };
        Self(Arc::new(Mutex::new(inner)), Arc::new(watch::channel(false).0))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the interval, give or take a half of it: until a multiple of it since the beginning.
    pub fn after(&self, interval: Duration, urgency: Urgency) -> impl Future<Output = ()> + use<> {
        let (ring, rung) = oneshot::channel();
        let mut inner = self.inner();
        let now = Instant::now();
        let seldom = if urgency == Urgency::Page { interval } else { interval.max(FROZEN) };
        let (due, due_frozen) = (aligned(inner.began, now, interval), aligned(inner.began, now, seldom));
        inner.waits.retain(|wait| !wait.ring.is_closed());
        inner.waits.push(Wait { due, due_frozen, ring });
        // A beat that has ended rings no more.
        async move {
            if rung.await.is_err() {
                std::future::pending().await
            }
        }
    }

    /// Whether time is frozen; told anew when that changes.
    pub fn frozen(&self) -> watch::Receiver<bool> {
        self.1.subscribe()
    }

    pub fn freeze(&self, is_frozen: bool) {
        self.1.send_if_modified(|was| std::mem::replace(was, is_frozen) != is_frozen);
    }

    /// A tick: starts all that is due.
    pub fn ring(&self, now: Instant) {
        let (by, is_frozen) = (now + EARLY, *self.1.borrow());
        let mut inner = self.inner();
        let waits = std::mem::take(&mut inner.waits);
        for wait in waits {
            let due = if is_frozen { wait.due_frozen } else { wait.due };
            if due <= by {
                // Who does not listen any more is not waited for.
                let _ = wait.ring.send(());
            } else {
                inner.waits.push(wait);
            }
        }
    }
}

/// The multiple of the interval since `began` that is nearest to one interval from now, and later than a half of it.
fn aligned(began: Instant, now: Instant, interval: Duration) -> Instant {
    let past = now.saturating_duration_since(began) + interval / 2;
    let turns = past.as_nanos().div_ceil(interval.as_nanos().max(1));
    interval.checked_mul(u32::try_from(turns).unwrap_or(u32::MAX)).map_or(now + interval, |offset| began + offset)
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use proptest::prelude::*;

    use super::*;

    const TEN: Duration = Duration::from_secs(10);

    #[test]
    fn questions_that_end_at_different_times_are_asked_together_again() {
        let beat = Beat::new();
        let began = beat.inner().began;
        let after = |millis| aligned(began, began + Duration::from_millis(millis), TEN).duration_since(began).as_secs();
        assert_eq!([after(0), after(40), after(4_900), after(5_100), after(10_300)], [10, 10, 10, 20, 20]);
        let minute = Duration::from_secs(60);
        assert_eq!(aligned(began, began + Duration::from_secs(7), minute).duration_since(began), minute);
    }

    #[test]
    fn while_time_is_frozen_only_pages_are_asked_for_as_often() {
        let beat = Beat::new();
        let (mut page, mut rest) = (Box::pin(beat.after(TEN, Urgency::Page)), Box::pin(beat.after(TEN, Urgency::Rest)));
        let at = |seconds| beat.inner().began + Duration::from_secs(seconds);
        beat.freeze(true);
        beat.ring(at(9));
        assert!((&mut page).now_or_never().is_none());
        beat.ring(at(10));
        assert!(page.now_or_never().is_some());
        assert!((&mut rest).now_or_never().is_none());
        // Time goes on: what was due meanwhile is asked at once.
        beat.freeze(false);
        beat.ring(at(11));
        assert!(rest.now_or_never().is_some());
        assert!(beat.inner().waits.is_empty());
    }

    #[test]
    fn who_listens_no_more_is_forgotten() {
        let beat = Beat::new();
        for _ in 0..100 {
            drop(beat.after(TEN, Urgency::Rest));
        }
        assert!(beat.inner().waits.len() <= 1);
    }

    proptest! {
        #[test]
        fn a_turn_is_never_left_out_and_never_comes_at_once(past in 0_u64..100_000_000, interval in 1_u64..600_000) {
            let began = Instant::now();
            let (now, interval) = (began + Duration::from_millis(past), Duration::from_millis(interval));
            let wait = aligned(began, now, interval).saturating_duration_since(now);
            prop_assert!(wait >= interval / 2 && wait <= interval + interval / 2, "{wait:?} of {interval:?}");
        }
    }
}
