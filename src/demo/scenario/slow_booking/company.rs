//! The scenario as a [`Company`]: hands each question to the module that knows.

use std::sync::Arc;
use std::time::Duration;

use super::super::estate::{SCRAPE_SECONDS, minutes};
use super::super::objective;
use super::booking::Bookings;
use super::identity::{Identity, Subject};
use super::lines::Lines;
use super::services::ENTRYPOINTS;
use super::{changes, journeys, metrics, rules, script, slos, spans};
use crate::demo::{Annotation, Company, LogRecord, Metric, Rule, ScriptEntry, TraceRecord};
use crate::domain::signal::Level;
use crate::domain::{Labels, Timestamp, TraceId, Window};

/// A search looks at this many kept bookings at most, the latest.
const MOST: i64 = 50_000;

const RUNBOOKS: &[(&str, &str)] = &[
    ("booking-latency.md", include_str!("../../../../runbooks/booking-latency.md")),
    ("booking-availability.md", include_str!("../../../../runbooks/booking-availability.md")),
    ("journey-burn.md", include_str!("../../../../runbooks/journey-burn.md")),
    ("static-thresholds.md", include_str!("../../../../runbooks/static-thresholds.md")),
];

/// The day on which bookings grew slow and no threshold said so.
pub struct SlowBooking {
    seed: u64,
    impact_start: Timestamp,
    identity: Identity,
    bookings: Bookings,
    lines: Lines,
    metrics: Vec<Metric>,
    rules: Vec<Rule>,
}

impl SlowBooking {
    /// The seed changes ids and noise, never what happens or when. The impact starts at the scrape at or before
    /// `impact_start`.
    #[must_use]
    pub fn new(seed: u64, impact_start: Timestamp) -> Self {
        let impact_start = impact_start.floor_to(Duration::from_secs(SCRAPE_SECONDS.unsigned_abs()));
        Self {
            seed,
            impact_start,
            identity: Identity::new(seed),
            bookings: Bookings::new(seed, impact_start),
            lines: Lines::new(seed, impact_start),
            metrics: metrics::all(impact_start),
            rules: rules::all(),
        }
    }

    fn told(&self, subject: Subject) -> Option<TraceRecord> {
        match subject {
            Subject::Booking(number) => spans::booked(&self.identity, &self.bookings.kept(number), self.impact_start),
            Subject::Refused(number) => {
                spans::refused(&self.identity, &self.bookings.refused(number), self.impact_start)
            }
            Subject::Journey(number) => journeys::trace(&self.identity, self.seed, number, self.impact_start),
        }
    }
}

impl Company for SlowBooking {
    fn name(&self) -> &'static str {
        "slow-booking"
    }

    fn impact_start(&self) -> Timestamp {
        self.impact_start
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn traces(&self, window: Window, limit: usize) -> Vec<Arc<TraceRecord>> {
        let from = minutes(window.start, self.impact_start);
        let to = minutes(window.end, self.impact_start);
        let kept = Bookings::between(from, to);
        let earliest = kept.start.max(kept.end.saturating_sub(MOST));
        let few = limit.saturating_add(2);
        let subjects = (earliest..kept.end)
            .rev()
            .take(few)
            .map(Subject::Booking)
            .chain(Bookings::refused_between(from, to).rev().take(few).map(Subject::Refused))
            .chain(journeys::between(from, to).rev().take(few).map(Subject::Journey));
        let mut found: Vec<TraceRecord> = subjects
            .filter_map(|subject| self.told(subject))
            .filter(|record| record.spans.first().is_some_and(|root| window.contains(root.start)))
            .collect();
        found.sort_by_key(|record| record.spans.first().map(|root| root.start));
        let early = found.len().saturating_sub(limit);
        found.into_iter().skip(early).map(Arc::new).collect()
    }

    fn trace(&self, id: TraceId) -> Option<Arc<TraceRecord>> {
        self.told(self.identity.subject(id)?).map(Arc::new)
    }

    fn lines(&self, window: Window) -> Vec<LogRecord> {
        self.lines.within(window, &|_, _| true)
    }

    fn lines_where(&self, window: Window, wanted: &dyn Fn(&Labels, Level) -> bool) -> Vec<LogRecord> {
        self.lines.within(window, wanted)
    }

    fn rules(&self) -> &[Rule] {
        &self.rules
    }

    fn annotations(&self) -> Vec<Annotation> {
        changes::annotations(self.impact_start)
    }

    fn script(&self) -> Vec<ScriptEntry> {
        script::entries(&self.identity, self.impact_start)
    }

    fn runbooks(&self) -> &'static [(&'static str, &'static str)] {
        RUNBOOKS
    }

    fn config(&self) -> String {
        let title = "The site of the scenario slow-booking: two objectives for each of five journeys.";
        objective::config(title, &slos::objectives(), &ENTRYPOINTS, &["booking_id", "hotel_id", "customer_id"])
    }
}
