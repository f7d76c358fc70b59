//! The log lines: four for each lost order, one for each refused and each kept accepted one, two that tell the cause, and the
//! chatter of forty lines a second that is healthy. Every line is JSON.

use std::sync::Arc;

use super::super::estate::{VERSION, minutes, moment};
use super::identity::{Identity, Subject, order_id, span_id};
use super::load::whole;
use super::order::{Fate, Order, Orders};
use super::services::{NAMESPACE, SERVICES};
use super::shapes::Role;
use super::spans::{moment_of, shape};
use crate::demo::LogRecord;
use crate::demo::rng::{Stream, mix};
use crate::domain::signal::Level;
use crate::domain::{Labels, Symbol, Timestamp, Window};

/// The chatter: a line in so many nanoseconds, within these minutes. What is older has been archived.
const CHATTER_STEP: i64 = 25_000_000;
const CHATTER_MINUTES: (f64, f64) = (-120.0, 180.0);
/// Lines of accepted orders are archived sooner than the lines of failures.
const ACCEPTED_SINCE: f64 = -370.0;
/// An order's first line comes at most this long before its answer.
const LONGEST: i64 = 3_000_000_000;

/// Which lines a reader wants, by the labels of the stream and the level.
pub(super) type Wanted<'a> = &'a (dyn Fn(&Labels, Level) -> bool + 'a);

/// Makes lines.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    impact_start: Timestamp,
    identity: Identity,
    orders: Orders,
    chatter: Stream,
    /// One set of labels a service, in the order of [`SERVICES`], then redis.
    streams: Vec<Arc<Labels>>,
}

impl Lines {
    pub(super) fn new(seed: u64, impact_start: Timestamp) -> Self {
        let names = SERVICES.iter().map(|service| service.name).chain(["redis-tariffs"]);
        let labels =
            |name| [("service_name", name), ("namespace", NAMESPACE), ("cluster", "prod-eu")].into_iter().collect();
        Self {
            impact_start,
            identity: Identity::new(seed),
            orders: Orders::new(seed, impact_start),
            chatter: Stream::named(seed, "chatter"),
            streams: names.map(labels).map(Arc::new).collect(),
        }
    }

    /// Oldest first.
    pub(super) fn within(&self, window: Window, wanted: Wanted<'_>) -> Vec<LogRecord> {
        let mut found = Vec::new();
        self.of_orders(window, &mut found);
        self.of_the_cause(&mut found);
        found.retain(|line| window.contains(line.time) && wanted(&line.stream, line.level));
        self.chatter(window, wanted, &mut found);
        found.sort_by_key(|line| line.time);
        found
    }

    fn of_orders(&self, window: Window, found: &mut Vec<LogRecord>) {
        let from = minutes(window.start, self.impact_start);
        let to = minutes(window.end.shifted(LONGEST), self.impact_start);
        for number in Orders::between(from - 0.1, to) {
            let (fate, minute) = self.orders.fate(number);
            let told = match fate {
                Fate::Lost { .. } | Fate::Refused => true,
                Fate::Accepted { .. } | Fate::Slow => minute >= ACCEPTED_SINCE,
                Fate::Forgotten => false,
            };
            if told {
                self.of_order(&self.orders.order(number), found);
            }
        }
    }

    fn of_order(&self, order: &Order, found: &mut Vec<LogRecord>) {
        let id = order_id(order.number);
        let zone = order.zone;
        let mut say = |role: Role, millis: f64, level: Level, message: String| {
            found.extend(self.line(order, role, millis, level, &message));
        };
        match order.fate {
            Fate::Lost { .. } => {
                let waited = (2385.0 * order.pace).round();
                let missed = format!("tariff cache miss zone=FR-{zone} waited 2000ms for lock");
                let pool = "PoolTimeoutError: no connection within 360ms (in_use=20 max=20)".to_owned();
                say(Role::Lock, 2084.0, Level::Error, missed);
                say(Role::Rules, 2446.0, Level::Error, pool);
                say(Role::AskPricing, 2459.0, Level::Warn, format!("pricing responded 503 in {waited}ms"));
                say(Role::Route, 2472.0, Level::Error, format!("order {id} rejected: quote unavailable; not requeued"));
            }
            Fate::Refused => {
                let waited = (1000.0 * order.pace).round();
                let gave_up = format!("gave up on carrier {} after {waited}ms, order {id} refused", order.carrier);
                say(Role::Route, 1099.0, Level::Error, gave_up);
            }
            Fate::Accepted { .. } | Fate::Slow => {
                let end = shape(order.fate).get(1).map_or(0.0, |route| route.end);
                say(Role::Route, end, Level::Info, format!("order {id} routed to {}", order.carrier));
            }
            Fate::Forgotten => {}
        }
    }

