//! Counts one SLO's whole window without reading it again and again: hours from the store, missing hours from the server,
//! the newest day first, then the live hour alone; or the server's own recording rule, where there is one.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::super::beat::Beat;
use super::super::inbox::Inbox;
use super::super::means::{Alarm, Means, SELDOM, Slowness, pause, report};
use super::super::servers::{Asker, Gates, guarded};
use super::burn::server;
use super::grain::SCRAPE;
use super::questions::{Questions, When};
use crate::domain::signal::{Answer, Series};
use crate::domain::slo::{
    Before, Coverage, HOUR, Hour, Hours, Measure, Method, Recorded, Slo, key, recorded, telescoping, whole,
};
use crate::domain::{Cause, Failure, Symbol, Timestamp, Window};
use crate::port::{Metrics, Ports, Reply};
use crate::room::Fact;

/// A window up to this long is cheap enough to be read as it is.
const CHEAP: Duration = Duration::from_secs(3 * 86_400);
/// How often it is looked whether the server has a rule of its own.
const RULES_EVERY: Duration = Duration::from_secs(600);
/// How often it is looked what the server has of the time before an SLO's first sample.
const BEFORE_EVERY: Duration = Duration::from_secs(3_600);
/// Blocks of samples begin up to so much before their first one: what lies nearer says nothing.
const BLOCK: Duration = Duration::from_secs(3 * 3_600);

/// Hours of one question, where the server does not refuse so many.
const MOST_AT_ONCE: u32 = 24;

/// Whether the whole window of this SLO is counted here.
pub(in crate::runtime) fn is_counted(slo: &Slo) -> bool {
    // Slices that do not fill an hour cannot be counted by hours.
    let fills = slo.method.slice().is_none_or(|slice| HOUR.as_secs().is_multiple_of(slice.as_secs().max(1)));
    slo.window > CHEAP && fills
}

pub(in crate::runtime) async fn watch(means: Means, slo: Arc<Slo>, tell: watch::Sender<Option<Measure>>) {
    let Some(server) = server(&means.past, &slo).map(Arc::clone) else { return };
    let mut period = Period::new(&means, &slo, server).await;
    let mut failed = 0;
    loop {
        let outcome = period.turn(&tell).await;
        failed = if outcome.is_ok() { 0 } else { failed + 1 };
        report(&means, period.server.name(), outcome.as_ref().map(|took| *took)).await;
        pause(&means, period.server.name(), SELDOM, failed, outcome.err().as_ref()).await;
    }
}

/// The number of the whole window once, for those who do not stay: from the store, and what is missing from the server.
/// `None` for a window that is read as it is, or without a server.
pub async fn whole_window(
    ports: &Ports,
    budgets: &BTreeMap<Symbol, u32>,
    slo: &Slo,
) -> Option<(Measure, Option<Coverage>)> {
    if !is_counted(slo) {
        return None;
    }
    let gates = Gates::of_ports(ports, budgets);
    let past = Arc::new(guarded(ports, &gates, Asker::Past));
    let server = Arc::clone(server(&past, slo)?);
    let means = Means {
        ports: Arc::clone(&past),
        past,
        inbox: Inbox::new().0,
        refresh: Arc::default(),
        beat: Beat::new(),
        gates,
        asker: slo.name.clone(),
        alarm: Alarm::quiet(),
        counted_since: watch::channel(None).1,
        slowness: Slowness::default(),
    };
    let mut period = Period::new(&means, slo, server).await;
    let (tell, whole) = watch::channel(None);
    let outcome = period.turn(&tell).await;
    let known = whole.borrow().clone();
    let measure = known.or_else(|| outcome.err().map(Measure::Failed))?;
    Some((measure, period.coverage.clone()))
}

