//! What has to be quick before a frame can be: a trace made into a tree, a million lines kept and searched, a frame drawn.
//! Beside each stands the limit, measured in the same run: copying the same spans, finding the same bytes, drawing nothing.
#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up has no figure")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use ratatui::backend::TestBackend;
use warroom::domain::signal::{Kind, Level, Line, LogBook, LogView, Look, Message, Patterns, Span, Status};
use warroom::domain::trace::{SkewOptions, Tree};
use warroom::domain::{Filter, Labels, SpanId, Symbol, Timestamp, TraceId};
use warroom::room::{Keymap, Room, Settings};
use warroom::runtime::Canvas;
use warroom::ui::{Glyphs, Scene, Theme, draw};

const SPANS: u64 = 100_000;
const LINES: u64 = 200_000;

/// A tree of eight children a span.
fn spans(trace: TraceId) -> Vec<Span> {
    let resource = Arc::new(Vec::new());
    let span = |number: u64| Span {
        trace,
        id: SpanId::new(number).expect("not zero"),
        parent: SpanId::new((number + 6) / 8).filter(|_| number > 1),
        service: Symbol::from(if number.is_multiple_of(2) { "routing" } else { "pricing" }),
        name: Symbol::from("call"),
        kind: Kind::Internal,
        start: Timestamp::from_micros(i64::try_from(number).unwrap_or(0)),
        end: Timestamp::from_micros(i64::try_from(SPANS * 2 - number).unwrap_or(0)),
        status: Status::Unset,
        attributes: Vec::new(),
        resource: Arc::clone(&resource),
        events: Vec::new(),
        links: Vec::new(),
        warnings: Vec::new(),
    };
    (1..=SPANS).map(span).collect()
}

fn lines() -> Vec<Line> {
    let stream = Arc::new(Labels::default());
    let line = |number: u64| Line {
        time: Timestamp::from_millis(i64::try_from(number).unwrap_or(0)),
        level: Level::Warn,
        service: Symbol::from("pricing"),
        stream: Arc::clone(&stream),
        trace: None,
        span: None,
        raw: format!("order {number} rejected: quote unavailable; not requeued, {}", "padding ".repeat(16)).into(),
        metadata: None,
        message: Message::Raw,
    };
    (0..LINES).map(line).collect()
}

fn trees(criterion: &mut Criterion) {
    let trace = TraceId::new(1).expect("not zero");
    let spans = spans(trace);
    let mut group = criterion.benchmark_group("a tree of 100,000 spans");
    group.sample_size(10).measurement_time(Duration::from_secs(5));
    group.bench_function("limit: copy the spans", |bench| bench.iter(|| black_box(spans.clone())));
    group.bench_function("build", |bench| {
        bench.iter(|| black_box(Tree::build(trace, spans.clone(), None, SkewOptions::default())));
    });
    group.finish();
}

fn books(criterion: &mut Criterion) {
    let lines = lines();
    let text: String = lines.iter().map(|line| line.raw.as_ref()).collect::<Vec<_>>().join("\n");
    let mut book = LogBook::with_bound(usize::MAX);
    book.append(lines);
    let wanted = "Order 199999 ";
    let mut group = criterion.benchmark_group("one line of 200,000");
    group.sample_size(10).measurement_time(Duration::from_secs(5));
    group.bench_function("limit: find the bytes", |bench| {
        bench.iter(|| black_box(text.find(black_box("order 199999 "))))
    });
    for (name, filter) in [
        ("filter, any case", wanted.to_lowercase()),
        ("filter, exact", wanted.to_owned()),
        ("filter, expression", r"~order 19999\d\b".to_owned()),
        ("filter, expression of any case", "~(quote|pool) unavailablex".to_owned()),
        ("filter, field", "order_id=199999".to_owned()),
        ("filter, kind", "pattern=order 199999 rejected: <*>".to_owned()),
    ] {
        let look = Look { filter: Filter::parse(&filter), ..Look::default() };
        let slices = book.slices();
        group.bench_function(name, |bench| {
            bench.iter(|| slices.iter().for_each(|slice| drop(black_box(slice.search(&look, &mut Vec::new())))));
        });
    }
    group.bench_function("limit: an expression over the bytes", |bench| {
        let expression = regex::Regex::new(r"(?i)order 19999\d\b").expect("an expression");
        bench.iter(|| black_box(expression.find_iter(&text).count()));
    });
    group.bench_function("kinds", |bench| {
        let (slices, look) = (book.slices(), Look::default());
        bench.iter(|| {
            let mut patterns = Patterns::default();
            slices.iter().for_each(|slice| patterns.take_slice(slice, &look, &mut Vec::new()));
            black_box(patterns.all().len())
        });
    });
    group.bench_function("filter", |bench| {
        bench.iter(|| {
            let mut view = LogView::new(Look { filter: Filter::parse(&wanted.to_lowercase()), ..Look::default() });
            view.grow(&book, usize::MAX);
            black_box(view.lines())
        });
    });
    group.finish();
}

fn frames(criterion: &mut Criterion) {
    let room = Room::new(Settings::default(), Vec::new(), Keymap::default(), Timestamp::from_seconds(1_773_423_000));
    let theme = Theme::embedded("dark").expect("embedded");
    let mut canvas = Canvas::new(TestBackend::new(120, 40)).expect("a size");
    let mut group = criterion.benchmark_group("a frame at 120x40");
    group.bench_function("limit: an empty frame", |bench| {
        bench.iter(|| canvas.draw(|buffer| (black_box(buffer.area), None)).expect("drawn"));
    });
    group.bench_function("draw", |bench| {
        bench.iter(|| {
            let scene = Scene { room: &room, theme: &theme, glyphs: Glyphs::Unicode };
            canvas.draw(|buffer| draw(buffer, &scene)).expect("drawn")
        });
    });
    group.finish();
}

criterion_group!(benches, trees, books, frames);
criterion_main!(benches);
