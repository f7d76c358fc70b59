//! What every poll has and does: the ports, the inbox, its intervals, its patience with a server that is down.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::sleep;

use super::inbox::Sender;
use crate::domain::{Cause, Failure, Symbol};
use crate::port::Ports;
use crate::room::Fact;

/// How often the short windows, the alerts and the health of servers are read.
pub const OFTEN: Duration = Duration::from_secs(10);
/// How often what changes slowly is read: the whole budget, deploys.
pub const SELDOM: Duration = Duration::from_secs(60);
/// The longest pause between two tries at a server that is down.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// What every poll needs.
#[derive(Clone)]
pub(super) struct Means {
    pub ports: Arc<Ports>,
    pub inbox: Sender,
    pub refresh: Arc<Notify>,
    /// Something burns or fires: reading failing traces is worth its price.
    pub alarm: Arc<AtomicBool>,
}

/// Waits for the next turn: the interval, sooner when the responder asks, later when the server asked for patience.
pub(super) async fn pause(means: &Means, interval: Duration, failed: u32, failure: Option<&Failure>) {
    let wait = backoff(interval, failed, failure);
    tokio::select! {
        () = sleep(wait) => {}
        () = means.refresh.notified() => {}
    }
}

/// Doubles from one second up to [`LONGEST_PAUSE`]; `Retry-After` is obeyed as it is.
pub(super) fn backoff(interval: Duration, failed: u32, failure: Option<&Failure>) -> Duration {
    match failure.map(|failure| &failure.cause) {
        None => interval,
        Some(Cause::Throttled(Some(wait))) => *wait,
        Some(_) => Duration::from_secs(1_u64 << failed.clamp(1, 5).saturating_sub(1)).min(LONGEST_PAUSE),
    }
}

/// Tells the header how a question went.
pub(super) async fn report(means: &Means, source: &Symbol, failed: u32, outcome: Result<Duration, &Failure>) {
    let fact = match outcome {
        Ok(latency) => Fact::Answered { source: source.clone(), latency },
        Err(failure) => Fact::Troubled {
            source: source.clone(),
            failure: failure.clone(),
            attempts: failed,
            retry_at: means.ports.clock.now().plus(backoff(OFTEN, failed, Some(failure))),
        },
    };
    means.inbox.send(fact).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_is_down_is_asked_less_and_less_often() {
        let down = Failure::new("loki", Cause::Unreachable("refused".into()));
        let waits: Vec<u64> = (1..8).map(|failed| backoff(OFTEN, failed, Some(&down)).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 16, 16]);
        let throttled = Failure::new("loki", Cause::Throttled(Some(Duration::from_secs(90))));
        assert_eq!(backoff(OFTEN, 1, Some(&throttled)).as_secs(), 90);
        assert_eq!(backoff(OFTEN, 0, None), OFTEN);
    }
}
