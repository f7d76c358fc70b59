//! What every poll has and does: the ports, the inbox, its intervals, its patience with a server. How long a server is
//! left alone is its gate's to say, the same for all who ask it.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::sleep;

use super::beat::{Beat, Urgency};
use super::inbox::Sender;
use super::servers::{Gates, Standing, backoff};
use crate::domain::{Cause, Failure, Symbol, Timestamp};
use crate::port::{Clock, Ports};
use crate::room::{Fact, SLOW};

/// How often the short windows, the alerts and the health of servers are read.
pub const OFTEN: Duration = Duration::from_secs(10);
/// How often what changes slowly is read: the whole budget, deploys.
pub const SELDOM: Duration = Duration::from_secs(60);

/// From which durations on requests burn a budget now, by the SLO that says so.
#[derive(Clone, Default)]
pub(super) struct Slowness(Arc<Mutex<BTreeMap<Symbol, Duration>>>);

impl Slowness {
    /// Notes whether this SLO burns; `None` for one that is not about durations.
    pub(super) fn note(&self, slo: &Symbol, slow_from: Option<Duration>, burns: bool) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match slow_from.filter(|_| burns) {
            Some(bound) => known.insert(slo.clone(), bound),
            None => known.remove(slo),
        };
    }

    /// The shortest of them.
    pub(super) fn least(&self) -> Option<Duration> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().min().copied()
    }
}

/// What every poll needs.
#[derive(Clone)]
pub(super) struct Means {
    /// Asked as one who asks again and again.
    pub ports: Arc<Ports>,
    /// The same servers, asked about what can wait.
    pub past: Arc<Ports>,
    pub inbox: Sender,
    pub refresh: Arc<Notify>,
    /// When it is time to ask again.
    pub beat: Beat,
    /// Since when what is lost is counted, by the record; `None` when no incident is known.
    pub counted_since: watch::Receiver<Option<Timestamp>>,
    pub gates: Gates,
    /// Who asks by these means.
    pub asker: Symbol,
    /// Something burns or fires: reading failing traces is worth its price.
    pub alarm: Alarm,
    pub slowness: Slowness,
}

/// Since when something burns or fires; never put out, since what was read stays worth showing.
#[derive(Clone)]
pub(super) struct Alarm {
    raised: Arc<AtomicI64>,
    impact: Arc<AtomicI64>,
    rings: Arc<Notify>,
}

impl Alarm {
    pub fn quiet() -> Self {
        let never = || Arc::new(AtomicI64::new(i64::MAX));
        Self { raised: never(), impact: never(), rings: Arc::new(Notify::new()) }
    }

    /// The earliest of all that was told stays.
    pub fn raise(&self, since: Timestamp) {
        self.raised.fetch_min(since.nanos(), Ordering::Relaxed);
        self.rings.notify_waiters();
    }

    /// When what burns now began; known better than by an alert, which may fire for days.
    pub fn impact(&self, since: Timestamp) {
        self.impact.store(since.nanos(), Ordering::Relaxed);
    }

    /// Waits until it is raised, without looking again and again.
    pub async fn rung(&self) {
        loop {
            let rings = self.rings.notified();
            if self.since().is_some() {
                return;
            }
            rings.await;
        }
    }

    pub fn since(&self) -> Option<Timestamp> {
        let told = |nanos: &AtomicI64| Some(nanos.load(Ordering::Relaxed)).filter(|nanos| *nanos != i64::MAX);
        told(&self.impact).or_else(|| told(&self.raised)).map(Timestamp::from_nanos)
    }
}

/// When so much of the wall's time has passed, by a clock that may run at another speed.
pub(super) fn later(clock: &dyn Clock, wait: Duration) -> Timestamp {
    let speed = clock.speed();
    let factor = if speed.is_finite() { speed.max(0.0) } else { 1.0 };
    clock.now().plus(Duration::try_from_secs_f64(wait.as_secs_f64() * factor).unwrap_or(wait))
}

/// Waits for the next turn: the interval; after a failure as long as the server is to be left alone, or until it answers
/// somebody; sooner when the responder asks.
pub(super) async fn pause(means: &Means, source: &Symbol, interval: Duration, failed: u32, failure: Option<&Failure>) {
    let turn = means.beat.after(interval, Urgency::Rest);
    pause_for(means, source, turn, failed, failure).await;
}

/// The same for what may bring a page.
pub(super) async fn pause_for_pages(means: &Means, source: &Symbol, failed: u32, failure: Option<&Failure>) {
    let turn = means.beat.after(OFTEN, Urgency::Page);
    pause_for(means, source, turn, failed, failure).await;
}

