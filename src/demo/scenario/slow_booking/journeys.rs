//! Traces of the four journeys beside the booking, so that every service is seen to work. None of them is slow.

use super::super::curve::whole;
use super::super::estate::{PODS, minutes, moment, pair};
use super::super::ids::span_id;
use super::identity::{Identity, Subject};
use super::services::{EDGE, JOURNEYS, NAMESPACE, named};
use super::spans::readable_after;
use crate::demo::TraceRecord;
use crate::demo::rng::Stream;
use crate::domain::Timestamp;
use crate::domain::signal::{Attributes, Kind, Span, Status, Value};

/// One kept trace in this many minutes.
const EVERY: f64 = 0.1;

/// The numbers of the journeys that started within these minutes.
#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates, and that is what is wanted")]
pub(super) fn between(from: f64, to: f64) -> std::ops::Range<i64> {
    (from / EVERY).ceil() as i64..(to / EVERY).ceil() as i64
}

#[expect(clippy::cast_possible_truncation, reason = "a few milliseconds in nanoseconds")]
pub(super) fn trace(identity: &Identity, seed: u64, number: i64, impact_start: Timestamp) -> Option<TraceRecord> {
    let draws = Stream::named(seed, "journeys");
    let draw = draws.at(number.cast_unsigned());
    let id = identity.id(Subject::Journey(number))?;
    let start = moment(whole(number) * EVERY, impact_start);
    let at = |millis: f64| start.shifted((millis * 1e6) as i64);
    let journey = JOURNEYS.iter().skip(1).cycle().nth(usize::try_from(draw % 4).unwrap_or(0))?;
    let unit = draws.unit_at(number.cast_unsigned());
    let (leg, own) = (26.0f64.mul_add(unit, 14.0), 40.0f64.mul_add(unit, 22.0));
    let total = journey.calls.iter().fold(own, |sum, _| sum + leg);
    let mut spans: Vec<Span> = Vec::new();
    let mut push = |parent: Option<usize>, who: &str, (name, kind): (String, Kind), from, to, attributes| {
        let index = spans.len();
        let pod = draw.rotate_left(u32::try_from(who.len()).unwrap_or(0)) % PODS;
        spans.push(Span {
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
            resource: named(who).resource(pod, minutes(start, impact_start), NAMESPACE),
            events: Vec::new(),
            links: Vec::new(),
            warnings: Vec::new(),
        });
        Some(index)
    };
    let operation = format!("{} {}", journey.method, journey.route);
    let own = |route: &str| http(&format!("{} {route}", journey.method));
    let edge = push(None, EDGE.name, (operation.clone(), Kind::Server), 0.0, total, own(journey.route))?;
    let service = push(Some(edge), journey.service, (operation, Kind::Server), 3.0, total - 3.0, own(journey.route))?;
    let mut from = 8.0;
    for (called, operation) in journey.calls {
        let mut asked = http(operation);
        asked.push(pair("server.address", called));
        let asks = operation.replacen(' ', &format!(" {called} "), 1);
        let call = push(Some(service), journey.service, (asks, Kind::Client), from, from + leg - 2.0, asked)?;
        let answers = ((*operation).to_owned(), Kind::Server);
        push(Some(call), called, answers, from + 2.0, from + leg - 4.0, http(operation))?;
        from += leg;
    }
    Some(TraceRecord { id, spans, readable_from: readable_after(at(total)) })
}

fn http(operation: &str) -> Attributes {
    let (method, route) = operation.split_once(' ').unwrap_or(("GET", operation));
    vec![
        pair("http.request.method", method),
        pair("http.route", route),
        ("http.response.status_code".into(), Value::Integer(200)),
    ]
}
