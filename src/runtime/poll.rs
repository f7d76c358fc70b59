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
use super::means::{Means, OFTEN, pause, report};
use super::{attribution, burn, deploys};
use crate::domain::slo::Slo;
use crate::domain::{Cause, Failure, Symbol};
use crate::port::Ports;
use crate::room::{Fact, SLOW};

/// What to ask without being asked.
#[derive(Clone)]
pub struct Plan {
    pub slos: Vec<Arc<Slo>>,
    /// PromQL whose series carry the labels of a service and of its version.
    pub deploys: String,
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
    for (index, named) in ports.metrics.iter().enumerate() {
        let server = Arc::clone(ports);
        polls.spawn(health(means.clone(), named.name().clone(), move || probe_metrics(Arc::clone(&server), index)));
    }
    for (index, named) in ports.logs.iter().enumerate() {
        let server = Arc::clone(ports);
        polls.spawn(health(means.clone(), named.name().clone(), move || probe_logs(Arc::clone(&server), index)));
    }
    for (index, named) in ports.traces.iter().enumerate() {
        let server = Arc::clone(ports);
        polls.spawn(health(means.clone(), named.name().clone(), move || probe_traces(Arc::clone(&server), index)));
    }
    polls
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
async fn health<F, P>(means: Means, name: Symbol, probe: F)
where
    F: Fn() -> P + Send,
    P: Future<Output = (Symbol, Result<Duration, Failure>)> + Send,
{
    let mut failed = 0;
    loop {
        let asked = means.ports.clock.now();
        let mut probing = std::pin::pin!(probe());
        let (source, outcome) = tokio::select! {
            told = &mut probing => told,
            // Said while it is still waited for: that is when somebody wonders.
            () = sleep(SLOW) => {
                means.inbox.send(Fact::Slow { source: name.clone(), since: asked }).await;
                probing.await
            }
        };
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
