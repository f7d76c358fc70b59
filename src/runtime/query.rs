//! A typed query, put to the first server that reads its language.

use crate::domain::query::{LINES, Language, TRACES};
use crate::domain::{Cause, Failure, Window};
use crate::port::{Ports, Reply};
use crate::room::{Answered, Fact, Ticket};

/// PromQL is asked at the window's end.
pub(super) async fn run(ports: &Ports, ticket: Ticket, language: Language, text: &str, window: Window) -> Reply<Fact> {
    let missing = |what: &str| Failure::new(what, Cause::NotConfigured);
    let answer = match language {
        Language::Promql => {
            let server = ports.metrics.first().ok_or_else(|| missing("metrics"))?;
            Answered::Numbers(server.instant(text, window.end).await?)
        }
        Language::Logql => {
            let server = ports.logs.first().ok_or_else(|| missing("logs"))?;
            let history = server.history(text, window, LINES).await?;
            Answered::Lines { lines: history.lines, more: history.more }
        }
        Language::Traceql => {
            let server = ports.traces.first().ok_or_else(|| missing("traces"))?;
            Answered::Traces(server.query(text, window, TRACES).await?)
        }
    };
    Ok(Fact::Queried { ticket, answer })
}
