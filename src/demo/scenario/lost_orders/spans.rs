//! Builds the traces of orders and of what the planner does with them. Which order goes which way is `order`'s to say.

use std::sync::Arc;

use super::super::estate::{PODS, Service, minutes, pair};
use super::identity::{Identity, Subject, order_id, span_id};
use super::order::{Fate, Order};
use super::services::{NAMESPACE, PLANNER, SKEW_MILLIS, SKEWED_NODE};
use super::shapes::{CACHED, LOST, MISSED, POOL_TIMEOUT, REFUSED, Role, SLOW, Step};
use crate::demo::TraceRecord;
use crate::demo::rng::{fnv1a64, mix};
use crate::domain::Timestamp;
use crate::domain::signal::{Attributes, Event, Kind, Link, Span, Status, Value};

/// How long the tail sampler waits after a trace ended.
const DECISION_WAIT_NANOS: i64 = 30_000_000_000;

/// The spans that an order leaves, nominal; empty for one whose trace was thrown away.
pub(super) fn shape(fate: Fate) -> &'static [Step] {
    match fate {
        Fate::Lost { .. } => &LOST,
        Fate::Slow => &SLOW,
        Fate::Accepted { cached: true } => &CACHED,
        Fate::Accepted { cached: false } => &MISSED,
        Fate::Refused => &REFUSED,
        Fate::Forgotten => &[],
    }
}

/// A nominal millisecond of an order's trace as a moment.
#[expect(clippy::cast_possible_truncation, reason = "a few seconds in nanoseconds")]
pub(super) fn moment_of(order: &Order, millis: f64) -> Timestamp {
    let total = shape(order.fate).first().map_or(0.0, |root| root.end);
    order.end.shifted(((millis - total) * order.pace * 1e6).round() as i64)
}

/// `None` for an order whose trace was thrown away.
pub(super) fn order_trace(identity: &Identity, order: &Order, impact_start: Timestamp) -> Option<TraceRecord> {
    let id = identity.id(Subject::Order(order.number))?;
    let steps = shape(order.fate);
    steps.first()?;
    let mut spans = Vec::with_capacity(steps.len());
    for (index, step) in steps.iter().enumerate() {
        let service = step.role.service();
        let (start, end) = (moment_of(order, step.start), moment_of(order, step.end));
        let resource = resource(&service, order.request, start, impact_start);
        let skew = skew(&service);
        let granted = order.fate == Fate::Lost { granted: true } && step.role == Role::Lock;
        let error = if granted { None } else { step.error };
        let thrown = error == Some(POOL_TIMEOUT);
        let thrown_at = if step.role == Role::Pricing { moment_of(order, 2446.0) } else { end };
        spans.push(Span {
            trace: id,
            id: span_id(id, index)?,
            parent: match step.parent {
                Some(parent) => Some(span_id(id, parent)?),
                None => None,
            },
            service: service.name.into(),
            name: step.role.name().into(),
            kind: step.role.kind(),
            start: start.shifted(skew),
            end: end.shifted(skew),
            status: error.map_or(Status::Unset, |text| Status::Error(text.into())),
            attributes: attributes(step.role, order, error.is_some(), granted),
            resource,
            events: if thrown { vec![exception(thrown_at)] } else { Vec::new() },
            links: Vec::new(),
            warnings: Vec::new(),
        });
    }
    Some(TraceRecord { id, spans, readable_from: order.end.shifted(DECISION_WAIT_NANOS) })
}

/// What the planner did after it took an accepted order from the queue: another trace, linked to the publishing span.
pub(super) fn shipment_trace(identity: &Identity, order: &Order, impact_start: Timestamp) -> Option<TraceRecord> {
    const STEPS: [(&str, Kind, Option<usize>, i64, i64); 3] = [
        ("process orders.accepted", Kind::Consumer, None, 0, 74),
        ("INSERT shipment", Kind::Client, Some(0), 12, 41),
        ("publish shipments.created", Kind::Producer, Some(0), 58, 62),
    ];
    let id = identity.id(Subject::Shipment(order.number))?;
    let origin = identity.id(Subject::Order(order.number))?;
    let steps = shape(order.fate);
    let publish = steps.iter().position(|step| matches!(step.role, Role::Publish { .. }))?;
    let published = moment_of(order, steps.get(publish)?.end);
    let lag = 4 + i64::try_from(mix(order.request) % 36).unwrap_or(0);
    let start = published.shifted(lag * 1_000_000);
    let resource = resource(&PLANNER, order.request, start, impact_start);
    let mut spans = Vec::with_capacity(STEPS.len());
    for (index, (name, kind, parent, from, to)) in STEPS.into_iter().enumerate() {
        let mut attributes = business(order);
        let mut links = Vec::new();
        match kind {
            Kind::Consumer => {
                attributes.extend(messaging("orders.accepted", order));
                links.push(Link { trace: origin, span: span_id(origin, publish), attributes: Vec::new() });
            }
            Kind::Client => attributes.extend([pair("db.system", "postgresql"), pair("server.address", "pg-planner")]),
            _ => attributes.extend(messaging("shipments.created", order)),
        }
        spans.push(Span {
            trace: id,
            id: span_id(id, index)?,
            parent: parent.and_then(|parent| span_id(id, parent)),
            service: PLANNER.name.into(),
            name: name.into(),
            kind,
            start: start.shifted(from * 1_000_000),
            end: start.shifted(to * 1_000_000),
            status: Status::Unset,
            attributes,
            resource: Arc::clone(&resource),
            events: Vec::new(),
            links,
            warnings: Vec::new(),
        });
    }
    Some(TraceRecord { id, spans, readable_from: start.shifted(74_000_000 + DECISION_WAIT_NANOS) })
}

