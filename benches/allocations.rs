//! What each kind of frame takes of the memory's manager, as a table; with everything loaded. Also frames and nothing else,
//! for counting instructions:
//!
//! ```sh
//! cargo bench --bench allocations
//! CARGO_PROFILE_BENCH_STRIP=none cargo bench --bench allocations --no-run
//! valgrind --tool=callgrind --toggle-collect='*counted_frames*' target/release/deps/allocations-* j-logs 100
//! valgrind ... target/release/deps/allocations-* j-trace 100 200    # the same with a trace of 200 spans
//! ```
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "what cannot be set up has no figure")]

#[path = "../tests/frames/acts.rs"]
mod acts;
#[path = "../tests/frames/company.rs"]
mod company;
#[path = "../tests/allocations/loaded.rs"]
mod loaded;
#[path = "../tests/frames/scene.rs"]
#[expect(dead_code, reason = "a part of it is used here")]
mod scene;

use std::io::{Write, stdout};

use allocation_counter::measure;

use loaded::Loaded;

const FRAMES: u32 = 50;
/// Name, keys that lead there, the key itself; an empty one draws what did not change, `tick` lets a second go by.
const KINDS: [(&str, &str, &str); 10] = [
    ("unchanged", "3", ""),
    ("tick", "3", "tick"),
    ("focus", "3", "focus"),
    ("j-trace", "3 G <PgUp> <PgUp> <PgUp>", "k"),
    ("page-trace", "3 g g", "<PgDn>"),
    ("resize", "3", "resize"),
    ("j-room-logs", "4 G <PgUp> <PgUp>", "k"),
    ("unchanged-logs", "4 f f", ""),
    ("j-logs", "4 f f G <PgUp> <PgUp>", "k"),
    ("page-logs", "4 f f G", "<PgUp>"),
];

/// So many frames. A name that a profile can be limited to.
#[inline(never)]
fn counted_frames(loaded: &mut Loaded, key: &str, count: u32) {
    for turn in 0..count {
        match key {
            "" => loaded.frame(),
            "tick" => loaded.second(),
            "resize" => loaded.resize(),
            "focus" => _ = loaded.press(if turn % 2 == 0 { "1" } else { "3" }),
            key => _ = loaded.press(key),
        }
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let mut out = stdout().lock();
    if let Some(name) = arguments.next() {
        let kind = KINDS.iter().find(|kind| kind.0 == name);
        let (_, way, key) = kind.expect(
            "unchanged, tick, focus, j-trace, page-trace, resize, j-room-logs, unchanged-logs, j-logs or page-logs",
        );
        let count = arguments.next().and_then(|count| count.parse().ok()).unwrap_or(FRAMES);
        let spans = arguments.next().and_then(|spans| spans.parse().ok()).unwrap_or(100_000);
        let mut loaded = Loaded::new(spans, 100_000, 120, 40);
        loaded.press(way);
        counted_frames(&mut loaded, key, 2);
        counted_frames(&mut loaded, key, count);
        return;
    }
    writeln!(out, "a frame with 100,000 spans and 1,000,000 lines: allocations and bytes").expect("told");
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        let mut loaded = Loaded::new(100_000, 1_000_000, width, height);
        for (name, way, key) in KINDS {
            loaded.press(way);
            counted_frames(&mut loaded, key, 4);
            let taken = measure(|| counted_frames(&mut loaded, key, FRAMES));
            let (count, bytes) = (taken.count_total / u64::from(FRAMES), taken.bytes_total / u64::from(FRAMES));
            writeln!(out, "{width}x{height} {name:<16} {count:>7} {bytes:>10} B").expect("told");
            // Back to all panes.
            if way.contains("f f") {
                loaded.press("f");
            }
        }
    }
}
