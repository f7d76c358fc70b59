//! The gap report over traces and lines: what is planted is found, and nothing else.

use std::sync::Arc;

use super::sample::{id, order, trace, tree};
use crate::domain::signal::{Level, Line, Message, Span};
use crate::domain::trace::{Known, Of, Report, Silent, SkewOptions, Tree};
use crate::domain::{Labels, Symbol, Timestamp, TraceId};

fn line(service: &str, level: Level, raw: &str, trace: Option<TraceId>) -> Line {
    Line {
        time: Timestamp::EPOCH,
        level,
        service: service.into(),
        stream: Arc::new(Labels::default()),
        trace,
        span: None,
        raw: raw.into(),
        metadata: None,
        message: Message::Extracted(raw.into()),
    }
}

fn late() -> Timestamp {
    Timestamp::from_seconds(3_600)
}

/// The order torn in two; the low half of the second id is 9532127138774266268.
fn torn() -> Vec<Tree> {
    let other: TraceId = "640cfd8d000000008448eb211c80319c".parse().expect("an id");
    let lost = |span: &Span| [id(8), id(9), id(10)].contains(&span.id);
    let (inner, outer): (Vec<Span>, Vec<Span>) = order().into_iter().partition(lost);
    let inner = inner.into_iter().map(|span| Span {
        trace: other,
        parent: span.parent.filter(|parent| *parent != id(7)),
        ..span.text("order_id", "4472146")
    });
    vec![tree(outer), Tree::build(other, inner.collect(), None, SkewOptions::OFF)]
}

#[test]
fn what_is_whole_has_no_gap() {
    let entrypoints = [Symbol::from("edge")];
    let lines = [line("pricing", Level::Error, "x", Some(trace()))];
    let known = Known { entrypoints: &entrypoints, lines: &lines, ..Known::default() };
    let report = Report::of(&[tree(order())], &known, late());
    assert!(report.is_clean(), "{report:?}");
    assert_eq!((report.traces, report.whole, report.complete), (1, 1, 1.0));
}

#[test]
fn a_stranger_between_two_traces_is_named_with_its_hop() {
    let entrypoints = [Symbol::from("edge")];
    let business_keys = [Symbol::from("order_id")];
    let lines = [
        line("pricing", Level::Error, r#"{"dd.trace_id":"9532127138774266268","msg":"no"}"#, None),
        line("label", Level::Info, "hello", None),
        line("routing", Level::Error, "no id here", None),
    ];
    let known = Known { entrypoints: &entrypoints, business_keys: &business_keys, lines: &lines, ..Known::default() };
    let report = Report::of(&torn(), &known, late());
    let edges: Vec<(&str, &str, &str, u32)> = report
        .edges
        .iter()
        .map(|edge| (edge.code.as_str(), edge.from.as_str(), edge.to.as_str(), edge.linked))
        .collect();
    assert_eq!(edges, [("G2", "inventory", "pricing", 1), ("G3", "inventory", "pricing", 1)]);
    assert!(report.edges.iter().all(|edge| edge.hop.contains("pricing reads Datadog headers")), "{report:?}");
    let [foreign] = report.foreign.as_slice() else { panic!("{report:?}") };
    assert_eq!((foreign.matched, foreign.trace.to_string().as_str()), (1, "640cfd8d000000008448eb211c80319c"));
    assert_eq!(report.silent, [Silent { service: "label".into(), lines: 1, counted: false }]);
    assert_eq!((report.lines_without, report.of_lines, report.of_traces), (2, Of::whole(3), Of::whole(2)));
    assert!(matches!(report.unnamed.as_slice(), [only] if only.service == "routing" && only.without == 1));
    assert!(report.complete < 1.0 && report.whole == 0);
}

#[test]
fn what_is_still_arriving_is_not_called_lost() {
    let orphans: Vec<Span> = order().into_iter().filter(|span| span.id != id(8)).collect();
    let now = Timestamp::from_millis(10_000);
    let report = Report::of(&[tree(orphans.clone())], &Known::default(), now);
    assert!(report.is_clean() && report.arriving == 1 && report.traces == 0);
    let report = Report::of(&[tree(orphans)], &Known::default(), late());
    assert!(matches!(report.edges.as_slice(), [only] if only.code == "G1" && only.traces == 1), "{report:?}");
}

#[test]
fn a_service_that_only_the_server_counted_is_told_and_each_number_says_of_what() {
    let counts: Vec<(Symbol, u64)> = vec![("label".into(), 900), ("pricing".into(), 41_299), ("".into(), 1)];
    let lines = [line("routing", Level::Error, "no id here", None), line("pricing", Level::Info, "x", Some(trace()))];
    let (known, trees) = (
        Known {
            lines: &lines,
            counts: Some(&counts),
            more_lines: true,
            found: 320,
            more_traces: true,
            ..Known::default()
        },
        [tree(order())],
    );
    let report = Report::of(&trees, &known, late());
    // What has spans is not silent; the server did not count `routing`, which has spans too.
    assert_eq!(report.silent, [Silent { service: "label".into(), lines: 900, counted: true }]);
    assert_eq!(report.of_lines.in_words("lines", "in the window"), "2 lines read (42,200 in the window)");
    assert_eq!(report.of_traces.in_words("traces", "found"), "1 traces read (320 or more found)");
    assert_eq!(report.unnamed.first().map(|unnamed| unnamed.of), Some(report.of_lines));
    let uncounted = Report::of(&trees, &Known { counts: None, ..known }, late());
    assert_eq!(uncounted.of_lines.in_words("lines", "there"), "2 lines read (more there, not counted)");
    assert_eq!(Of::whole(41_200).in_words("lines", "there"), "41,200 lines");
}
