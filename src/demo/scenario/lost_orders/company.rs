//! The scenario as a [`Company`]: hands each question to the module that knows.

use std::sync::Arc;
use std::time::Duration;

use super::super::estate::{SCRAPE_SECONDS, deploys, minutes};
use super::identity::{Identity, Subject};
use super::lines::Lines;
use super::order::Orders;
use super::services::SERVICES;
use super::{config, journeys, metrics, rules, script, spans};
use crate::demo::{Annotation, Company, LogRecord, Metric, Rule, ScriptEntry, TraceRecord};
use crate::domain::signal::Level;
use crate::domain::{Labels, Timestamp, TraceId, Window};

/// A search looks at this many orders at most, the latest: a day of the peak.
const MOST_ORDERS: i64 = 120_000;
/// The longest trace, in nanoseconds: a trace that starts in a window ends at most this long after it.
const LONGEST: i64 = 3_000_000_000;

const RUNBOOKS: &[(&str, &str)] = &[
    ("pricing-cache-expired.md", include_str!("../../../../runbooks/pricing-cache-expired.md")),
    ("order-routing-burn.md", include_str!("../../../../runbooks/order-routing-burn.md")),
    ("kafka-dlq-replay.md", include_str!("../../../../runbooks/kafka-dlq-replay.md")),
    ("redis-sessions-maxmemory.md", include_str!("../../../../runbooks/redis-sessions-maxmemory.md")),
    ("db-migration-rollback.md", include_str!("../../../../runbooks/db-migration-rollback.md")),
    ("booking-latency.md", include_str!("../../../../runbooks/booking-latency.md")),
];

/// The evening on which 2,300 orders were lost.
pub struct LostOrders {
    seed: u64,
    impact_start: Timestamp,
    identity: Identity,
    orders: Orders,
    lines: Lines,
    metrics: Vec<Metric>,
    rules: Vec<Rule>,
}

impl LostOrders {
    /// 2026-03-13T17:30:00Z, the Friday evening on which it happened.
    pub const EVENING: Timestamp = Timestamp::from_seconds(1_773_423_000);

    /// The seed changes ids and noise, never what happens or when. The impact starts at the scrape at or before
    /// `impact_start`.
    #[must_use]
    pub fn new(seed: u64, impact_start: Timestamp) -> Self {
        let impact_start = impact_start.floor_to(Duration::from_secs(SCRAPE_SECONDS.unsigned_abs()));
        Self {
            seed,
            impact_start,
            identity: Identity::new(seed),
            orders: Orders::new(seed, impact_start),
            lines: Lines::new(seed, impact_start),
            metrics: metrics::all(impact_start),
            rules: rules::all(),
        }
    }

    /// The traces of orders and shipments, newest order first.
    fn order_traces(&self, window: Window, limit: usize) -> Vec<TraceRecord> {
        let from = minutes(window.start, self.impact_start);
        let to = minutes(window.end.shifted(LONGEST), self.impact_start);
        let numbers = Orders::between(from - 0.1, to);
        let earliest = numbers.start.max(numbers.end.saturating_sub(MOST_ORDERS));
        let mut found = Vec::new();
        for number in (earliest..numbers.end).rev() {
            // A search for the latest few stops here; orders next to each other overlap by a few seconds at most.
            if found.len() > limit.saturating_add(64) {
                break;
            }
            let order = self.orders.order(number);
            found.extend(spans::order_trace(&self.identity, &order, self.impact_start));
            if order.fate.is_accepted() {
                found.extend(spans::shipment_trace(&self.identity, &order, self.impact_start));
            }
        }
        found
    }
}

impl Company for LostOrders {
    fn name(&self) -> &'static str {
        "lost-orders"
    }

    fn impact_start(&self) -> Timestamp {
        self.impact_start
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn traces(&self, window: Window, limit: usize) -> Vec<Arc<TraceRecord>> {
        let mut found = self.order_traces(window, limit);
        let from = minutes(window.start, self.impact_start);
        let to = minutes(window.end, self.impact_start);
        let journeys = journeys::between(from, to).rev().take(limit);
        found.extend(
            journeys.filter_map(|number| journeys::trace(&self.identity, self.seed, number, self.impact_start)),
        );
        found.retain(|record| record.spans.first().is_some_and(|root| window.contains(root.start)));
        found.sort_by_key(|record| record.spans.first().map(|root| root.start));
        let early = found.len().saturating_sub(limit);
        found.into_iter().skip(early).map(Arc::new).collect()
    }

    fn trace(&self, id: TraceId) -> Option<Arc<TraceRecord>> {
        let record = match self.identity.subject(id)? {
            Subject::Order(number) | Subject::Shipment(number) if !super::identity::is_plausible(number) => None,
            Subject::Order(number) => spans::order_trace(&self.identity, &self.orders.order(number), self.impact_start),
            Subject::Shipment(number) => {
                let order = self.orders.order(number);
                if order.fate.is_accepted() {
                    spans::shipment_trace(&self.identity, &order, self.impact_start)
                } else {
                    None
                }
            }
            Subject::Journey(number) => journeys::trace(&self.identity, self.seed, number, self.impact_start),
        };
        record.map(Arc::new)
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
        deploys(&SERVICES, self.impact_start)
    }

    fn script(&self) -> Vec<ScriptEntry> {
        script::entries(&self.identity, self.impact_start)
    }

    fn runbooks(&self) -> &'static [(&'static str, &'static str)] {
        RUNBOOKS
    }

    fn config(&self) -> String {
        config::text()
    }
}