/// When a trace that ends at this moment can be read.
pub(super) fn readable_after(end: Timestamp) -> Timestamp {
    end.shifted(DECISION_WAIT_NANOS)
}

pub(super) fn resource(service: &Service, draw: u64, start: Timestamp, impact_start: Timestamp) -> Arc<Attributes> {
    service.resource(mix(draw ^ fnv1a64(service.name.as_bytes())) % PODS, minutes(start, impact_start), NAMESPACE)
}

fn skew(service: &Service) -> i64 {
    if service.node == Some(SKEWED_NODE) { SKEW_MILLIS * 1_000_000 } else { 0 }
}

fn exception(time: Timestamp) -> Event {
    let attributes = vec![
        pair("exception.type", POOL_TIMEOUT),
        pair("exception.message", "PoolTimeoutError: no connection within 360ms"),
    ];
    Event { time, name: "exception".into(), attributes }
}

fn business(order: &Order) -> Attributes {
    vec![pair("order_id", &order_id(order.number).to_string()), pair("carrier_id", &order.carrier)]
}

fn messaging(topic: &str, order: &Order) -> Attributes {
    vec![
        pair("messaging.system", "kafka"),
        pair("messaging.destination.name", topic),
        pair("messaging.kafka.message.key", &order_id(order.number).to_string()),
    ]
}

fn http(route: &str, failed: bool, success: i64) -> Attributes {
    vec![
        pair("http.request.method", "POST"),
        pair("http.route", route),
        ("http.response.status_code".into(), Value::Integer(if failed { 503 } else { success })),
    ]
}

fn attributes(role: Role, order: &Order, failed: bool, granted: bool) -> Attributes {
    let mut pairs = match role {
        Role::Edge => http("/orders", failed, 201),
        Role::Route => {
            let mut pairs = business(order);
            pairs.push(pair("customer_id", &format!("cust-{}", order.customer)));
            pairs.extend(http("/orders", failed, 201));
            return pairs;
        }
        Role::Compute => vec![pair("route.engine", "v5")],
        Role::AskInventory => http("/reserve", failed, 200),
        Role::Inventory => http("/reserve", failed, 200),
        Role::AskPricing => http("/quote", failed, 200),
        Role::Pricing => {
            let mut pairs = http("/quote", failed, 200);
            pairs.push(pair("tariff_zone", &format!("FR-{}", order.zone)));
            pairs
        }
        Role::Stock => vec![pair("db.system", "postgresql"), pair("server.address", "pg-inventory")],
        Role::Rules => vec![pair("db.system", "postgresql"), pair("server.address", "pg-pricing")],
        Role::Lock | Role::Cache { .. } => vec![pair("db.system", "redis"), pair("server.address", "redis-tariffs")],
        Role::Carrier => vec![pair("server.address", "rates.carriers.example")],
        Role::Publish { topic } => messaging(topic, order),
    };
    match role {
        Role::AskInventory => pairs.push(pair("server.address", "inventory")),
        Role::AskPricing => pairs.push(pair("server.address", "pricing")),
        Role::Lock if !granted => pairs.push(("cache.hit".into(), Value::Bool(false))),
        Role::Cache { hit } => pairs.push(("cache.hit".into(), Value::Bool(hit))),
        Role::Stock => pairs.push(pair("db.query.text", "SELECT quantity FROM stock WHERE sku = ANY($1)")),
        Role::Rules => pairs.push(pair("db.query.text", "SELECT * FROM tariff_rules WHERE zone = $1")),
        _ => {}
    }
    if matches!(role, Role::Lock | Role::Cache { .. } | Role::Rules) {
        pairs.extend(business(order));
    }
    pairs
}
