//! Traces for the tests of this folder: the failing order of the reference, and small ones from a few words.

use std::sync::Arc;

use crate::domain::signal::{Kind, Span, Status, Value};
use crate::domain::trace::{SkewOptions, Tree};
use crate::domain::{SpanId, Symbol, Timestamp, TraceId};

pub(super) fn trace() -> TraceId {
    TraceId::new(0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736).expect("not zero")
}

pub(super) fn id(number: u64) -> SpanId {
    SpanId::new(number).expect("not zero")
}

/// A span of service `s`; times in ms; parent 0 for none.
pub(super) fn span(number: u64, parent: u64, start: i64, end: i64) -> Span {
    Span {
        trace: trace(),
        id: id(number),
        parent: SpanId::new(parent),
        service: Symbol::from("s"),
        name: Symbol::from(format!("op {number}")),
        kind: Kind::Internal,
        start: Timestamp::from_millis(start),
        end: Timestamp::from_millis(end),
        status: Status::Unset,
        attributes: Vec::new(),
        resource: Arc::default(),
        events: Vec::new(),
        links: Vec::new(),
        warnings: Vec::new(),
    }
}

impl Span {
    pub(super) fn kind(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    pub(super) fn service(self, service: &str) -> Self {
        Self { service: Symbol::from(service), ..self }
    }

    pub(super) fn name(self, name: &str) -> Self {
        Self { name: Symbol::from(name), ..self }
    }

    pub(super) fn failed(self, why: &str) -> Self {
        Self { status: Status::Error(Symbol::from(why)), ..self }
    }

    pub(super) fn host(self, host: &str) -> Self {
        Self { resource: Arc::new(vec![(Symbol::from("host.name"), Value::Text(Arc::from(host)))]), ..self }
    }

    pub(super) fn with(mut self, key: &str, value: Value) -> Self {
        self.attributes.push((Symbol::from(key), value));
        self
    }

    pub(super) fn text(self, key: &str, value: &str) -> Self {
        self.with(key, Value::Text(Arc::from(value)))
    }
}

/// Built with the clocks as they are.
pub(super) fn tree(spans: Vec<Span>) -> Tree {
    Tree::build(trace(), spans, None, SkewOptions::OFF)
}

/// The failing trace of scenario S1: eleven spans over 2,480 ms, eight of them in error.
pub(super) fn order() -> Vec<Span> {
    use Kind::{Client, Internal, Producer, Server};
    let of = |number, parent, service: &str, name: &str, kind, start, end| {
        span(number, parent, start, end).service(service).name(name).kind(kind)
    };
    vec![
        of(1, 0, "edge", "POST /orders", Server, 0, 2480).failed("503"),
        of(2, 1, "routing", "order.route", Server, 6, 2476).failed("quote unavailable").text("order_id", "4472146"),
        of(3, 2, "routing", "route.compute", Internal, 10, 42),
        of(4, 2, "routing", "POST inventory /reserve", Client, 45, 2471)
            .failed("503")
            .text("server.address", "inventory"),
        of(5, 4, "inventory", "POST /reserve", Server, 52, 2464).failed("503"),
        of(6, 5, "inventory", "SELECT stock", Client, 58, 71).text("db.system", "postgresql"),
        of(7, 5, "inventory", "POST pricing /quote", Client, 74, 2459).failed("503").text("server.address", "pricing"),
        of(8, 7, "pricing", "POST /quote", Server, 80, 2452).failed("PoolTimeoutError"),
        of(9, 8, "pricing", "BLPOP tariff:lock", Client, 84, 2084)
            .failed("context deadline exceeded")
            .text("db.system", "redis")
            .with("cache.hit", Value::Bool(false)),
        of(10, 8, "pricing", "SELECT tariff_rules", Client, 2086, 2446)
            .failed("PoolTimeoutError")
            .text("db.system", "postgresql"),
        of(11, 2, "routing", "publish orders.dlq", Producer, 2472, 2475),
    ]
}
