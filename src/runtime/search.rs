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
    let (mut last, mut more) = (None, false);
    let mut rows: BTreeMap<TraceId, Summary> = BTreeMap::new();
    let asked = ports.traces.iter().map(|server| async {
        tokio::join!(
            server.search(&failing, ask.window, ask.limit),
            server.search(&slow, ask.window, ask.limit),
            server.search(&any, ask.window, ask.limit)
        )
    });
    for answers in join_all(asked).await {
        for (answer, failed) in [(answers.0, true), (answers.1, false), (answers.2, false)] {
            match answer {
                Ok(answer) => {
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
        _ => Ok(Listing { rows: rows.into_values().collect(), more }),
    }
}
