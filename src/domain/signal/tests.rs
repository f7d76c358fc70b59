//! The log book and its views: what is kept, what is counted, and that looking piece by piece shows the same.

use std::sync::Arc;

use proptest::prelude::*;

use super::{GapKind, GapNote, Level, Line, LineView, LogBook, LogView, Look, Message, Row, Seq, written};
use crate::domain::filter::Filter;
use crate::domain::{Labels, SpanId, Symbol, Timestamp, TraceId};

fn line(time: i64, raw: &str) -> Line {
    Line {
        time: Timestamp::from_millis(time),
        level: Level::Info,
        service: Symbol::from("pricing"),
        stream: Arc::new([("namespace", "tms")].into_iter().collect::<Labels>()),
        trace: None,
        span: None,
        raw: Arc::from(raw),
        metadata: None,
        message: Message::Raw,
    }
}

fn lines(from: i64, count: i64) -> Vec<Line> {
    (from..from + count).map(|at| line(at, &format!("line {at}"))).collect()
}

fn texts(book: &LogBook, view: &LogView) -> Vec<String> {
    (0..view.len())
        .map(|row| match view.row(book, row).expect("a row") {
            Row::Line(seq) => book.get(seq).expect("a line").text.to_owned(),
            Row::Gap(gap) => format!("gap {}", gap.reason),
        })
        .collect()
}

fn look(filter: &str, least: Level) -> Look {
    Look { filter: Filter::parse(filter), least, stream: None }
}

fn all(book: &LogBook, filter: &str, least: Level) -> LogView {
    let mut view = LogView::new(look(filter, least));
    view.grow(book, usize::MAX);
    view
}

