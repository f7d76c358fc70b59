//! The ports with a gate before each server: nothing that asks can go round it. Not the gate itself.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use tokio::time::Instant;

use super::gate::{Gate, Gates};
use super::patience::Asker;
use crate::domain::incident::{Alert, Change};
use crate::domain::signal::{Answer, Exemplar, Line, Listing};
use crate::domain::slo::RecordingRule;
use crate::domain::{Labels, SpanId, Symbol, Timestamp, TraceId, Window};
use crate::port::{Alerts, Changes, Fetched, History, Logs, Metrics, Ports, Probe, Reply, Search, Tailed, Traces};

/// The same servers, asked by one kind of asker.
pub(in crate::runtime) fn guarded(ports: &Ports, gates: &Gates, asker: Asker) -> Ports {
    Ports {
        metrics: ports
            .metrics
            .iter()
            .map(|inner| wrap(inner, inner.name(), gates, asker) as Arc<dyn Metrics>)
            .collect(),
        logs: ports.logs.iter().map(|inner| wrap(inner, inner.name(), gates, asker) as Arc<dyn Logs>).collect(),
        traces: ports.traces.iter().map(|inner| wrap(inner, inner.name(), gates, asker) as Arc<dyn Traces>).collect(),
        alerts: ports.alerts.iter().map(|inner| wrap(inner, inner.name(), gates, asker) as Arc<dyn Alerts>).collect(),
        changes: ports
            .changes
            .iter()
            .map(|inner| wrap(inner, inner.name(), gates, asker) as Arc<dyn Changes>)
            .collect(),
        ..ports.clone()
    }
}

struct Guarded<T: ?Sized> {
    inner: Arc<T>,
    gate: Arc<Gate>,
    asker: Asker,
}

fn wrap<T: ?Sized>(inner: &Arc<T>, name: &Symbol, gates: &Gates, asker: Asker) -> Arc<Guarded<T>> {
    Arc::new(Guarded { inner: Arc::clone(inner), gate: gates.of(name), asker })
}

impl<T: ?Sized> Guarded<T> {
    async fn ask<A>(&self, question: impl Future<Output = Reply<A>>) -> Reply<A> {
        let place = self.gate.admit(self.asker).await?;
        let began = Instant::now();
        let reply = question.await;
        self.gate.heard(began, reply.as_ref().err());
        drop(place);
        reply
    }
}

impl Metrics for Guarded<dyn Metrics> {
    fn name(&self) -> &Symbol {
        self.inner.name()
    }

    fn place(&self) -> String {
        self.inner.place()
    }

    fn probe(&self) -> BoxFuture<'_, Reply<Probe>> {
        self.ask(self.inner.probe()).boxed()
    }

    fn instant<'a>(&'a self, query: &'a str, at: Timestamp) -> BoxFuture<'a, Reply<Answer>> {
        let skew = self.skew();
        let shifted = async move { self.inner.instant(query, at.shifted(skew)).await.map(|answer| back(answer, skew)) };
        self.ask(shifted).boxed()
    }

    fn range<'a>(&'a self, query: &'a str, window: Window, step: Duration) -> BoxFuture<'a, Reply<Answer>> {
        let skew = self.skew();
        let there = Window { start: window.start.shifted(skew), end: window.end.shifted(skew) };
        let shifted = async move { self.inner.range(query, there, step).await.map(|answer| back(answer, skew)) };
        self.ask(shifted).boxed()
    }

    fn label_values<'a>(
        &'a self,
        label: &'a str,
        selector: &'a str,
        window: Window,
    ) -> BoxFuture<'a, Reply<Vec<Symbol>>> {
        self.ask(self.inner.label_values(label, selector, window)).boxed()
    }

    fn time(&self) -> BoxFuture<'_, Reply<Timestamp>> {
        self.ask(self.inner.time()).boxed()
    }

    fn exemplars<'a>(&'a self, query: &'a str, window: Window) -> BoxFuture<'a, Reply<Vec<Exemplar>>> {
        let skew = self.skew();
        let window = Window { start: window.start.shifted(skew), end: window.end.shifted(skew) };
        let asked = async move {
            let mut found = self.inner.exemplars(query, window).await?;
            found.iter_mut().for_each(|exemplar| exemplar.at = exemplar.at.shifted(-skew));
            Ok(found)
        };
        self.ask(asked).boxed()
    }

    fn recording_rules(&self) -> BoxFuture<'_, Reply<Vec<RecordingRule>>> {
        self.ask(self.inner.recording_rules()).boxed()
    }
}