struct Period<'a> {
    means: &'a Means,
    slo: &'a Slo,
    server: Arc<dyn Metrics>,
    /// The same SLO with questions whose counts lie end to end.
    counted: Slo,
    questions: Questions,
    key: String,
    hours: Hours,
    live: Measure,
    /// Since when `live` counts: it goes with the hours that end there, and with no others.
    live_from: Timestamp,
    live_at: Option<Instant>,
    rule: Option<Recorded>,
    rules_at: Option<Instant>,
    told_that_not_kept: bool,
    before: Option<(Instant, Before)>,
    /// What the server said beside the answers of this turn, and of the last one that had any.
    said: Vec<String>,
    /// How many hours are asked for together: fewer after a refusal, which may be of their number.
    at_once: u32,
    /// Why the server does not give the hours that are missing.
    refused: Option<String>,
    coverage: Option<Coverage>,
}

impl<'a> Period<'a> {
    async fn new(means: &'a Means, slo: &'a Slo, server: Arc<dyn Metrics>) -> Self {
        let key = key(slo, &server.place());
        let mut period = Self {
            means,
            slo,
            counted: match slo.method {
                Method::Occurrences => Slo { sli: telescoping(&slo.sli), ..slo.clone() },
                _ => slo.clone(),
            },
            questions: Questions::default(),
            key,
            hours: Hours::default(),
            live: Measure::NoData,
            live_from: Timestamp::EPOCH,
            live_at: None,
            rule: None,
            rules_at: None,
            told_that_not_kept: false,
            before: None,
            said: Vec::new(),
            at_once: MOST_AT_ONCE,
            refused: None,
            coverage: None,
            server,
        };
        let from = period.now().minus(slo.window + HOUR);
        // What cannot be read is read again from the server.
        for hour in means.ports.hours.hours(&period.key, from).await.unwrap_or_default() {
            period.hours.put(hour);
        }
        period
    }

    /// By the server's clock, on the grid of scrapes.
    fn now(&self) -> Timestamp {
        let skew = self.means.gates.of(self.server.name()).skew();
        self.means.ports.clock.now().shifted(skew).floor_to(SCRAPE)
    }

    /// What is due: the rule or the live hour, then every hour that is missing. Gives how long an answer took.
    async fn turn(&mut self, tell: &watch::Sender<Option<Measure>>) -> Result<Duration, Failure> {
        let began = Instant::now();
        if self.rules_at.is_none_or(|at| at.elapsed() >= RULES_EVERY) {
            let rules = self.server.recording_rules().await?;
            self.rule = recorded(self.slo, &rules);
            self.rules_at = Some(Instant::now());
        }
        if self.read_rule(tell).await? {
            return Ok(began.elapsed());
        }
        let counted = self.count(began, tell).await;
        if let Err(failure) = &counted
            && is_refusal(failure)
        {
            // What is refused is not nothing: the hours stay missing, and the screen says why.
            self.refused = Some(failure.to_string());
            self.show(tell).await;
        }
        counted
    }

    /// The live hour, then every hour that is missing.
    async fn count(&mut self, began: Instant, tell: &watch::Sender<Option<Measure>>) -> Result<Duration, Failure> {
        self.read_live().await?;
        let took = began.elapsed();
        self.said = self.questions.said();
        self.show(tell).await;
        while let Some(window) = self.hours.wanted(self.slo.window, self.now()) {
            self.read_hours(window).await?;
            let is_due = self.live_at.is_none_or(|at| at.elapsed() >= SELDOM);
            if is_due || self.hours.sum(self.slo.window, self.now()).live_from != self.live_from {
                self.read_live().await?;
            }
            self.show(tell).await;
        }
        self.hours.forget_before(self.slo.window + HOUR, self.now());
        self.refused = None;
        Ok(took)
    }

    /// False when there is no rule that counts as we do, or it has no number: it may be new, or its group may fail.
    async fn read_rule(&mut self, tell: &watch::Sender<Option<Measure>>) -> Result<bool, Failure> {
        let at = self.now();
        let (rule, measure) = match (&self.rule, self.slo.method) {
            (Some(Recorded::Counts { rule, sli }), Method::Occurrences) => {
                let of_rule = Slo { sli: sli.clone(), ..self.slo.clone() };
                (rule.clone(), self.measure(&of_rule, self.slo.window, at).await?)
            }
            (Some(Recorded::Mean { rule, text }), Method::RatioOfSlices { slice }) => {
                (rule.clone(), self.mean(text, slice, at).await?)
            }
            _ => return Ok(false),
        };
        let is_usable = measure.is_answer();
        if is_usable {
            tell.send_replace(Some(measure));
            self.tell_coverage(Coverage::of_rule(rule, self.slo.window)).await;
        }
        Ok(is_usable)
    }

