//! The attributes of a span in the order in which they help: what business asks about, what was called, where it ran.

use crate::domain::Symbol;
use crate::domain::signal::{Span, Value};

pub(super) type Group<'a> = Vec<(&'a Symbol, &'a Value)>;

/// Attributes that say where the process ran, in this order; what else a resource says comes after them.
const PLACES: [&str; 8] = [
    "service.version",
    "deployment.environment.name",
    "deployment.environment",
    "k8s.namespace.name",
    "k8s.pod.name",
    "k8s.node.name",
    "host.name",
    "cloud.region",
];

/// Says nothing that the reader does not see already.
const KNOWN: [&str; 2] = ["service.name", "service.namespace"];

pub(super) fn value_text(value: &Value) -> String {
    match value {
        // Whole megabytes are cut when cleaned; no more is copied here.
        Value::Text(text) => text.chars().take(4_096).collect(),
        other => other.to_string(),
    }
}

/// Business keys in the order of the configuration, then the span's other attributes, then those of its resource.
pub(super) fn grouped<'a>(span: &'a Span, business_keys: &[Symbol]) -> [Group<'a>; 3] {
    let pairs = || span.attributes.iter().map(|(key, value)| (key, value));
    let resource = || span.resource.iter().map(|(key, value)| (key, value));
    let business: Group<'a> =
        business_keys.iter().filter_map(|wanted| pairs().chain(resource()).find(|(key, _)| *key == wanted)).collect();
    let is_business = |key: &Symbol| business_keys.contains(key);
    let mut own: Group<'a> = pairs().filter(|(key, _)| !is_business(key)).collect();
    own.sort_by_key(|(key, _)| rank(key));
    let mut place: Group<'a> =
        resource().filter(|(key, _)| !is_business(key) && !KNOWN.contains(&key.as_str())).collect();
    place.sort_by_key(|(key, _)| PLACES.iter().position(|known| key.as_str() == *known).unwrap_or(usize::MAX));
    [business, own, place]
}

/// What names the dependency first, statements and what libraries add last.
fn rank(key: &str) -> u8 {
    match key {
        "db.system" | "db.system.name" | "messaging.system" | "rpc.system" => 0,
        "http.response.status_code" | "http.status_code" | "rpc.grpc.status_code" | "error.type" => 1,
        "server.address" | "peer.service" | "net.peer.name" | "messaging.destination.name" => 2,
        "db.statement" | "db.query.text" => 6,
        _ if key.starts_with("otel.") || key.starts_with("telemetry.") || key.starts_with("thread.") => 7,
        _ if key.contains("http.") || key.contains("url.") || key.contains("network.") => 4,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::signal::{Kind, Status};
    use crate::domain::{SpanId, Timestamp, TraceId};

    #[test]
    fn business_comes_first_in_its_order() {
        let pairs = |keys: &[&str]| {
            keys.iter()
                .map(|key| (Symbol::from(*key), Value::Integer(1)))
                .collect::<crate::domain::signal::Attributes>()
        };
        let span = Span {
            trace: TraceId::new(1).expect("not zero"),
            id: SpanId::new(1).expect("not zero"),
            parent: None,
            service: "pricing".into(),
            name: "BLPOP".into(),
            kind: Kind::Client,
            start: Timestamp::EPOCH,
            end: Timestamp::EPOCH,
            status: Status::Unset,
            attributes: pairs(&["db.statement", "carrier_id", "cache.hit", "db.system", "order_id"]),
            resource: Arc::new(pairs(&["os.type", "service.name", "k8s.pod.name", "service.version"])),
            events: Vec::new(),
            links: Vec::new(),
            warnings: Vec::new(),
        };
        let groups = grouped(&span, &["order_id".into(), "carrier_id".into(), "absent".into()]);
        let keys = groups.map(|group| group.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>());
        assert_eq!(
            keys,
            [
                vec!["order_id", "carrier_id"],
                vec!["db.system", "cache.hit", "db.statement"],
                vec!["service.version", "k8s.pod.name", "os.type"],
            ]
        );
    }
}
