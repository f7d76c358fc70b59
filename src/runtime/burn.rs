//! Reads one SLO again and again: every window of its rules, its whole period, and since when and how much it fails.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::Instant;

use super::grain::Grain;
use super::means::{Means, OFTEN, SELDOM, patiently, pause, report};
use crate::domain::signal::{Sample, Series};
use crate::domain::slo::{self, Impact, Measure, Reading, Sli, Slo, Unit};
use crate::domain::{Cause, Failure, Timestamp, Window};
use crate::port::Metrics;
use crate::room::{Fact, ImpactSample};

/// A cell of the time strip, and the scrape interval that most servers have.
const STEP: Duration = Duration::from_secs(15);
/// The share of failures is shown over this long before now.
const STRIP: Duration = Duration::from_secs(50 * 60);
/// Windows of one SLO that are asked for at the same time.
const AT_ONCE: usize = 3;
/// Bounds of histograms that were there within this time count as there.
const BOUNDS: Duration = Duration::from_secs(3_600);
/// The window of the rate behind each cell of the strip: four scrapes, below which a rate is not to be trusted.
const SMOOTH: Duration = Duration::from_secs(60);

pub(super) async fn watch(means: Means, slo: Arc<Slo>) {
    let mut failed = 0;
    let mut whole: Option<(Instant, Measure)> = None;
    let mut grain = Grain::default();
    loop {
        let named = |server: &&Arc<dyn Metrics>| slo.source.as_ref().is_none_or(|source| server.name() == source);
        let Some(server) = means.ports.metrics.iter().find(named) else {
            let failure = Failure::new("metrics", Cause::NotConfigured);
            let measures =
                slo::windows(&slo).into_iter().map(|window| (window, Measure::Failed(failure.clone()))).collect();
            let at = means.ports.clock.now();
            means.inbox.send(Fact::Burn(Reading { slo: slo.name.clone(), at, measures })).await;
            pause(&means, SELDOM, 1, None).await;
            continue;
        };
        // On the grid of scrapes: between two of them a rate is extrapolated, and a steep rise counted too high.
        let at = means.ports.clock.now().floor_to(STEP);
        let fresh = whole.take().filter(|(read, measure)| read.elapsed() < SELDOM && is_good(measure));
        let windows = slo::windows(&slo);
        let mut asked = windows.clone();
        asked.retain(|window| fresh.is_none() || *window != slo.window);
        // A few at once: on a slow server one after the other would make every number old.
        let answers: Vec<(Duration, Measure, Duration)> = futures_util::stream::iter(asked)
            .map(|window| {
                let (means, server, slo) = (&means, server.as_ref(), &slo);
                async move {
                    let began = Instant::now();
                    let measure = patiently(means, server.name(), measure(server, slo, window, at)).await;
                    (window, measure, began.elapsed())
                }
            })
            .buffered(AT_ONCE)
            .collect()
            .await;
        let slowest = answers.iter().map(|(_, _, took)| *took).max().unwrap_or_default();
        let mut measures: Vec<(Duration, Measure)> = Vec::with_capacity(windows.len());
        for (window, measure, _) in answers {
            if window == slo.window {
                whole = Some((Instant::now(), measure.clone()));
            }
            measures.push((window, measure));
        }
        if let Some((read, measure)) = fresh {
            measures.push((slo.window, measure.clone()));
            whole = Some((read, measure));
        }
        let failure = measures.iter().find_map(|(_, measure)| match measure {
            Measure::Failed(failure) => Some(failure.clone()),
            _ => None,
        });
        failed = if failure.is_some() { failed + 1 } else { 0 };
        report(&means, server.name(), failed, failure.as_ref().map_or_else(|| Ok(slowest), Err)).await;
        grain.refine(server.as_ref(), &slo, at, &mut measures).await;
        let burns = burns_now(&slo, &measures);
        means.slowness.note(&slo.name, slo.slow_from(), burns);
        if burns {
            means.alarm.store(true, Ordering::Relaxed);
        }
        let past = if failure.is_none() { past(server.as_ref(), &slo, at).await } else { None };
        // The record knows the start of an incident that began before the strip does.
        let start = (*means.counted_since.borrow()).or_else(|| past.as_ref().and_then(|past| past.start));
        if let Some(since) = start.map(|start| whole_seconds(at.elapsed_since(start)))
            && since >= SMOOTH
            && since < slo.window
            && measures.iter().all(|(window, _)| *window != since)
        {
            // What was lost since the impact began is a window of its own: exact, where the strip's steps overlap.
            measures.push((since, measure(server.as_ref(), &slo, since, at).await));
        }
        means.inbox.send(Fact::Burn(Reading { slo: slo.name.clone(), at, measures })).await;
        if let Some(past) = past {
            means.inbox.send(Fact::Impact { slo: slo.name.clone(), samples: past.samples }).await;
        }
        pause(&means, OFTEN, failed, failure.as_ref()).await;
    }
}