    /// A line that a span of an order wrote. The collector stamps lines by its own clock, so no node's skew is in them.
    fn line(&self, order: &Order, role: Role, millis: f64, level: Level, message: &str) -> Option<LogRecord> {
        let trace = self.identity.id(Subject::Order(order.number))?;
        let index = shape(order.fate).iter().position(|step| step.role == role)?;
        let span = span_id(trace, index)?;
        let (trace, span) = (trace.to_string(), span.to_string());
        let line = format!(
            r#"{{"trace_id":"{trace}","span_id":"{span}","request_id":"{:016x}","order_id":"{}","level":"{}","msg":"{message}"}}"#,
            order.request,
            order_id(order.number),
            word(level),
        );
        let time = moment_of(order, millis);
        Some(LogRecord {
            time,
            level,
            stream: self.stream(role.service().name)?,
            metadata: vec![
                ("trace_id".into(), trace.into()),
                ("span_id".into(), span.into()),
                (VERSION.into(), role.service().version(minutes(time, self.impact_start)).into()),
            ],
            line,
        })
    }

    fn of_the_cause(&self, found: &mut Vec<LogRecord>) {
        let told = [
            (-20.0, "pricing", "cache warm-up done keys=48200 ttl=1200s"),
            (0.0, "redis-tariffs", "expired keys spike 48200/s"),
        ];
        for (minute, service, message) in told {
            found.extend(self.stream(service).map(|stream| LogRecord {
                time: moment(minute, self.impact_start),
                level: Level::Info,
                stream,
                metadata: Vec::new(),
                line: format!(r#"{{"level":"info","msg":"{message}"}}"#),
            }));
        }
    }

    fn chatter(&self, window: Window, wanted: Wanted<'_>, found: &mut Vec<LogRecord>) {
        let edge = |minute| moment(minute, self.impact_start);
        let start = window.start.max(edge(CHATTER_MINUTES.0));
        let end = window.end.min(edge(CHATTER_MINUTES.1));
        let wanted: Vec<Option<&Arc<Labels>>> =
            self.streams.iter().map(|stream| Some(stream).filter(|stream| wanted(stream, Level::Info))).collect();
        if start >= end || wanted.iter().all(Option::is_none) {
            return;
        }
        let first = start.since(self.impact_start).div_euclid(CHATTER_STEP);
        let last = end.since(self.impact_start).div_euclid(CHATTER_STEP);
        for number in first..=last {
            let draw = self.chatter.at(number.cast_unsigned());
            let within = i64::try_from(draw % CHATTER_STEP.unsigned_abs()).unwrap_or(0);
            let time = self.impact_start.shifted(number.saturating_mul(CHATTER_STEP).saturating_add(within));
            let who = usize::try_from((draw >> 32) % 19).unwrap_or(0);
            let Some(Some(stream)) = wanted.get(who) else { continue };
            if time < start || time >= end {
                continue;
            }
            let line =
                format!(r#"{{"request_id":"{:016x}","level":"info","msg":"{}"}}"#, mix(draw), chat(draw, number));
            let version = SERVICES.get(who).map(|service| service.version(minutes(time, self.impact_start)));
            let metadata = version.map(|version| (VERSION.into(), version.into())).into_iter().collect();
            found.push(LogRecord { time, level: Level::Info, stream: Arc::clone(stream), metadata, line });
        }
    }

    fn stream(&self, service: &str) -> Option<Arc<Labels>> {
        let of = |stream: &&Arc<Labels>| stream.get("service_name").map(Symbol::as_str) == Some(service);
        self.streams.iter().find(of).map(Arc::clone)
    }
}

fn word(level: Level) -> String {
    level.word().to_ascii_lowercase()
}

/// What a healthy service says.
fn chat(draw: u64, number: i64) -> String {
    let (small, large) = ((draw >> 8) % 90 + 3, (draw >> 16) % 9_000 + 1_000);
    match (draw >> 40) % 10 {
        0 => format!("GET /health-check 200 in {}ms", small % 5),
        1 => format!("cache refreshed entries={large} in {small}ms"),
        2 => format!("batch {} committed rows={small}", whole(number).abs()),
        3 => format!("connection to postgresql reused idle={small}ms"),
        4 => format!("parcel {large}{small} scanned at hub {}", small % 12),
        5 => format!("published shipments.created partition={} offset={large}{small}", small % 12),
        6 => format!("webhook delivered status=200 in {small}ms"),
        7 => format!("token renewed for client {large}"),
        8 => format!("GET /slots 200 in {small}ms"),
        _ => format!("label {large}{small} rendered in {small}ms"),
    }
}
