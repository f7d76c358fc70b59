//! What may be asked of a metrics server: Prometheus, Mimir, anything that speaks their query API.

use std::time::Duration;

use futures_util::future::BoxFuture;

use super::{Probe, Reply};
use crate::domain::signal::{Answer, Exemplar};
use crate::domain::slo::RecordingRule;
use crate::domain::{Symbol, Timestamp, Window};

pub trait Metrics: Send + Sync {
    /// The `name` of the source.
    fn name(&self) -> &Symbol;

    /// Where it is and as whom we ask it, so that another server of the same name is another one. Holds no secret.
    fn place(&self) -> String {
        self.name().to_string()
    }

    /// Is it there, which version, does it let us in.
    fn probe(&self) -> BoxFuture<'_, Reply<Probe>>;

    /// One sample a series at `at`. A scalar comes as one series without labels.
    fn instant<'a>(&'a self, query: &'a str, at: Timestamp) -> BoxFuture<'a, Reply<Answer>>;

    /// Samples at every `step` of the window, both ends included.
    fn range<'a>(&'a self, query: &'a str, window: Window, step: Duration) -> BoxFuture<'a, Reply<Answer>>;

    /// The values that `label` has on the series that `selector` matches; sorted.
    fn label_values<'a>(
        &'a self,
        label: &'a str,
        selector: &'a str,
        window: Window,
    ) -> BoxFuture<'a, Reply<Vec<Symbol>>>;

    /// The exemplars that are kept with the series which the query selects; none where a server keeps none.
    fn exemplars<'a>(&'a self, query: &'a str, window: Window) -> BoxFuture<'a, Reply<Vec<Exemplar>>> {
        let _ = (query, window);
        Box::pin(std::future::ready(Ok(Vec::new())))
    }

    /// What time it is by the server's own clock.
    fn time(&self) -> BoxFuture<'_, Reply<Timestamp>>;

    /// The recording rules that it evaluates; none when it has no rules.
    fn recording_rules(&self) -> BoxFuture<'_, Reply<Vec<RecordingRule>>>;
}