const fn is_good(measure: &Measure) -> bool {
    matches!(measure, Measure::Counts { .. })
}

/// Whether the shortest window spends the budget faster than it lasts.
fn burns_now(slo: &Slo, measures: &[(Duration, Measure)]) -> bool {
    let shortest = measures.iter().min_by_key(|(window, _)| *window);
    match shortest {
        Some((_, Measure::Counts { bad, total, .. })) if *total > 0.0 => bad / total > slo.objective.budget(),
        _ => false,
    }
}

/// One window of an SLO. A histogram bucket that the server does not have is named, with its neighbours.
pub async fn measure(server: &dyn Metrics, slo: &Slo, window: Duration, at: Timestamp) -> Measure {
    let texts = slo.texts(window);
    let (first, total) = tokio::join!(server.instant(&texts.first, at), server.instant(&texts.total, at));
    let measure = slo.measure(window, first, total);
    match (&measure, slo.sli.bucket()) {
        // Nothing good at all may be an outage, or a bucket that is not there.
        (measured, Some(ask)) if measured.may_lack_bucket() => {
            let asked = server.label_values("le", &ask.selector, Window::ending(at, BOUNDS)).await;
            measure.with_bounds(&ask.wanted, &asked.unwrap_or_default())
        }
        _ => measure,
    }
}

const fn whole_seconds(duration: Duration) -> Duration {
    Duration::from_secs(duration.as_secs())
}

/// The recent past of an SLO, and when its impact began, if one goes on.
struct Past {
    samples: Vec<ImpactSample>,
    start: Option<Timestamp>,
}

/// The share of failures in even steps over the strip.
async fn past(server: &dyn Metrics, slo: &Slo, at: Timestamp) -> Option<Past> {
    let window = Window::ending(at.floor_to(STEP), STRIP);
    let (first, total) = (slo::query(slo.sli.first(), SMOOTH), slo::query(slo.sli.total(), SMOOTH));
    let (first, total) = tokio::join!(server.range(&first, window, STEP), server.range(&total, window, STEP));
    let (first, total) = (first.ok()?.series.into_iter().next(), total.ok()?.series.into_iter().next()?);
    let bad = bad_events(&slo.sli, first.unwrap_or_default(), &total);
    let unit = if slo::is_count(slo.sli.total()) { Unit::Count } else { Unit::Rate };
    let factor = slo.policy.rules().first().map_or(1_000, |rule| rule.factor_milli);
    let start = Impact::find(&bad, &total, unit, STEP, slo.objective, factor).map(|impact| impact.start);
    // A count over the smoothing window is that many steps' worth of events.
    let scale = if unit == Unit::Rate { STEP.as_secs_f64() } else { STEP.as_secs_f64() / SMOOTH.as_secs_f64() };
    let mut bads = bad.samples.iter().peekable();
    let sample = |whole: &Sample| {
        while bads.next_if(|sample| sample.time < whole.time).is_some() {}
        let bad = bads.peek().filter(|sample| sample.time == whole.time).map_or(0.0, |sample| sample.value);
        ImpactSample { end: whole.time, bad: bad * scale, total: whole.value * scale }
    };
    Some(Past { samples: total.samples.iter().map(sample).collect(), start })
}

/// The series of bad events, whichever of bad and good was asked for.
fn bad_events(sli: &Sli, first: Series, total: &Series) -> Series {
    match sli {
        Sli::BadOverTotal { .. } => first,
        Sli::GoodOverTotal { .. } => {
            let mut goods = first.samples.iter().peekable();
            let bad = |whole: &Sample| {
                while goods.next_if(|sample| sample.time < whole.time).is_some() {}
                let good = goods.peek().filter(|sample| sample.time == whole.time)?.value;
                Some(Sample { time: whole.time, value: (whole.value - good).max(0.0) })
            };
            Series { labels: total.labels.clone(), samples: total.samples.iter().filter_map(bad).collect() }
        }
    }
}
