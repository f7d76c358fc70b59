//! What is asked of an SLO now and then beside its windows: how often its series are scraped, and what the oldest day of
//! its budget spent. Not the windows themselves: those are `burn.rs`.

use std::time::Duration;

use tokio::time::Instant;

use crate::domain::Timestamp;
use crate::domain::slo::{Measure, Slo};
use crate::port::Metrics;

/// The scrape interval that most servers have.
pub(super) const SCRAPE: Duration = Duration::from_secs(15);
/// So long back scrapes are counted.
const LOOKED_AT: Duration = Duration::from_secs(600);
/// And so long, where those are few: a series that was just born has few of them, however often it is scraped.
const JUST_NOW: Duration = Duration::from_secs(60);
/// Scrapes that come as often as this are often enough for any window.
const OFTEN: Duration = Duration::from_secs(30);
const DAY: Duration = Duration::from_secs(86_400);
/// A day of long ago does not change; the window moves slowly over it.
const SELDOM: Duration = Duration::from_secs(3_600);

/// The time between two scrapes of the SLO's series; `None` when the server does not tell or the query names no series.
pub async fn scrape_interval(server: &dyn Metrics, slo: &Slo, at: Timestamp) -> Option<Duration> {
    let long = scrapes(server, slo, LOOKED_AT, at).await.map(|count| LOOKED_AT.div_f64(count));
    if long.is_none_or(|interval| interval <= OFTEN) {
        return long;
    }
    let recent = scrapes(server, slo, JUST_NOW, at).await.map(|count| JUST_NOW.div_f64(count - 1.0));
    long.into_iter().chain(recent).min()
}

/// Fewer than two are no rhythm: a series that was just born, or one that is gone.
async fn scrapes(server: &dyn Metrics, slo: &Slo, over: Duration, at: Timestamp) -> Option<f64> {
    let answer = server.instant(&slo.scrapes_text(over)?, at).await.ok()?;
    let count = answer.series.first()?.samples.last()?.value;
    (count >= 2.0 && count.is_finite()).then_some(count)
}

/// The oldest day of the SLO's window, which it will give back within the next.
pub async fn oldest_day(server: &dyn Metrics, slo: &Slo, at: Timestamp) -> Option<Measure> {
    let rest = slo.window.checked_sub(DAY).filter(|rest| *rest >= DAY)?;
    let (texts, at) = (slo.texts(DAY), at.minus(rest));
    let (first, total) = tokio::join!(server.instant(&texts.first, at), server.instant(&texts.total, at));
    let day = slo.measure(DAY, first, total);
    matches!(day, Measure::Counts { .. }).then_some(day)
}

/// What one SLO's watch remembers between its turns.
#[derive(Default)]
pub(in crate::runtime) struct Grain {
    interval: Option<Duration>,
    oldest: Option<(Instant, Option<Measure>)>,
}

impl Grain {
    /// Names the windows that are too short for a rate, and adds the window without its oldest day.
    pub(in crate::runtime) async fn refine(
        &mut self,
        server: &dyn Metrics,
        slo: &Slo,
        at: Timestamp,
        measures: &mut Vec<(Duration, Measure)>,
    ) {
        if self.interval.is_none() {
            self.interval = scrape_interval(server, slo, at).await;
        }
        if let Some(interval) = self.interval {
            for (window, measure) in measures.iter_mut() {
                if let Some(short) = slo.too_short(*window, interval) {
                    *measure = short;
                    // What is too little now may be enough when the series is older.
                    self.interval = None;
                }
            }
        }
        let whole = measures.iter().find(|(window, _)| *window == slo.window).map(|(_, measure)| measure.clone());
        let Some(whole) = whole.filter(|whole| matches!(whole, Measure::Counts { .. })) else { return };
        if self.oldest.as_ref().is_none_or(|(asked, _)| asked.elapsed() >= SELDOM) {
            self.oldest = Some((Instant::now(), oldest_day(server, slo, at).await));
        }
        let oldest = self.oldest.as_ref().and_then(|(_, day)| day.as_ref());
        if let Some(rest) = oldest.and_then(|day| whole.without(day)) {
            measures.push((slo.window.saturating_sub(DAY), rest));
        }
    }
}
