//! The log lines: one for each kept booking that was slow and for each that failed, one for each step of the flag, and the
//! chatter of twenty lines a second that is healthy. Every line is JSON.

use std::sync::Arc;

use super::super::estate::{VERSION, minutes, moment};
use super::super::ids::span_id;
use super::booking::{Booking, Bookings};
use super::changes::{FLAG, STEPS};
use super::identity::{Identity, Subject};
use super::services::{BOOKING, NAMESPACE, SERVICES};
use super::spans::{CREATE, failure};
use crate::demo::LogRecord;
use crate::demo::rng::{Stream, mix};
use crate::domain::signal::Level;
use crate::domain::{Labels, Symbol, Timestamp, Window};

/// The chatter: a line in so many nanoseconds, within these minutes. What is older has been archived.
const CHATTER_STEP: i64 = 50_000_000;
const CHATTER_MINUTES: (f64, f64) = (-300.0, 200.0);
/// A booking's line comes at most this long after its start.
const LONGEST: i64 = 21_000_000_000;

/// Which lines a reader wants, by the labels of the stream and the level.
pub(super) type Wanted<'a> = &'a (dyn Fn(&Labels, Level) -> bool + 'a);

/// Makes lines.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    impact_start: Timestamp,
    identity: Identity,
    bookings: Bookings,
    chatter: Stream,
    /// One set of labels a service, in the order of [`SERVICES`].
    streams: Vec<Arc<Labels>>,
}

impl Lines {
    pub(super) fn new(seed: u64, impact_start: Timestamp) -> Self {
        let labels =
            |name| [("service_name", name), ("namespace", NAMESPACE), ("cluster", "prod-eu")].into_iter().collect();
        Self {
            impact_start,
            identity: Identity::new(seed),
            bookings: Bookings::new(seed, impact_start),
            chatter: Stream::named(seed, "chatter"),
            streams: SERVICES.iter().map(|service| labels(service.name)).map(Arc::new).collect(),
        }
    }

    /// Oldest first.
    pub(super) fn within(&self, window: Window, wanted: Wanted<'_>) -> Vec<LogRecord> {
        let mut found = Vec::new();
        self.of_bookings(window, wanted, &mut found);
        self.of_the_flag(&mut found);
        found.retain(|line| window.contains(line.time) && wanted(&line.stream, line.level));
        self.chatter(window, wanted, &mut found);
        found.sort_by_key(|line| line.time);
        found
    }

    fn of_bookings(&self, window: Window, wanted: Wanted<'_>, found: &mut Vec<LogRecord>) {
        let from = minutes(window.start.shifted(-LONGEST), self.impact_start);
        let to = minutes(window.end, self.impact_start);
        let Some(stream) = self.stream("booking") else { return };
        if wanted(&stream, Level::Warn) {
            let kept = Bookings::between(from, to).map(|number| self.bookings.kept(number));
            for booking in kept.filter(Booking::is_slow) {
                let said = format!(
                    "booking.create took {}ms for {} queries, flag {FLAG} on",
                    booking.millis.round(),
                    booking.queries + 2,
                );
                let subject = Subject::Booking(booking.number);
                found.extend(self.line(&stream, &booking, subject, Level::Warn, &said));
            }
        }
        if wanted(&stream, Level::Error) {
            for booking in Bookings::refused_between(from, to).map(|number| self.bookings.refused(number)) {
                let said = format!("booking {} refused: {}", booking.booking, failure(&booking).1);
                let subject = Subject::Refused(booking.number);
                found.extend(self.line(&stream, &booking, subject, Level::Error, &said));
            }
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a few seconds in nanoseconds")]
    fn line(
        &self,
        stream: &Arc<Labels>,
        booking: &Booking,
        subject: Subject,
        level: Level,
        message: &str,
    ) -> Option<LogRecord> {
        let trace = self.identity.id(subject)?;
        let span = span_id(trace, CREATE)?;
        let (trace, span) = (trace.to_string(), span.to_string());
        let line = format!(
            r#"{{"trace_id":"{trace}","span_id":"{span}","booking_id":"{}","hotel_id":"hotel-{}","level":"{}","msg":"{message}"}}"#,
            booking.booking,
            booking.hotel,
            level.word().to_ascii_lowercase(),
        );
        let time = booking.start.shifted((booking.millis * 0.985e6) as i64);
        Some(LogRecord {
            time,
            level,
            stream: Arc::clone(stream),
            metadata: vec![
                ("trace_id".into(), trace.into()),
                ("span_id".into(), span.into()),
                (VERSION.into(), BOOKING.version(minutes(time, self.impact_start)).into()),
            ],
            line,
        })
    }

    fn of_the_flag(&self, found: &mut Vec<LogRecord>) {
        let Some(stream) = self.stream("flags") else { return };
        let mut before = 0;
        for (minute, percent) in STEPS {
            let said = format!("flag {FLAG}: {before} % to {percent} % of guests");
            found.push(LogRecord {
                time: moment(minute, self.impact_start),
                level: Level::Info,
                stream: Arc::clone(&stream),
                metadata: Vec::new(),
                line: format!(r#"{{"level":"info","msg":"{said}"}}"#),
            });
            before = percent;
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
            let who = usize::try_from((draw >> 32) % 9).unwrap_or(0);
            let Some(Some(stream)) = wanted.get(who) else { continue };
            if time < start || time >= end {
                continue;
            }
            let line = format!(r#"{{"request_id":"{:016x}","level":"info","msg":"{}"}}"#, mix(draw), chat(draw));
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

/// What a healthy service says.
fn chat(draw: u64) -> String {
    let (small, large) = ((draw >> 8) % 90 + 3, (draw >> 16) % 9_000 + 1_000);
    match (draw >> 40) % 7 {
        0 => format!("GET /health-check 200 in {}ms", small % 5),
        1 => format!("search for {} guests found {small} hotels", small % 6 + 1),
        2 => format!("rate of hotel {} refreshed in {small}ms", large % 500),
        3 => format!("connection to postgresql reused idle={small}ms"),
        4 => format!("session of guest {large} renewed"),
        5 => format!("mail {large}{small} handed over"),
        _ => format!("GET /bookings/{large}{small} 200 in {small}ms"),
    }
}
