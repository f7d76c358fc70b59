//! The past of an SLO, asked for when somebody looks back: even steps by range queries, a window of the SLO at a time, the
//! newest first, so that a server which keeps less than is asked for still tells what it has.

use std::time::Duration;

use super::grain::SCRAPE;
use crate::domain::signal::{Answer, Series};
use crate::domain::slo::{Measure, Slo, Texts};
use crate::domain::spending::{Past, Slice};
use crate::domain::{Cause, Failure, Timestamp, Window};
use crate::port::{Metrics, Reply};

/// More steps than this in one question are refused by servers.
const STEPS: u128 = 5_000;

/// Steps back from `end`, or from up to a scrape before: the past ends on the grid of scrapes, as the gauges do, for a minute
/// of an incident is too much to differ from them by. Fails when nothing at all could be read.
pub async fn look_back(server: &dyn Metrics, slo: &Slo, end: Timestamp, over: Duration, step: Duration) -> Reply<Past> {
    let end = end.floor_to(SCRAPE);
    let mut past = Past { end, step, over, slices: Vec::new(), cut: None };
    let start = end.minus(over);
    let mut until = end;
    while until > start {
        let from = until.minus(slo.window.max(step)).max(start);
        match read(server, slo, Window { start: from, end: until }, step).await {
            Ok(read) => past.slices.extend(read.into_iter().rev()),
            Err(failure) if past.slices.is_empty() => return Err(failure),
            Err(failure) => {
                past.cut = Some(failure);
                break;
            }
        }
        until = from;
    }
    past.slices.reverse();
    Ok(past)
}

/// The steps that end within the window, its start left out. Oldest first.
async fn read(server: &dyn Metrics, slo: &Slo, window: Window, step: Duration) -> Reply<Vec<Slice>> {
    let steps = window.length().as_nanos() / step.as_nanos().max(1);
    if !(1..=STEPS).contains(&steps) {
        let why = Cause::Malformed("the past is asked for in too many steps, or in none".to_owned());
        return Err(Failure::new(server.name().clone(), why));
    }
    let Texts { first, total } = slo.texts(step);
    let asked = Window { start: window.start.plus(step), end: window.end };
    let (first, total) = tokio::join!(server.range(&first, asked, step), server.range(&total, asked, step));
    let (first, total) = (only(server, first?)?, only(server, total?)?);
    let mut slices = Vec::with_capacity(total.samples.len());
    for sample in &total.samples {
        let at = |series: &Series| {
            let samples = series.samples.iter().filter(|known| known.time == sample.time).copied().collect();
            let series = Series { labels: series.labels.clone(), samples };
            Ok(Answer { series: vec![series], ..Answer::default() })
        };
        match slo.measure(step, at(&first), at(&total)) {
            Measure::Counts { bad, total, .. } => slices.push(Slice { end: sample.time, bad, total }),
            Measure::NoTraffic => slices.push(Slice { end: sample.time, bad: 0.0, total: 0.0 }),
            // A step that says nothing is a hole, and is counted as one.
            Measure::NoData | Measure::Failed(_) | Measure::MissingBucket { .. } => {}
        }
    }
    Ok(slices)
}

/// The one series of an answer; an empty one when there is none.
fn only(server: &dyn Metrics, answer: Answer) -> Reply<Series> {
    let mut series = answer.series.into_iter();
    match (series.next(), series.next()) {
        (first, None) => Ok(first.unwrap_or_default()),
        _ => {
            let why = Cause::Malformed("several series where one is expected; sum() them".to_owned());
            Err(Failure::new(server.name().clone(), why))
        }
    }
}