#[test]
fn a_line_comes_back_as_it_went_in() {
    let mut book = LogBook::with_bound(1 << 30);
    let raw = r#"{"msg":"lock \"tariff\" lost","k":1}"#;
    let structured = Line {
        level: Level::Error,
        trace: TraceId::new(7 << 70 | 5),
        span: SpanId::new(9),
        message: Message::Extracted(Arc::from(r#"lock "tariff" lost"#)),
        ..line(2, raw)
    };
    let inside =
        Line { message: Message::Extracted(Arc::from("PoolTimeoutError")), ..line(3, r#"{"msg":"PoolTimeoutError"}"#) };
    let names = book.append(vec![line(1, "é\u{1b}[31m\0"), structured.clone(), inside, line(4, "")]);
    assert_eq!(names.end.0 - names.start.0, 4);
    let at = |offset| book.get(Seq(names.start.0 + offset)).expect("a line");
    assert_eq!((at(0).text, at(0).raw, at(0).trace, at(0).span), ("é\u{1b}[31m\0", "é\u{1b}[31m\0", None, None));
    assert_eq!((at(1).text, at(1).raw, at(1).level), (structured.text(), raw, Level::Error));
    assert_eq!((at(1).trace, at(1).span, at(1).time), (structured.trace, structured.span, structured.time));
    assert_eq!((at(2).text, at(2).service.as_str(), at(2).trace), ("PoolTimeoutError", "pricing", None));
    assert_eq!((at(3).text, at(3).stream.as_ref()), ("", structured.stream.as_ref()));
    assert_eq!(LineView::from(&structured), at(1));
    assert!(book.get(names.end).is_none() && book.get(Seq(0)).is_none() && book.get(Seq(u64::MAX)).is_none());
}

#[test]
fn what_a_server_knows_of_a_line_is_found_and_costs_the_others_nothing() {
    let told = |at: i64, pairs: &[(&str, &str)]| Line {
        metadata: written(pairs.iter().copied()),
        ..line(at, &format!("quote {at}"))
    };
    let mut book = LogBook::with_bound(1 << 30);
    let mut plain = LogBook::with_bound(1 << 30);
    let of = |at: i64| match at % 1_000 {
        7 => told(at, &[("detected_level", "error"), ("order_id", &format!("ord-{at}"))]),
        8 => told(at, &[("detected_level", "info")]),
        _ => line(at, &format!("quote {at}")),
    };
    book.append((0..10_000).map(of).collect());
    plain.append((0..10_000).map(|at| line(at, &format!("quote {at}"))).collect());
    let found = |filter: &str| texts(&book, &all(&book, filter, Level::Unknown));
    assert_eq!(found("order_id=ord-3007"), ["quote 3007"]);
    assert_eq!(found("ord-9007"), ["quote 9007"], "in the open chunk, and as a word");
    assert_eq!(found("order_id=~^ord-[12]007$"), ["quote 1007", "quote 2007"]);
    assert_eq!((found("detected_level=info").len(), found("order_id!=ord-7 detected_level=error").len()), (10, 9));
    assert_eq!(found("error").len(), 0, "a word is of the line, not of the level that the server gave it");
    let line = book.get(Seq(book.first_seq().0 + 3_007)).expect("a line");
    assert_eq!(Line::from(&line), of(3_007));
    assert!(line.in_full().ends_with("\n\ndetected_level  error\norder_id  ord-3007"), "{}", line.in_full());
    // Twenty lines of ten thousand have any.
    assert!(book.bytes() - plain.bytes() < 4_000, "{} and {}", book.bytes(), plain.bytes());
}

#[test]
fn a_batch_is_sorted_and_a_late_line_stands_where_it_arrived() {
    let mut book = LogBook::with_bound(1 << 30);
    book.append(vec![line(3, "c"), line(1, "a"), line(2, "b")]);
    let late = book.append(vec![line(0, "late"), line(4, "d")]);
    assert_eq!(texts(&book, &all(&book, "", Level::Unknown)), ["a", "b", "c", "late", "d"]);
    assert_eq!(book.time(late.start), Some(Timestamp::from_millis(0)));
}

#[test]
fn the_bound_forgets_the_oldest_and_counts_them() {
    let mut book = LogBook::with_bound(1024 * 1024);
    let first = book.append(lines(0, 1)).start;
    let mut view = all(&book, "", Level::Unknown);
    for batch in 0..10 {
        book.append(lines(batch * 5_000, 5_000));
        view.grow(&book, usize::MAX);
        assert_eq!(view.lines(), book.len());
    }
    assert!(book.evicted() > 0 && book.get(first).is_none());
    assert_eq!(book.evicted() + book.len() as u64, 50_001);
    assert!(book.bytes() <= 1024 * 1024);
    assert_eq!(book.first_seq().0, first.0 + book.evicted());
    assert_eq!(view.seq(0), Some(book.first_seq()));
}

#[test]
fn a_line_longer_than_the_bound_does_not_stop_the_book() {
    let mut book = LogBook::with_bound(1024 * 1024);
    let huge = "x".repeat(5 * 1024 * 1024);
    book.append(vec![line(1, &huge), line(2, "after")]);
    assert_eq!((book.evicted(), book.len()), (1, 1));
    assert_eq!(texts(&book, &all(&book, "", Level::Unknown)), ["after"]);
}

#[test]
fn lines_cost_little_more_than_their_bytes() {
    let mut book = LogBook::with_bound(1 << 30);
    let raw = |at: i64| {
        format!(
            r#"{{"time":"{at:020}","level":"error","msg":"tariff cache miss zone=FR-75 waited 2000ms for lock","order_id":"{at:012}","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","pod":"pricing-7c9d-x2lqf"}}"#
        )
    };
    let structured = |at| Line {
        trace: TraceId::new(1),
        span: SpanId::new(2),
        message: Message::Extracted(Arc::from("tariff cache miss zone=FR-75 waited 2000ms for lock")),
        ..line(at, &raw(at))
    };
    assert!((190..230).contains(&raw(0).len()));
    for batch in 0..8 {
        book.append((batch * 4_096..(batch + 1) * 4_096).map(structured).collect());
    }
    assert!(book.bytes() * 10 <= book.raw_bytes() * 13, "{} bytes for {} of text", book.bytes(), book.raw_bytes());
}

#[test]
fn older_lines_go_in_front_and_no_line_changes_its_name() {
    let mut book = LogBook::with_bound(1 << 30);
    let kept = book.append(lines(100, 3)).start;
    let mut view = all(&book, "", Level::Unknown);
    let older = book.prepend(lines(0, 5_000));
    assert_eq!((older.end, older.end.0 - older.start.0), (kept, 5_000));
    assert_eq!(book.get(kept).expect("a line").text, "line 100");
    let growth = view.grow(&book, 1);
    assert_eq!((growth.added_front, growth.added_back, growth.complete), (5_000, 0, true));
    assert_eq!((view.lines(), view.position(kept)), (5_003, 5_000));
    assert_eq!(view.seq(0), Some(older.start));
}

fn gap(reason: &str, open: bool) -> GapNote {
    let (from, to) = (Timestamp::from_millis(1), Timestamp::from_millis(2));
    GapNote { kind: GapKind::Lost, from, to, filled: 12, missing: Some(0), twice: 0, open, reason: reason.to_owned() }
}

#[test]
fn a_gap_is_a_row_and_an_open_one_is_closed_where_it_stands() {
    let mut book = LogBook::with_bound(1 << 30);
    book.append(lines(1, 2));
    book.push_gap(gap("lost", true));
    let mut view = all(&book, "", Level::Unknown);
    assert_eq!(texts(&book, &view), ["line 1", "line 2", "gap lost"]);
    book.append(lines(3, 1));
    book.push_gap(gap("refilled", false));
    book.push_gap(gap("again", false));
    view.grow(&book, usize::MAX);
    assert_eq!(texts(&book, &view), ["line 1", "line 2", "gap refilled", "line 3", "gap again"]);
    assert_eq!((view.seq(2), view.position(book.first_seq())), (view.seq(3), 0));
    assert!(view.row(&book, 5).is_none() && view.seq(4).is_none());
    let narrow = all(&book, "3", Level::Unknown);
    assert_eq!(texts(&book, &narrow), ["gap refilled", "line 3", "gap again"]);
}

/// Texts in which needles overlap line ends, repeat, and need their escapes undone.
fn any_line() -> impl Strategy<Value = Line> {
    let words = prop_oneof![
        "[abAB ]{0,6}",
        Just(String::new()),
        Just("aba".to_owned()),
        Just("k=a x=\"b a\"".to_owned()),
        Just(r#"{"k":"ab","n":1}"#.to_owned()),
        Just("éAb".to_owned()),
        Just("ab\nab".to_owned()),
    ];
    let level = prop_oneof![Just(Level::Unknown), Just(Level::Info), Just(Level::Error)];
    (words, level, 0..9_i64, any::<bool>()).prop_map(|(raw, level, time, escaped)| {
        let message = if escaped { Message::Extracted(Arc::from("un\"ab")) } else { Message::Raw };
        Line { level, message, ..line(time, &raw) }
    })
}

fn any_filter() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop_oneof![
            "!?[abAB]{1,3}",
            Just("ab".to_owned()),
            Just("k=a".to_owned()),
            Just("!k=ab".to_owned()),
            Just("é".to_owned()),
            Just("k=a*".to_owned()),
            "!?~(\\^|a|b+|[^a]|x?\\$|\\\\bab\\\\b|\\(\\?-i\\)A){1,2}",
            Just("namespace=t*".to_owned()),
            Just("k=~^a$".to_owned()),
            Just("pattern=un\"ab".to_owned()),
        ],
        0..3,
    )
    .prop_map(|terms| terms.join(" "))
}

#[test]
fn so_many_gaps_are_told_by_the_last_one() {
    let mut book = LogBook::with_bound(1 << 30);
    for _ in 0..1_500 {
        book.push_gap(gap("x", false));
    }
    assert_eq!(book.gaps().len(), 1_000);
    assert_eq!(book.gaps().map(|(_, gap)| gap.filled).sum::<u64>(), 1_500 * 12);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn looking_batch_by_batch_shows_the_same_as_looking_once(
        batches in prop::collection::vec(prop::collection::vec(any_line(), 0..12), 1..6),
        filter in any_filter(),
        least in prop_oneof![Just(Level::Unknown), Just(Level::Error)],
        late in 0..6_usize,
    ) {
        let mut book = LogBook::with_bound(1 << 30);
        book.prepend(batches.first().cloned().unwrap_or_default());
        let mut grown = LogView::new(look(&filter, least));
        for (number, batch) in batches.into_iter().enumerate() {
            book.append(batch);
            if number >= late {
                grown.grow(&book, 1);
            }
        }
        grown.grow(&book, usize::MAX);
        let once = all(&book, &filter, least);
        prop_assert_eq!(texts(&book, &grown), texts(&book, &once));
        // And the same as leaving all but the newest to another thread.
        let mut scanned = LogView::new(look(&filter, least));
        scanned.grow(&book, 1);
        while let Some(scan) = scanned.rest(&book) {
            for slice in &scan.slices {
                scanned.take(&book, slice.search(&scan.look, &mut Vec::new()));
            }
        }
        prop_assert_eq!(texts(&book, &scanned), texts(&book, &once));
        // And the same as holding the filter against each line by itself.
        let parsed = Filter::parse(&filter);
        let each: Vec<String> = (book.first_seq().0..book.end_seq().0)
            .filter_map(|seq| book.get(Seq(seq)))
            .filter(|line| line.level >= least && parsed.matches(line))
            .map(|line| line.text.to_owned())
            .collect();
        prop_assert_eq!(texts(&book, &once), each);
    }

    #[test]
    fn growth_tells_how_every_row_moved(
        batches in prop::collection::vec((0..6_u8, 0..3_000_i64), 1..12),
        budget in 1..6_000_usize,
        filter in prop_oneof![Just(""), Just("1")],
    ) {
        let mut book = LogBook::with_bound(200_000);
        let mut view = LogView::new(look(filter, Level::Unknown));
        let mut watched: Option<(Seq, usize)> = None;
        for (kind, count) in batches {
            match kind {
                0 => { book.prepend(lines(0, count)); }
                1 => book.push_gap(gap("x", false)),
                2 => {
                    book.push_gap_front(gap("z", false));
                    book.prepend(lines(0, count));
                }
                3 => book.forget_before(Seq(book.first_seq().0 + u64::try_from(count).expect("not negative"))),
                _ => {
                    book.push_gap(gap("y", count % 2 == 0));
                    book.append(lines(0, count));
                }
            }
            let before = view.len();
            let growth = view.grow(&book, budget);
            prop_assert_eq!(view.len() + growth.removed_front, before + growth.added_front + growth.added_back);
            if let Some((seq, row)) = watched.filter(|(seq, _)| book.get(*seq).is_some()) {
                let moved = (row + growth.added_front).checked_sub(growth.removed_front);
                prop_assert_eq!(moved.and_then(|row| view.row(&book, row)), Some(Row::Line(seq)));
            }
            watched = (0..view.len()).rev().step_by(7).find_map(|row| match view.row(&book, row) {
                Some(Row::Line(seq)) => Some((seq, row)),
                _ => None,
            });
            for row in (0..view.len()).step_by(97) {
                if let Some(Row::Line(seq)) = view.row(&book, row) {
                    prop_assert_eq!(view.position(seq), row);
                }
            }
        }
    }
}
