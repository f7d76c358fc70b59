//! Reads the failing traces of the moment, or the slow ones where those burn the budget, and says which service is responsible
//! in each. What "responsible" means is in `domain::trace`.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::StreamExt;

use super::effects;
use super::means::{Means, OFTEN, pause};
use crate::domain::trace::{Responsible, attribute, held_up, responsible};
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
/// So many times as many slow traces as failing ones: then it is the slow ones that burn.
const OUTNUMBERED: usize = 2;
/// Traces read once are not read again; past this many the oldest ids are forgotten.
const REMEMBERED: usize = 2_000;

/// What each trace said, by whether it was read as a slow one.
type Known = BTreeMap<(TraceId, bool), Option<Responsible>>;

pub(super) async fn watch(means: Means) {
    let mut known = Known::new();
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

async fn read(means: &Means, known: &mut Known) -> Result<(), Failure> {
    let Some(server) = means.ports.traces.first() else { return Ok(()) };
    let window = Window::ending(means.ports.clock.now(), BACK);
    let failing = Search { errors_only: true, ..Search::default() };
    let mut rows = server.search(&failing, window, TRACES).await?;
    let mut slow = false;
    if let Some(bound) = means.slowness.least() {
        let search = Search { longer_than: Some(bound), ..Search::default() };
        let found = server.search(&search, window, TRACES).await?;
        slow = found.len() > rows.len().saturating_mul(OUTNUMBERED);
        if slow {
            rows = found;
        }
    }
    let new: Vec<TraceId> =
        rows.iter().map(|row| row.trace).filter(|trace| !known.contains_key(&(*trace, slow))).collect();
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
            known.insert((id, slow), if slow { held_up(&tree) } else { responsible(&tree) });
        }
    }
    let verdicts: Vec<Responsible> =
        rows.iter().filter_map(|row| known.get(&(row.trace, slow))).filter_map(Clone::clone).collect();
    if !rows.is_empty() {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let read = count(rows.iter().filter(|row| known.contains_key(&(row.trace, slow))).count());
        let found = count(rows.len());
        let ranking = attribute(&verdicts);
        let fact = if slow { Fact::HeldUp { ranking, read, found } } else { Fact::Attributed { ranking, read, found } };
        means.inbox.send(fact).await;
    }
    Ok(())
}
