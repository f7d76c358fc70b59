//! A million log lines: read out of a file, looked through, and gone through by key. Beside each stands the limit, measured
//! in the same run: reading the bytes and counting their lines, a plain search over one buffer and over the file in blocks, a
//! walk over one column.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a benchmark that cannot be set up has no figure")]

use std::fs::File;
use std::hint::black_box;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use futures_util::StreamExt;
use memchr::memmem::Finder;
use memchr::memrchr;
use warroom::backend::Files;
use warroom::domain::signal::{Level, LogBook, LogView, Look};
use warroom::domain::{Filter, Timestamp};
use warroom::port::{Logs, Tailed};

const LINES: usize = 1_000_000;
/// The line that is looked for, once in the file.
const NEEDLE: &str = "needle-unique-7777";
/// A capital makes a filter exact.
const EXACT: &str = "Carrier exploded";

/// JSON as a service writes it, about two hundred bytes a line, one error in a hundred.
fn write(path: &Path) {
    let mut file = BufWriter::new(File::create(path).expect("a file"));
    for number in 0..LINES {
        let level = if number % 100 == 99 { "error" } else { "info" };
        let what = if number == LINES * 7 / 9 { "needle-unique-7777 Carrier exploded" } else { "payment authorised" };
        let (minute, second, id) = (number / 60_000 % 60, number / 1_000 % 60, number.wrapping_mul(0x9E37_79B9));
        writeln!(
            file,
            r#"{{"time":"2026-01-05T09:{minute:02}:{second:02}.{:06}Z","level":"{level}","service":"svc-{}","trace_id":"{:032x}","order_id":"{id}","duration_ms":{}.25,"msg":"{what} id={id}"}}"#,
            number % 1_000 * 1_000,
            number % 8,
            (number as u128).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835),
            number % 900,
        )
        .expect("written");
    }
}

/// As the tail of the war room reads it, into a book.
fn load(path: &Path) -> LogBook {
    let files = Files::open(&[path.to_owned()]).expect("a file");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(async {
        let mut book = LogBook::with_bound(usize::MAX);
        let mut tail = files.tail(String::new(), Timestamp::EPOCH);
        while book.len() < LINES {
            match tail.next().await {
                Some(Ok(Tailed::Sheaves(sheaves))) => {
                    for sheaf in sheaves {
                        book.append_sheaf(sheaf);
                    }
                }
                Some(Ok(Tailed::Older { sheaves, .. })) => {
                    sheaves.into_iter().rev().for_each(|sheaf| book.prepend_sheaf(sheaf));
                }
                _ => {}
            }
        }
        book
    })
}

fn loading(criterion: &mut Criterion, path: &Path) {
    let mut group = criterion.benchmark_group("1,000,000 JSON lines out of a file");
    group.sample_size(10).measurement_time(Duration::from_secs(15));
    group.bench_function("limit: read and count the lines", |bench| {
        bench.iter(|| {
            let mut reader = BufReader::with_capacity(256 * 1024, File::open(path).expect("a file"));
            let mut count = 0;
            while reader.skip_until(b'\n').expect("read") > 0 {
                count += 1;
            }
            black_box(count)
        });
    });
    group.bench_function("read, understand, index", |bench| bench.iter(|| black_box(load(path).len())));
    group.finish();
}

/// What `grep -F -c` does: blocks of the file, and in them the text.
fn scan_file(path: &Path, text: &[u8], room: &mut [u8]) -> usize {
    let finder = Finder::new(text);
    let (mut file, mut count, mut kept) = (File::open(path).expect("a file"), 0, 0);
    loop {
        let read = file.read(&mut room[kept..]).expect("read");
        let there = &room[..kept + read];
        if read == 0 {
            return count + finder.find_iter(there).count();
        }
        // The rest of the last line goes with the next block.
        let rest = memrchr(b'\n', there).map_or(0, |end| end + 1);
        count += finder.find_iter(&there[..rest]).count();
        kept = there.len() - rest;
        room.copy_within(rest..rest + kept, 0);
    }
}

fn looking(criterion: &mut Criterion, path: &Path) {
    let text = std::fs::read(path).expect("a text");
    let book = load(path);
    let slices = book.slices();
    let mut group = criterion.benchmark_group("one line of 1,000,000");
    group.sample_size(10).measurement_time(Duration::from_secs(5));
    let mut block = vec![0; 256 * 1024];
    for (name, plain, filter) in [
        ("exact", EXACT, EXACT.to_owned()),
        ("any case", NEEDLE, NEEDLE.to_owned()),
        ("expression", NEEDLE, r"~needle-uniq(ue|UE)-\d{4}".to_owned()),
    ] {
        let finder = Finder::new(plain);
        group.bench_function(format!("limit: {name}, memmem over one buffer"), |bench| {
            bench.iter(|| black_box(finder.find_iter(&text).count()));
        });
        group.bench_function(format!("limit: {name}, memmem over the file in blocks"), |bench| {
            bench.iter(|| black_box(scan_file(path, plain.as_bytes(), &mut block)));
        });
        let look = Look { filter: Filter::parse(&filter), ..Look::default() };
        let mut room = Vec::new();
        group.bench_function(format!("filter: {name}, one thread"), |bench| {
            bench.iter(|| slices.iter().for_each(|slice| drop(black_box(slice.search(&look, &mut room)))));
        });
    }
    group.finish();
}

fn walking(criterion: &mut Criterion, path: &Path) {
    let book = load(path);
    let mut all = LogView::new(Look::default());
    all.grow(&book, usize::MAX);
    let mut some = LogView::new(Look { filter: Filter::parse("payment"), ..Look::default() });
    some.grow(&book, usize::MAX);
    let rest = some.rest(&book).expect("lines in a file");
    for slice in &rest.slices {
        some.take(&book, slice.search(&rest.look, &mut Vec::new()));
    }
    let column = vec![Level::Info; LINES];
    let mut group = criterion.benchmark_group("a key that finds nothing in 1,000,000 rows");
    group.sample_size(20).measurement_time(Duration::from_secs(3));
    group.bench_function("limit: one column", |bench| {
        bench.iter(|| black_box(column.iter().position(|level| *black_box(level) == Level::Fatal)));
    });
    // Warnings are nowhere: of all rows each chunk says so, of a filter's rows each line is looked at.
    for (name, view) in [("next of a level, all rows", &all), ("next of a level, rows of a filter", &some)] {
        group.bench_function(name, |bench| {
            bench.iter(|| black_box(view.seek_level(&book, 0, false, |level| level == Level::Warn)));
        });
    }
    group.finish();
}

fn million(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let path: PathBuf = folder.path().join("million.log");
    write(&path);
    loading(criterion, &path);
    looking(criterion, &path);
    walking(criterion, &path);
}

criterion_group!(benches, million);
criterion_main!(benches);
