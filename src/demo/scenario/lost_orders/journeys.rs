//! Traces of the requests beside the way of an order, so that every service is seen to work. None of them fails.

use super::super::estate::{PODS, minutes, moment, pair};
use super::identity::{Identity, Subject, span_id};
use super::services::{JOURNEYS, NAMESPACE, named};
use super::spans::readable_after;
use crate::demo::TraceRecord;
use crate::demo::rng::Stream;
use crate::domain::Timestamp;
use crate::domain::signal::{Attributes, Kind, Span, Status, Value};

/// One kept trace in this many minutes: a twentieth of what comes in.
const EVERY: f64 = 0.1;

/// The numbers of the journeys that started within these minutes.
#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates, and that is what is wanted")]
pub(super) fn between(from: f64, to: f64) -> std::ops::Range<i64> {
    (from / EVERY).ceil() as i64..(to / EVERY).ceil() as i64
}

#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a few milliseconds in nanoseconds")]
pub(super) fn trace(identity: &Identity, seed: u64, number: i64, impact_start: Timestamp) -> Option<TraceRecord> {
    let draws = Stream::named(seed, "journeys");
    let draw = draws.at(number.cast_unsigned());
    let id = identity.id(Subject::Journey(number))?;
    let start = moment(number as f64 * EVERY, impact_start);
    let at = |millis: f64| start.shifted((millis * 1e6) as i64);
    let journey = JOURNEYS.iter().cycle().nth(usize::try_from(draw % 6).unwrap_or(0))?;
    let unit = draws.unit_at(number.cast_unsigned());
    let leg = 30.0f64.mul_add(unit, 18.0);
    let total = journey.calls.iter().fold(9.0, |sum, _| sum + leg + 3.0);
    let resource = |name: &str| {
        let pod = draw.rotate_left(u32::try_from(name.len()).unwrap_or(0)) % PODS;
        named(name).resource(pod, minutes(start, impact_start), NAMESPACE)
    };
    let span = |index: usize, parent: Option<usize>, who: &str, name: String, kind, from, to, attributes| {
        Some(Span {
            trace: id,
            id: span_id(id, index)?,
            parent: parent.and_then(|parent| span_id(id, parent)),
            service: who.into(),
            name: name.into(),
            kind,
            start: at(from),
            end: at(to),
            status: Status::Unset,
            attributes,
            resource: resource(who),
            events: Vec::new(),
            links: Vec::new(),
            warnings: Vec::new(),
        })
    };
    let mut spans = vec![span(
        0,
        None,
        journey.entry,
        journey.operation.into(),
        Kind::Server,
        0.0,
        total,
        http(journey.operation, journey.route),
    )?];
    let mut from = 4.0;
    for (service, operation) in journey.calls {
        let index = spans.len();
        let route = operation.split_once(' ').map_or(*operation, |(_, route)| route);
        let mut asked = http(operation, route);
        asked.push(pair("server.address", service));
        let asks = operation.replacen(' ', &format!(" {service} "), 1);
        spans.push(span(index, Some(0), journey.entry, asks, Kind::Client, from, from + leg, asked)?);
        let (begin, end) = (from + 2.0, from + leg - 2.0);
        spans.push(span(
            index + 1,
            Some(index),
            service,
            (*operation).into(),
            Kind::Server,
            begin,
            end,
            http(operation, route),
        )?);
        from += leg + 3.0;
    }
    Some(TraceRecord { id, spans, readable_from: readable_after(at(total)) })
}

fn http(operation: &str, route: &str) -> Attributes {
    let method = operation.split(' ').next().unwrap_or("GET");
    vec![
        pair("http.request.method", method),
        pair("http.route", route),
        ("http.response.status_code".into(), Value::Integer(200)),
    ]
}
