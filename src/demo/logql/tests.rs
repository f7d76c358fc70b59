//! LogQL's odd corners. What its filters mean is tested through the server, beside recorded answers.

use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;

use super::{Function, Grouping, Kept, Query, parse};
use crate::demo::company::LogRecord;
use crate::domain::signal::Level;
use crate::domain::{Labels, Timestamp};

fn keep(query: &str, line: &str) -> Option<Kept> {
    let Query::Log(query) = parse(query).unwrap_or_else(|error| panic!("{query}: {error}")) else {
        panic!("not a log query");
    };
    let stream: Labels = [("app", "a")].into_iter().collect();
    let record = LogRecord {
        time: Timestamp::EPOCH,
        level: Level::Error,
        stream: Arc::new(stream),
        metadata: Vec::new(),
        line: line.to_owned(),
    };
    let kept = query.keep(record.clone());
    assert!(kept.is_none() || query.may_keep(&record.stream, record.level), "what may not be kept is not kept");
    kept
}

#[test]
fn metric_queries_may_have_their_range_before_or_after_the_stages() {
    for text in
        [r#"sum by (app, level) (rate({app="a"} |= "x" [5m]))"#, r#"sum(rate({app="a"}[5m] |= "x")) by (app, level)"#]
    {
        let Query::Metric(query) = parse(text).unwrap_or_else(|error| panic!("{text}: {error}")) else {
            panic!("not a metric query");
        };
        assert_eq!((query.function, query.range), (Function::Rate, Duration::from_secs(300)));
        let grouping = query.aggregation.expect("a sum").grouping;
        assert!(matches!(grouping, Grouping::By(names) if names == ["app", "level"]));
        assert_eq!(query.log.stages.len(), 1);
    }
}

#[test]
fn levels_are_told_before_a_line_is_written() {
    for (query, kept) in [
        (r#"{app="a"} | detected_level="error""#, true),
        (r#"{app="a"} | detected_level="info""#, false),
        (r#"{app="a"} | detected_level="info" or x="1""#, false),
        (r#"{app="a"} | json | detected_level="info" or x="1""#, true),
        (r#"{app="a"} | detected_level=~"warn|error" and detected_level!="warn""#, true),
        (r#"{app="b"}"#, false),
    ] {
        assert_eq!(keep(query, r#"{"x":"1"}"#).is_some(), kept, "{query}");
    }
}

#[test]
fn numbers_and_durations_compare_as_such() {
    for (query, kept) in [
        (r#"{app="a"} | logfmt | took > 900ms"#, true),
        (r#"{app="a"} | logfmt | took > 2s"#, false),
        (r#"{app="a"} | logfmt | n == 12"#, true),
        (r#"{app="a"} | logfmt | n < 9"#, false),
        (r#"{app="a"} | logfmt | absent < 9"#, false),
        (r#"{app="a"} | logfmt | msg="two words""#, true),
        (r#"{app="a"} |= `"two words"`"#, true),
        (r#"{app="a"} |= "\u0022two""#, true),
    ] {
        assert_eq!(keep(query, r#"n=12 took=1.5s msg="two words" flag"#).is_some(), kept, "{query}");
    }
}

#[test]
fn what_is_not_spoken_says_so() {
    for (query, words) in [
        (r#"{app="a"} | unpack"#, "does not speak \"unpack\""),
        (r#"{app="a"} | json code="http.code""#, "json with arguments"),
        (r#"bytes_rate({app="a"}[1m])"#, "does not speak \"bytes_rate\""),
        (r#"sum(rate({app="a"}[1m])) > 3"#, "unexpected >"),
        (r#"rate({app="a"}[0s])"#, "not a valid duration"),
        (r#"{app="a"} |= ip("10.0.0.1")"#, "ip()"),
        (r#"{app="a""#, "line 1, col 9: syntax error: unexpected $end, expecting } or ,"),
        ("{app=\"a\"}\n| json |", "line 2, col 9"),
        ("{}", "empty-compatible"),
        (r#"{app=~"("}"#, "error parsing regexp"),
        (r#"{app="a}"#, "literal not terminated"),
    ] {
        let error = parse(query).expect_err(query).to_string();
        assert!(error.contains(words), "{query}: {error}");
    }
    let deep = format!("{{app=\"a\"}} | {}x=\"1\"{}", "(".repeat(5_000), ")".repeat(5_000));
    assert!(parse(&deep).expect_err("too deep").to_string().contains("too deep"));
    let chain = |links| format!("{{app=\"a\"}} | x!=\"1\"{}", ",x!=\"1\"".repeat(links));
    assert!(parse(&chain(100_000)).expect_err("long").to_string().contains("too long"));
    assert!(keep(&chain(2_000), "line").is_some());
}

proptest! {
    #[test]
    fn no_text_breaks_the_parser(text in r#"[{}()\[\]|!=~<>a-z0-9."` ,$é]{0,60}"#) {
        let _outcome = parse(&text);
    }

    #[test]
    fn no_line_breaks_a_pipeline(line in ".{0,80}") {
        let kept = keep(r#"{app="a"} | json | logfmt"#, &line);
        prop_assert!(kept.is_some());
    }
}
