//! The rows of the search for traces: what failed, what was slow and what else there was, from every trace server.

use std::collections::BTreeMap;

use futures_util::future::join_all;

use crate::domain::signal::{Listing, Summary};
use crate::domain::{Cause, Failure, TraceId};
use crate::port::{Ports, Reply, Search};
use crate::room::SearchAsk;

/// Each trace once, in no order: that is the room's.
pub(super) async fn rows(ports: &Ports, ask: &SearchAsk) -> Reply<Listing> {
    let any = Search { service: ask.service.clone(), attribute: ask.attribute.clone(), ..Search::default() };
    let failing = Search { errors_only: true, ..any.clone() };
    let slow = Search { longer_than: Some(ask.slow_from), ..any.clone() };
    let (mut last, mut more, mut partial) = (None, false, None);
    let (mut asked, mut answered) = (0_u32, 0_u32);
    let mut rows: BTreeMap<TraceId, Summary> = BTreeMap::new();
    let questions = ports.traces.iter().map(|server| async {
        tokio::join!(
            server.search(&failing, ask.window, ask.limit),
            server.search(&slow, ask.window, ask.limit),
            server.search(&any, ask.window, ask.limit)
        )
    });
    for answers in join_all(questions).await {
        for (answer, failed) in [(answers.0, true), (answers.1, false), (answers.2, false)] {
            asked += 1;
            match answer {
                Ok(answer) => {
                    answered += 1;
                    partial = partial.or(answer.partial);
                    more |= answer.more;
                    for mut row in answer.rows {
                        // That it was found by its errors is known even where a server does not count them.
                        if failed {
                            row.errors = Some(row.errors.unwrap_or(1).max(1));
                        }
                        rows.entry(row.trace).or_insert(row);
                    }
                }
                Err(failure) => last = Some(failure),
            }
        }
    }
    match last {
        Some(failure) if rows.is_empty() => Err(failure),
        None if ports.traces.is_empty() => Err(Failure::new("traces", Cause::NotConfigured)),
        // What one server could not say is missing from what the others did.
        failure => {
            let refused = failure.map(|_| format!("{answered} of {asked} searches"));
            Ok(Listing { rows: rows.into_values().collect(), more, partial: partial.or(refused) })
        }
    }
}
