//! What every poll has and does: the ports, the inbox, its intervals, its patience with a server that is down.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::sleep;

use super::inbox::Sender;
use crate::domain::{Cause, Failure, Symbol, Timestamp};
use crate::port::Ports;
use crate::room::{Fact, SLOW};

/// How often the short windows, the alerts and the health of servers are read.
pub const OFTEN: Duration = Duration::from_secs(10);
/// How often what changes slowly is read: the whole budget, deploys.
pub const SELDOM: Duration = Duration::from_secs(60);
/// The longest pause between two tries at a server that is down.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Which polls of which source failed the last time. One server is asked by many, and is well when none of them fails.
#[derive(Clone, Default)]
pub(super) struct Troubles(Arc<Mutex<BTreeMap<Symbol, BTreeSet<Symbol>>>>);

impl Troubles {
    /// Notes how the latest question of `asker` went; gives whether the source is well now.
    fn note(&self, source: &Symbol, asker: &Symbol, well: bool) -> bool {
        let mut failing = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let askers = failing.entry(source.clone()).or_default();
        if well {
            askers.remove(asker);
        } else {
            askers.insert(asker.clone());
        }
        askers.is_empty()
    }
}

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
    pub ports: Arc<Ports>,
    pub inbox: Sender,
    pub refresh: Arc<Notify>,
    /// Since when what is lost is counted, by the record; `None` when no incident is known.
    pub counted_since: watch::Receiver<Option<Timestamp>>,
    pub troubles: Troubles,
    /// Who asks by these means.
    pub asker: Symbol,
    /// Something burns or fires: reading failing traces is worth its price.
    pub alarm: Arc<AtomicBool>,
    pub slowness: Slowness,
}

/// Waits for the next turn: the interval, sooner when the responder asks, later when the server asked for patience.
pub(super) async fn pause(means: &Means, interval: Duration, failed: u32, failure: Option<&Failure>) {
    let wait = backoff(interval, failed, failure);
    tokio::select! {
        () = sleep(wait) => {}
        () = means.refresh.notified() => {}
    }
}

/// Doubles from one second up to [`LONGEST_PAUSE`]; `Retry-After` makes it longer, never shorter: a server that says `0`
/// and goes on refusing must not be asked without a pause.
pub(super) fn backoff(interval: Duration, failed: u32, failure: Option<&Failure>) -> Duration {
    let own = Duration::from_secs(1_u64 << failed.clamp(1, 5).saturating_sub(1)).min(LONGEST_PAUSE);
    match failure.map(|failure| &failure.cause) {
        None => interval,
        Some(Cause::Throttled(Some(wait))) => own.max(*wait),
        Some(_) => own,
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

/// Tells the header how a question went. That one poll had its answer is no news while another one's fails; and a question
/// that is refused for what it says is the question's fault, not the server's.
pub(super) async fn report(means: &Means, source: &Symbol, failed: u32, outcome: Result<Duration, &Failure>) {
    let trouble = outcome.err().filter(|failure| !matches!(failure.cause, Cause::Refused { .. } | Cause::NotFound(_)));
    let well = means.troubles.note(source, &means.asker, trouble.is_none());
    let fact = match (trouble, outcome) {
        (Some(failure), _) => Fact::Troubled {
            source: source.clone(),
            failure: failure.clone(),
            attempts: failed,
            retry_at: means.ports.clock.now().plus(backoff(OFTEN, failed, Some(failure))),
        },
        (None, Ok(latency)) if well => Fact::Answered { source: source.clone(), latency },
        (None, _) => return,
    };
    means.inbox.send(fact).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_well_when_every_poll_of_it_is() {
        let troubles = Troubles::default();
        let [mimir, orders, label, health] = ["mimir", "orders", "label", "health"].map(Symbol::from);
        assert!(troubles.note(&mimir, &orders, true));
        assert!(!troubles.note(&mimir, &label, false));
        assert!(!troubles.note(&mimir, &health, true));
        assert!(!troubles.note(&mimir, &orders, true));
        assert!(troubles.note(&"loki".into(), &health, true));
        assert!(troubles.note(&mimir, &label, true));
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

    #[test]
    fn a_server_that_is_down_is_asked_less_and_less_often() {
        let down = Failure::new("loki", Cause::Unreachable("refused".into()));
        let waits: Vec<u64> = (1..8).map(|failed| backoff(OFTEN, failed, Some(&down)).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 16, 16]);
        let throttled = Failure::new("loki", Cause::Throttled(Some(Duration::from_secs(90))));
        assert_eq!(backoff(OFTEN, 1, Some(&throttled)).as_secs(), 90);
        let now = Failure::new("loki", Cause::Throttled(Some(Duration::ZERO)));
        assert_eq!(backoff(OFTEN, 3, Some(&now)).as_secs(), 4);
        assert_eq!(backoff(OFTEN, 0, None), OFTEN);
    }
}
