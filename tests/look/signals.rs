//! The failing trace of the evening, and the log lines that come once per lost order.

use std::sync::Arc;

use warroom::domain::signal::{Attributes, Kind, Level, Line, Message, Span, Status, Value};
use warroom::domain::trace::{SkewOptions, Tree};
use warroom::domain::{SpanId, Timestamp, TraceId};

use super::scene::impact;

pub fn trace_id() -> TraceId {
    "4bf92f3577b34da6a3ce929d0e0e4736".parse().expect("a trace id")
}

pub fn span_id(number: u64) -> SpanId {
    SpanId::new(number).expect("not zero")
}

/// Service, name, kind, parent, start and end in milliseconds, the error, attributes.
type Row =
    (&'static str, &'static str, Kind, u64, i64, i64, Option<&'static str>, &'static [(&'static str, &'static str)]);

const ROWS: [Row; 11] = [
    ("edge", "POST /orders", Kind::Server, 0, 0, 2_480, Some(""), &[("order_id", "4472146")]),
    ("routing", "order.route", Kind::Server, 1, 2, 2_472, Some(""), &[("order_id", "4472146")]),
    ("routing", "route.compute", Kind::Internal, 2, 4, 36, None, &[]),
    ("routing", "POST inventory /reserve", Kind::Client, 2, 37, 2_466, Some(""), &[("peer.service", "inventory")]),
    ("inventory", "POST /reserve", Kind::Server, 4, 44, 2_456, Some(""), &[]),
    ("inventory", "SELECT stock", Kind::Client, 5, 52, 65, None, &[("db.system", "postgresql")]),
    ("inventory", "POST pricing /quote", Kind::Client, 5, 72, 2_452, Some(""), &[("peer.service", "pricing")]),
    ("pricing", "POST /quote", Kind::Server, 7, 78, 2_448, Some(""), &[("order_id", "4472146")]),
    (
        "pricing",
        "BLPOP tariff:lock",
        Kind::Client,
        8,
        84,
        2_086,
        Some("context deadline exceeded"),
        &[("db.system", "redis"), ("cache.hit", "false"), ("order_id", "4472146"), ("carrier_id", "CHR")],
    ),
    (
        "pricing",
        "SELECT tariff_rules",
        Kind::Client,
        8,
        2_086,
        2_446,
        Some("PoolTimeoutError"),
        &[
            ("db.system", "postgresql"),
            ("server.address", "pg-pricing"),
            ("order_id", "4472146"),
            ("carrier_id", "CHR"),
            ("customer_id", "M-1204"),
        ],
    ),
    ("routing", "publish orders.dlq", Kind::Producer, 2, 2_468, 2_471, None, &[]),
];

fn attributes(pairs: &[(&str, &str)]) -> Attributes {
    pairs.iter().map(|(name, value)| ((*name).into(), Value::Text(Arc::from(*value)))).collect()
}

pub fn started() -> Timestamp {
    impact().shifted((5 * 60_000 + 22_410) * 1_000_000)
}

pub fn spans() -> Vec<Span> {
    let millis = |count: i64| started().shifted(count * 1_000_000);
    let resource = |service: &str| {
        let version = if service == "pricing" { "2.14.0" } else { "1.8.3" };
        Arc::new(attributes(&[("service.version", version), ("k8s.pod.name", "pod-7c9d-x2lqf")]))
    };
    let span = |(at, row): (usize, &Row)| {
        let (service, name, kind, parent, start, end, error, pairs) = *row;
        Span {
            trace: trace_id(),
            id: span_id(at as u64 + 1),
            parent: SpanId::new(parent),
            service: service.into(),
            name: name.into(),
            kind,
            start: millis(start),
            end: millis(end),
            status: error.map_or(Status::Unset, |text| Status::Error(text.into())),
            attributes: attributes(pairs),
            resource: resource(service),
            events: Vec::new(),
            links: Vec::new(),
            warnings: Vec::new(),
        }
    };
    ROWS.iter().enumerate().map(span).collect()
}

pub fn tree(spans: Vec<Span>) -> Arc<Tree> {
    Arc::new(Tree::build(trace_id(), spans, None, SkewOptions::default()))
}

pub fn line(time: Timestamp, level: Level, service: &str, text: &str) -> Line {
    Line {
        time,
        level,
        service: service.into(),
        stream: Arc::default(),
        trace: None,
        span: None,
        raw: text.into(),
        metadata: None,
        message: Message::Raw,
    }
}

/// Four lines for each of the last `orders` lost orders before this moment.
pub fn lines(until: Timestamp, orders: i64) -> Vec<Line> {
    let mut lines = Vec::new();
    for back in (0..orders).rev() {
        let number = 4_472_184 - back;
        let base = until.shifted(-(123 + 929 * back) * 1_000_000);
        let at = |millis: i64| base.shifted(-millis * 1_000_000);
        let zone = [67, 13, 31][usize::try_from((orders - 1 - back) % 3).expect("small")];
        lines.push(line(
            at(391),
            Level::Error,
            "pricing",
            &format!("tariff cache miss zone=FR-{zone} waited 2000ms for lock"),
        ));
        lines.push(line(
            at(30),
            Level::Error,
            "pricing",
            "PoolTimeoutError: no connection within 360ms (in_use=20 max=20)",
        ));
        lines.push(line(
            at(13),
            Level::Warn,
            "inventory",
            &format!("pricing responded 503 in {}ms", 2_380 + number % 9),
        ));
        lines.push(line(
            at(0),
            Level::Error,
            "routing",
            &format!("order {number} rejected: quote unavailable; not requeued"),
        ));
    }
    lines
}
