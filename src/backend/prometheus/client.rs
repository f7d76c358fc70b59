//! Prometheus and what speaks its query API (Mimir, Thanos, a Grafana proxy in front of them): numbers over time.
//! Not what is asked: the queries come from `domain/slo`.

use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;

use super::super::endpoint::Endpoint;
use super::super::http::{Ask, Http};
use super::super::{prometheus_wire as wire, skew};
use super::exemplars;
use crate::domain::signal::{Answer, Exemplar};
use crate::domain::slo::RecordingRule;
use crate::domain::{Cause, Failure, Symbol, Timestamp, Window};
use crate::port::{Metrics, Probe, Reply};

/// A longer query goes as a form: some servers and proxies cut URLs at two thousand characters.
const LONGEST_IN_URL: usize = 1_800;

/// A client of one Prometheus-like server.
pub struct Prometheus(Http);

impl Prometheus {
    /// Connects nothing yet; fails for what can be known without asking: a bad URL, header or certificate.
    ///
    /// # Errors
    /// `Unreachable`, with the reason.
    pub fn connect(endpoint: Endpoint) -> Result<Self, Failure> {
        Http::new(endpoint).map(Self)
    }

    async fn ask(&self, ask: Ask<'_>) -> Reply<Answer> {
        let answer = async {
            let answered = self.0.send(&ask).await?;
            let mut answer = wire::answer(&answered)?;
            answer.warnings.extend(skew::warning(answered.skew));
            Ok(answer)
        };
        answer.await.map_err(|cause| self.0.fail(cause))
    }

    async fn version(&self) -> Result<String, Cause> {
        let answered = self.0.send(&Ask::get(&["api", "v1", "status", "buildinfo"])).await?;
        if answered.status != 404 {
            return wire::version(&answered);
        }
        // Not all that speak the query API tell their version.
        let one = Ask::get(&["api", "v1", "query"]).pair("query", "1");
        wire::answer(&self.0.send(&one).await?).map(|_| String::new())
    }
}

impl Metrics for Prometheus {
    fn name(&self) -> &Symbol {
        self.0.name()
    }

    fn place(&self) -> String {
        self.0.place()
    }

    fn probe(&self) -> BoxFuture<'_, Reply<Probe>> {
        Box::pin(async {
            let asked = Instant::now();
            let version = self.version().await.map_err(|cause| self.0.fail(cause))?;
            Ok(Probe { version, latency: asked.elapsed() })
        })
    }

    fn instant<'a>(&'a self, query: &'a str, at: Timestamp) -> BoxFuture<'a, Reply<Answer>> {
        let mut ask = Ask::get(&["api", "v1", "query"]).pair("query", query).pair("time", seconds(at));
        ask.form = query.len() > LONGEST_IN_URL;
        Box::pin(self.ask(ask))
    }

    fn range<'a>(&'a self, query: &'a str, window: Window, step: Duration) -> BoxFuture<'a, Reply<Answer>> {
        let step = i64::try_from(step.as_millis()).unwrap_or(i64::MAX).max(1);
        let mut ask = Ask::get(&["api", "v1", "query_range"])
            .pair("query", query)
            .pair("start", seconds(window.start))
            .pair("end", seconds(window.end))
            .pair("step", seconds(Timestamp::from_millis(step)));
        ask.form = query.len() > LONGEST_IN_URL;
        Box::pin(self.ask(ask))
    }

    fn label_values<'a>(
        &'a self,
        label: &'a str,
        selector: &'a str,
        window: Window,
    ) -> BoxFuture<'a, Reply<Vec<Symbol>>> {
        Box::pin(async move {
            let label = wire::label_in_path(label);
            let mut ask = Ask::get(&["api", "v1", "label", &label, "values"])
                .pair("start", seconds(window.start))
                .pair("end", seconds(window.end));
            if !selector.trim().is_empty() {
                ask = ask.pair("match[]", selector);
            }
            let values = async { wire::values(&self.0.send(&ask).await?) };
            values.await.map_err(|cause| self.0.fail(cause))
        })
    }

    fn exemplars<'a>(&'a self, query: &'a str, window: Window) -> BoxFuture<'a, Reply<Vec<Exemplar>>> {
        Box::pin(async move {
            let mut ask = Ask::get(&["api", "v1", "query_exemplars"])
                .pair("query", query)
                .pair("start", seconds(window.start))
                .pair("end", seconds(window.end));
            ask.form = query.len() > LONGEST_IN_URL;
            let found = async { exemplars::read(&self.0.send(&ask).await?) };
            match found.await {
                // A store that keeps no exemplars has no such page.
                Err(Cause::NotFound(_)) => Ok(Vec::new()),
                found => found.map_err(|cause| self.0.fail(cause)),
            }
        })
    }

    fn time(&self) -> BoxFuture<'_, Reply<Timestamp>> {
        Box::pin(async move {
            // Without a moment of ours it is evaluated at the server's now.
            let answer = self.ask(Ask::get(&["api", "v1", "query"]).pair("query", "time()")).await?;
            let sample = answer.series.first().and_then(|series| series.samples.first());
            let told = sample.filter(|sample| sample.value.is_finite());
            let nothing = || self.0.fail(Cause::Malformed("time() gives no number".into()));
            told.map(|sample| Timestamp::from_float_seconds(sample.value)).ok_or_else(nothing)
        })
    }

    fn recording_rules(&self) -> BoxFuture<'_, Reply<Vec<RecordingRule>>> {
        Box::pin(async move {
            let ask = Ask::get(&["api", "v1", "rules"]).pair("type", "record");
            let rules = async { wire::recording_rules(&self.0.send(&ask).await?) };
            match rules.await {
                // A store without a ruler has no such page.
                Err(Cause::NotFound(_)) => Ok(Vec::new()),
                rules => rules.map_err(|cause| self.0.fail(cause)),
            }
        })
    }
}

/// Seconds with as many digits of the millisecond as they need, free of a float's rounding.
fn seconds(moment: Timestamp) -> String {
    let millis = moment.millis();
    match millis.rem_euclid(1_000) {
        0 => millis.div_euclid(1_000).to_string(),
        rest if millis >= 0 => format!("{}.{rest:03}", millis / 1_000),
        _ => format!("-{}.{:03}", millis.unsigned_abs() / 1_000, millis.unsigned_abs() % 1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_exact_to_the_millisecond() {
        assert_eq!(seconds(Timestamp::from_millis(1_795_348_824_269)), "1795348824.269");
        assert_eq!(seconds(Timestamp::from_millis(15_000)), "15");
        assert_eq!(seconds(Timestamp::from_millis(-1_500)), "-1.500");
        assert_eq!(seconds(Timestamp::from_nanos(1_999_999)), "0.001");
    }
}
