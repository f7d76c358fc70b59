//! A trace behind a gauge: an exemplar that the metrics server kept and a trace server still has, else the worst trace of the
//! service that serves the journey.

use crate::domain::signal::Exemplar;
use crate::domain::slo::{Slo, exemplars_of, served_by};
use crate::domain::{Cause, Failure, Window};
use crate::port::{Ports, Reply};
use crate::room::{Example, SearchAsk};

use super::super::search;
use super::whole::trace as fetch_trace;

/// Exemplars whose trace is looked for: samplers drop many, and the newest are still on their way.
const TRIED: usize = 4;
/// Rows of each kind in the search.
const ROWS: usize = 50;
const SLOW: std::time::Duration = std::time::Duration::from_secs(2);

pub(in crate::runtime) async fn example(ports: &Ports, slo: &Slo, window: Window) -> Reply<Option<Example>> {
    let named = |name: &crate::domain::Symbol| slo.source.as_ref().is_none_or(|source| name == source);
    let server = ports.metrics.iter().find(|server| named(server.name()));
    let kept = match server {
        Some(server) => server.exemplars(&exemplars_of(slo), window).await,
        None => Err(Failure::new("metrics", Cause::NotConfigured)),
    };
    // A server that cannot tell of exemplars is as good as one that keeps none.
    let mut kept = kept.unwrap_or_default();
    for _ in 0..TRIED {
        let Some(worst) = Exemplar::worst(&kept).cloned() else { break };
        if fetch_trace(ports, worst.trace, None).await.is_ok() {
            return Ok(Some(of_exemplar(&worst)));
        }
        kept.retain(|exemplar| exemplar.trace != worst.trace);
    }
    worst_trace(ports, slo, window).await
}

fn of_exemplar(exemplar: &Exemplar) -> Example {
    let took = std::time::Duration::try_from_secs_f64(exemplar.value).unwrap_or_default();
    Example {
        trace: exemplar.trace,
        span: exemplar.span,
        at: Some(exemplar.at),
        took_nanos: i64::try_from(took.as_nanos()).unwrap_or(i64::MAX),
        is_exemplar: true,
    }
}

/// Most errors before none, then the longest.
async fn worst_trace(ports: &Ports, slo: &Slo, window: Window) -> Reply<Option<Example>> {
    let Some(service) = served_by(slo) else { return Ok(None) };
    let slow_from = slo.slow_from().unwrap_or(SLOW);
    let ask = SearchAsk { window, service: Some(service), attribute: None, slow_from, limit: ROWS };
    let rows = search::rows(ports, &ask).await?;
    let worst =
        rows.rows.iter().max_by_key(|row| (row.errors.is_some_and(|errors| errors > 0), row.duration_nanos, row.start));
    Ok(worst.map(|row| Example {
        trace: row.trace,
        span: None,
        at: Some(row.start),
        took_nanos: row.duration_nanos,
        is_exemplar: false,
    }))
}