    /// A mean over the window is that share of its slices.
    async fn mean(&self, text: &str, slice: Duration, at: Timestamp) -> Result<Measure, Failure> {
        let answer = passing(self.server.instant(text, at).await)?;
        let Ok(answer) = answer else { return Ok(Measure::NoData) };
        let [series] = answer.series.as_slice() else { return Ok(Measure::NoData) };
        let share = series.samples.last().map(|sample| sample.value).filter(|share| (0.0..=1.0).contains(share));
        let slices = self.slo.window.as_secs_f64() / slice.as_secs_f64().max(1.0);
        let partial = !answer.warnings.is_empty();
        Ok(share.map_or(Measure::NoData, |share| Measure::Counts { bad: share * slices, total: slices, partial }))
    }

    async fn measure(&self, slo: &Slo, window: Duration, at: Timestamp) -> Result<Measure, Failure> {
        let (first, total) = self.questions.pair(self.server.as_ref(), slo, window, When::At(at)).await;
        let (first, total) = (passing(first)?, passing(total)?);
        Ok(slo.measure(window, first, total))
    }

    /// What happened since the last whole hour.
    async fn read_live(&mut self) -> Result<(), Failure> {
        let at = self.now();
        self.live_from = self.hours.sum(self.slo.window, at).live_from;
        let since = at.elapsed_since(self.live_from);
        self.live = match since {
            Duration::ZERO => Measure::NoTraffic,
            since => match self.measure(&self.counted, since, at).await? {
                Measure::Failed(failure) => return Err(failure),
                measure => measure,
            },
        };
        self.live_at = Some(Instant::now());
        Ok(())
    }

    /// The newest hours of a window, each read once, into memory and into the store. `Ok` and nothing read where fewer of
    /// them are to be asked for.
    async fn read_hours(&mut self, window: Window) -> Result<(), Failure> {
        let window = Window { start: window.start.max(window.end.minus(HOUR * self.at_once)), ..window };
        let ends = Window { start: window.start.plus(HOUR), end: window.end };
        let when = When::Over { window: ends, step: HOUR };
        let (first, total) = self.questions.pair(self.server.as_ref(), &self.counted, HOUR, when).await;
        let (first, total) = match (passing(first)?, passing(total)?) {
            (Err(failure), _) | (_, Err(failure)) if is_refusal(&failure) => {
                if self.at_once == 1 {
                    return Err(failure);
                }
                self.at_once /= 2;
                return Ok(());
            }
            answers => answers,
        };
        self.at_once = (self.at_once * 2).min(MOST_AT_ONCE);
        let read_at = self.now();
        let mut fresh = Vec::new();
        let mut start = window.start;
        while start < window.end {
            let end = start.plus(HOUR);
            let measure = self.counted.measure(HOUR, at(&first, end), at(&total, end));
            let hour = Hour::of(start, &measure, read_at);
            if !self.hours.put(hour) {
                // What is not taken would be asked for again for ever.
                self.hours.put(Hour { counts: None, partial: true, ..hour });
            }
            fresh.push(hour);
            start = end;
        }
        if let Err(why) = self.means.ports.hours.keep_hours(&self.key, fresh).await
            && !std::mem::replace(&mut self.told_that_not_kept, true)
        {
            let text = format!("past hours are not kept and will be read again: {why}");
            self.means.inbox.send(Fact::Notice(text)).await;
        }
        Ok(())
    }