async fn pause_for(
    means: &Means,
    source: &Symbol,
    turn: impl Future<Output = ()>,
    failed: u32,
    failure: Option<&Failure>,
) {
    let gate = means.gates.of(source);
    let next = async {
        match failure {
            None => turn.await,
            Some(failure) => sleep(gate.wait().unwrap_or_else(|| backoff(failed, Some(failure)))).await,
        }
    };
    tokio::select! {
        () = next => {}
        () = means.refresh.notified() => {}
        () = gate.opened.notified(), if failure.is_some() => {}
    }
}

/// Waits for an answer, and tells the header when that takes long.
pub(super) async fn patiently<T>(means: &Means, source: &Symbol, answer: impl Future<Output = T>) -> T {
    let since = means.ports.clock.now();
    let tell = async {
        means.inbox.send(Fact::Slow { source: source.clone(), since }).await;
    };
    unless_by(SLOW, answer, tell).await
}

/// Runs `tell` when the answer is not there `after` that long, and waits on for it.
async fn unless_by<T>(after: Duration, answer: impl Future<Output = T>, tell: impl Future<Output = ()>) -> T {
    let mut answer = std::pin::pin!(answer);
    tokio::select! {
        biased;
        answer = &mut answer => return answer,
        () = sleep(after) => {}
    }
    tell.await;
    answer.await
}

/// Tells the header how the server stands after this question. That one poll had its answer is no news while another
/// one's fails; and a question that is refused for what it says is the question's fault, not the server's.
pub(super) async fn report(means: &Means, source: &Symbol, outcome: Result<Duration, &Failure>) {
    let trouble = outcome.err().filter(|failure| !matches!(failure.cause, Cause::Refused { .. } | Cause::NotFound(_)));
    let standing = means.gates.of(source).note(&means.asker, trouble);
    let fact = match (standing, outcome) {
        (Standing::Well, Ok(latency)) => Fact::Answered { source: source.clone(), latency },
        (Standing::Troubled { failure, attempts, retry_in }, _) => Fact::Troubled {
            source: source.clone(),
            failure,
            attempts,
            retry_at: later(means.ports.clock.as_ref(), retry_in),
        },
        (Standing::Well, Err(_)) => return,
    };
    means.inbox.send(fact).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fast(f64);

    impl Clock for Fast {
        fn now(&self) -> Timestamp {
            Timestamp::from_seconds(1_000)
        }

        fn speed(&self) -> f64 {
            self.0
        }
    }

    #[test]
    fn a_wait_of_the_wall_is_longer_by_a_clock_that_runs_faster() {
        let at = |speed| later(&Fast(speed), Duration::from_secs(4)).seconds();
        assert_eq!([at(1.0), at(60.0), at(0.5), at(0.0), at(f64::NAN)], [1_004, 1_240, 1_002, 1_000, 1_004]);
    }

    #[tokio::test]
    async fn who_waits_for_the_alarm_hears_it_and_who_comes_later_too() {
        let alarm = Alarm::quiet();
        let waits = tokio::spawn({
            let alarm = alarm.clone();
            async move { alarm.rung().await }
        });
        tokio::task::yield_now().await;
        alarm.raise(Timestamp::from_seconds(9));
        waits.await.expect("it rang");
        alarm.rung().await;
        alarm.raise(Timestamp::from_seconds(12));
        assert_eq!(alarm.since(), Some(Timestamp::from_seconds(9)));
    }

    #[test]
    fn the_shortest_bound_that_burns_is_slow() {
        let slowness = Slowness::default();
        let [latency, availability, errors] = ["latency", "availability", "errors"].map(Symbol::from);
        slowness.note(&errors, None, true);
        assert_eq!(slowness.least(), None);
        slowness.note(&availability, Some(Duration::from_secs(3)), true);
        slowness.note(&latency, Some(Duration::from_millis(800)), true);
        assert_eq!(slowness.least(), Some(Duration::from_millis(800)));
        slowness.note(&latency, Some(Duration::from_millis(800)), false);
        assert_eq!(slowness.least(), Some(Duration::from_secs(3)));
    }

    #[tokio::test]
    async fn an_answer_that_takes_long_is_told_of_and_waited_for() {
        let (told, heard) = tokio::sync::oneshot::channel();
        let tell = async { told.send("slow").expect("the answer still waits") };
        assert_eq!(unless_by(Duration::ZERO, heard, tell).await, Ok("slow"));
        let never = async { panic!("told though the answer was there") };
        assert_eq!(unless_by(Duration::ZERO, std::future::ready(7), never).await, 7);
    }
}