impl Guarded<dyn Metrics> {
    /// Moments of our clock mean the same moments of the server's. The past is asked for in the server's own time: its
    /// hours must not move when a clock is set right.
    fn skew(&self) -> i64 {
        if self.asker == Asker::Past { 0 } else { self.gate.skew() }
    }
}

fn back(mut answer: Answer, skew: i64) -> Answer {
    if skew != 0 {
        for sample in answer.series.iter_mut().flat_map(|series| &mut series.samples) {
            sample.time = sample.time.shifted(-skew);
        }
    }
    answer
}

impl Logs for Guarded<dyn Logs> {
    fn name(&self) -> &Symbol {
        self.inner.name()
    }

    fn probe(&self) -> BoxFuture<'_, Reply<Probe>> {
        self.ask(self.inner.probe()).boxed()
    }

    fn history<'a>(&'a self, query: &'a str, window: Window, limit: usize) -> BoxFuture<'a, Reply<History>> {
        self.ask(self.inner.history(query, window, limit)).boxed()
    }

    fn of_trace(&self, trace: TraceId, window: Window, limit: usize) -> BoxFuture<'_, Reply<History>> {
        self.ask(self.inner.of_trace(trace, window, limit)).boxed()
    }

    fn around<'a>(&'a self, stream: &'a Labels, at: Timestamp, limit: usize) -> BoxFuture<'a, Reply<Vec<Line>>> {
        self.ask(self.inner.around(stream, at, limit)).boxed()
    }

    fn count<'a>(&'a self, query: &'a str, window: Window) -> BoxFuture<'a, Reply<u64>> {
        self.ask(self.inner.count(query, window)).boxed()
    }

    fn by_service<'a>(&'a self, query: &'a str, window: Window) -> BoxFuture<'a, Reply<Vec<(Symbol, u64)>>> {
        self.ask(self.inner.by_service(query, window)).boxed()
    }

    fn versions(&self, window: Window) -> BoxFuture<'_, Reply<Vec<(Symbol, Symbol)>>> {
        self.ask(self.inner.versions(window)).boxed()
    }

    /// One connection that stands: its own back-off is that of one asker.
    fn tail(&self, query: String, from: Timestamp) -> BoxStream<'static, Reply<Tailed>> {
        self.inner.tail(query, from)
    }
}

impl Traces for Guarded<dyn Traces> {
    fn name(&self) -> &Symbol {
        self.inner.name()
    }

    fn probe(&self) -> BoxFuture<'_, Reply<Probe>> {
        self.ask(self.inner.probe()).boxed()
    }

    fn trace(&self, id: TraceId, around: Option<Window>) -> BoxFuture<'_, Reply<Fetched>> {
        self.ask(self.inner.trace(id, around)).boxed()
    }

    fn query<'a>(&'a self, query: &'a str, window: Window, limit: usize) -> BoxFuture<'a, Reply<Listing>> {
        self.ask(self.inner.query(query, window, limit)).boxed()
    }

    fn search<'a>(&'a self, search: &'a Search, window: Window, limit: usize) -> BoxFuture<'a, Reply<Listing>> {
        self.ask(self.inner.search(search, window, limit)).boxed()
    }

    fn holding(&self, span: SpanId, window: Window, limit: usize) -> BoxFuture<'_, Reply<Option<Listing>>> {
        self.ask(self.inner.holding(span, window, limit)).boxed()
    }

    fn services(&self, window: Window) -> BoxFuture<'_, Reply<Vec<Symbol>>> {
        self.ask(self.inner.services(window)).boxed()
    }
}

