//! Reads the failing traces of the moment and says which service is responsible in each. What "responsible" means is in
//! `domain::trace`.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::StreamExt;

use super::effects;
use super::means::{Means, OFTEN, pause};
use crate::domain::trace::{Responsible, attribute, responsible};
use crate::domain::{Failure, TraceId, Window};
use crate::port::Search;
use crate::room::Fact;

/// As many traces as are worth reading for one number; the confidence is high from twenty on.
const TRACES: usize = 100;
/// Asked of one server at a time.
const AT_ONCE: usize = 4;
const BACK: Duration = Duration::from_secs(15 * 60);
/// How soon after something began to burn the first traces are read.
const CALM: Duration = Duration::from_millis(500);
/// Traces read once are not read again; past this many the oldest ids are forgotten.
const REMEMBERED: usize = 2_000;

pub(super) async fn watch(means: Means) {
    let mut known: BTreeMap<TraceId, Option<Responsible>> = BTreeMap::new();
    let mut failed = 0;
    loop {
        if !means.alarm.load(Ordering::Relaxed) {
            tokio::time::sleep(CALM).await;
            continue;
        }
        let failure = read(&means, &mut known).await.err();
        failed = if failure.is_some() { failed + 1 } else { 0 };
        let source = means.ports.traces.first().map(|server| server.name().clone()).unwrap_or_default();
        pause(&means, &source, OFTEN, failed, failure.as_ref()).await;
    }
}

async fn read(means: &Means, known: &mut BTreeMap<TraceId, Option<Responsible>>) -> Result<(), Failure> {
    let Some(server) = means.ports.traces.first() else { return Ok(()) };
    let window = Window::ending(means.ports.clock.now(), BACK);
    let search = Search { errors_only: true, ..Search::default() };
    let rows = server.search(&search, window, TRACES).await?;
    let new: Vec<TraceId> = rows.iter().map(|row| row.trace).filter(|trace| !known.contains_key(trace)).collect();
    let read: Vec<_> = futures_util::stream::iter(new)
        .map(|id| async move { (id, effects::trace(&means.ports, id, Some(window)).await) })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    if known.len() > REMEMBERED {
        known.clear();
    }
    for (id, tree) in read {
        if let Ok(tree) = tree {
            known.insert(id, responsible(&tree));
        }
    }
    let verdicts: Vec<Responsible> =
        rows.iter().filter_map(|row| known.get(&row.trace)).filter_map(Clone::clone).collect();
    if !rows.is_empty() {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let read = count(rows.iter().filter(|row| known.contains_key(&row.trace)).count());
        let found = count(rows.len());
        means.inbox.send(Fact::Attributed { ranking: attribute(&verdicts), read, found }).await;
    }
    Ok(())
}
