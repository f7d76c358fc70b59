//! Reads one SLO again and again: every window of its rules, and since when and how much it fails. Its whole window, when
//! that is long, is counted by `period.rs`.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::super::means::{Means, OFTEN, SELDOM, patiently, pause, report};
use super::grain::{Grain, SCRAPE};
use super::questions::{Questions, When};
use crate::domain::signal::{Sample, Series};
use crate::domain::slo::{self, Impact, Measure, Method, Reading, Sli, Slo, Unit};
use crate::domain::{Cause, Failure, Timestamp, Window};
use crate::port::{Metrics, Ports};
use crate::room::{Fact, ImpactSample};

/// A cell of the time strip.
const STEP: Duration = SCRAPE;
/// The share of failures is shown over this long before now.
const STRIP: Duration = Duration::from_secs(50 * 60);
/// What is asked for instead while an impact goes on for longer than that.
const FAR: Duration = Duration::from_secs(6 * 3_600);
/// The window of the rate behind each cell of the strip: four scrapes, below which a rate is not to be trusted.
const SMOOTH: Duration = Duration::from_secs(60);

/// The measure of an SLO's whole window, from where it is counted; `None` while nothing is known.
pub(in crate::runtime) type Whole = watch::Receiver<Option<Measure>>;

/// The server of an SLO, by its `source` or the first.
pub(in crate::runtime) fn server<'a>(ports: &'a Ports, slo: &Slo) -> Option<&'a Arc<dyn Metrics>> {
    ports.metrics.iter().find(|server| slo.source.as_ref().is_none_or(|source| server.name() == source))
}

pub(in crate::runtime) async fn watch(means: Means, slo: Arc<Slo>, mut whole: Option<Whole>) {
    let mut failed = 0;
    let mut is_loaded = false;
    let mut grain = Grain::default();
    let questions = Questions::default();
    let mut told = Vec::new();
    let mut reach = STRIP;
    loop {
        let Some(server) = server(&means.ports, &slo) else {
            let failure = Failure::new("metrics", Cause::NotConfigured);
            let measures =
                slo::windows(&slo).into_iter().map(|window| (window, Measure::Failed(failure.clone()))).collect();
            let at = means.ports.clock.now();
            means.inbox.send(Fact::Burn(Reading { slo: slo.name.clone(), at, measures })).await;
            pause(&means, &"metrics".into(), SELDOM, 1, None).await;
            continue;
        };
        // On the grid of scrapes: between two of them a rate is extrapolated, and a steep rise counted too high.
        let at = means.ports.clock.now().floor_to(SCRAPE);
        let mut windows = slo::windows(&slo);
        if whole.is_some() {
            windows.retain(|window| *window != slo.window);
        }
        let began = Instant::now();
        let asked = questions.measures(server.as_ref(), &slo, &windows, at);
        let mut measures = patiently(&means, server.name(), asked).await;
        let took = began.elapsed();
        let failure = measures.iter().find_map(|(_, measure)| match measure {
            Measure::Failed(failure) => Some(failure.clone()),
            _ => None,
        });
        failed = if failure.is_some() { failed + 1 } else { 0 };
        report(&means, server.name(), failure.as_ref().map_or_else(|| Ok(took), Err)).await;
        if let Some(measure) = whole.as_ref().and_then(|whole| whole.borrow().clone()) {
            measures.push((slo.window, measure));
        }
        grain.refine(server.as_ref(), &slo, at, &mut measures).await;
        let burns = burns_now(&slo, &measures);
        means.slowness.note(&slo.name, slo.slow_from(), burns);
        if burns {
            means.alarm.raise(means.ports.clock.now());
        }
        let mut past = None;
        while failure.is_none() {
            past = self::past(&questions, server.as_ref(), &slo, at, reach).await;
            // An impact that is there as the strip begins began before: what it cost is counted from its start alone.
            let is_cut = past.as_ref().is_some_and(|past| past.is_cut(at, reach));
            if !is_cut || reach == FAR || means.counted_since.borrow().is_some() {
                break;
            }
            reach = FAR;
        }
        if past.as_ref().is_some_and(|past| past.start.is_none()) {
            reach = STRIP;
        }
        if let Some(start) = past.as_ref().and_then(|past| past.start).filter(|_| burns) {
            means.alarm.impact(start);
        }
        // The record knows the start of an incident that began before the strip does.
        let start = (*means.counted_since.borrow()).or_else(|| past.as_ref().and_then(|past| past.start));
        if let Some(since) = start.map(|start| whole_seconds(at.elapsed_since(start)))
            && since >= SMOOTH
            && since < slo.window
            && measures.iter().all(|(window, _)| *window != since)
        {
            // What was lost since the impact began is a window of its own: exact, where the strip's steps overlap.
            measures.extend(questions.measures(server.as_ref(), &slo, &[since], at).await);
        }
        let said = questions.said();
        if said != told {
            told.clone_from(&said);
            means.inbox.send(Fact::Warned { slo: slo.name.clone(), said }).await;
        }
        means.inbox.send(Fact::Burn(Reading { slo: slo.name.clone(), at, measures })).await;
        if let Some(past) = past {
            means.inbox.send(Fact::Impact { slo: slo.name.clone(), samples: past.samples }).await;
        }
        // A month that has just been loaded is shown at once and not at the next turn.
        tokio::select! {
            () = pause(&means, server.name(), OFTEN, failed, failure.as_ref()) => {}
            () = loaded(whole.as_mut(), &mut is_loaded) => {}
        }
    }
}

