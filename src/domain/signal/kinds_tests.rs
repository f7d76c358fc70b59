//! Kinds of lines, lines that come bound together, what label sets cost, and holes in front of the book.

use std::sync::Arc;

use proptest::prelude::*;

use super::{GapKind, GapNote, Level, Line, LineView, LogBook, LogView, Look, Message, Patterns, Row, Seq, Sheaf};
use crate::domain::filter::Filter;
use crate::domain::{Labels, Symbol, Timestamp};

fn line(second: i64, service: &str, level: Level, raw: &str) -> Line {
    Line {
        time: Timestamp::from_seconds(second),
        level,
        service: Symbol::from(service),
        stream: Arc::new([("service", service)].into_iter().collect::<Labels>()),
        trace: None,
        span: None,
        raw: Arc::from(raw),
        metadata: None,
        message: Message::Raw,
    }
}

fn story() -> Vec<Line> {
    let mut lines = Vec::new();
    for order in 0..90_i64 {
        let (at, zone) = (600 + order * 2, 60 + order % 30);
        let cache = format!("tariff cache miss zone=FR-{zone} waited 2000ms for lock");
        lines.push(line(at, "pricing", Level::Error, &cache));
        lines.push(line(
            at,
            "pricing",
            Level::Error,
            "PoolTimeoutError: no connection within 360ms (in_use=20 max=20)",
        ));
        lines.push(line(at, "inventory", Level::Warn, &format!("pricing responded 503 in {}ms", 2_300 + order)));
        let order = 4_472_000 + order;
        lines.push(line(
            at,
            "routing",
            Level::Error,
            &format!("order {order} rejected: quote unavailable; not requeued"),
        ));
        lines.push(line(at, "routing", Level::Info, &format!("order {order} accepted")));
    }
    lines.push(line(10, "pricing", Level::Info, "cache warm-up done keys=48200 ttl=1200s"));
    lines
}

fn counted(lines: Vec<Line>) -> (LogBook, Patterns) {
    let mut book = LogBook::with_bound(1 << 30);
    book.append(lines);
    let mut patterns = Patterns::default();
    book.slices().iter().for_each(|slice| patterns.take_slice(slice, &Look::default(), &mut Vec::new()));
    (book, patterns)
}

#[test]
fn the_story_has_its_kinds_and_what_is_new_comes_first() {
    let (book, patterns) = counted(story());
    let started = Timestamp::from_seconds(600);
    let ranked = patterns.ranked(Some(started));
    let rows: Vec<(String, u64)> = ranked
        .iter()
        .map(|number| &patterns.all()[*number])
        .map(|kind| (format!("{} {} {}", kind.level, kind.service, kind.template), kind.count))
        .collect();
    assert_eq!(
        rows,
        [
            ("ERROR pricing tariff cache miss zone=FR-<*> waited 2000ms for lock".to_owned(), 90),
            ("ERROR pricing PoolTimeoutError: no connection within 360ms (in_use=20 max=20)".to_owned(), 90),
            ("WARN inventory pricing responded 503 in <*>ms".to_owned(), 90),
            ("ERROR routing order <*> rejected: quote unavailable; not requeued".to_owned(), 90),
            ("INFO routing order <*> accepted".to_owned(), 90),
            ("INFO pricing cache warm-up done keys=48200 ttl=1200s".to_owned(), 1),
        ]
    );
    let cache = &patterns.all()[ranked[0]];
    assert_eq!((cache.first, cache.last), (started, Timestamp::from_seconds(778)));
    assert_eq!(cache.minutes(Timestamp::from_seconds(785), 4), [0, 30, 30, 30]);
    // From a kind to its lines.
    let filter = Filter::of_pattern(&cache.service, cache.level.word(), &cache.template.to_string());
    let mut view = LogView::new(Look { filter, ..Look::default() });
    view.grow(&book, usize::MAX);
    assert_eq!(view.lines(), 90);
}

#[test]
fn words_that_change_become_a_place_and_other_sentences_stay_apart() {
    let login = |name: &str| line(1, "auth", Level::Info, &format!("the user {name} has logged in from home"));
    let (_, patterns) = counted(vec![login("ana"), login("marc"), line(1, "auth", Level::Info, "the queue is empty")]);
    let texts: Vec<String> = patterns.all().iter().map(|kind| kind.template.to_string()).collect();
    assert_eq!(texts, ["the user <*> has logged in from home", "the queue is empty"]);
}

