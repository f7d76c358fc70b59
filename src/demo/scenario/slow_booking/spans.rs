//! Builds the traces of bookings: as a guest had them, and those that failed. Which booking was like what is `booking`'s to say.

use std::sync::Arc;

use super::super::estate::{PODS, Service, minutes, pair};
use super::super::ids::span_id;
use super::booking::Booking;
use super::changes::FLAG;
use super::identity::{Identity, Subject};
use super::services::{BOOKING, EDGE, NAMESPACE, RATES};
use crate::demo::TraceRecord;
use crate::demo::rng::{fnv1a64, mix};
use crate::domain::signal::{Attributes, Kind, Span, Status, Value};
use crate::domain::{Timestamp, TraceId};

/// How long the tail sampler waits after a trace ended.
const DECISION_WAIT_NANOS: i64 = 30_000_000_000;
/// The part of a booking that its queries for rooms take: from here, of the whole.
const ROOMS_FROM: f64 = 0.06;
const ROOMS: f64 = 0.88;

/// Puts one trace together; places are parts of the whole, 0 to 1.
struct Builder<'a> {
    id: TraceId,
    booking: &'a Booking,
    impact_start: Timestamp,
    spans: Vec<Span>,
    resources: Vec<(&'static str, Arc<Attributes>)>,
}

impl Builder<'_> {
    #[expect(clippy::cast_possible_truncation, reason = "a few seconds in nanoseconds")]
    fn at(&self, place: f64) -> Timestamp {
        self.booking.start.shifted((place * self.booking.millis * 1e6).round() as i64)
    }

    fn resource(&mut self, service: &Service) -> Arc<Attributes> {
        if let Some((_, known)) = self.resources.iter().find(|(name, _)| *name == service.name) {
            return Arc::clone(known);
        }
        let pod = mix(self.booking.draw ^ fnv1a64(service.name.as_bytes())) % PODS;
        let made = service.resource(pod, minutes(self.booking.start, self.impact_start), NAMESPACE);
        self.resources.push((service.name, Arc::clone(&made)));
        made
    }

    /// Gives the place of the span, to be the parent of others.
    fn span(
        &mut self,
        parent: Option<usize>,
        (service, name, kind): (&Service, &str, Kind),
        (from, to): (f64, f64),
        attributes: Attributes,
    ) -> Option<usize> {
        let index = self.spans.len();
        let resource = self.resource(service);
        self.spans.push(Span {
            trace: self.id,
            id: span_id(self.id, index)?,
            parent: parent.and_then(|parent| span_id(self.id, parent)),
            service: service.name.into(),
            name: name.into(),
            kind,
            start: self.at(from),
            end: self.at(to),
            status: Status::Unset,
            attributes,
            resource,
            events: Vec::new(),
            links: Vec::new(),
            warnings: Vec::new(),
        });
        Some(index)
    }

    fn fails(&mut self, index: usize, why: &str) {
        if let Some(span) = self.spans.get_mut(index) {
            span.status = Status::Error(why.into());
        }
    }

    fn record(self) -> TraceRecord {
        let readable_from = self.at(1.0).shifted(DECISION_WAIT_NANOS);
        TraceRecord { id: self.id, spans: self.spans, readable_from }
    }
}

fn builder<'a>(identity: &Identity, subject: Subject, booking: &'a Booking, start: Timestamp) -> Option<Builder<'a>> {
    let id = identity.id(subject)?;
    Some(Builder { id, booking, impact_start: start, spans: Vec::new(), resources: Vec::new() })
}

/// The index of the span in which a booking is made.
pub(super) const CREATE: usize = 2;

/// A booking that came through.
pub(super) fn booked(identity: &Identity, booking: &Booking, impact_start: Timestamp) -> Option<TraceRecord> {
    let mut trace = builder(identity, Subject::Booking(booking.number), booking, impact_start)?;
    let edge = trace.span(None, (&EDGE, "POST /bookings", Kind::Server), (0.0, 1.0), http("/bookings", 201))?;
    let server =
        trace.span(Some(edge), (&BOOKING, "POST /bookings", Kind::Server), (0.008, 0.992), http("/bookings", 201))?;
    let create =
        trace.span(Some(server), (&BOOKING, "booking.create", Kind::Internal), (0.014, 0.987), about(booking))?;
    trace.span(Some(create), (&BOOKING, "SELECT hotel", Kind::Client), (0.018, 0.03), query("hotel", HOTEL))?;
    if booking.flag {
        rates(&mut trace, create, (0.032, 0.058))?;
        let step = ROOMS / f64::from(booking.queries.max(1));
        for number in 0..booking.queries {
            let from = step.mul_add(f64::from(number), ROOMS_FROM);
            let place = (from, from + step);
            trace.span(Some(create), (&BOOKING, "SELECT room", Kind::Client), place, query("room", ROOM))?;
        }
    } else {
        trace.span(Some(create), (&BOOKING, "SELECT room", Kind::Client), (0.04, 0.31), query("room", ALL_ROOMS))?;
        rates(&mut trace, create, (0.34, 0.78))?;
    }
    trace.span(Some(create), (&BOOKING, "INSERT booking", Kind::Client), (0.945, 0.968), query("booking", INSERT))?;
    let mut sent = vec![pair("messaging.system", "kafka"), pair("messaging.destination.name", "bookings.created")];
    sent.push(pair("booking_id", &booking.booking.to_string()));
    trace.span(Some(create), (&BOOKING, "publish bookings.created", Kind::Producer), (0.97, 0.98), sent)?;
    Some(trace.record())
}

