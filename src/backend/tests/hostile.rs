//! What no program should send, over every wire: every decoder and the tree that is built of it keep their bounds, say
//! what they left out, and never panic.

use std::fmt::Write as _;

use proptest::prelude::*;
use prost::encoding::{WireType, bytes as blob, encode_key, encode_varint, int64};
use serde_json::json;

use super::super::otlp::{Decoded, LONGEST_VALUE, decode_by_id, decode_json, decode_traces};
use super::super::{alertmanager, grafana, jaeger_wire, loki_wire, prometheus_wire, tempo_wire};
use crate::backend::http::Answered;
use crate::backend::loki_line::Lines;
use crate::domain::signal::Value;
use crate::domain::trace::{SkewOptions, Tree};
use crate::domain::{Cause, Symbol, TraceId};

const TRACE: u128 = 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736;

/// A span as somebody might send it: ids of zeros, itself as its parent, an end before its start, the years 1970 and 2262.
#[derive(Clone, Debug)]
struct Odd {
    trace: u128,
    id: u64,
    parent: u64,
    start: u64,
    end: u64,
    name: Vec<u8>,
    value: Vec<u8>,
}

impl Odd {
    fn is_valid(&self) -> bool {
        self.trace != 0 && self.id != 0
    }
}

fn odd() -> impl Strategy<Value = Odd> {
    let moment = prop_oneof![
        Just(0_u64),
        Just(1),
        Just(9_223_372_036_854_775_807),
        Just(u64::MAX),
        1_700_000_000_000_000_000_u64..1_700_000_001_000_000_000,
    ];
    let text = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..12),
        (LONGEST_VALUE - 2..LONGEST_VALUE + 3).prop_map(|length| "é".repeat(length / 2).into_bytes()),
    ];
    let trace = prop_oneof![9 => Just(TRACE), 1 => Just(0)];
    (trace, 0..9_u64, 0..9_u64, moment.clone(), moment, prop::collection::vec(any::<u8>(), 0..12), text)
        .prop_map(|(trace, id, parent, start, end, name, value)| Odd { trace, id, parent, start, end, name, value })
}

fn message(number: u32, inner: &[u8], into: &mut Vec<u8>) {
    encode_key(number, WireType::LengthDelimited, into);
    encode_varint(inner.len() as u64, into);
    into.extend(inner);
}

fn in_protobuf(spans: &[Odd]) -> Vec<u8> {
    let mut scope = Vec::new();
    for span in spans {
        let mut fields = Vec::new();
        blob::encode(1, &span.trace.to_be_bytes().to_vec(), &mut fields);
        blob::encode(2, &span.id.to_be_bytes().to_vec(), &mut fields);
        blob::encode(4, &span.parent.to_be_bytes().to_vec(), &mut fields);
        blob::encode(5, &span.name, &mut fields);
        for (number, moment) in [(7, span.start), (8, span.end)] {
            encode_key(number, WireType::SixtyFourBit, &mut fields);
            fields.extend(moment.to_le_bytes());
        }
        let (mut value, mut pair) = (Vec::new(), Vec::new());
        blob::encode(1, &span.value, &mut value);
        blob::encode(1, &b"key".to_vec(), &mut pair);
        message(2, &value, &mut pair);
        message(9, &pair, &mut fields);
        message(2, &fields, &mut scope);
    }
    let (mut process, mut trace) = (Vec::new(), Vec::new());
    message(2, &scope, &mut process);
    message(1, &process, &mut trace);
    trace
}