/// Comes once, when the number of the whole window is there and whole for the first time.
async fn loaded(whole: Option<&mut Whole>, known: &mut bool) {
    let is_whole = |measure: &Option<Measure>| matches!(measure, Some(Measure::Counts { partial: false, .. }));
    if let Some(whole) = whole.filter(|_| !*known)
        && whole.wait_for(is_whole).await.is_ok()
    {
        *known = true;
        return;
    }
    std::future::pending().await
}

/// Whether the shortest window spends the budget faster than it lasts.
fn burns_now(slo: &Slo, measures: &[(Duration, Measure)]) -> bool {
    let shortest = measures.iter().min_by_key(|(window, _)| *window);
    match shortest {
        Some((_, Measure::Counts { bad, total, .. })) if *total > 0.0 => bad / total > slo.objective.budget(),
        _ => false,
    }
}

/// One window of an SLO, asked for once. A histogram bucket that the server does not have is named, with its neighbours.
pub async fn measure(server: &dyn Metrics, slo: &Slo, window: Duration, at: Timestamp) -> Measure {
    let measured = Questions::default().measures(server, slo, &[window], at).await;
    measured.into_iter().next().map_or(Measure::NoData, |(_, measure)| measure)
}

const fn whole_seconds(duration: Duration) -> Duration {
    Duration::from_secs(duration.as_secs())
}

/// The recent past of an SLO, and when its impact began, if one goes on.
struct Past {
    samples: Vec<ImpactSample>,
    start: Option<Timestamp>,
}

impl Past {
    /// Whether the impact goes on from the very beginning of what was asked for.
    fn is_cut(&self, at: Timestamp, reach: Duration) -> bool {
        let begins = Window::ending(at.floor_to(SCRAPE), reach).start.plus(SMOOTH);
        self.start.is_some_and(|start| start <= begins)
    }
}

/// The share of failures in even steps over the strip.
async fn past(questions: &Questions, server: &dyn Metrics, slo: &Slo, at: Timestamp, reach: Duration) -> Option<Past> {
    let window = Window::ending(at.floor_to(SCRAPE), reach);
    // What fails, and since when, is told in events, however the budget is counted.
    let of_events = Slo { method: Method::Occurrences, ..slo.clone() };
    let (first, total) = questions.pair(server, &of_events, SMOOTH, When::Over { window, step: STEP }).await;
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