    async fn show(&mut self, tell: &watch::Sender<Option<Measure>>) {
        let now = self.now();
        let sum = self.hours.sum(self.slo.window, now);
        let mut coverage = Coverage::of_hours(&sum, self.slo.window, now);
        if let Some(since) = coverage.since {
            coverage.before = self.before(Window { start: now.minus(self.slo.window), end: since }).await;
        }
        self.said.extend(self.questions.said());
        self.said.sort_unstable();
        self.said.dedup();
        coverage.said.clone_from(&self.said);
        coverage.refused.clone_from(&self.refused);
        // An hour that ended meanwhile would be counted twice, or not at all.
        if sum.live_from == self.live_from
            && let Some(measure) = whole(&sum, self.live.clone(), &coverage)
        {
            tell.send_replace(Some(measure));
        }
        if let (Some(Recorded::Mean { rule, .. }), Method::Occurrences) = (&self.rule, self.slo.method) {
            coverage.note = Some(format!("{rule} is a mean of slices and not mixed with events"));
        }
        self.tell_coverage(coverage).await;
    }

    /// What the server has of a time in which it has nothing of this SLO: by the jobs that it knows of then, and of now.
    async fn before(&mut self, empty: Window) -> Before {
        if let Some((_, before)) = self.before.filter(|(at, _)| at.elapsed() < BEFORE_EVERY) {
            return before;
        }
        let empty = Window { end: empty.end.minus(BLOCK), ..empty };
        if empty.end <= empty.start {
            return Before::Unknown;
        }
        let recent = Window::ending(self.now(), HOUR);
        let before = match self.server.label_values("job", "", empty).await {
            Ok(jobs) if !jobs.is_empty() => Before::Others,
            Ok(_) => match self.server.label_values("job", "", recent).await {
                Ok(jobs) if !jobs.is_empty() => Before::Nothing,
                _ => Before::Unknown,
            },
            Err(_) => Before::Unknown,
        };
        self.before = Some((Instant::now(), before));
        before
    }

    async fn tell_coverage(&mut self, coverage: Coverage) {
        self.coverage = Some(coverage.clone());
        let slo = self.slo.name.clone();
        self.means.inbox.send(Fact::Covered { slo, coverage: Box::new(coverage) }).await;
    }
}

/// The server gives no answer to this question, or not now: too many samples, more bytes than are read.
const fn is_refusal(failure: &Failure) -> bool {
    matches!(failure.cause, Cause::Refused { .. } | Cause::TooLarge(_))
}

/// A server that is silent is asked again later, and so is one in whose place something else answered; what it says of a
/// question stays with the question.
fn passing(reply: Reply<Answer>) -> Result<Reply<Answer>, Failure> {
    let is_no_answer = |failure: &Failure| {
        failure.is_passing() || matches!(failure.cause, Cause::Malformed(_) | Cause::Unauthorised(_))
    };
    match reply {
        Err(failure) if is_no_answer(&failure) => Err(failure),
        reply => Ok(reply),
    }
}

/// The part of a range's answer at one of its steps.
fn at(answer: &Reply<Answer>, moment: Timestamp) -> Reply<Answer> {
    let answer = answer.as_ref().map_err(Clone::clone)?;
    let sample_of = |series: &Series| {
        let sample = series.samples.iter().find(|sample| sample.time == moment)?;
        Some(Series { labels: series.labels.clone(), samples: vec![*sample] })
    };
    let series = answer.series.iter().filter_map(sample_of).collect();
    Ok(Answer { series, warnings: answer.warnings.clone(), ..Answer::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_kept_only_of_what_the_server_itself_said() {
        let failed = |cause| Err(Failure::new("mimir", cause));
        let again = [
            Cause::Malformed("an HTML page came".into()),
            Cause::Unauthorised("the login has ended".into()),
            Cause::Failing { status: 500, message: String::new() },
        ];
        assert!(again.map(failed).into_iter().all(|reply| passing(reply).is_err()));
        let said = [Cause::Refused { status: 422, message: "many-to-many".into() }, Cause::TooLarge(1)];
        assert!(said.map(failed).into_iter().all(|reply| passing(reply).is_ok()));
    }
}
