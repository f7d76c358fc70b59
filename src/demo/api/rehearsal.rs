//! Asking a simulated server as a client would, and the recorded answers of the real ones to compare with. Tests only.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use prost::Message;
use serde_json::Value as Json;

use super::wire::{Any, ById, KeyValue, WireSpan};
use crate::demo::company::TraceRecord;
use crate::demo::fault::{Schedule, Target};
use crate::demo::server::Server;
use crate::demo::site::Clock;
use crate::domain::signal::{Attributes, Event, Kind, Link, Span, Status, Value};
use crate::domain::{SpanId, Timestamp, TraceId};

/// The failing trace that all three trace servers' recordings show.
pub const ERROR_TRACE: &str = "bdd640fb06671ad11c80317fa3b1799d";

/// What came back.
pub struct Reply {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }

    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn content_type(&self) -> &str {
        self.headers.get("content-type").map_or("", String::as_str)
    }
}

/// Serves the router on a free port; it ends when the server is dropped.
pub async fn serve(router: Router) -> Server {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    Server::serve(listener, router, Schedule::new(Target::Loki, Clock::fixed(Timestamp::EPOCH), &[]))
        .expect("an address")
}

/// One GET over a real connection.
pub async fn get(router: Router, path: &str, query: &[(&str, &str)], header: Option<(&str, &str)>) -> Reply {
    drop(rustls::crypto::ring::default_provider().install_default());
    let server = serve(router).await;
    let mut request = reqwest::Client::new().get(format!("{}{path}", server.url())).query(query);
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    let header = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
        (name.to_string(), value.to_str().expect("text").to_owned())
    };
    let headers = answer.headers().iter().map(header).collect();
    Reply { status, headers, body: answer.bytes().await.expect("a whole body").to_vec() }
}

/// The recorded failing trace as domain spans; values that the domain does not know (arrays) are left out.
pub fn error_trace() -> Arc<TraceRecord> {
    let bytes = include_bytes!("../../../tests/recorded/tempo-3.0.3/trace_v2_error_pb.pb");
    let answer = ById::decode(bytes.as_slice()).expect("protobuf");
    let batches = answer.trace.expect("a trace").resource_spans;
    let mut spans = Vec::new();
    for batch in batches {
        let mut resource = attributes(&batch.resource.expect("a resource").attributes);
        let service = resource.iter().find(|(name, _)| *name == "service.name").map(|(_, value)| value.to_string());
        let service = service.expect("a service");
        resource.retain(|(name, _)| *name != "service.name");
        let resource = Arc::new(resource);
        for each in batch.scope_spans.iter().flat_map(|scope| &scope.spans) {
            spans.push(span(each, &service, resource.clone()));
        }
    }
    record(spans)
}

/// A trace that has been readable since the beginning of time.
pub fn record(spans: Vec<Span>) -> Arc<TraceRecord> {
    Arc::new(TraceRecord { id: spans[0].trace, spans, readable_from: Timestamp::EPOCH })
}

/// A span without anything but its place in a trace.
pub fn bare_span(trace: &str, id: u64, parent: Option<u64>, service: &str) -> Span {
    Span {
        trace: trace.parse().expect("an id"),
        id: SpanId::new(id).expect("not zero"),
        parent: parent.and_then(SpanId::new),
        service: service.into(),
        name: "work".into(),
        kind: Kind::Server,
        start: Timestamp::from_millis(1_795_348_532_549),
        end: Timestamp::from_millis(1_795_348_532_604),
        status: Status::Unset,
        attributes: Vec::new(),
        resource: Arc::new(Vec::new()),
        events: Vec::new(),
        links: Vec::new(),
        warnings: Vec::new(),
    }
}

fn span(wire: &WireSpan, service: &str, resource: Arc<Attributes>) -> Span {
    let kinds = [Kind::Unspecified, Kind::Internal, Kind::Server, Kind::Client, Kind::Producer, Kind::Consumer];
    let status = wire.status.clone().unwrap_or_default();
    Span {
        trace: TraceId::from_bytes(&wire.trace_id).expect("an id"),
        id: SpanId::from_bytes(&wire.span_id).expect("an id"),
        parent: SpanId::from_bytes(&wire.parent_span_id),
        service: service.into(),
        name: wire.name.as_str().into(),
        kind: kinds[usize::try_from(wire.kind).expect("a kind")],
        start: Timestamp::from_unsigned_nanos(wire.start_time_unix_nano),
        end: Timestamp::from_unsigned_nanos(wire.end_time_unix_nano),
        status: if status.code == 2 { Status::Error(status.message.as_str().into()) } else { Status::Unset },
        attributes: attributes(&wire.attributes),
        resource,
        events: wire
            .events
            .iter()
            .map(|event| Event {
                time: Timestamp::from_unsigned_nanos(event.time_unix_nano),
                name: event.name.as_str().into(),
                attributes: attributes(&event.attributes),
            })
            .collect(),
        links: wire
            .links
            .iter()
            .map(|link| Link {
                trace: TraceId::from_bytes(&link.trace_id).expect("an id"),
                span: SpanId::from_bytes(&link.span_id),
                attributes: attributes(&link.attributes),
            })
            .collect(),
        warnings: Vec::new(),
    }
}

fn attributes(pairs: &[KeyValue]) -> Attributes {
    let value = |pair: &KeyValue| match pair.value.clone()?.value? {
        Any::Text(text) => Some(Value::Text(text.into())),
        Any::Bool(value) => Some(Value::Bool(value)),
        Any::Integer(value) => Some(Value::Integer(value)),
        Any::Float(value) => Some(Value::Float(value)),
    };
    pairs.iter().filter_map(|pair| Some((pair.key.as_str().into(), value(pair)?))).collect()
}

/// Takes out of a recorded answer what the domain cannot hold: attributes whose keys are named, and the scope.
pub fn without(mut json: Json, keys: &[&str]) -> Json {
    prune(&mut json, keys);
    json
}

fn prune(json: &mut Json, keys: &[&str]) {
    match json {
        Json::Object(fields) => {
            fields.remove("scope");
            fields.values_mut().for_each(|value| prune(value, keys));
        }
        Json::Array(items) => {
            items.retain(|item| item["key"].as_str().is_none_or(|key| !keys.contains(&key)));
            items.iter_mut().for_each(|item| prune(item, keys));
        }
        _ => {}
    }
}
