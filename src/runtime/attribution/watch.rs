//! Reads the failing traces of the moment, slow ones and healthy ones of before, and tells what they say together. What
//! "responsible" and "unlike" mean is in `domain::trace`; which healthy ones are read, in `baseline.rs`.

use std::time::Duration;

use super::super::means::{Means, OFTEN, pause};
use super::baseline::{Baseline, usual_root};
use super::reader::Reader;
use crate::domain::incident::{Place, Sighting};
use crate::domain::signal::Listing;
use crate::domain::trace::{Evidence, Findings, Sampler, Unread};
use crate::domain::{Failure, Symbol, TraceId, Window};
use crate::port::{Search, Traces};
use crate::room::Fact;

/// As many traces as are worth reading for one number; the confidence is high from twenty on.
const TRACES: usize = 100;
/// Slow ones without an error.
const SLOW_TRACES: usize = 40;
const SLOW: Duration = Duration::from_secs(2);
const BACK: Duration = Duration::from_secs(15 * 60);
/// So many times as many slow traces as failing ones: then it is the slow ones that burn.
const OUTNUMBERED: usize = 2;
/// Traces with another version before one counts as new.
const PROOF: usize = 8;

pub(in crate::runtime) async fn watch(means: Means, business_keys: Vec<Symbol>, sampler: Option<Sampler>) {
    let mut reader = Reader::new(sampler);
    let mut baseline = Baseline::default();
    let (mut failed, mut is_known) = (0, false);
    loop {
        means.alarm.rung().await;
        let failure = read(&means, &mut reader, &mut baseline, &business_keys).await.err();
        failed = if failure.is_some() { failed + 1 } else { 0 };
        is_known |= failure.is_none();
        // Where nothing was found out yet, that nobody can is an answer too.
        if let Some(failure) = failure.as_ref().filter(|_| !is_known) {
            let unread = Unread::from([(failure.to_string(), 1)]);
            let found = Findings::of(Evidence { unread, ..Evidence::default() }, &business_keys);
            means.inbox.send(Fact::attributed(found)).await;
        }
        let source = means.ports.traces.first().map(|server| server.name().clone()).unwrap_or_default();
        pause(&means, &source, OFTEN, failed, failure.as_ref()).await;
    }
}

async fn read(
    means: &Means,
    reader: &mut Reader,
    baseline: &mut Baseline,
    business_keys: &[Symbol],
) -> Result<(), Failure> {
    let Some(server) = means.ports.traces.first() else { return Ok(()) };
    let window = Window::ending(means.ports.clock.now(), BACK);
    let search = Search { errors_only: true, ..Search::default() };
    reader.requests = reader.requests.saturating_add(1);
    let mut listing = server.search(&search, window, TRACES).await?;
    let mut by_slowness = false;
    if let Some(bound) = means.slowness.least() {
        let search = Search { longer_than: Some(bound), ..Search::default() };
        reader.requests = reader.requests.saturating_add(1);
        let slow = server.search(&search, window, TRACES).await?;
        by_slowness = slow.rows.len() > listing.rows.len().saturating_mul(OUTNUMBERED);
        if by_slowness {
            listing = slow;
        }
    }
    if listing.rows.is_empty() {
        // Nobody looked everywhere: that none was found is then no answer, and what was found before stands.
        if listing.partial.is_some() && !reader.has_gathered() {
            let found = Findings::of(Evidence { partial: listing.partial, ..Evidence::default() }, business_keys);
            means.inbox.send(Fact::attributed(found)).await;
        }
        return Ok(());
    }
    let (newest, mut unread) = reader.read(means, &listing.rows, window).await;
    // What was read for this failure before still counts: the more, the surer.
    let (failing, more) = reader.gather(&newest, listing.is_part(), by_slowness, means.alarm.since());
    let found = listing.rows.len().saturating_add(failing.len().saturating_sub(newest.len()));
    let found = u32::try_from(found).unwrap_or(u32::MAX);
    let tell = |reader: &Reader, slow: &[TraceId], baseline: &Baseline, unread: &Unread| {
        let evidence = Evidence {
            failing: reader.profiles(&failing),
            by_slowness,
            slow: reader.profiles(slow),
            healthy: baseline.profiles(),
            baseline: baseline.window,
            found,
            more,
            partial: listing.partial.clone(),
            unread: unread.clone(),
            requests: reader.requests,
        };
        Findings::of(evidence, business_keys)
    };
    // Who is responsible cannot wait for what is usual.
    if !baseline.is_read() {
        means.inbox.send(Fact::attributed(tell(reader, &[], baseline, &unread))).await;
    }
    let slow = slow(means, server.as_ref(), reader, window).await;
    if let Some(root) = usual_root(&reader.profiles(&failing)) {
        for (why, count) in baseline.refresh(means, server.as_ref(), reader, &root).await {
            *unread.entry(format!("healthy ones: {why}")).or_default() += count;
        }
    }
    means.inbox.send(Fact::attributed(tell(reader, &slow, baseline, &unread))).await;
    let sighting = Sighting { source: server.name().clone(), place: Place::Spans };
    let changes = reader.versions().changes(PROOF, &sighting);
    if !changes.is_empty() {
        means.inbox.send(Fact::Changes { source: Symbol::from(sighting.to_string()), changes }).await;
    }
    Ok(())
}

/// Slow ones that did not fail; that none can be found is no reason to be silent about those that failed.
async fn slow(means: &Means, server: &dyn Traces, reader: &mut Reader, window: Window) -> Vec<TraceId> {
    let search = Search { longer_than: Some(SLOW), ..Search::default() };
    reader.requests = reader.requests.saturating_add(1);
    let Ok(Listing { mut rows, .. }) = server.search(&search, window, TRACES).await else { return Vec::new() };
    rows.retain(|row| row.errors.is_none_or(|errors| errors == 0));
    rows.truncate(SLOW_TRACES);
    let (read, _) = reader.read(means, &rows, window).await;
    reader.profiles(&read).iter().filter(|profile| !profile.failed).map(|profile| profile.trace).collect()
}
