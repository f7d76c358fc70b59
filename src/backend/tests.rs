//! Laws of the decoders: no bytes make one panic, and what was written is what is read.

mod hostile;
mod turns;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::lenient::Text;
use super::loki_line::Lines;
use super::loki_seen::Seen;
use super::loki_text::Told;
use super::{alertmanager, fields, jaeger_wire, loki_wire, otlp, prometheus_wire, tempo_wire, words};
use crate::backend::http::Answered;
use crate::domain::signal::Level;
use crate::domain::{Symbol, Timestamp};

/// Every decoder over the same bytes.
fn decode_all(body: &[u8]) {
    let answered = Answered { status: 200, content_type: String::new(), body: body.to_vec(), skew: None };
    drop(prometheus_wire::answer(&answered));
    drop(prometheus_wire::values(&answered));
    drop(prometheus_wire::version(&answered));
    drop(loki_wire::lines(body, &mut Lines::new()));
    drop(loki_wire::names(body));
    drop(loki_wire::frame(&String::from_utf8_lossy(body), &mut Lines::new()));
    drop(otlp::decode_json(body));
    drop(otlp::decode_by_id(body));
    drop(otlp::decode_traces(body));
    drop(tempo_wire::listing(body, 10));
    drop(jaeger_wire::decode(body));
    drop(jaeger_wire::names(body));
    drop(alertmanager::alerts(body, &Symbol::from("x")));
    drop(words::of_error(body));
    drop(Told::by_line(&String::from_utf8_lossy(body)));
}

/// JSON made of the words that the decoders know, in wrong places and kinds.
fn confused() -> impl Strategy<Value = String> {
    let words = [
        "status",
        "data",
        "result",
        "resultType",
        "streams",
        "matrix",
        "vector",
        "values",
        "value",
        "metric",
        "stream",
        "trace",
        "resourceSpans",
        "batches",
        "scopeSpans",
        "spans",
        "traceId",
        "spanId",
        "attributes",
        "key",
        "stringValue",
        "arrayValue",
        "traceID",
        "references",
        "processes",
        "p1",
        "tags",
        "success",
        "error",
        "labels",
        "startsAt",
        "structuredMetadata",
        "dropped_entries",
        "encodingFlags",
        "traces",
        "dd",
        "span",
        "1",
        "bdd640fb06671ad11c80317fa3b1799d",
        "vdZA+wZnGtEcgDF/o7F5nQ==",
        "9007199254740993",
        "NaN",
    ];
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        any::<i64>().prop_map(|number| number.to_string()),
        Just("1.7e308".to_owned()),
        prop::sample::select(words.to_vec()).prop_map(|word| format!("{word:?}")),
    ];
    leaf.prop_recursive(6, 48, 6, move |inner| {
        let pair =
            (prop::sample::select(words.to_vec()), inner.clone()).prop_map(|(name, value)| format!("{name:?}:{value}"));
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec(pair, 0..6).prop_map(|pairs| format!("{{{}}}", pairs.join(","))),
        ]
    })
}

/// An answer as it was recorded, and the places where it is damaged.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let whole = prop::sample::select(vec![
        "tempo-3.0.3/trace_v2_error_pb.pb",
        "tempo-3.0.3/trace_v2_error_json.json",
        "tempo-3.0.3/search_error.json",
        "jaeger-2.17/trace_error.json",
        "jaeger-2.17/v3_trace_error.txt",
        "loki-3.7.6/range_streams_otlp_categorized.json",
        "prometheus-2.42/query_instant_nan_inf.json",
        "alertmanager-0.25/alerts.json",
    ]);
    let damage = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20);
    (whole, damage, any::<prop::sample::Index>()).prop_map(|(name, damage, end)| {
        let path = format!("{}/tests/recorded/{name}", env!("CARGO_MANIFEST_DIR"));
        let mut bytes = std::fs::read(path).expect("a recorded answer");
        for (at, byte) in damage {
            let length = bytes.len();
            bytes[at.index(length)] = byte;
        }
        bytes.truncate(end.index(bytes.len() * 2));
        bytes
    })
}

