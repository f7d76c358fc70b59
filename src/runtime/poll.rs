//! The questions that are asked again and again without anyone asking: burn rates, alerts, deploys, health. Each on its own
//! interval of the wall's clock, so that a slow server delays nobody else; how long a server is left alone is its gate's
//! to say.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::beat::Beat;
use super::inbox::Sender;
use super::means::{Alarm, Means, OFTEN, Slowness, patiently, pause, pause_for_pages, report};
use super::servers::{Asker, Gates, guarded};
use super::slos::{follow, watch_group};
use super::{attribution, changes, watchdog};
use crate::domain::slo::{Grouped, Roll, Slo};
use crate::domain::trace::Sampler;
use crate::domain::{Cause, Failure, Symbol, Timestamp};
use crate::port::Ports;
use crate::room::Fact;

/// What to ask without being asked.
#[derive(Clone)]
pub struct Plan {
    pub slos: Vec<Arc<Slo>>,
    /// Those of which new members become gauges while the program runs.
    pub groups: Vec<Grouped>,
    /// PromQL whose series carry the labels of a service and of its version.
    pub deploys: String,
    /// Questions a minute that a source gets, where it is not the default.
    pub budgets: BTreeMap<Symbol, u32>,
    /// Attributes that business asks about, in the order of the configuration.
    pub business_keys: Vec<Symbol>,
    /// What decides which traces are kept, where it is known.
    pub sampler: Option<Sampler>,
}

/// Starts every poll; dropping the set ends them all.
#[must_use]
pub fn start(
    ports: &Ports,
    gates: &Gates,
    plan: &Plan,
    inbox: &Sender,
    (refresh, beat): (&Arc<Notify>, &Beat),
    counted_since: &watch::Receiver<Option<Timestamp>>,
) -> JoinSet<()> {
    let ports_of_polls = Arc::new(guarded(ports, gates, Asker::Poll));
    let means = Means {
        ports: Arc::clone(&ports_of_polls),
        past: Arc::new(guarded(ports, gates, Asker::Past)),
        inbox: inbox.clone(),
        refresh: Arc::clone(refresh),
        beat: beat.clone(),
        alarm: Alarm::quiet(),
        counted_since: counted_since.clone(),
        slowness: Slowness::default(),
        gates: gates.clone(),
        asker: Symbol::from("health"),
    };
    let ports = ports_of_polls;
    let mut polls = JoinSet::new();
    let shown: BTreeSet<Symbol> = plan.slos.iter().map(|slo| slo.name.clone()).collect();
    let is_whole = |slo: &&Arc<Slo>| plan.groups.iter().any(|group| group.whole.name == slo.name);
    for slo in plan.slos.iter().filter(|slo| !is_whole(slo)) {
        follow(&mut polls, &means, slo);
    }
    for group in &plan.groups {
        let whole = plan.slos.iter().find(|slo| slo.name == group.whole.name).map(Arc::clone);
        let means = Means { asker: format!("group {}", group.whole.name).into(), ..means.clone() };
        polls.spawn(watch_group(means, Roll::new(group.clone(), shown.clone()), whole));
    }
    polls.spawn(watchdog::loads(means.clone()));
    for server in &ports.metrics {
        polls.spawn(watchdog::clock(means.clone(), Arc::clone(server)));
    }
    for index in 0..ports.changes.len() {
        let means = Means { asker: Symbol::from("changes"), ..means.clone() };
        polls.spawn(changes::marks(means, index));
    }
    for index in 0..ports.alerts.len() {
        polls.spawn(alerts(means.clone(), index));
        polls.spawn(changes::silences(means.clone(), index));
    }
    if !ports.metrics.is_empty() {
        polls.spawn(changes::watch_series(means.clone(), plan.deploys.clone()));
    }
    if !ports.traces.is_empty() {
        polls.spawn(attribution::watch(means.clone(), plan.business_keys.clone(), plan.sampler));
    }
    for index in 0..ports.metrics.len() {
        let probe = means.clone();
        polls.spawn(health(means.clone(), move || probe_metrics(probe.clone(), index)));
    }
    for index in 0..ports.logs.len() {
        polls.spawn(changes::watch_lines(Means { asker: Symbol::from("versions"), ..means.clone() }, index));
        let probe = means.clone();
        polls.spawn(health(means.clone(), move || probe_logs(probe.clone(), index)));
    }
    for index in 0..ports.traces.len() {
        let probe = means.clone();
        polls.spawn(health(means.clone(), move || probe_traces(probe.clone(), index)));
    }
    polls
}

async fn alerts(means: Means, index: usize) {
    let mut failed = 0;
    loop {
        let Some(server) = means.ports.alerts.get(index) else { return };
        let asked = Instant::now();
        let failure = match patiently(&means, server.name(), server.firing()).await {
            Ok(alerts) => {
                failed = 0;
                report(&means, server.name(), Ok(asked.elapsed())).await;
                if let Some(since) = alerts.iter().map(|alert| alert.starts).min() {
                    means.alarm.raise(since);
                }
                means.inbox.send(Fact::Alerts { source: server.name().clone(), alerts }).await;
                None
            }
            Err(failure) => {
                failed += 1;
                report(&means, server.name(), Err(&failure)).await;
                Some(failure)
            }
        };
        pause_for_pages(&means, server.name(), failed, failure.as_ref()).await;
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
        report(&means, &source, outcome.as_ref().map(|latency| *latency)).await;
        pause(&means, &source, OFTEN, failed, outcome.err().as_ref()).await;
    }
}

async fn probe_metrics(means: Means, index: usize) -> (Symbol, Result<Duration, Failure>) {
    match means.ports.metrics.get(index) {
        Some(server) => {
            let probe = patiently(&means, server.name(), server.probe()).await;
            (server.name().clone(), probe.map(|probe| probe.latency))
        }
        None => gone(),
    }
}

async fn probe_logs(means: Means, index: usize) -> (Symbol, Result<Duration, Failure>) {
    match means.ports.logs.get(index) {
        Some(server) => {
            let probe = patiently(&means, server.name(), server.probe()).await;
            (server.name().clone(), probe.map(|probe| probe.latency))
        }
        None => gone(),
    }
}

async fn probe_traces(means: Means, index: usize) -> (Symbol, Result<Duration, Failure>) {
    match means.ports.traces.get(index) {
        Some(server) => {
            let probe = patiently(&means, server.name(), server.probe()).await;
            (server.name().clone(), probe.map(|probe| probe.latency))
        }
        None => gone(),
    }
}

fn gone() -> (Symbol, Result<Duration, Failure>) {
    (Symbol::default(), Err(Failure::new("source", Cause::NotConfigured)))
}
