//! What a frame costs below ratatui, at three sizes: a pane that scrolled by one line, and a frame in which nothing changed.
//! Beside each stands the limit (the cells copied once) and the backend that ratatui brings, in the same run.
#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up has no figure")]

use std::hint::black_box;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use criterion::{Criterion, criterion_group, criterion_main};
use ratatui::backend::{Backend, CrosstermBackend, WindowSize};
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::style::{Color, Style};
use ratatui::{Terminal, TerminalOptions, Viewport};
use warroom::writer::{Engine, Means, Writer};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];
const WITHOUT_SCROLL: Means = Means { scroll: false, ..Means::FULL };

/// Counts what it is given, so that nothing is left out.
#[derive(Default)]
struct Wire(u64);

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A full-width pane of log lines between two borders; the first line is number `first`.
fn logs(width: u16, height: u16, first: u16) -> Buffer {
    let mut picture = Buffer::empty(Rect::new(0, 0, width, height));
    let dim = Style::new().fg(Color::Indexed(245));
    picture.set_string(0, 0, "━".repeat(usize::from(width)), dim);
    for y in 1..height - 1 {
        let number = u32::from(first) + u32::from(y);
        let style = if number % 3 == 0 { Style::new().fg(Color::Rgb(220, 80, 60)) } else { Style::new() };
        let text = format!(" order {} rejected: quote {} unavailable; not requeued", number * 7919, number * 104_729);
        picture.set_string(0, y, format!("18:{:02}:{:02}", number / 60 % 60, number % 60), dim);
        picture.set_stringn(9, y, text.repeat(4), usize::from(width - 9), style);
    }
    picture
}

fn window(width: u16, height: u16) -> io::Result<WindowSize> {
    Ok(WindowSize { columns_rows: Size::new(width, height), pixels: Size::ZERO })
}

fn drawn<B: Backend>(terminal: &mut Terminal<B>, picture: &Buffer) {
    let drawn = terminal.draw(|frame| frame.buffer_mut().clone_from(black_box(picture)));
    assert!(drawn.is_ok(), "a frame is drawn");
}

fn put(engine: &mut Engine, picture: &Buffer) -> usize {
    let width = picture.area.width;
    for (number, cell) in (0_u16..).zip(&picture.content) {
        engine.put(number % width, number / width, cell);
    }
    engine.present().len()
}

fn frames(criterion: &mut Criterion) {
    for (width, height) in SIZES {
        let pictures = [logs(width, height, 100), logs(width, height, 101)];
        let mut turn = pictures.iter().cycle();
        let mut next = move || turn.next().expect("a cycle");
        let mut group = criterion.benchmark_group(format!("a frame at {width}x{height}"));
        let mut copy = pictures[0].clone();
        group.bench_function("limit: copy the cells", |bench| bench.iter(|| copy.clone_from(black_box(next()))));
        let options = || TerminalOptions { viewport: Viewport::Fixed(Rect::new(0, 0, width, height)) };
        let mut plain = Terminal::with_options(CrosstermBackend::new(Wire::default()), options()).expect("a terminal");
        group.bench_function("scrolled: ratatui's own backend", |bench| bench.iter(|| drawn(&mut plain, next())));
        for (name, means) in [("the writer", Means::FULL), ("the writer, rows not moved", WITHOUT_SCROLL)] {
            let written = Arc::new(AtomicU64::new(0));
            let writer =
                Writer::new(Wire::default(), || window(width, height), move || means, written).expect("a size");
            let mut terminal = Terminal::with_options(writer, options()).expect("a terminal");
            group.bench_function(format!("scrolled: {name}"), |bench| bench.iter(|| drawn(&mut terminal, next())));
        }
        for (name, means) in [("detect and encode", Means::FULL), ("encode alone", WITHOUT_SCROLL)] {
            let mut engine = Engine::new(width, height, means);
            group.bench_function(format!("scrolled: {name}"), |bench| {
                bench.iter(|| black_box(put(&mut engine, next())))
            });
        }
        let mut engine = Engine::new(width, height, Means::FULL);
        group.bench_function("unchanged: all cells put", |bench| {
            bench.iter(|| black_box(put(&mut engine, &pictures[0])))
        });
        group.bench_function("unchanged: no cell put", |bench| bench.iter(|| black_box(engine.present().len())));
        group.finish();
    }
}

criterion_group!(benches, frames);
criterion_main!(benches);