proptest! {
    #[test]
    fn no_bytes_make_a_decoder_panic(body in prop::collection::vec(any::<u8>(), 0..400)) {
        decode_all(&body);
    }

    #[test]
    fn no_json_makes_a_decoder_panic(body in confused()) {
        decode_all(body.as_bytes());
    }

    #[test]
    fn no_damage_makes_a_decoder_panic(body in damaged()) {
        decode_all(&body);
    }

    #[test]
    fn words_are_one_short_line(text in any::<String>()) {
        let cleaned = words::clean(&text);
        prop_assert!(cleaned.chars().count() <= 301);
        prop_assert!(!cleaned.chars().any(char::is_control));
        prop_assert_eq!(words::clean(&cleaned), cleaned);
    }

    #[test]
    fn an_id_is_read_in_both_spellings(bytes in any::<[u8; 16]>(), span in any::<[u8; 8]>()) {
        use base64::Engine as _;
        use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
        let expected = crate::domain::TraceId::from_bytes(&bytes);
        for engine in [STANDARD, STANDARD_NO_PAD, URL_SAFE] {
            prop_assert_eq!(otlp::trace_id(&engine.encode(bytes)), expected);
            prop_assert_eq!(otlp::span_id(&engine.encode(span)), crate::domain::SpanId::from_bytes(&span));
        }
        if let Some(id) = expected {
            prop_assert_eq!(otlp::trace_id(&id.to_string().to_uppercase()), expected);
        }
    }

    #[test]
    fn a_number_is_read_as_text_and_as_a_number(number in any::<i64>()) {
        for written in [number.to_string(), format!("\"{number}\"")] {
            let text: Text<'_> = serde_json::from_str(&written).expect("a number");
            prop_assert_eq!(text.integer(), Some(number));
        }
    }

    /// However a stream of lines is cut, asked again from where it resumes and joined: each comes once.
    #[test]
    fn what_is_resumed_is_whole_and_single(
        times in prop::collection::btree_set(0..20_000_i64, 1..200),
        cut in any::<prop::sample::Index>(),
        bound in 1..300_usize,
    ) {
        let all: Vec<i64> = times.into_iter().map(|millis| millis * 1_000_000).collect();
        let mut lines = Lines::new();
        let stream = lines.stream([("app", "x")].into_iter(), true);
        let mut line = |time: i64| lines.line(&stream, Timestamp::from_nanos(time), "text", std::iter::empty());
        let mut seen = Seen::with_bound(bound);
        let cut = cut.index(all.len() + 1);
        let mut given: Vec<i64> = all[..cut].iter().copied().filter(|time| seen.is_new(&line(*time))).collect();
        let start = seen.resume(Timestamp::EPOCH).nanos();
        given.extend(all.iter().copied().filter(|time| *time >= start && seen.is_new(&line(*time))));
        prop_assert_eq!(given, all);
    }
}

/// The quick way through a flat object.
fn quick(line: &str) -> Option<Told<'_>> {
    let mut told = Told::default();
    fields::read_object(line, &mut |name, value| told.field("", name, value)).then_some(told)
}

#[test]
fn plain_objects_are_read_and_others_are_left() {
    let told = quick(
        r#" {"ts":1773423012, "level":"warn" ,"n":-1.5e3,"ok":true,"msg":"a \"b\" \u00e9","x":null}"#.trim_start(),
    );
    let told = told.expect("plain");
    assert_eq!(told.message.as_deref(), Some("a \"b\" é"));
    assert_eq!((told.time.as_deref(), told.level), (Some("1773423012"), Some(Level::Warn)));
    for other in [
        "{",
        "{\"a\"",
        r#"{"a":{}}"#,
        r#"{"a":[1]}"#,
        r#"{"ts":1e3}"#,
        "{\"msg\":\"a\u{1}\"}",
        r#"{"msg":"\x"}"#,
        r#"{"a":b}"#,
    ] {
        assert!(quick(other).is_none(), "{other}");
    }
}

/// As a whole parser reads it.
fn slow(line: &str) -> Told<'_> {
    Told::by_parser(line)
}

proptest! {
    #[test]
    fn the_quick_way_reads_what_a_parser_reads(
        fields in prop::collection::vec(
            (
                prop::sample::select(vec![
                    "level", "lvl", "msg", "message", "body", "time", "ts", "timestamp", "service", "service.name", "app",
                    "trace_id", "traceID", "Trace-Id", "span_id", "dd.trace_id", "severity", "log.level", "eventTime",
                    "traceparent", "order_id", "_time_", "a", "é",
                ]),
                prop_oneof![
                    r#"[a-z "\\é\u{1}\t/{}:,]{0,30}"#.prop_map(Value::from),
                    "[0-9a-f]{32}".prop_map(Value::from),
                    prop::sample::select(vec!["warn", "ERROR", "30", "2026-03-13T17:30:12Z"]).prop_map(Value::from),
                    any::<i64>().prop_map(Value::from),
                    any::<f64>().prop_map(|number| json!(number)),
                    any::<bool>().prop_map(Value::from),
                    Just(Value::Null),
                ],
            ),
            0..8,
        ),
        pretty in any::<bool>(),
    ) {
        let object: Map<String, Value> = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let value = Value::Object(object);
        let line = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.expect("JSON");
        if let Some(told) = quick(&line) {
            prop_assert_eq!(told, slow(&line));
        }
    }
}
