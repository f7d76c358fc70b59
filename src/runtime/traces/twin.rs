//! Finds a healthy trace to hold a failing one against: some of the same kind are read, and the best of them is kept.
//! Which one is best is in `domain::trace`.

use std::sync::Arc;

use futures_util::StreamExt;

use super::whole;
use crate::domain::signal::Summary;
use crate::domain::trace::{Tree, choose_twin};
use crate::domain::{Cause, Failure, TraceId, Window};
use crate::port::{Ports, Reply, Search};

/// Rows of the search, and traces that are read of them.
const ROWS: usize = 60;
const READ: usize = 12;
const AT_ONCE: usize = 4;

/// `None` when no healthy trace of the same root was found in the window.
pub(in crate::runtime) async fn of(ports: &Ports, tree: Arc<Tree>, window: Window) -> Reply<Option<Arc<Tree>>> {
    let Some(root) = tree.row(0).and_then(|node| node.span) else { return Ok(None) };
    let search = Search { service: Some(root.service.clone()), ..Search::default() };
    let mut last = None;
    let mut rows: Vec<Summary> = Vec::new();
    for server in &ports.traces {
        match server.search(&search, window, ROWS).await {
            Ok(found) => rows.extend(found.rows),
            Err(failure) => last = Some(failure),
        }
        if !rows.is_empty() {
            break;
        }
    }
    rows.retain(|row| {
        row.errors.is_none_or(|errors| errors == 0)
            && row.root_service == root.service
            && (row.root_name == root.name || row.root_name.is_empty())
            && row.trace != tree.trace()
    });
    if rows.is_empty() {
        return last.map_or(Ok(None), Err);
    }
    // Spread over all that were found: the newest alone may be from one bad minute.
    let step = rows.len().div_ceil(READ).max(1);
    let wanted: Vec<TraceId> = rows.iter().step_by(step).map(|row| row.trace).collect();
    let read: Vec<Reply<Tree>> = futures_util::stream::iter(wanted)
        .map(|id| async move { whole::trace(ports, id, Some(window)).await })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let candidates: Vec<Tree> = read.into_iter().filter_map(Result::ok).collect();
    let chosen = tokio::task::spawn_blocking(move || {
        let chosen = choose_twin(&tree, &candidates)?;
        candidates.into_iter().nth(chosen).map(Arc::new)
    });
    chosen.await.map_err(|_| Failure::new("traces", Cause::Malformed("the traces could not be compared".into())))
}