#[test]
fn kinds_without_end_are_counted_together() {
    let mut patterns = Patterns::default();
    let letters = |number: u32| -> String { number.to_string().bytes().map(|digit| char::from(digit + 49)).collect() };
    for number in 0..5_000 {
        let word = letters(number);
        let line = line(1, "x", Level::Info, &format!("{word} {word} {word}"));
        patterns.take(&LineView::from(&line));
    }
    assert_eq!(patterns.all().len(), 2_000);
    assert_eq!((patterns.total(), patterns.others()), (5_000, 3_000));
}

#[test]
fn bound_lines_are_the_lines_that_were_bound() {
    let lines = story();
    let mut sheaf = Sheaf::default();
    lines.iter().for_each(|line| sheaf.push(&LineView::from(line)));
    let mut book = LogBook::with_bound(1 << 30);
    let names = book.append_sheaf(sheaf);
    assert_eq!(names.end.0 - names.start.0, lines.len() as u64);
    for (at, line) in lines.iter().enumerate() {
        assert_eq!(book.get(Seq(names.start.0 + at as u64)), Some(LineView::from(line)));
    }
}

#[test]
fn label_sets_count_and_two_million_of_them_stay_within_the_bound() {
    let bound = 4 * 1024 * 1024;
    let mut book = LogBook::with_bound(bound);
    for batch in 0..500 {
        book.append((0..4_000).map(|at| line(at, &format!("pod-{batch}-{at}"), Level::Info, "up")).collect());
        assert!(book.bytes() <= bound + 2 * 1024 * 1024, "{}", book.bytes());
    }
    assert_eq!(book.evicted() + book.len() as u64, 2_000_000, "what was let go is counted");
    assert!(book.len() < 20_000, "{}", book.len());
    let shared = Arc::new([("service", "x")].into_iter().collect::<Labels>());
    let mut book = LogBook::with_bound(1 << 30);
    book.append(
        (0..9_000).map(|at| Line { stream: Arc::clone(&shared), ..line(at, "x", Level::Info, "up") }).collect(),
    );
    assert!(book.bytes() < 9_000 * 80, "a set that is shared costs once: {}", book.bytes());
}

#[test]
fn a_hole_stands_between_old_lines_and_the_rest_and_makes_place() {
    let note = |from: i64, to: i64| GapNote {
        kind: GapKind::Unread,
        from: Timestamp::from_seconds(from),
        to: Timestamp::from_seconds(to),
        filled: 0,
        missing: None,
        twice: 0,
        open: false,
        reason: String::new(),
    };
    let mut book = LogBook::with_bound(1 << 30);
    book.append(vec![line(900, "x", Level::Info, "now")]);
    let mut view = LogView::new(Look::default());
    view.grow(&book, usize::MAX);
    book.push_gap_front(note(200, 900));
    book.prepend(vec![line(100, "x", Level::Info, "old"), line(150, "x", Level::Info, "older")]);
    let rows = |view: &LogView, book: &LogBook| -> Vec<String> {
        (0..view.len())
            .map(|row| match view.row(book, row).expect("a row") {
                Row::Line(seq) => book.get(seq).expect("a line").text.to_owned(),
                Row::Gap(gap) => format!("{}..{}", gap.from.seconds(), gap.to.seconds()),
            })
            .collect()
    };
    let growth = view.grow(&book, usize::MAX);
    assert_eq!(rows(&view, &book), ["old", "older", "200..900", "now"]);
    assert_eq!((growth.added_front, growth.added_back), (3, 0));
    let seq = book.gaps().next().expect("a hole").0;
    book.forget_before(seq);
    assert_eq!(book.pop_gap_front().map(|gap| gap.to.seconds()), Some(900));
    book.push_gap_front(note(400, 900));
    book.prepend(vec![line(300, "x", Level::Info, "between")]);
    view.grow(&book, usize::MAX);
    assert_eq!(rows(&view, &book), ["between", "400..900", "now"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_line_is_of_the_kind_that_counted_it(
        texts in prop::collection::vec(r#"([a-c]{1,3}|[0-9]{1,3}|[ =:"\u{0}]){0,12}"#, 1..60),
    ) {
        let lines: Vec<Line> = texts.iter().map(|text| line(1, "x", Level::Info, text)).collect();
        let (_, patterns) = counted(lines);
        let known: u64 = patterns.all().iter().map(|kind| kind.count).sum();
        prop_assert_eq!(known + patterns.others(), patterns.total());
        for text in texts.iter().filter(|text| !text.is_empty()) {
            prop_assert!(patterns.all().iter().any(|kind| kind.template.matches(text)), "{:?}", text);
        }
    }
}