fn by_id(trace: &[u8]) -> Vec<u8> {
    let mut answer = Vec::new();
    message(1, trace, &mut answer);
    int64::encode(3, &1, &mut answer);
    blob::encode(4, &b"\xff too large".to_vec(), &mut answer);
    answer
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn in_otlp(spans: &[Odd]) -> Vec<u8> {
    let span = |span: &Odd| {
        json!({
            "traceId": format!("{:032x}", span.trace), "spanId": format!("{:016x}", span.id),
            "parentSpanId": format!("{:016x}", span.parent), "name": text(&span.name),
            "startTimeUnixNano": span.start.to_string(), "endTimeUnixNano": span.end,
            "attributes": [{"key": "key", "value": {"stringValue": text(&span.value)}}],
        })
    };
    let spans: Vec<_> = spans.iter().map(span).collect();
    json!({"trace": {"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}}).to_string().into_bytes()
}

fn in_jaeger(spans: &[Odd]) -> Vec<u8> {
    let span = |span: &Odd| {
        json!({
            "traceID": format!("{:032x}", span.trace), "spanID": format!("{:016x}", span.id),
            "references": [{"refType": "CHILD_OF", "traceID": format!("{:032x}", span.trace),
                "spanID": format!("{:016x}", span.parent)}],
            "operationName": text(&span.name), "startTime": span.start, "duration": span.end.wrapping_sub(span.start).cast_signed(),
            "tags": [{"key": "key", "type": "string", "value": text(&span.value)}], "processID": "p1",
        })
    };
    let spans: Vec<_> = spans.iter().map(span).collect();
    json!({"data": [{"spans": spans, "processes": {"p1": {"serviceName": "x"}}}]}).to_string().into_bytes()
}

fn of_json(body: &[u8]) -> Result<Decoded, Cause> {
    decode_json(body)
}

type Decoder = fn(&[u8]) -> Result<Decoded, Cause>;

fn every_wire(spans: &[Odd]) -> [(&'static str, Vec<u8>, Decoder); 4] {
    let trace = in_protobuf(spans);
    [
        ("protobuf, first version", trace.clone(), decode_traces),
        ("protobuf, second version", by_id(&trace), decode_by_id),
        ("OTLP JSON", in_otlp(spans), of_json),
        ("Jaeger JSON", in_jaeger(spans), jaeger_wire::decode),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn odd_spans_are_bounded_told_of_and_become_a_tree(spans in prop::collection::vec(odd(), 0..12)) {
        let valid = spans.iter().filter(|span| span.is_valid()).count();
        for (wire, body, decode) in every_wire(&spans) {
            let decoded = decode(&body).expect(wire);
            prop_assert_eq!((decoded.spans.len(), decoded.skipped), (valid, spans.len() - valid), "{}", wire);
            let words = decoded.partial_in_words().unwrap_or_default();
            prop_assert_eq!(words.contains("without a valid id"), valid < spans.len(), "{}: {}", wire, words);
            for (sent, span) in spans.iter().filter(|span| span.is_valid()).zip(&decoded.spans) {
                prop_assert_eq!(span.id.value(), sent.id);
                prop_assert_eq!(span.parent.map_or(0, |parent| parent.value()), sent.parent);
                let whole = text(&sent.value);
                let kept = span.attribute("key").and_then(Value::as_text).expect("the attribute");
                prop_assert!(whole.starts_with(kept) && kept.len() <= LONGEST_VALUE);
                let is_told = span.warnings.iter().any(|warning| warning.contains("are cut"));
                prop_assert_eq!(is_told, kept.len() < whole.len(), "{}: {:?}", wire, span.warnings);
            }
            let id = TraceId::new(TRACE).expect("not zero");
            let tree = Tree::build(id, decoded.spans, decoded.partial, SkewOptions::default());
            prop_assert!(tree.span_count() <= valid && tree.duration_nanos() >= 0);
            let own_parents = spans.iter().any(|span| span.is_valid() && span.id == span.parent);
            let is_warned = !tree.warnings().is_empty() || tree.rows().any(|row| !row.warnings.is_empty());
            prop_assert!(!own_parents || is_warned, "{}", wire);
        }
    }

    /// Lists in lists, to a depth that would cost a stack, and beside them what may be read.
    #[test]
    fn depth_is_refused_or_left_out(depth in prop_oneof![Just(10_000_usize), 0..300_usize]) {
        let (mut pair, mut fields) = (Vec::new(), Vec::new());
        let mut value = Vec::new();
        blob::encode(1, &b"core".to_vec(), &mut value);
        for _ in 0..depth {
            let (mut list, mut outer) = (Vec::new(), Vec::new());
            message(1, &value, &mut list);
            message(5, &list, &mut outer);
            value = outer;
        }
        message(2, &value, &mut pair);
        message(9, &pair, &mut fields);
        blob::encode(1, &TRACE.to_be_bytes().to_vec(), &mut fields);
        blob::encode(2, &1_u64.to_be_bytes().to_vec(), &mut fields);
        let (mut scope, mut process, mut trace) = (Vec::new(), Vec::new(), Vec::new());
        message(2, &fields, &mut scope);
        message(2, &scope, &mut process);
        message(1, &process, &mut trace);
        let decoded = decode_traces(&trace).expect("a trace");
        let kept = decoded.spans[0].attributes[0].1.to_string();
        prop_assert_eq!(kept.contains("core"), depth <= 64, "{}", kept);
        prop_assert_eq!(kept.contains("nested too deep"), depth > 64, "{}", kept);

        let deep = |open: &str, core: &str, close: &str| format!("{}{core}{}", open.repeat(depth), close.repeat(depth));
        let lists = deep("[", "1", "]");
        let values = deep("{\"arrayValue\":{\"values\":[", "{\"stringValue\":\"core\"}", "]}}");
        let span = format!("{{\"traceId\":\"1\",\"spanId\":\"1\",\"attributes\":[{{\"key\":\"k\",\"value\":{values}}}]}}");
        let bodies = [
            format!("{{\"resourceSpans\":[{{\"scopeSpans\":[{{\"spans\":[{span}]}}]}}]}}"),
            format!("{{\"data\":{lists}}}"),
            format!("{{\"status\":\"success\",\"data\":{{\"resultType\":\"vector\",\"result\":{lists}}}}}"),
            format!("{{\"traces\":{lists}}}"),
            format!("[{{\"time\":1,\"text\":{lists}}}]"),
            format!("[{{\"startsAt\":\"2026-01-01T00:00:00Z\",\"labels\":{{\"a\":{lists}}}}}]"),
            lists,
        ];
        // JSON says so of the whole answer, in words.
        let in_json = decode_json(bodies[0].as_bytes());
        prop_assert!(depth > 30 || in_json.is_ok(), "{:?}", in_json);
        prop_assert!(depth < 60 || matches!(&in_json, Err(Cause::Malformed(why)) if why == "nested deeper than 127 levels"), "{:?}", in_json);
        for body in bodies {
            read_by_all(body.as_bytes());
        }
    }

    /// Many things of two bytes, each of which would take a hundred in memory.
    #[test]
    fn numbers_are_bounded_and_what_is_left_out_is_told(extra in 1_usize..50) {
        let count = super::super::lenient::MOST + extra;
        let empty = vec!["{}"; count].join(",");
        let ids = "\"traceId\":\"1\",\"spanId\":\"1\"";
        let body = format!("{{\"resourceSpans\":[{{\"scopeSpans\":[{{\"spans\":[{{{ids},\"attributes\":[{empty}]}}]}}]}}]}}");
        let mut jaeger = String::from("{\"data\":[{\"spans\":[{\"traceID\":\"1\",\"spanID\":\"1\",");
        write!(jaeger, "\"tags\":[{empty}]}}]}}]}}").expect("a String");
        let mut fields = Vec::new();
        blob::encode(1, &[1_u8].to_vec(), &mut fields);
        blob::encode(2, &[1_u8].to_vec(), &mut fields);
        for _ in 0..count {
            message(9, &[], &mut fields);
        }
        let (mut scope, mut process, mut trace) = (Vec::new(), Vec::new(), Vec::new());
        message(2, &fields, &mut scope);
        message(2, &scope, &mut process);
        message(1, &process, &mut trace);
        let wires = [decode_json(body.as_bytes()), jaeger_wire::decode(jaeger.as_bytes()), decode_traces(&trace)];
        for decoded in wires {
            let span = &decoded.expect("a trace").spans[0];
            prop_assert_eq!(span.attributes.len(), count - extra);
            let told = format!("{extra} ");
            prop_assert!(span.warnings.iter().any(|warning| warning.starts_with(&told)), "{:?}", span.warnings);
        }
    }
}

/// What each makes of it is its own; that it comes back is the law.
fn read_by_all(body: &[u8]) {
    let answered = Answered { status: 200, content_type: String::new(), body: body.to_vec(), skew: None };
    let source = Symbol::from("x");
    drop((decode_json(body), jaeger_wire::decode(body), prometheus_wire::answer(&answered)));
    drop((loki_wire::lines(body, &mut Lines::new()), tempo_wire::listing(body, 10)));
    drop(loki_wire::frame(&String::from_utf8_lossy(body), &mut Lines::new()));
    drop((alertmanager::alerts(body, &source), alertmanager::silences(body, &source), grafana::changes(body, &source)));
}

proptest! {
    /// The two that the other laws of decoders do not know.
    #[test]
    fn no_bytes_make_a_reader_of_changes_panic(body in prop::collection::vec(any::<u8>(), 0..300), time in ".{0,12}") {
        let marks = json!([{"time": time, "text": text(&body), "tags": [time, null], "login": 7}]).to_string();
        let silences = json!([{"startsAt": time, "status": {"state": "active"}, "matchers": [{"name": text(&body)}]}]).to_string();
        for body in [&body[..], marks.as_bytes(), silences.as_bytes()] {
            for changes in [grafana::changes(body, &"x".into()), alertmanager::silences(body, &"x".into())].into_iter().flatten() {
                prop_assert!(changes.iter().all(|change| change.seen.len() == 1));
            }
        }
    }
}

#[test]
fn an_attribute_of_ten_megabytes_is_cut_and_told_of() {
    let long =
        Odd { trace: TRACE, id: 1, parent: 0, start: 0, end: 1, name: vec![b'n'; 5_000], value: vec![b'v'; 10 << 20] };
    for (wire, body, decode) in every_wire(&[long]) {
        let decoded = decode(&body).expect(wire);
        let span = &decoded.spans[0];
        assert_eq!(span.attributes[0].1.as_text().map(str::len), Some(LONGEST_VALUE), "{wire}");
        assert_eq!(span.name.len(), super::super::otlp::LONGEST_NAME, "{wire}");
        assert!(span.warnings.iter().any(|warning| warning.contains("are cut")), "{wire}: {:?}", span.warnings);
    }
}

/// L3 of the reference: such a link is none.
#[test]
fn a_link_of_zeros_is_left_out_and_told_of() {
    let (zeros, other) = ("0".repeat(32), "2");
    let json = format!(
        "{{\"batches\":[{{\"scopeSpans\":[{{\"spans\":[{{\"traceId\":\"1\",\"spanId\":\"1\",\"links\":[\
         {{\"traceId\":\"{zeros}\",\"spanId\":\"1\"}},{{\"traceId\":\"{other}\",\"spanId\":\"3\"}}]}}]}}]}}]}}"
    );
    let jaeger = format!(
        "{{\"data\":[{{\"spans\":[{{\"traceID\":\"1\",\"spanID\":\"1\",\"references\":[\
         {{\"refType\":\"FOLLOWS_FROM\",\"traceID\":\"{zeros}\",\"spanID\":\"1\"}},\
         {{\"refType\":\"FOLLOWS_FROM\",\"traceID\":\"{other}\",\"spanID\":\"3\"}}]}}]}}]}}"
    );
    let mut span = Vec::new();
    blob::encode(1, &[1_u8].to_vec(), &mut span);
    blob::encode(2, &[1_u8].to_vec(), &mut span);
    for trace in [[0_u8; 16].to_vec(), vec![2]] {
        let mut link = Vec::new();
        blob::encode(1, &trace, &mut link);
        blob::encode(2, &[3_u8].to_vec(), &mut link);
        message(13, &link, &mut span);
    }
    let (mut scope, mut process, mut trace) = (Vec::new(), Vec::new(), Vec::new());
    message(2, &span, &mut scope);
    message(2, &scope, &mut process);
    message(1, &process, &mut trace);
    for decoded in [decode_json(json.as_bytes()), jaeger_wire::decode(jaeger.as_bytes()), decode_traces(&trace)] {
        let span = &decoded.expect("a trace").spans[0];
        assert_eq!(span.links.iter().map(|link| link.trace.value()).collect::<Vec<_>>(), [2]);
        assert!(
            span.warnings.iter().any(|warning| warning.contains("without a valid trace id")),
            "{:?}",
            span.warnings
        );
    }
}
