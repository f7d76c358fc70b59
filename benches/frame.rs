//! From a key to the bytes of its frame with 100,000 spans and 1,000,000 lines loaded, and each pane over the whole screen.
//! Beside each stands the limit, measured in the same run: the same terminal, and a program that draws nothing on it.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a benchmark that cannot be set up has no figure")]

#[path = "../tests/frames/acts.rs"]
mod acts;
#[path = "../tests/frames/company.rs"]
mod company;
#[path = "../tests/allocations/loaded.rs"]
mod loaded;
#[path = "../tests/frames/scene.rs"]
#[expect(dead_code, reason = "a part of it is used here")]
mod scene;

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use criterion::{Criterion, criterion_group, criterion_main};
use ratatui::backend::WindowSize;
use ratatui::layout::Size;
use warroom::runtime::Canvas;
use warroom::writer::{Means, Writer};

use loaded::Loaded;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

fn empty(criterion: &mut Criterion, group: &str, width: u16, height: u16) {
    let size = move || Ok(WindowSize { columns_rows: Size::new(width, height), pixels: Size::ZERO });
    let writer = Writer::new(io::sink(), size, || Means::FULL, Arc::new(AtomicU64::new(0))).expect("a size");
    let mut canvas = Canvas::new(writer).expect("a size");
    let mut group = criterion.benchmark_group(group);
    group.bench_function("limit: a frame with nothing on it", |bench| {
        bench.iter(|| canvas.draw(|buffer| (assert!(buffer.area.width > 0), None)).expect("drawn"));
    });
    group.finish();
}

fn keys(criterion: &mut Criterion) {
    for (width, height) in SIZES {
        let name = format!("key to frame at {width}x{height}");
        empty(criterion, &name, width, height);
        let mut loaded = Loaded::new(100_000, 1_000_000, width, height);
        let mut group = criterion.benchmark_group(name);
        group.bench_function("nothing changed", |bench| bench.iter(|| loaded.frame()));
        group.bench_function("a second goes by", |bench| bench.iter(|| loaded.second()));
        for (name, way, there, back) in [
            ("another pane", "3", "1", "3"),
            ("j and k in the trace", "3", "j", "k"),
            ("j and k in the logs", "4 G <PgUp>", "k", "j"),
            ("PgUp and PgDn in the logs", "4 G", "<PgUp>", "<PgDn>"),
        ] {
            loaded.press(way);
            group.bench_function(name, |bench| bench.iter(|| _ = loaded.press(there).press(back)));
        }
        group.bench_function("a column more or less", |bench| bench.iter(|| loaded.resize()));
        group.finish();
    }
}

fn panes(criterion: &mut Criterion) {
    let name = "a pane over the whole screen at 120x40";
    empty(criterion, name, 120, 40);
    let mut loaded = Loaded::new(100_000, 1_000_000, 120, 40);
    let mut group = criterion.benchmark_group(name);
    for (name, pane) in [("SLOs", "1"), ("timeline", "2"), ("trace", "3"), ("logs", "4"), ("runbook", "5")] {
        loaded.press(pane).press("f f");
        group.bench_function(name, |bench| bench.iter(|| loaded.frame()));
        loaded.press("f");
    }
    group.finish();
}

criterion_group!(benches, keys, panes);
criterion_main!(benches);
