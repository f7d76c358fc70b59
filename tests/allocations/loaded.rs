//! A war room with as much in it as one asks for, and the terminal that it is drawn on: the real writer, whose bytes go
//! nowhere. For what a frame costs, in `tests/allocations.rs` and in `benches/`.

use std::cell::Cell;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use ratatui::backend::WindowSize;
use ratatui::layout::Size;
use warroom::domain::signal::{Kind, Level, Line, Message as Text, Span, Status, Value};
use warroom::domain::trace::{SkewOptions, Tree};
use warroom::domain::{Labels, SpanId, Symbol, Timestamp, TraceId};
use warroom::room::{Drawn, Fact, Message, Slot, parse_script, update};
use warroom::runtime::Canvas;
use warroom::ui::{Glyphs, Scene, Theme, draw};
use warroom::writer::{Means, Writer};

use super::scene::Desk;

const SERVICES: [&str; 8] =
    ["checkout", "payments", "carrier-api", "orders", "inventory", "gateway", "notify", "stock-sync"];
const BATCH: usize = 4_096;

type Measure = Box<dyn Fn() -> io::Result<WindowSize>>;

pub struct Loaded {
    pub desk: Desk,
    canvas: Canvas<Writer<io::Sink, Measure>>,
    theme: Theme,
    drawn: Option<Drawn>,
    size: Rc<Cell<(u16, u16)>>,
}

impl Loaded {
    /// Six minutes into the lost orders, with a trace of so many spans open and so many more lines in the logs.
    pub fn new(spans: u32, lines: usize, width: u16, height: u16) -> Self {
        let mut desk = Desk::six_minutes();
        let trace = desk.room.lens.trace.expect("an open trace");
        let ticket = desk.room.tickets.draw(Slot::Trace);
        desk.tell(Fact::Trace { ticket, tree: Arc::new(tree(trace, spans, desk.room.now)) });
        let first = desk.room.now;
        let mut left = lines;
        while left > 0 {
            let count = left.min(BATCH);
            desk.tell(Fact::Lines {
                ticket: desk.ticket(Slot::Tail),
                lines: batch(first, lines - left, count),
                dropped: 0,
                overrun: 0,
            });
            left -= count;
        }
        let size = Rc::new(Cell::new((width, height)));
        let told = Rc::clone(&size);
        let measure = move || Ok(WindowSize { columns_rows: told.get().into(), pixels: Size::ZERO });
        let writer = Writer::new(io::sink(), Box::new(measure) as Measure, || Means::FULL, Arc::new(AtomicU64::new(0)));
        let canvas = Canvas::new(writer.expect("a size")).expect("a size");
        let mut loaded = Self { desk, canvas, theme: Theme::embedded("dark").expect("embedded"), drawn: None, size };
        loaded.frame();
        loaded
    }

    /// Keys, each with its frame.
    pub fn press(&mut self, script: &str) -> &mut Self {
        for key in parse_script(script) {
            self.take(Message::Key(key));
        }
        self
    }

    /// What is asked of the world is not answered: that is no part of a frame.
    pub fn take(&mut self, message: Message) {
        drop(update(&mut self.desk.room, message));
        self.frame();
    }

    /// The terminal becomes a column wider, the next time narrower again, and that is drawn.
    pub fn resize(&mut self) {
        let (width, height) = self.size.get();
        self.size.set((width ^ 1, height));
        self.frame();
    }

    /// A second goes by.
    pub fn second(&mut self) {
        let now = self.desk.room.now.plus(Duration::from_secs(1));
        self.take(Message::Tick(now));
    }

    pub fn frame(&mut self) {
        let scene = Scene { room: &self.desk.room, theme: &self.theme, glyphs: Glyphs::Unicode };
        let drawn = self.canvas.draw(|buffer| draw(buffer, &scene)).expect("drawn");
        if self.drawn.as_ref() != Some(&drawn) {
            self.drawn = Some(drawn.clone());
            drop(update(&mut self.desk.room, Message::Drawn(drawn)));
        }
    }
}

/// Eight children a span, services taking turns; every tenth span is a producer with an order of its own.
fn tree(trace: TraceId, count: u32, end: Timestamp) -> Tree {
    let resource = Arc::new(Vec::new());
    let start = end.minus(Duration::from_secs(60));
    let span = |number: u32| {
        let number_64 = u64::from(number);
        let service = SERVICES.get(number as usize % SERVICES.len()).copied().unwrap_or_default();
        Span {
            trace,
            id: SpanId::new(number_64).expect("not zero"),
            parent: SpanId::new((number_64 + 6) / 8).filter(|_| number > 1),
            service: Symbol::from(service),
            name: Symbol::from(format!("{service} step {}", number % 97).as_str()),
            kind: if number.is_multiple_of(10) { Kind::Producer } else { Kind::Server },
            start: start.shifted(i64::from(number) * 1_000),
            end: end.shifted(-i64::from(number) * 1_000),
            status: Status::Unset,
            attributes: vec![("order_id".into(), Value::Text((4_000_000 + number).to_string().into()))],
            resource: Arc::clone(&resource),
            events: Vec::new(),
            links: Vec::new(),
            warnings: Vec::new(),
        }
    };
    Tree::build(trace, (1..=count).map(span).collect(), None, SkewOptions::default())
}

fn batch(first: Timestamp, from: usize, count: usize) -> Vec<Line> {
    let stream = Arc::new(Labels::default());
    let line = |number: usize| Line {
        time: first.shifted(i64::try_from(number).unwrap_or(0) * 1_000),
        level: if number.is_multiple_of(10) { Level::Error } else { Level::Warn },
        service: Symbol::from(SERVICES.get(number % SERVICES.len()).copied().unwrap_or_default()),
        stream: Arc::clone(&stream),
        trace: None,
        span: None,
        metadata: None,
        raw: format!(
            "order {} rejected: quote {} unavailable; not requeued, pool in use 20 of 20, {}",
            number * 7_919,
            number * 31,
            "and so on ".repeat(9)
        )
        .into(),
        message: Text::Raw,
    };
    (from..from + count).map(line).collect()
}