impl Alerts for Guarded<dyn Alerts> {
    fn name(&self) -> &Symbol {
        self.inner.name()
    }

    fn probe(&self) -> BoxFuture<'_, Reply<Probe>> {
        self.ask(self.inner.probe()).boxed()
    }

    fn firing(&self) -> BoxFuture<'_, Reply<Vec<Alert>>> {
        self.ask(self.inner.firing()).boxed()
    }

    fn silences(&self) -> BoxFuture<'_, Reply<Vec<Change>>> {
        self.ask(self.inner.silences()).boxed()
    }
}

impl Changes for Guarded<dyn Changes> {
    fn name(&self) -> &Symbol {
        self.inner.name()
    }

    fn probe(&self) -> BoxFuture<'_, Reply<Probe>> {
        self.ask(self.inner.probe()).boxed()
    }

    fn changes(&self, window: Window, limit: usize) -> BoxFuture<'_, Reply<Vec<Change>>> {
        self.ask(self.inner.changes(window, limit)).boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Cause, Failure};

    struct Told(Symbol);

    impl Told {
        fn asked<A>(&self) -> BoxFuture<'_, Reply<A>> {
            let failure = Failure::new(self.0.clone(), Cause::NotFound("asked".to_owned()));
            async move { Err(failure) }.boxed()
        }
    }

    impl Alerts for Told {
        fn name(&self) -> &Symbol {
            &self.0
        }

        fn probe(&self) -> BoxFuture<'_, Reply<Probe>> {
            self.asked()
        }

        fn firing(&self) -> BoxFuture<'_, Reply<Vec<Alert>>> {
            self.asked()
        }

        fn silences(&self) -> BoxFuture<'_, Reply<Vec<Change>>> {
            self.asked()
        }
    }

    impl Traces for Told {
        fn name(&self) -> &Symbol {
            &self.0
        }

        fn probe(&self) -> BoxFuture<'_, Reply<Probe>> {
            self.asked()
        }

        fn trace(&self, _: TraceId, _: Option<Window>) -> BoxFuture<'_, Reply<Fetched>> {
            self.asked()
        }

        fn query<'a>(&'a self, _: &'a str, _: Window, _: usize) -> BoxFuture<'a, Reply<Listing>> {
            self.asked()
        }

        fn search<'a>(&'a self, _: &'a Search, _: Window, _: usize) -> BoxFuture<'a, Reply<Listing>> {
            self.asked()
        }

        fn holding(&self, _: SpanId, _: Window, _: usize) -> BoxFuture<'_, Reply<Option<Listing>>> {
            self.asked()
        }

        fn services(&self, _: Window) -> BoxFuture<'_, Reply<Vec<Symbol>>> {
            self.asked()
        }
    }

    #[tokio::test]
    async fn silences_and_typed_queries_reach_the_server_through_its_gate() {
        let name = Symbol::from("told");
        let wanted = Failure::new(name.clone(), Cause::NotFound("asked".to_owned()));
        let alerts: Arc<dyn Alerts> = Arc::new(Told(name.clone()));
        let traces: Arc<dyn Traces> = Arc::new(Told(name.clone()));
        let alerts = wrap(&alerts, &name, &Gates::default(), Asker::Poll);
        let traces = wrap(&traces, &name, &Gates::default(), Asker::Person);
        let window = Window { start: Timestamp::EPOCH, end: Timestamp::EPOCH };
        assert_eq!(alerts.silences().await, Err(wanted.clone()));
        assert_eq!(traces.query("{}", window, 1).await, Err(wanted));
    }
}