fn rates(trace: &mut Builder<'_>, parent: usize, (from, to): (f64, f64)) -> Option<()> {
    let mut asked = http("/rates", 200);
    asked.push(pair("server.address", "rates"));
    let call = trace.span(Some(parent), (&BOOKING, "GET rates /rates", Kind::Client), (from, to), asked)?;
    let (from, to) = (from + 0.002, to - 0.002);
    trace.span(Some(call), (&RATES, "GET /rates", Kind::Server), (from, to), http("/rates", 200))?;
    Some(())
}

/// Why so few bookings always fail: each time one of three, none of which has to do with the story.
pub(super) fn failure(booking: &Booking) -> (&'static str, &'static str) {
    match booking.draw % 3 {
        0 => ("rates", "rates: no rate for the stay"),
        1 => ("booking", "deadlock detected"),
        _ => ("booking", "the card was declined"),
    }
}

/// A booking that failed.
pub(super) fn refused(identity: &Identity, booking: &Booking, impact_start: Timestamp) -> Option<TraceRecord> {
    let mut trace = builder(identity, Subject::Refused(booking.number), booking, impact_start)?;
    let (service, why) = failure(booking);
    let edge = trace.span(None, (&EDGE, "POST /bookings", Kind::Server), (0.0, 1.0), http("/bookings", 500))?;
    let server =
        trace.span(Some(edge), (&BOOKING, "POST /bookings", Kind::Server), (0.03, 0.97), http("/bookings", 500))?;
    let create =
        trace.span(Some(server), (&BOOKING, "booking.create", Kind::Internal), (0.06, 0.94), about(booking))?;
    let mut failing = vec![edge, server, create];
    if service == "rates" {
        let mut asked = http("/rates", 500);
        asked.push(pair("server.address", "rates"));
        let call = trace.span(Some(create), (&BOOKING, "GET rates /rates", Kind::Client), (0.2, 0.85), asked)?;
        let there = trace.span(Some(call), (&RATES, "GET /rates", Kind::Server), (0.25, 0.8), http("/rates", 500))?;
        failing.extend([call, there]);
    } else if why.contains("deadlock") {
        let place = (0.4, 0.85);
        let insert = (&BOOKING, "INSERT booking", Kind::Client);
        failing.push(trace.span(Some(create), insert, place, query("booking", INSERT))?);
    }
    for index in failing {
        trace.fails(index, why);
    }
    Some(trace.record())
}

/// When a trace that ends at this moment can be read.
pub(super) fn readable_after(end: Timestamp) -> Timestamp {
    end.shifted(DECISION_WAIT_NANOS)
}

fn http(route: &str, status: i64) -> Attributes {
    let method = if route == "/bookings" { "POST" } else { "GET" };
    vec![
        pair("http.request.method", method),
        pair("http.route", route),
        ("http.response.status_code".into(), Value::Integer(status)),
    ]
}

fn about(booking: &Booking) -> Attributes {
    vec![
        pair("booking_id", &booking.booking.to_string()),
        pair("hotel_id", &format!("hotel-{}", booking.hotel)),
        pair("customer_id", &format!("guest-{}", booking.customer)),
        pair("feature_flag.key", FLAG),
        pair("feature_flag.result.variant", if booking.flag { "on" } else { "off" }),
    ]
}

const HOTEL: &str = "SELECT * FROM hotel WHERE id = $1";
const ROOM: &str = "SELECT * FROM room WHERE id = $1";
const ALL_ROOMS: &str = "SELECT * FROM room WHERE id = ANY($1)";
const INSERT: &str = "INSERT INTO booking VALUES ($1, $2, $3)";

fn query(table: &str, text: &str) -> Attributes {
    vec![
        pair("db.system", "postgresql"),
        pair("server.address", "pg-booking"),
        pair("db.collection.name", table),
        pair("db.query.text", text),
    ]
}
