//! The questions that are asked again and again without anyone asking: burn rates, alerts, deploys, health. Each on its own
//! interval of the wall's clock, with back-off of its own, so that a slow server delays nobody else.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use super::inbox::Sender;
use super::{attribution, burn, deploys};
use crate::domain::slo::Slo;
use crate::domain::{Cause, Failure, Symbol};
use crate::port::Ports;
use crate::room::Fact;

/// How often the short windows, the alerts and the health of servers are read.
pub const OFTEN: Duration = Duration::from_secs(10);
/// How often what changes slowly is read: the whole budget, deploys.
pub const SELDOM: Duration = Duration::from_secs(60);
/// The longest pause between two tries at a server that is down.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// What to ask without being asked.
#[derive(Clone)]
pub struct Plan {
    pub slos: Vec<Arc<Slo>>,
    /// PromQL whose series carry the labels of a service and of its version.
    pub deploys: String,
}

/// What every poll needs.
#[derive(Clone)]
pub(super) struct Means {
    pub ports: Arc<Ports>,
    pub inbox: Sender,
    pub refresh: Arc<Notify>,
    /// Something burns or fires: reading failing traces is worth its price.
    pub alarm: Arc<AtomicBool>,
}

/// Starts every poll; dropping the set ends them all.
#[must_use]
pub fn start(ports: &Arc<Ports>, plan: &Plan, inbox: &Sender, refresh: &Arc<Notify>) -> JoinSet<()> {
    let means = Means {
        ports: Arc::clone(ports),
        inbox: inbox.clone(),
        refresh: Arc::clone(refresh),
        alarm: Arc::new(AtomicBool::new(false)),
    };
    let mut polls = JoinSet::new();
    for slo in &plan.slos {
        polls.spawn(burn::watch(means.clone(), Arc::clone(slo)));
    }
    for index in 0..ports.alerts.len() {
        polls.spawn(alerts(means.clone(), index));
    }
    if !ports.metrics.is_empty() {
        polls.spawn(deploys::watch(means.clone(), plan.deploys.clone()));
    }
    if !ports.traces.is_empty() {
        polls.spawn(attribution::watch(means.clone()));
    }
    for index in 0..ports.metrics.len() {
        let server = Arc::clone(ports);
        polls.spawn(health(means.clone(), move || probe_metrics(Arc::clone(&server), index)));
    }
    for index in 0..ports.logs.len() {
        let server = Arc::clone(ports);
        polls.spawn(health(means.clone(), move || probe_logs(Arc::clone(&server), index)));
    }
    for index in 0..ports.traces.len() {
        let server = Arc::clone(ports);
        polls.spawn(health(means.clone(), move || probe_traces(Arc::clone(&server), index)));
    }
    polls
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

async fn alerts(means: Means, index: usize) {
    let mut failed = 0;
    loop {
        let Some(server) = means.ports.alerts.get(index) else { return };
        let asked = Instant::now();
        let failure = match server.firing().await {
            Ok(alerts) => {
                failed = 0;
                report(&means, server.name(), 0, Ok(asked.elapsed())).await;
                if !alerts.is_empty() {
                    means.alarm.store(true, Ordering::Relaxed);
                }
                means.inbox.send(Fact::Alerts { source: server.name().clone(), alerts }).await;
                None
            }
            Err(failure) => {
                failed += 1;
                report(&means, server.name(), failed, Err(&failure)).await;
                Some(failure)
            }
        };
        pause(&means, OFTEN, failed, failure.as_ref()).await;
    }
}

/// Asks a server how it is, for those whose other questions are too seldom to tell.
async fn health<F, P>(means: Means, probe: F)
where
    F: Fn() -> P + Send,
    P: Future<Output = (Symbol, Result<Duration, Failure>)> + Send,
{
    let mut failed = 0;
    loop {
        let (source, outcome) = probe().await;
        failed = if outcome.is_ok() { 0 } else { failed + 1 };
        report(&means, &source, failed, outcome.as_ref().map(|latency| *latency)).await;
        pause(&means, OFTEN, failed, outcome.err().as_ref()).await;
    }
}

async fn probe_metrics(ports: Arc<Ports>, index: usize) -> (Symbol, Result<Duration, Failure>) {
    match ports.metrics.get(index) {
        Some(server) => (server.name().clone(), server.probe().await.map(|probe| probe.latency)),
        None => gone(),
    }
}

async fn probe_logs(ports: Arc<Ports>, index: usize) -> (Symbol, Result<Duration, Failure>) {
    match ports.logs.get(index) {
        Some(server) => (server.name().clone(), server.probe().await.map(|probe| probe.latency)),
        None => gone(),
    }
}

async fn probe_traces(ports: Arc<Ports>, index: usize) -> (Symbol, Result<Duration, Failure>) {
    match ports.traces.get(index) {
        Some(server) => (server.name().clone(), server.probe().await.map(|probe| probe.latency)),
        None => gone(),
    }
}

fn gone() -> (Symbol, Result<Duration, Failure>) {
    (Symbol::default(), Err(Failure::new("source", Cause::NotConfigured)))
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
